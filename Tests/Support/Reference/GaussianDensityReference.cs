using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// log N(z; μ, σ²) = −½ (log 2π + log σ² + (z − μ)²/σ²) of one component, and its derivatives. Heads are laid out as in
/// <see cref="ReparameterizeReference"/>, with the same clamp and no gradient outside it.
/// </summary>
public static class GaussianDensityReference
{
    public static Rounded Log(Rounded z, Rounded mean, Rounded logVariance)
    {
        Rounded d = z - mean;
        return -0.5 * (Rounded.Constant(Math.Log(2 * Math.PI)) + logVariance + d * d * Rounded.Exp(-logVariance));
    }

    /// <summary>∂/∂μ = (z − μ)/σ² = −∂/∂z</summary>
    public static Rounded MeanScore(Rounded z, Rounded mean, Rounded logVariance) => (z - mean) * Rounded.Exp(-logVariance);

    /// <summary>∂/∂log σ² = ½ ((z − μ)²/σ² − 1)</summary>
    public static Rounded VarianceScore(Rounded z, Rounded mean, Rounded logVariance)
    {
        Rounded d = z - mean;
        return 0.5 * (d * d * Rounded.Exp(-logVariance) - 1);
    }

    /// <summary>μ and the clamped log σ² of image n, dimension j, and whether log σ² lies inside its limits.</summary>
    public static (double Mean, double LogVariance, bool Inside) At(double[] head, int latent, int n, int j)
    {
        double raw = head[n * 2 * latent + latent + j];
        double logVariance = Math.Clamp(raw, ReparameterizeReference.LowestLogVariance, ReparameterizeReference.HighestLogVariance);
        return (head[n * 2 * latent + j], logVariance, raw == logVariance);
    }

    /// <summary>dHead_n = scale · Σ_k weight_r ∇ log N(z_r; head_n), r = n·K + k.</summary>
    public static Rounded[] Score(int latent, double[] z, double[] head, Rounded[] weights, Rounded scale)
    {
        int images = head.Length / (2 * latent), samples = z.Length / latent / images;
        Dims.RequireLength(z, images * samples * latent, nameof(z), $"[{images}·{samples}, {latent}]");
        var dHead = new Rounded[head.Length];
        var (dMean, dLogVariance) = (new Rounded[samples], new Rounded[samples]);
        for (int n = 0; n < images; n++)
        for (int j = 0; j < latent; j++)
        {
            (double mean, double logVariance, bool inside) = At(head, latent, n, j);
            for (int k = 0; k < samples; k++)
            {
                int row = n * samples + k;
                dMean[k] = weights[row] * MeanScore(z[row * latent + j], mean, logVariance);
                dLogVariance[k] = weights[row] * VarianceScore(z[row * latent + j], mean, logVariance);
            }

            dHead[n * 2 * latent + j] = scale * Rounded.Sum(dMean);
            dHead[n * 2 * latent + latent + j] = inside ? scale * Rounded.Sum(dLogVariance) : 0;
        }

        return dHead;
    }
}
