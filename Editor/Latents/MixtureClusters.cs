using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using VaeProcgen.Editor.Priors;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Latents;

/// <summary>
/// Clusters by a Gaussian mixture with full covariances, of <see cref="GaussianMixtureFitter"/>: each latent goes to the component k
/// that most likely made it, the largest ln w_k + ln N(x; m_k, L_k L_kᵀ). Components that no latent goes to are left out.
/// </summary>
public static class MixtureClusters
{
    /// <param name="latents">x, [N, Z]</param>
    /// <param name="z">Z</param>
    /// <param name="count">How many components; null: the number that explains held-out latents best.</param>
    /// <param name="seed">Of the split and the starts.</param>
    /// <param name="restarts">How many starts; the mixture under which the latents have the highest likelihood is kept.</param>
    /// <returns>The distance of a latent from its centre is Mahalanobis's, ‖L⁻¹(x − m)‖.</returns>
    /// <exception cref="ArgumentException">There are fewer latents than components, or no start.</exception>
    public static Clustering Fit(float[] latents, int z, int? count, ulong seed, int restarts = 10)
    {
        int n = latents.Length / z;
        Clustering.Require(count ?? 1, n);
        if (restarts < 1)
            throw new ArgumentException($"A mixture needs at least 1 start; found {restarts}.");
        GaussianMixturePrior Mixture(int? components, int restart) => GaussianMixtureFitter.Fit(
            latents, n, z, new GaussianMixtureOptions { Components = components, Seed = unchecked(seed + (ulong)restart) }).Prior;
        GaussianMixturePrior best = Mixture(count, 0);
        double highest = LogLikelihood(best, latents);
        // One component has but one optimum, whatever the start.
        for (int restart = 1; restart < (best.Components > 1 ? restarts : 1); restart++)
        {
            GaussianMixturePrior other = Mixture(best.Components, restart);
            double likelihood = LogLikelihood(other, latents);
            (best, highest) = likelihood > highest ? (other, likelihood) : (best, highest);
        }

        return Assign(best, latents);
    }

    /// <summary>Puts latents to the components of a mixture.</summary>
    /// <param name="latents">x, [N, Z]</param>
    public static Clustering Assign(GaussianMixturePrior mixture, float[] latents)
    {
        Fitting[] fits = FitEach(mixture, latents);
        List<double[]> centres = mixture.Means.ToArray().Chunk(mixture.Size).Select(m => m.Select(x => (double)x).ToArray()).ToList();
        return Clustering.Of(fits.Select(f => f.Component).ToArray(), centres, fits.Select(f => f.Distance).ToArray());
    }

    /// <summary>Σ_i ln Σ_k w_k N(x_i; m_k, L_k L_kᵀ), less a constant.</summary>
    private static double LogLikelihood(GaussianMixturePrior mixture, float[] latents) => FitEach(mixture, latents).Sum(f => f.LogDensity);

    private static Fitting[] FitEach(GaussianMixturePrior mixture, float[] latents)
    {
        var fits = new Fitting[latents.Length / mixture.Size];
        Parallel.For(0, fits.Length, i => fits[i] = MostLikely(mixture, latents.AsSpan(i * mixture.Size, mixture.Size)));
        return fits;
    }

    private static Fitting MostLikely(GaussianMixturePrior mixture, ReadOnlySpan<float> x)
    {
        int z = mixture.Size;
        (int Component, double Distance) best = (0, 0);
        double highest = double.NegativeInfinity, total = 0;
        var whitened = new double[z];
        for (int k = 0; k < mixture.Components; k++)
        {
            if (mixture.Weights.Span[k] <= 0)
                continue;
            ReadOnlySpan<float> mean = mixture.Means.Span.Slice(k * z, z), factor = mixture.Cholesky.Span.Slice(k * z * z, z * z);
            double density = Math.Log(mixture.Weights.Span[k]), square = 0;
            for (int i = 0; i < z; i++)
            {
                double left = (double)x[i] - mean[i];
                for (int j = 0; j < i; j++)
                    left -= factor[(i * z) + j] * whitened[j];
                whitened[i] = left / factor[(i * z) + i];
                square += whitened[i] * whitened[i];
                density -= Math.Log(factor[(i * z) + i]);
            }

            density -= square / 2;
            if (!(density > highest))
            {
                total += Math.Exp(density - highest);
                continue;
            }

            total = 1 + (total * Math.Exp(highest - density));
            (highest, best) = (density, (k, Math.Sqrt(square)));
        }

        return new Fitting(best.Component, best.Distance, highest + Math.Log(total));
    }

    /// <summary>The most likely component, the distance from its mean, and ln p(x) less a constant.</summary>
    private readonly record struct Fitting(int Component, double Distance, double LogDensity);
}
