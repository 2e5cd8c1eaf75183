using System.Linq;
using static VaeProcgen.Tests.Support.Reference.GaussianDensityReference;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// log q(z_r | head_n) − log p(z_r) of each row r = n·K + k, summed over the Z dimensions: ½ Σ_j (log σp² − log σ² + (z − μp)²/σp² −
/// (z − μ)²/σ²). p is N(0, I) where there is no prior head, whose rows may be those of the head, or those of z.
/// </summary>
public static class GaussianLogRatioReference
{
    /// <summary>[R] of the class formula.</summary>
    public static Rounded[] Forward(int latent, double[] z, double[] head, double[]? priorHead = null)
    {
        int rows = z.Length / latent, samples = rows / (head.Length / (2 * latent));
        return Enumerable.Range(0, rows).Select(row => Rounded.Sum(Enumerable.Range(0, latent).Select(j =>
        {
            double value = z[row * latent + j];
            return 0.5 * (Twice(value, priorHead, latent, row / SamplesOf(latent, z, priorHead), j) - Twice(value, head, latent, row / samples, j));
        }))).ToArray();
    }

    /// <summary>dz = d ((z − μp)/σp² − (z − μ)/σ²), the heads' gradients by <see cref="Score"/>: of q as it stands, of p negated.</summary>
    public static (Rounded[] DZ, Rounded[] DHead, Rounded[]? DPriorHead) Backward(
        int latent, double[] z, double[] head, double[]? priorHead, Rounded[] d)
    {
        Rounded Slope(int i, double[]? of)
        {
            if (of == null)
                return z[i];
            (double mean, double logVariance, _) = At(of, latent, i / latent / SamplesOf(latent, z, of), i % latent);
            return MeanScore(z[i], mean, logVariance);
        }

        Rounded[] dZ = z.Select((_, i) => d[i / latent] * (Slope(i, priorHead) - Slope(i, head))).ToArray();
        return (dZ, Score(latent, z, head, d, 1), priorHead == null ? null : Score(latent, z, priorHead, d, -1));
    }

    private static int SamplesOf(int latent, double[] z, double[]? head) => head == null ? 1 : z.Length / latent / (head.Length / (2 * latent));

    // log σ² + (z − μ)²/σ²
    private static Rounded Twice(double z, double[]? head, int latent, int n, int j)
    {
        if (head == null)
            return (Rounded)z * z;
        (double mean, double logVariance, _) = At(head, latent, n, j);
        Rounded d = (Rounded)z - mean;
        return logVariance + d * d * Rounded.Exp(-(Rounded)logVariance);
    }
}
