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
    /// <param name="seed">Of the split and the start.</param>
    /// <returns>The distance of a latent from its centre is Mahalanobis's, ‖L⁻¹(x − m)‖.</returns>
    /// <exception cref="ArgumentException">There are fewer latents than components.</exception>
    public static Clustering Fit(float[] latents, int z, int? count, ulong seed)
    {
        int n = latents.Length / z;
        Clustering.Require(count ?? 1, n);
        var options = new GaussianMixtureOptions { Components = count, Seed = seed };
        return Assign(GaussianMixtureFitter.Fit(latents, n, z, options).Prior, latents);
    }

    /// <summary>Puts latents to the components of a mixture.</summary>
    /// <param name="latents">x, [N, Z]</param>
    public static Clustering Assign(GaussianMixturePrior mixture, float[] latents)
    {
        int n = latents.Length / mixture.Size;
        var assignments = new int[n];
        var distances = new double[n];
        Parallel.For(0, n, i => (assignments[i], distances[i]) = MostLikely(mixture, latents.AsSpan(i * mixture.Size, mixture.Size)));
        List<double[]> centres = mixture.Means.ToArray().Chunk(mixture.Size).Select(m => m.Select(x => (double)x).ToArray()).ToList();
        return Clustering.Of(assignments, centres, distances);
    }

    private static (int Component, double Distance) MostLikely(GaussianMixturePrior mixture, ReadOnlySpan<float> x)
    {
        int z = mixture.Size;
        (int Component, double Distance) best = (0, 0);
        double highest = double.NegativeInfinity;
        var whitened = new double[z];
        for (int k = 0; k < mixture.Components; k++)
        {
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
            if (density > highest)
                (highest, best) = (density, (k, Math.Sqrt(square)));
        }

        return best;
    }
}
