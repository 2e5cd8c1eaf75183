using System.Linq;
using static VaeProcgen.Tests.Support.Reference.GaussianDensityReference;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// KL(N(μ, σ²) ‖ N(μp, σp²)) of each image and dimension, [N, Z], in nats: ½ (log σp² − log σ² + σ²/σp² + (μ − μp)²/σp² − 1). p is
/// N(0, I) where there is no prior head. Heads are [N, 2Z], clamped as in <see cref="ReparameterizeReference"/>.
/// </summary>
public static class TwoGaussianKlReference
{
    /// <summary>[N, Z] of the class formula.</summary>
    public static Rounded[] Forward(int latent, double[] head, double[]? priorHead = null) =>
        Enumerable.Range(0, head.Length / 2).Select(i => ValueAt(PartsAt(latent, head, priorHead, i))).ToArray();

    /// <summary>
    /// dμ = d (μ − μp)/σp² = −dμp; dlog σ² = ½ d (σ²/σp² − 1); dlog σp² = ½ d (1 − σ²/σp² − (μ − μp)²/σp²); 0 where clamped.
    /// </summary>
    public static (Rounded[] DHead, Rounded[]? DPriorHead) Backward(int latent, double[] head, double[]? priorHead, double[] dKl)
    {
        Rounded[] dHead = new Rounded[head.Length], dPrior = new Rounded[head.Length];
        for (int i = 0; i < dKl.Length; i++)
        {
            int at = i / latent * 2 * latent + i % latent;
            Parts parts = PartsAt(latent, head, priorHead, i);
            Rounded mean = dKl[i] * parts.Score, quadratic = parts.Distance * parts.Score;
            (dHead[at], dPrior[at]) = (mean, -mean);
            dHead[at + latent] = parts.Inside ? 0.5 * dKl[i] * (parts.VarianceRatio - 1) : 0;
            dPrior[at + latent] = parts.PriorInside ? 0.5 * dKl[i] * (1 - parts.VarianceRatio - quadratic) : 0;
        }

        return (dHead, priorHead == null ? null : dPrior);
    }

    private static Rounded ValueAt(Parts parts) =>
        0.5 * (parts.LogVarianceRatio + parts.VarianceRatio + parts.Distance * parts.Score - 1);

    private static Parts PartsAt(int latent, double[] head, double[]? priorHead, int i)
    {
        (double mean, double logVariance, bool inside) = At(head, latent, i / latent, i % latent);
        (double priorMean, double logPrior, bool priorInside) =
            priorHead == null ? (0, 0, false) : At(priorHead, latent, i / latent, i % latent);
        Rounded distance = (Rounded)mean - priorMean, ratio = (Rounded)logVariance - logPrior;
        return new Parts(distance, distance * Rounded.Exp(-logPrior), -ratio, Rounded.Exp(ratio), inside, priorInside);
    }

    // μ − μp, (μ − μp)/σp², log σp² − log σ², σ²/σp²
    private readonly record struct Parts(
        Rounded Distance, Rounded Score, Rounded LogVarianceRatio, Rounded VarianceRatio, bool Inside, bool PriorInside);
}
