using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Threading.Tasks;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>
/// The three parts of the KL term (Chen et al. 2018, arXiv:1802.04942, eq. 2), with q(z) = (1/N) Σ_n q(z|x_n) over the evaluated images
/// themselves: E KL(q(z|x) ‖ p(z)) = I_q(x; z) + KL(q(z) ‖ Π_j q(z_j)) + Σ_j KL(q(z_j) ‖ p(z_j)). In nats, p(z) = N(0, I).
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

    /// <param name="posteriors">Of the evaluated images.</param>
    /// <param name="seed">Of the draws, and of the subset.</param>
    /// <param name="most">Of more images, a subset of so many, chosen by the seed.</param>
    public static KlDecomposition Of(GaussianPosteriors posteriors, ulong seed, int most = MostImages)
    {
        int[] rows = SeededOrder.Subset(posteriors.Count, most, seed, SubsetStream);
        var aggregate = new Aggregate(posteriors, rows);
        int size = posteriors.Size;
        double[] kl = new double[rows.Length], information = new double[rows.Length];
        double[] correlation = new double[rows.Length], dimensions = new double[rows.Length];
        Parallel.For(0, rows.Length, () => (new float[size], aggregate.CreateTerms(), aggregate.CreateTerms()), (i, _, buffers) =>
        {
            (float[] z, Vector256<double>[] terms, Vector256<double>[] joint) = buffers;
            posteriors.Sample(seed, rows[i], 0, z);
            double conditional = posteriors.LogDensity(rows[i], z), prior = GaussianPosteriors.LogPrior(z);
            (double whole, double product) = aggregate.LogDensities(z, terms, joint);
            (kl[i], information[i]) = (conditional - prior, conditional - whole);
            (correlation[i], dimensions[i]) = (whole - product, product - prior);
            return buffers;
        }, _ => { });
        return new KlDecomposition(
            rows.Length, Estimate.OfMean(kl), Estimate.OfMean(information), Estimate.OfMean(correlation), Estimate.OfMean(dimensions));
    }

    /// <summary>q(z) = (1/N) Σ_n q(z|x_n), stored by dimension: log q(z_j|x_n) = constant + curvature (z_j − mean)².</summary>
    private sealed class Aggregate
    {
        private readonly int count;
        private readonly int padded4;
        private readonly double[] means;
        private readonly double[] curvatures;
        private readonly double[] constants;

        public Aggregate(GaussianPosteriors posteriors, int[] rows)
        {
            count = rows.Length;
            padded4 = (count + 3) / 4;
            int padded = 4 * padded4, size = posteriors.Size;
            (means, curvatures, constants) = (new double[size * padded], new double[size * padded], new double[size * padded]);
            Array.Fill(constants, double.NegativeInfinity); // What pads a row of four has no density.
            for (int n = 0; n < count; n++)
            {
                for (int j = 0; j < size; j++)
                {
                    double l = posteriors.LogVariance(rows[n])[j];
                    means[(j * padded) + n] = posteriors.Mean(rows[n])[j];
                    curvatures[(j * padded) + n] = -0.5 * Math.Exp(-l);
                    constants[(j * padded) + n] = -0.5 * (Math.Log(2 * Math.PI) + l);
                }
            }
        }

        public Vector256<double>[] CreateTerms() => new Vector256<double>[padded4];

        /// <summary>log q(z) and Σ_j log q(z_j).</summary>
        /// <param name="z">[Z]</param>
        /// <param name="terms">Of <see cref="CreateTerms"/>; what was in it is lost.</param>
        /// <param name="joint">Another one.</param>
        public (double Joint, double Product) LogDensities(ReadOnlySpan<float> z, Vector256<double>[] terms, Vector256<double>[] joint)
        {
            Array.Clear(joint);
            double product = 0;
            for (int j = 0; j < z.Length; j++)
            {
                ReadOnlySpan<Vector256<double>> mean = OfDimension(means, j), curvature = OfDimension(curvatures, j);
                ReadOnlySpan<Vector256<double>> constant = OfDimension(constants, j);
                Vector256<double> at = Vector256.Create((double)z[j]);
                for (int i = 0; i < terms.Length; i++)
                {
                    Vector256<double> d = at - mean[i];
                    terms[i] = constant[i] + (curvature[i] * d * d);
                    joint[i] += terms[i];
                }

                product += LogMeanExp(terms);
            }

            return (LogMeanExp(joint), product);
        }

        private ReadOnlySpan<Vector256<double>> OfDimension(double[] values, int j) =>
            MemoryMarshal.Cast<double, Vector256<double>>(values).Slice(j * padded4, padded4);

        private double LogMeanExp(Vector256<double>[] terms)
        {
            Vector256<double> largest = terms[0], sums = Vector256<double>.Zero;
            foreach (Vector256<double> term in terms)
                largest = Vector256.Max(largest, term);
            double most = Math.Max(Math.Max(largest[0], largest[1]), Math.Max(largest[2], largest[3]));
            Vector256<double> shift = Vector256.Create(most);
            foreach (Vector256<double> term in terms)
                sums += Vector256.Exp(term - shift);
            return most + Math.Log((sums[0] + sums[1] + (sums[2] + sums[3])) / count);
        }
    }
}
