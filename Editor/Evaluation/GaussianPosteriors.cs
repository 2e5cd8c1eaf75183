using System;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>The posteriors q(z|x_n) = N(μ_n, diag σ²_n) of N images, against p(z) = N(0, I).</summary>
public sealed class GaussianPosteriors : Posteriors
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
        : base(Require(means, logVariances, size), size)
    {
        this.means = means;
        this.logVariances = Array.ConvertAll(logVariances, l => Math.Clamp((double)l, -LogVarianceLimit, LogVarianceLimit));
        deviations = Array.ConvertAll(this.logVariances, l => (float)Math.Exp(0.5 * l));
    }

    /// <summary>μ, [N, Z].</summary>
    public ReadOnlySpan<float> Means => means;

    /// <summary>μ of image <paramref name="n"/>, [Z].</summary>
    public ReadOnlySpan<float> Mean(int n) => means.AsSpan(n * Size, Size);

    /// <summary>log σ² of image <paramref name="n"/>, clamped, [Z].</summary>
    public ReadOnlySpan<double> LogVariance(int n) => logVariances.AsSpan(n * Size, Size);

    /// <summary>z = μ + σ ⊙ ε</summary>
    public override void Sample(ulong seed, int n, int k, Span<float> z)
    {
        FillNormals(seed, Stream, n, k, z[..Size]);
        for (int j = 0; j < Size; j++)
            z[j] = means[(n * Size) + j] + (deviations[(n * Size) + j] * z[j]);
    }

    /// <summary>log q(z|x_n) = −½ Σ_j (log 2π + log σ² + (z − μ)² / σ²), in nats.</summary>
    public override double LogDensity(int n, ReadOnlySpan<float> z)
    {
        double sum = 0;
        for (int j = 0; j < Size; j++)
        {
            double l = logVariances[(n * Size) + j], d = (double)z[j] - means[(n * Size) + j];
            sum += LogTwoPi + l + (d * d * Math.Exp(-l));
        }

        return -0.5 * sum;
    }

    public override double LogPrior(int n, ReadOnlySpan<float> z) => LogPrior(z);

    /// <summary>log N(z; 0, I) = −½ Σ_j (log 2π + z²), in nats.</summary>
    public static double LogPrior(ReadOnlySpan<float> z)
    {
        double sum = 0;
        foreach (float value in z)
            sum += LogTwoPi + ((double)value * value);
        return -0.5 * sum;
    }

    /// <summary>KL(q(z_j|x) ‖ N(0, 1)) = ½ (μ² + σ² − log σ² − 1) of each dimension, [Z].</summary>
    public override double[] KlOf(int n, ulong seed = 0)
    {
        var kl = new double[Size];
        for (int j = 0; j < Size; j++)
        {
            double mean = means[(n * Size) + j], l = logVariances[(n * Size) + j];
            kl[j] = 0.5 * ((mean * mean) + Math.Exp(l) - l - 1);
        }

        return kl;
    }

    public override double[] KlPerDimension(ulong seed = 0) => base.KlPerDimension(seed)!;

    /// <summary>The variance of μ_j over the images, [Z].</summary>
    public override double[] MeanVariance(ulong seed = 0) => VarianceOfColumns(means, Size);

    internal override AggregateDensity Aggregate(int[] rows) => new GaussianAggregate(this, rows);

    private static float[] Require(float[] means, float[] logVariances, int size) =>
        size >= 1 && means.Length > 0 && means.Length % size == 0 && logVariances.Length == means.Length
            ? means
            : throw new ArgumentException($"Posteriors need as many log variances as means, whole rows of {size} of them; "
                + $"found {means.Length} means and {logVariances.Length} log variances.");
}
