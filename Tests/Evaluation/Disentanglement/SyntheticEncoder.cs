using System;
using System.Linq;
using VaeProcgen.Editor.Evaluation.Disentanglement;

namespace VaeProcgen.Tests.Evaluation.Disentanglement;

/// <summary>Encoders that need no images: they see the factors themselves.</summary>
internal static class SyntheticEncoder
{
    public static readonly int[] Sizes = [3, 6, 10, 16];

    /// <summary>Posteriors of images with random factors.</summary>
    /// <param name="count">Images.</param>
    /// <param name="latents">Z</param>
    /// <param name="logVariance">Of every posterior.</param>
    /// <param name="encode">μ of factors that are each scaled to deviation 1 and centred on 0; with a source of noise.</param>
    public static FactorPosteriors Make(int count, int latents, float logVariance, Func<double[], Random, double[]> encode)
    {
        var random = new Random(1);
        var factors = new int[count * Sizes.Length];
        var mean = new float[count * latents];
        for (int i = 0; i < count; i++)
        {
            var scaled = new double[Sizes.Length];
            for (int k = 0; k < Sizes.Length; k++)
            {
                int n = Sizes[k], value = random.Next(n);
                factors[(i * Sizes.Length) + k] = value;
                scaled[k] = (value - ((n - 1) / 2.0)) / Math.Sqrt(((n * n) - 1) / 12.0);
            }

            double[] m = encode(scaled, random);
            for (int j = 0; j < latents; j++)
                mean[(i * latents) + j] = (float)m[j];
        }

        return new FactorPosteriors(
            ["a", "b", "c", "d"], Sizes, factors, mean, Enumerable.Repeat(logVariance, mean.Length).ToArray());
    }

    /// <summary>Each factor in a dimension of its own, in another order and sign, and one collapsed dimension.</summary>
    public static FactorPosteriors Perfect(float logVariance = -8) =>
        Make(4000, 5, logVariance, (v, random) => [2 * v[2], -v[0], 0.05 * Normal(random), 0.5 * v[3], v[1]]);

    /// <summary>Noise that knows nothing.</summary>
    public static FactorPosteriors Blind() => Make(4000, 5, -8, (_, random) => [.. Enumerable.Range(0, 5).Select(_ => Normal(random))]);

    /// <summary>Every dimension is the sum or difference of all factors: a rotation (Hadamard's matrix, halved).</summary>
    public static FactorPosteriors Rotated() => Make(4000, 4, -8, (v, _) =>
    [
        (v[0] + v[1] + v[2] + v[3]) / 2, (v[0] - v[1] + v[2] - v[3]) / 2, (v[0] + v[1] - v[2] - v[3]) / 2, (v[0] - v[1] - v[2] + v[3]) / 2,
    ]);

    /// <summary>All means equal.</summary>
    public static FactorPosteriors Collapsed() => Make(1000, 4, 0, (_, _) => new double[4]);

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
