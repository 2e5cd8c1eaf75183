using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Evaluation.Disentanglement;

/// <summary>What <see cref="MutualInformationGap"/> found about one factor.</summary>
/// <param name="Factor">Its name.</param>
/// <param name="Gap">(largest − second largest information) / entropy, 0 to 1.</param>
/// <param name="Latent">The dimension that knows most of it.</param>
/// <param name="Information">What that dimension knows, in nats.</param>
/// <param name="Second">What the next best one knows, in nats; 0 where there is none.</param>
/// <param name="Entropy">The factor's own, in nats.</param>
public sealed record FactorGap(string Factor, double Gap, int Latent, double Information, double Second, double Entropy);

/// <summary>
/// MIG = 1/F Σ_k (I(z_a; v_k) − I(z_b; v_k)) / H(v_k), with a and b the two dimensions that know most of factor k (Chen, Li, Grosse and
/// Duvenaud 2018, arXiv:1802.04942, section 4): 1 where each factor lies in one dimension alone, near 0 where it is spread over
/// several or lost.
/// <para>
/// Estimator: each dimension is cut into bins of equal width between its least and its largest value, and I(z; v) = Σ p(z, v) log
/// (p(z, v) / (p(z) p(v))) over the counts of the images. With 20 bins, those of Locatello et al. 2019 (arXiv:1811.12359), figures
/// compare with most published ones, and a factor of 40 values can reach log 20 / log 40 = 0.81 at most. The finite sample adds about
/// (bins − 1)(values − 1) / 2N nats to every I.
/// </para>
/// </summary>
/// <param name="Score">MIG</param>
/// <param name="Factors">In the order of the factors.</param>
public sealed record MutualInformationGap(double Score, IReadOnlyList<FactorGap> Factors)
{
    public const int StandardBins = 20;

    private const uint SampleStream = 0x701;

    /// <summary>Of the posterior means μ.</summary>
    public static MutualInformationGap OfMeans(FactorPosteriors posteriors, int bins = StandardBins) =>
        Measure(posteriors, posteriors.Mean, bins);

    /// <summary>
    /// Of one sample of q(z|x) an image: nearer to the paper's q(z), and not fooled by means that vary less than the noise about them.
    /// </summary>
    public static MutualInformationGap OfSamples(FactorPosteriors posteriors, ulong seed, int bins = StandardBins)
    {
        var z = new float[posteriors.Mean.Length];
        Philox.FillNormals(seed, SampleStream, 0, z);
        for (int i = 0; i < z.Length; i++)
            z[i] = posteriors.Mean[i] + ((float)Math.Exp(0.5 * Math.Clamp(posteriors.LogVariance[i], -12f, 12f)) * z[i]);
        return Measure(posteriors, z, bins);
    }

    private static MutualInformationGap Measure(FactorPosteriors posteriors, float[] z, int bins)
    {
        if (bins < 2)
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "Expected at least 2 bins.");
        int size = posteriors.LatentSize;
        int[][] binned = Enumerable.Range(0, size).Select(j => Bin(z, j, size, bins)).ToArray();
        FactorGap[] gaps = Enumerable.Range(0, posteriors.FactorSizes.Count).Select(k => Gap(posteriors, k, binned, bins)).ToArray();
        return new MutualInformationGap(gaps.Average(g => g.Gap), gaps);
    }

    private static FactorGap Gap(FactorPosteriors posteriors, int factor, int[][] binned, int bins)
    {
        int count = posteriors.Count, factors = posteriors.FactorSizes.Count, values = posteriors.FactorSizes[factor];
        int[] v = Enumerable.Range(0, count).Select(i => posteriors.Factors[(i * factors) + factor]).ToArray();
        double entropy = Information(v, values, v, values);
        double[] information = binned.Select(z => Information(z, bins, v, values)).ToArray();
        int best = Array.IndexOf(information, information.Max());
        double second = information.Where((_, j) => j != best).DefaultIfEmpty(0).Max();
        return new FactorGap(
            posteriors.FactorNames[factor], (information[best] - second) / entropy, best, information[best], second, entropy);
    }

    /// <summary>I(a; b) in nats of two lists of values below given counts; H(a) where both are the same list.</summary>
    private static double Information(int[] a, int aValues, int[] b, int bValues)
    {
        var joint = new int[aValues * bValues];
        int[] inA = new int[aValues], inB = new int[bValues];
        for (int i = 0; i < a.Length; i++)
        {
            joint[(a[i] * bValues) + b[i]]++;
            inA[a[i]]++;
            inB[b[i]]++;
        }

        double sum = 0;
        for (int x = 0; x < aValues; x++)
        {
            for (int y = 0; y < bValues; y++)
            {
                double n = joint[(x * bValues) + y];
                if (n > 0)
                    sum += n / a.Length * Math.Log(n * a.Length / ((double)inA[x] * inB[y]));
            }
        }

        return Math.Max(0, sum);
    }

    private static int[] Bin(float[] z, int dimension, int size, int bins)
    {
        double[] column = Enumerable.Range(0, z.Length / size).Select(i => (double)z[(i * size) + dimension]).ToArray();
        double least = column.Min(), range = column.Max() - least;
        return column.Select(x => range > 0 ? Math.Min(bins - 1, (int)((x - least) / range * bins)) : 0).ToArray();
    }
}
