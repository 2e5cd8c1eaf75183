using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Latents;

/// <summary>The network of learned priors, a row at a time, in double precision and written as the formulas stand.</summary>
internal abstract class PerceptronReference(string prefix, int hidden, int blocks, IReadOnlyDictionary<string, float[]> tensors)
{
    /// <summary>Applied to each intermediate result: the identity, or a cast to single precision.</summary>
    public Func<double, double> Round { get; init; } = value => value;

    /// <summary>Applied to each output of a linear layer, together with Σ |x_i w_i| and the number of terms.</summary>
    public Func<double, double, int, double> Disturb { get; init; } = (value, _, _) => value;

    protected int Hidden => hidden;

    protected float[] Tensor(string name) => tensors[prefix + name];

    /// <summary>The residual blocks and the last layer.</summary>
    protected double[] Body(double[] h, int outputs)
    {
        for (int i = 0; i < blocks; i++)
        {
            double[] inner = Silu(Linear($"block{i}.linear1", LayerNorm($"block{i}.norm", h), hidden));
            h = h.Zip(Linear($"block{i}.linear2", inner, hidden), (a, b) => Round(a + b)).ToArray();
        }
        return Linear("out", Silu(LayerNorm("norm", h)), outputs);
    }

    protected double[] Linear(string name, double[] x, int outputs) => Linear(Tensor(name + ".weight"), Tensor(name + ".bias"), x, outputs);

    protected double[] Linear(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, double[] x, int outputs)
    {
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
        float[] gamma = Tensor(name + ".gamma");
        float[] beta = Tensor(name + ".beta");
        double mean = x.Sum() / x.Length;
        double variance = x.Sum(value => (value - mean) * (value - mean)) / x.Length;
        double scale = 1 / Math.Sqrt(variance + 1e-5);
        return x.Select((value, i) => Round((gamma[i] * (value - mean) * scale) + beta[i])).ToArray();
    }

    private double[] Silu(double[] x) => x.Select(value => Round(value / (1 + PortableMath.Exp(-value)))).ToArray();
}
