using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Latents;

/// <summary>The flow prior, one sample at a time, in double precision and written as the formulas stand.</summary>
internal sealed class FlowReference
{
    private readonly int _size;
    private readonly int _hidden;
    private readonly int _blocks;
    private readonly IReadOnlyDictionary<string, float[]> _tensors;

    public FlowReference(int size, int hidden, int blocks, IReadOnlyDictionary<string, float[]> tensors)
    {
        _size = size;
        _hidden = hidden;
        _blocks = blocks;
        _tensors = tensors;
    }

    /// <summary>Applied to each intermediate result: the identity, or a cast to single precision.</summary>
    public Func<double, double> Round { get; init; } = value => value;

    /// <summary>Applied to each output of a linear layer, together with Σ |x_i w_i| and the number of terms.</summary>
    public Func<double, double, int, double> Disturb { get; init; } = (value, _, _) => value;

    public double[] Sample(ulong seed, uint index, float temperature)
    {
        var normals = new float[_size];
        Philox.FillNormals(seed, 0x100, index, normals);
        double[] u = normals.Select(normal => Round((double)temperature * normal)).ToArray();
        for (int step = 0; step < 20; step++)
        {
            double[] v = Velocity(u, step / 20.0);
            u = u.Zip(v, (value, velocity) => Round(value + Round(velocity / 20))).ToArray();
        }
        float[] mean = _tensors["prior.flow.mean"];
        float[] std = _tensors["prior.flow.std"];
        return u.Select((value, j) => Round(mean[j] + Round(std[j] * value))).ToArray();
    }

    private double[] Velocity(double[] u, double t)
    {
        IEnumerable<double> cosines = Enumerable.Range(1, 16).Select(k => Round(PortableMath.SinCosOfTurns(k * t / 2).Cos));
        IEnumerable<double> sines = Enumerable.Range(1, 16).Select(k => Round(PortableMath.SinCosOfTurns(k * t / 2).Sin));
        double[] h = Linear("in", u.Concat(cosines).Concat(sines).ToArray(), _hidden);
        for (int i = 0; i < _blocks; i++)
        {
            double[] inner = Silu(Linear($"block{i}.linear1", LayerNorm($"block{i}.norm", h), _hidden));
            h = h.Zip(Linear($"block{i}.linear2", inner, _hidden), (a, b) => Round(a + b)).ToArray();
        }
        return Linear("out", Silu(LayerNorm("norm", h)), _size);
    }

    private double[] Linear(string name, double[] x, int outputs)
    {
        float[] weight = _tensors[$"prior.flow.{name}.weight"];
        float[] bias = _tensors[$"prior.flow.{name}.bias"];
        var y = new double[outputs];
        for (int j = 0; j < outputs; j++)
        {
            double sum = bias[j];
            double magnitude = Math.Abs(sum);
            for (int i = 0; i < x.Length; i++)
            {
                double product = Round(x[i] * weight[(i * outputs) + j]);
                sum = Round(sum + product);
                magnitude += Math.Abs(product);
            }
            y[j] = Disturb(sum, magnitude, x.Length);
        }
        return y;
    }

    private double[] LayerNorm(string name, double[] x)
    {
        float[] gamma = _tensors[$"prior.flow.{name}.gamma"];
        float[] beta = _tensors[$"prior.flow.{name}.beta"];
        double mean = x.Sum() / x.Length;
        double variance = x.Sum(value => (value - mean) * (value - mean)) / x.Length;
        double scale = 1 / Math.Sqrt(variance + 1e-5);
        return x.Select((value, i) => Round((gamma[i] * (value - mean) * scale) + beta[i])).ToArray();
    }

    private double[] Silu(double[] x) => x.Select(value => Round(value / (1 + PortableMath.Exp(-value)))).ToArray();
}
