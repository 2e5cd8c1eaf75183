using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Latents;

/// <summary>(μ | log σ²) = W₂ tanh(W₁ tanh(W₀ x + b₀) + b₁) + b₂, a row at a time, in double precision.</summary>
internal static class GaussianLayerReference
{
    /// <summary>Weights that keep activations of size 1, times <paramref name="size"/>.</summary>
    public static Dictionary<string, float[]> Draw(string name, int inputs, int hidden, int outputs, int seed, double size = 1) =>
        GaussianLayer.Layout(name, inputs, hidden, outputs).Select((entry, i) => (entry, i)).ToDictionary(t => t.entry.Name, t =>
        {
            (string Name, long[] Shape) = t.entry;
            double scale = size * (Shape.Length == 2 ? 1.5 / Math.Sqrt(Shape[0]) : 0.3);
            return TestData.Uniform((int)Shape.Aggregate(1L, (a, b) => a * b), seed + (10 * t.i)).Select(u => (float)(scale * u)).ToArray();
        });

    /// <param name="tensor">The values of a tensor by its name after the layer's own.</param>
    public static double[] Apply(double[] x, Func<string, double[]> tensor)
    {
        double[] h = Tanh(Linear(x, tensor("linear0.weight"), tensor("linear0.bias")));
        h = Tanh(Linear(h, tensor("linear1.weight"), tensor("linear1.bias")));
        return Linear(h, tensor("head.weight"), tensor("head.bias"));
    }

    public static double[] Linear(double[] x, double[] weight, double[] bias)
    {
        var y = (double[])bias.Clone();
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < y.Length; j++)
                y[j] += x[i] * weight[(i * y.Length) + j];
        }

        return y;
    }

    public static double[] Tanh(double[] x) => Array.ConvertAll(x, Math.Tanh);
}
