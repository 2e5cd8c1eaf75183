using System;
using System.Numerics;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>The posteriors q(z|x_n) = N(μ_n, diag σ²_n) of N images: their densities, divergences and draws.</summary>
public sealed class GaussianPosteriors
{
    private const uint Stream = 0x400;

    /// <summary>Log variances are clamped to ± this, as the kernels do.</summary>
    private const double LogVarianceLimit = 12;

    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    private readonly float[] means;
    private readonly double[] logVariances;
    private readonly float[] deviations;

    /// <param name="means">μ, [N, Z].</param>
    /// <param name="logVariances">log σ², [N, Z], as an encoder gives it.</param>
    /// <param name="size">Z</param>
    /// <exception cref="ArgumentException">The lengths differ, or are no multiple of Z.</exception>
    public GaussianPosteriors(float[] means, float[] logVariances, int size)
    {
        if (size < 1 || means.Length == 0 || means.Length % size != 0 || logVariances.Length != means.Length)
        {
            throw new ArgumentException($"Posteriors need as many log variances as means, whole rows of {size} of them; "
                + $"found {means.Length} means and {logVariances.Length} log variances.");
        }

        (this.means, Size) = (means, size);
        this.logVariances = Array.ConvertAll(logVariances, l => Math.Clamp((double)l, -LogVarianceLimit, LogVarianceLimit));
        deviations = Array.ConvertAll(this.logVariances, l => (float)Math.Exp(0.5 * l));
    }

    /// <summary>Z</summary>
    public int Size { get; }

    /// <summary>N</summary>
    public int Count => means.Length / Size;

    /// <summary>μ, [N, Z].</summary>
    public ReadOnlySpan<float> Means => means;

    /// <summary>μ of image <paramref name="n"/>, [Z].</summary>
    public ReadOnlySpan<float> Mean(int n) => means.AsSpan(n * Size, Size);

    /// <summary>log σ² of image <paramref name="n"/>, clamped, [Z].</summary>
    public ReadOnlySpan<double> LogVariance(int n) => logVariances.AsSpan(n * Size, Size);

    /// <summary>Draw <paramref name="k"/> from the posterior of image <paramref name="n"/>: z = μ + σ ⊙ ε.</summary>
    /// <remarks>A draw depends on seed, n, k and Z only, so that all figures of one seed are made with the same draws.</remarks>
    /// <param name="z">[Z], written.</param>
    public void Sample(ulong seed, int n, int k, Span<float> z)
    {
        Vector4 normals = default;
        for (int j = 0; j < Size; j++)
        {
            long element = ((long)n * Size) + j;
            if (j == 0 || element % 4 == 0)
                normals = Philox.Normal4(seed, Stream, (uint)k, checked((uint)(element / 4)));
            z[j] = means[element] + (deviations[element] * normals[(int)(element % 4)]);
        }
    }

    /// <summary>Draw <paramref name="k"/> from every posterior, [N, Z].</summary>
    public float[] SampleAll(ulong seed, int k)
    {
        var z = new float[means.Length];
        for (int n = 0; n < Count; n++)
            Sample(seed, n, k, z.AsSpan(n * Size, Size));
        return z;
    }

    /// <summary>log q(z|x_n) = −½ Σ_j (log 2π + log σ² + (z − μ)² / σ²), in nats.</summary>
    public double LogDensity(int n, ReadOnlySpan<float> z)
    {
        double sum = 0;
        for (int j = 0; j < Size; j++)
        {
            double l = logVariances[(n * Size) + j], d = (double)z[j] - means[(n * Size) + j];
            sum += LogTwoPi + l + (d * d * Math.Exp(-l));
        }

        return -0.5 * sum;
    }

    /// <summary>log N(z; 0, I) = −½ Σ_j (log 2π + z²), in nats.</summary>
    public static double LogPrior(ReadOnlySpan<float> z)
    {
        double sum = 0;
        foreach (float value in z)
            sum += LogTwoPi + ((double)value * value);
        return -0.5 * sum;
    }

    /// <summary>KL(q(z_j|x) ‖ N(0, 1)) = ½ (μ² + σ² − log σ² − 1) of each dimension, as a mean over the images, [Z].</summary>
    public double[] KlPerDimension()
    {
        var kl = new double[Size];
        for (int i = 0; i < means.Length; i++)
        {
            double l = logVariances[i];
            kl[i % Size] += 0.5 * ((means[i] * (double)means[i]) + Math.Exp(l) - l - 1) / Count;
        }

        return kl;
    }

    /// <summary>The variance of μ_j over the images, [Z].</summary>
    public double[] MeanVariance()
    {
        var variance = new double[Size];
        for (int j = 0; j < Size; j++)
        {
            double sum = 0, squares = 0;
            for (int i = j; i < means.Length; i += Size)
                sum += means[i];
            for (int i = j; i < means.Length; i += Size)
                squares += Math.Pow(means[i] - (sum / Count), 2);
            variance[j] = squares / Count;
        }

        return variance;
    }
}
