using System;
using System.Runtime.Intrinsics;
using System.Threading.Tasks;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>
/// The three parts of the KL term (Chen et al. 2018, arXiv:1802.04942, eq. 2), with q(z) = (1/N) Σ_n q(z|x_n) over the evaluated images
/// themselves: E KL(q(z|x) ‖ p(z)) = I_q(x; z) + KL(q(z) ‖ Π_j q(z_j)) + Σ_j KL(q(z_j) ‖ p(z_j)), in nats. z_j is a dimension, of
/// categorical latents a variable.
/// </summary>
/// <remarks>
/// Each is a mean over one draw of each posterior, with log q(z) and log q(z_j) computed over all N posteriors, so the parts add up to
/// <see cref="Kl"/>. The standard errors are those of the draws and the images. Mutual information can't exceed log N.
/// </remarks>
/// <param name="Images">N, of how many images the posteriors were taken.</param>
/// <param name="Kl">E [log q(z|x) − log p(z)]</param>
/// <param name="MutualInformation">E [log q(z|x) − log q(z)]: what z says about which image it is.</param>
/// <param name="TotalCorrelation">E [log q(z) − Σ_j log q(z_j)]: how much dimensions depend on one another; 0: not at all.</param>
/// <param name="DimensionWise">Σ_j E [log q(z_j) − log p(z_j)]: how far each dimension is from the prior by itself.</param>
public sealed record KlDecomposition(
    int Images, Estimate Kl, Estimate MutualInformation, Estimate TotalCorrelation, Estimate DimensionWise)
{
    /// <summary>Of larger sets, so many are taken: the work is the square of it, times Z.</summary>
    public const int MostImages = 6000;

    private const uint SubsetStream = 0x401;

    /// <param name="posteriors">Of the evaluated images, with densities.</param>
    /// <param name="seed">Of the draws, and of the subset.</param>
    /// <param name="most">Of more images, a subset of so many, chosen by the seed.</param>
    /// <exception cref="ArgumentException">The posteriors have no densities, or their prior has none.</exception>
    public static KlDecomposition Of(Posteriors posteriors, ulong seed, int most = MostImages)
    {
        if (!posteriors.HasAggregate)
            throw new ArgumentException("The KL of these latents has no parts: that takes densities of the posterior and of the prior.");
        int[] rows = SeededOrder.Subset(posteriors.Count, most, seed, SubsetStream);
        AggregateDensity aggregate = posteriors.Aggregate(rows);
        int size = posteriors.Size;
        double[] kl = new double[rows.Length], information = new double[rows.Length];
        double[] correlation = new double[rows.Length], dimensions = new double[rows.Length];
        Parallel.For(0, rows.Length, () => (new float[size], aggregate.CreateTerms(), aggregate.CreateTerms()), (i, _, buffers) =>
        {
            (float[] z, Vector256<double>[] terms, Vector256<double>[] joint) = buffers;
            posteriors.Sample(seed, rows[i], 0, z);
            double conditional = posteriors.LogDensity(rows[i], z), prior = posteriors.LogPrior(rows[i], z);
            (double whole, double product) = aggregate.LogDensities(z, terms, joint);
            (kl[i], information[i]) = (conditional - prior, conditional - whole);
            (correlation[i], dimensions[i]) = (whole - product, product - prior);
            return buffers;
        }, _ => { });
        return new KlDecomposition(
            rows.Length, Estimate.OfMean(kl), Estimate.OfMean(information), Estimate.OfMean(correlation), Estimate.OfMean(dimensions));
    }
}
