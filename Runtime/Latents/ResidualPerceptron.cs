using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// The body and the end of the networks of learned priors: for each block h += W₂ SiLU(W₁ LayerNorm(h) + b₁) + b₂, then
/// y = W_out SiLU(LayerNorm(h)) + b_out.
/// </summary>
/// <remarks>
/// Each row of a batch is computed as if alone: sums over a row run in order and in double precision, and products as
/// <see cref="DenseLayer"/> says.
/// </remarks>
internal sealed class ResidualPerceptron
{
    private const double Epsilon = 1e-5;

    private readonly int _hidden;
    private readonly List<(Norm Norm, DenseLayer Linear1, DenseLayer Linear2)> _blocks = new();
    private readonly Norm _norm;
    private readonly DenseLayer _out;

    /// <param name="prefix">Of the tensors' names, such as "prior.flow.".</param>
    /// <param name="hidden">The width of h.</param>
    /// <param name="blocks">The number of blocks.</param>
    /// <param name="outputs">The width of y.</param>
    /// <param name="tensors">Those of <see cref="Layout"/>, and perhaps others.</param>
    public ResidualPerceptron(string prefix, int hidden, int blocks, int outputs, IReadOnlyDictionary<string, float[]> tensors)
    {
        _hidden = hidden;
        DenseLayer Dense(string name, int width) => new(hidden, width, tensors[$"{prefix}{name}.weight"], tensors[$"{prefix}{name}.bias"]);
        Norm Normalisation(string name) => new(tensors[$"{prefix}{name}.gamma"], tensors[$"{prefix}{name}.beta"]);

        for (int i = 0; i < blocks; i++)
        {
            _blocks.Add((Normalisation($"block{i}.norm"), Dense($"block{i}.linear1", hidden), Dense($"block{i}.linear2", hidden)));
        }
        _norm = Normalisation("norm");
        _out = Dense("out", outputs);
        HiddenVectors = DenseLayer.VectorsOf(hidden);
    }

    /// <summary>Vectors in a row of h, padding included.</summary>
    public int HiddenVectors { get; }

    /// <summary>Vectors in a row of y, padding included.</summary>
    public int OutputVectors => _out.OutputVectors;

    /// <summary>The tensors that it is made of; weights are [in, out].</summary>
    public static IEnumerable<(string Name, long[] Shape)> Layout(string prefix, int hidden, int blocks, int outputs)
    {
        for (int i = 0; i < blocks; i++)
        {
            yield return ($"{prefix}block{i}.norm.gamma", new long[] { hidden });
            yield return ($"{prefix}block{i}.norm.beta", new long[] { hidden });
            yield return ($"{prefix}block{i}.linear1.weight", new long[] { hidden, hidden });
            yield return ($"{prefix}block{i}.linear1.bias", new long[] { hidden });
            yield return ($"{prefix}block{i}.linear2.weight", new long[] { hidden, hidden });
            yield return ($"{prefix}block{i}.linear2.bias", new long[] { hidden });
        }
        yield return ($"{prefix}norm.gamma", new long[] { hidden });
        yield return ($"{prefix}norm.beta", new long[] { hidden });
        yield return ($"{prefix}out.weight", new long[] { hidden, outputs });
        yield return ($"{prefix}out.bias", new long[] { outputs });
    }

    /// <summary>Writes y [padded rows, OutputVectors]; uses h [padded rows, HiddenVectors] up, and <paramref name="first"/> and
    /// <paramref name="second"/> of its size.</summary>
    public void Apply(Vector<float>[] hidden, Vector<float>[] first, Vector<float>[] second, int rows, Vector<float>[] output)
    {
        int paddedRows = DenseLayer.PadRows(rows), width = HiddenVectors * Vector<float>.Count;
        Span<float> hiddenValues = MemoryMarshal.Cast<Vector<float>, float>(hidden.AsSpan());
        Span<float> firstValues = MemoryMarshal.Cast<Vector<float>, float>(first.AsSpan());
        Span<float> secondValues = MemoryMarshal.Cast<Vector<float>, float>(second.AsSpan());
        foreach ((Norm norm, DenseLayer linear1, DenseLayer linear2) in _blocks)
        {
            norm.Apply(hiddenValues, firstValues, rows, _hidden, width);
            linear1.Apply(firstValues, width, paddedRows, second);
            Silu(secondValues, rows, _hidden, width);
            linear2.Apply(secondValues, width, paddedRows, first);
            for (int i = 0; i < hidden.Length; i++)
            {
                hidden[i] += first[i];
            }
        }
        _norm.Apply(hiddenValues, firstValues, rows, _hidden, width);
        Silu(firstValues, rows, _hidden, width);
        _out.Apply(firstValues, width, paddedRows, output);
    }

    /// <summary>x / (1 + e^-x).</summary>
    private static void Silu(Span<float> values, int rows, int width, int stride)
    {
        for (int row = 0; row < rows; row++)
        {
            foreach (ref float x in values.Slice(row * stride, width))
            {
                x = (float)(x / (1 + PortableMath.Exp(-x)));
            }
        }
    }

    /// <summary>LayerNorm(x) = gamma (x - mean) / sqrt(variance + 1e-5) + beta, mean and variance over the row.</summary>
    private sealed class Norm
    {
        private readonly float[] _gamma;
        private readonly float[] _beta;

        public Norm(float[] gamma, float[] beta)
        {
            _gamma = gamma;
            _beta = beta;
        }

        public void Apply(ReadOnlySpan<float> x, Span<float> y, int rows, int width, int stride)
        {
            for (int row = 0; row < rows; row++)
            {
                ReadOnlySpan<float> source = x.Slice(row * stride, width);
                Span<float> target = y.Slice(row * stride, width);
                double sum = 0;
                foreach (float value in source)
                {
                    sum += value;
                }
                double mean = sum / width;
                double squares = 0;
                foreach (float value in source)
                {
                    squares += (value - mean) * (value - mean);
                }
                double scale = 1 / Math.Sqrt((squares / width) + Epsilon);
                for (int i = 0; i < width; i++)
                {
                    target[i] = (float)((_gamma[i] * (source[i] - mean) * scale) + _beta[i]);
                }
            }
        }
    }
}
