using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// The velocity field of <see cref="FlowPrior"/>, a residual perceptron:
/// h = W_in [u, f(t)] + b_in; for each block h += W₂ SiLU(W₁ LayerNorm(h) + b₁) + b₂; v = W_out SiLU(LayerNorm(h)) + b_out;
/// with the time features f(t) = [cos πkt for k = 1..16, sin πkt for k = 1..16].
/// </summary>
/// <remarks>
/// Each row of a batch is computed as if alone: sums over a row run in order and in double precision, and products as
/// <see cref="DenseLayer"/> says.
/// </remarks>
internal sealed class FlowNetwork
{
    /// <summary>K of the time features; there are 2K of them.</summary>
    public const int Frequencies = 16;

    private const string Prefix = "prior.flow.";

    private readonly int _size;
    private readonly DenseLayer _in;
    private readonly ResidualPerceptron _body;

    public FlowNetwork(int size, int hidden, int blocks, IReadOnlyDictionary<string, float[]> tensors)
    {
        _size = size;
        _in = new DenseLayer(size + (2 * Frequencies), hidden, tensors[Prefix + "in.weight"], tensors[Prefix + "in.bias"]);
        _body = new ResidualPerceptron(Prefix, hidden, blocks, size, tensors);
    }

    /// <summary>The tensors that the network is made of; weights are [in, out].</summary>
    public static IEnumerable<(string Name, long[] Shape)> Layout(int size, int hidden, int blocks) =>
        new[] { (Prefix + "in.weight", new long[] { size + (2 * Frequencies), hidden }), (Prefix + "in.bias", new long[] { hidden }) }
            .Concat(ResidualPerceptron.Layout(Prefix, hidden, blocks, size));

    /// <summary>u += v(u, i / steps) / steps for i = 0 .. steps - 1, on each row of u [rows, Z].</summary>
    public void Integrate(Span<float> u, int rows, int steps)
    {
        int inputWidth = _size + (2 * Frequencies);
        int paddedRows = DenseLayer.PadRows(rows);
        var input = new float[paddedRows * inputWidth];
        var hidden = new Vector<float>[paddedRows * _in.OutputVectors];
        var first = new Vector<float>[hidden.Length];
        var second = new Vector<float>[hidden.Length];
        var velocity = new Vector<float>[paddedRows * _body.OutputVectors];
        Span<float> velocities = MemoryMarshal.Cast<Vector<float>, float>(velocity.AsSpan());
        int outputWidth = _body.OutputVectors * Vector<float>.Count;

        for (int step = 0; step < steps; step++)
        {
            for (int row = 0; row < rows; row++)
            {
                Span<float> target = input.AsSpan(row * inputWidth, inputWidth);
                u.Slice(row * _size, _size).CopyTo(target);
                TimeFeatures((double)step / steps, target.Slice(_size));
            }
            _in.Apply(input, inputWidth, paddedRows, hidden);
            _body.Apply(hidden, first, second, rows, velocity);
            for (int row = 0; row < rows; row++)
            {
                for (int j = 0; j < _size; j++)
                {
                    u[(row * _size) + j] += velocities[(row * outputWidth) + j] / steps;
                }
            }
        }
    }

    private static void TimeFeatures(double t, Span<float> features)
    {
        for (int k = 1; k <= Frequencies; k++)
        {
            (double sin, double cos) = PortableMath.SinCosOfTurns(k * t / 2);
            features[k - 1] = (float)cos;
            features[Frequencies + k - 1] = (float)sin;
        }
    }
}
