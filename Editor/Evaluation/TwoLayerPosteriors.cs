using System;
using System.Threading.Tasks;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>
/// q(z₁|x) q(z₂|z₁) against p(z₂) p(z₁|z₂), two stochastic layers (Burda et al. 2015, arXiv:1509.00519, section 5). The decoder reads
/// z₁ alone. With a draw of z₂ for each of z₁, log q(z₁|x) + log q(z₂|z₁) − log p(z₁|z₂) − log p(z₂) makes importance weights in
/// the extended space (z₁, z₂), so ELBO and importance-weighted bound stay bounds on log p(x). The KL is an estimate from draws.
/// </summary>
/// <param name="first">q(z₁|x)</param>
/// <param name="encoder">q(z₂|z₁)</param>
/// <param name="decoder">p(z₁|z₂)</param>
public sealed class TwoLayerPosteriors(GaussianPosteriors first, GaussianLayer encoder, GaussianLayer decoder)
    : Posteriors(first.Centres, first.Size)
{
    /// <summary>Draws of each posterior in the estimate of the KL.</summary>
    public const int Draws = 8;

    private const uint Stream = 0x406;
    private const double LogVarianceLimit = 12;

    private int TopSize => encoder.Outputs;

    /// <summary>p(z₁) is no product, and not known in closed form.</summary>
    public override bool HasAggregate => false;

    /// <summary>z₁</summary>
    public override void Sample(ulong seed, int n, int k, Span<float> z) => first.Sample(seed, n, k, z);

    public override double LogDensity(int n, ReadOnlySpan<float> z) => throw Extended();

    public override double LogPrior(int n, ReadOnlySpan<float> z) => throw Extended();

    public override double LogRatio(ulong seed, int n, int k, ReadOnlySpan<float> z)
    {
        var terms = new double[Size + TopSize];
        AddTerms(seed, n, k, z, terms, new double[TopSize], 1);
        double sum = 0;
        foreach (double term in terms)
            sum += term;
        return sum;
    }

    /// <summary>
    /// The mean over the draws of log q(z₁j|x) − log p(z₁j|z₂) of each dimension of the first layer, then of log q(z₂j|z₁) − log p(z₂j)
    /// of the second, [Z₁ + Z₂]: they add up to the KL of the extended space.
    /// </summary>
    public override double[] KlOf(int n, ulong seed = 0)
    {
        var terms = new double[Size + TopSize];
        AddAll(seed, n, terms, new double[TopSize]);
        return terms;
    }

    public override double[] KlPerDimension(ulong seed = 0)
    {
        var each = new double[Count][];
        Parallel.For(0, Count, n => each[n] = KlOf(n, seed));
        var sum = new double[Size + TopSize];
        foreach (double[] kl in each)
        {
            for (int j = 0; j < sum.Length; j++)
                sum[j] += kl[j] / Count;
        }

        return sum;
    }

    /// <summary>Of μ₁, and of the mean of μ₂ over draws of z₁, [Z₁ + Z₂].</summary>
    public override double[] MeanVariance(ulong seed = 0)
    {
        var means = new float[Count * TopSize];
        Parallel.For(0, Count, n =>
        {
            var top = new double[TopSize];
            AddAll(seed, n, new double[Size + TopSize], top);
            for (int j = 0; j < TopSize; j++)
                means[(n * TopSize) + j] = (float)top[j];
        });
        return [.. first.MeanVariance(), .. VarianceOfColumns(means, TopSize)];
    }

    private void AddAll(ulong seed, int n, double[] terms, double[] topMeans)
    {
        var z = new float[Size];
        for (int k = 0; k < Draws; k++)
        {
            first.Sample(seed, n, k, z);
            AddTerms(seed, n, k, z, terms, topMeans, 1.0 / Draws);
        }
    }

    private void AddTerms(ulong seed, int n, int k, ReadOnlySpan<float> z, double[] terms, double[] topMeans, double weight)
    {
        float[] posterior = encoder.Apply(z);
        var top = new float[TopSize];
        FillNormals(seed, Stream, n, k, top);
        for (int j = 0; j < TopSize; j++)
        {
            double mean = posterior[j], l = Clamp(posterior[TopSize + j]);
            top[j] = (float)(mean + (Math.Exp(0.5 * l) * top[j]));
            topMeans[j] += weight * mean;
            terms[Size + j] += weight * 0.5 * (((double)top[j] * top[j]) - Twice(top[j], mean, l));
        }

        float[] prior = decoder.Apply(top);
        for (int j = 0; j < Size; j++)
        {
            double own = Twice(z[j], first.Mean(n)[j], first.LogVariance(n)[j]);
            terms[j] += weight * 0.5 * (Twice(z[j], prior[j], Clamp(prior[Size + j])) - own);
        }
    }

    // −2 log N(z; μ, σ²) − log 2π = log σ² + (z − μ)² / σ²
    private static double Twice(double z, double mean, double logVariance) =>
        logVariance + ((z - mean) * (z - mean) * Math.Exp(-logVariance));

    private static double Clamp(double logVariance) => Math.Clamp(logVariance, -LogVarianceLimit, LogVarianceLimit);

    private static NotSupportedException Extended() =>
        new("The density of two layers is one of both draws together: ask for the log ratio of a draw.");
}
