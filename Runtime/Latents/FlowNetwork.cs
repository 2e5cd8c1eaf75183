using System;
using System.Collections.Generic;
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

    private const double Epsilon = 1e-5;

    private readonly int _size;
    private readonly int _hidden;
    private readonly DenseLayer _in;
    private readonly DenseLayer _out;
    private readonly Norm _norm;
    private readonly List<(Norm Norm, DenseLayer Linear1, DenseLayer Linear2)> _blocks = new();

    public FlowNetwork(int size, int hidden, int blocks, IReadOnlyDictionary<string, float[]> tensors)
    {
        _size = size;
        _hidden = hidden;
        DenseLayer Dense(string name, int inputs, int outputs) =>
            new(inputs, outputs, tensors[$"prior.flow.{name}.weight"], tensors[$"prior.flow.{name}.bias"]);
        Norm Normalisation(string name) => new(tensors[$"prior.flow.{name}.gamma"], tensors[$"prior.flow.{name}.beta"]);

        _in = Dense("in", size + (2 * Frequencies), hidden);
        for (int i = 0; i < blocks; i++)
        {
            _blocks.Add((Normalisation($"block{i}.norm"),
                Dense($"block{i}.linear1", hidden, hidden), Dense($"block{i}.linear2", hidden, hidden)));
        }
        _norm = Normalisation("norm");
        _out = Dense("out", hidden, size);
    }

    /// <summary>The tensors that the network is made of; weights are [in, out].</summary>
    public static IEnumerable<(string Name, long[] Shape)> Layout(int size, int hidden, int blocks)
    {
        yield return ("prior.flow.in.weight", new long[] { size + (2 * Frequencies), hidden });
        yield return ("prior.flow.in.bias", new long[] { hidden });
        for (int i = 0; i < blocks; i++)
        {
            yield return ($"prior.flow.block{i}.norm.gamma", new long[] { hidden });
            yield return ($"prior.flow.block{i}.norm.beta", new long[] { hidden });
            yield return ($"prior.flow.block{i}.linear1.weight", new long[] { hidden, hidden });
            yield return ($"prior.flow.block{i}.linear1.bias", new long[] { hidden });
            yield return ($"prior.flow.block{i}.linear2.weight", new long[] { hidden, hidden });
            yield return ($"prior.flow.block{i}.linear2.bias", new long[] { hidden });
        }
        yield return ("prior.flow.norm.gamma", new long[] { hidden });
        yield return ("prior.flow.norm.beta", new long[] { hidden });
        yield return ("prior.flow.out.weight", new long[] { hidden, size });
        yield return ("prior.flow.out.bias", new long[] { size });
    }

    /// <summary>u += v(u, i / steps) / steps for i = 0 .. steps - 1, on each row of u [rows, Z].</summary>
    public void Integrate(Span<float> u, int rows, int steps)
    {
        int inputWidth = _size + (2 * Frequencies);
        int paddedRows = DenseLayer.PadRows(rows);
        var input = new float[paddedRows * inputWidth];
        var hidden = new Vector<float>[paddedRows * _in.OutputVectors];
        var first = new Vector<float>[hidden.Length];
        var second = new Vector<float>[hidden.Length];
        var velocity = new Vector<float>[paddedRows * _out.OutputVectors];
        Span<float> firstValues = MemoryMarshal.Cast<Vector<float>, float>(first.AsSpan());
        Span<float> secondValues = MemoryMarshal.Cast<Vector<float>, float>(second.AsSpan());
        Span<float> hiddenValues = MemoryMarshal.Cast<Vector<float>, float>(hidden.AsSpan());
        Span<float> velocities = MemoryMarshal.Cast<Vector<float>, float>(velocity.AsSpan());
        int width = _in.OutputVectors * Vector<float>.Count;
        int outputWidth = _out.OutputVectors * Vector<float>.Count;

        for (int step = 0; step < steps; step++)
        {
            for (int row = 0; row < rows; row++)
            {
                Span<float> target = input.AsSpan(row * inputWidth, inputWidth);
                u.Slice(row * _size, _size).CopyTo(target);
                TimeFeatures((double)step / steps, target.Slice(_size));
            }
            _in.Apply(input, inputWidth, paddedRows, hidden);
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
            _out.Apply(firstValues, width, paddedRows, velocity);
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
