using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VaeProcgen.Runtime.Latents;

/// <summary>Finds the nearest vector of a codebook: k = argmin ‖z − e_k‖², the lowest among equals (van den Oord et al. 2017, arXiv:1711.00937).</summary>
public sealed class CodeLookup
{
    private readonly float[] codebook;
    private readonly int dimensions;
    private readonly float[] halfSquares;

    /// <param name="codebook">e, [Kc, D]</param>
    /// <param name="dimensions">D, a multiple of 4</param>
    public CodeLookup(float[] codebook, int dimensions)
    {
        if (codebook.Length == 0 || dimensions % 4 != 0 || codebook.Length % dimensions != 0)
            throw new ArgumentException($"A codebook is whole vectors of a multiple of 4 numbers; found {codebook.Length} numbers for vectors of {dimensions}.");
        (this.codebook, this.dimensions) = (codebook, dimensions);
        halfSquares = new float[codebook.Length / dimensions];
        for (int k = 0; k < halfSquares.Length; k++)
            halfSquares[k] = 0.5f * Dot(VectorOf(k), VectorOf(k));
    }

    /// <summary>The code of each vector.</summary>
    /// <param name="vectors">[n, D]</param>
    public int[] Nearest(ReadOnlySpan<float> vectors)
    {
        if (vectors.Length % dimensions != 0)
            throw new ArgumentException($"Expected whole vectors of {dimensions} numbers; found {vectors.Length} numbers.");
        var codes = new int[vectors.Length / dimensions];
        for (int i = 0; i < codes.Length; i++)
        {
            ReadOnlySpan<float> vector = vectors.Slice(i * dimensions, dimensions);
            float best = float.NegativeInfinity;
            for (int k = 0; k < halfSquares.Length; k++)
            {
                float score = Dot(vector, VectorOf(k)) - halfSquares[k];
                if (score > best)
                    (best, codes[i]) = (score, k);
            }
        }

        return codes;
    }

    /// <summary>Replaces each vector by that of its code.</summary>
    /// <param name="vectors">[n, D], written.</param>
    public void Quantize(Span<float> vectors)
    {
        int[] codes = Nearest(vectors);
        for (int i = 0; i < codes.Length; i++)
            VectorOf(codes[i]).CopyTo(vectors.Slice(i * dimensions, dimensions));
    }

    private ReadOnlySpan<float> VectorOf(int code) => codebook.AsSpan(code * dimensions, dimensions);

    // Four at a time, whatever the machine's vectors hold: the same bits everywhere.
    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector4> x = MemoryMarshal.Cast<float, Vector4>(a), y = MemoryMarshal.Cast<float, Vector4>(b);
        Vector4 sum = Vector4.Zero;
        for (int i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return (sum.X + sum.Y) + (sum.Z + sum.W);
    }
}
