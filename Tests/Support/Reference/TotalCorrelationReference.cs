using System;
using System.Linq;
using static VaeProcgen.Tests.Support.Reference.GaussianDensityReference;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// β-TCVAE (Chen et al. 2018, arXiv:1802.04942, eq. 4): mean nll + w (α MI + β TC + γ dwKL) with the batch-weighted estimates
/// log q(z_i) = log Σ_m q(z_i|x_m) − log NM and log q(z_ij) = log Σ_m q(z_ij|x_m) − log NM, M images in the set:
/// MI = mean (log q(z_i|x_i) − log q(z_i)), TC = mean (log q(z_i) − Σ_j log q(z_ij)), dwKL = mean Σ_j (log q(z_ij) − log p(z_ij)).
/// </summary>
public static class TotalCorrelationReference
{
    /// <param name="DatasetSize">M</param>
    /// <param name="Weight">w</param>
    public readonly record struct Settings(long DatasetSize, double Alpha, double Beta, double Gamma, double Weight = 1);

    /// <summary>(loss, MI, TC, dwKL)</summary>
    public static Rounded[] Forward(Settings settings, int latent, double[] nll, double[] z, double[] head)
    {
        int n = nll.Length;
        var batch = new Batch(n, latent, z, head);
        Rounded logPairs = Rounded.Constant(Math.Log(n) + Math.Log(settings.DatasetSize)), perImage = Rounded.Constant(1.0 / n);
        Rounded logTwoPi = Rounded.Constant(Math.Log(2 * Math.PI));
        var (mutual, total, dimensions) = (new Rounded[n], new Rounded[n], new Rounded[n]);
        for (int i = 0; i < n; i++)
        {
            Rounded joint = batch.LogSums[i] - logPairs;
            Rounded marginals = Rounded.Sum(Enumerable.Range(0, latent).Select(j => batch.Marginal[i * latent + j] - logPairs));
            Rounded prior = Rounded.Sum(Enumerable.Range(0, latent)
                .Select(j => -0.5 * (logTwoPi + (Rounded)z[i * latent + j] * z[i * latent + j])));
            (mutual[i], total[i], dimensions[i]) = (batch.Joint[i * n + i] - joint, joint - marginals, marginals - prior);
        }

        Rounded mi = Rounded.Sum(mutual) * perImage, tc = Rounded.Sum(total) * perImage, kl = Rounded.Sum(dimensions) * perImage;
        Rounded meanNll = Rounded.Sum(nll.Select(v => (Rounded)v)) * perImage;
        return [meanNll + settings.Weight * (settings.Alpha * mi + settings.Beta * tc + settings.Gamma * kl), mi, tc, kl];
    }

    /// <summary>
    /// Each log q(z_ij|x_m) enters with g = α [i = m] + (β − α) softmax_m of the joint + (γ − β) softmax_m of the dimension, times w/N; its
    /// own derivatives are those of <see cref="GaussianDensityReference"/>; −γ log p(z) adds γ z.
    /// </summary>
    public static (Rounded[] DNll, Rounded[] DZ, Rounded[] DHead) Backward(
        Settings settings, int latent, double[] nll, double[] z, double[] head)
    {
        int n = nll.Length;
        var batch = new Batch(n, latent, z, head);
        var (dZ, dHead) = (new Rounded[z.Length], new Rounded[head.Length]);
        var (scores, means, variances) = (new Rounded[n * n], new Rounded[n], new Rounded[n]);
        Rounded scale = (Rounded)settings.Weight / n;
        for (int j = 0; j < latent; j++)
        {
            for (int m = 0; m < n; m++)
            {
                (double mean, double logVariance, bool inside) = At(head, latent, m, j);
                for (int i = 0; i < n; i++)
                {
                    double value = z[i * latent + j];
                    Rounded joint = Rounded.Exp(batch.Joint[i * n + m] - batch.LogSums[i]);
                    Rounded marginal = Rounded.Exp(Log(value, mean, logVariance) - batch.Marginal[i * latent + j]);
                    Rounded g = (i == m ? settings.Alpha : 0) + ((Rounded)settings.Beta - settings.Alpha) * joint
                        + ((Rounded)settings.Gamma - settings.Beta) * marginal;
                    Rounded score = g * MeanScore(value, mean, logVariance);
                    (scores[i * n + m], means[i], variances[i]) = (score, score, g * VarianceScore(value, mean, logVariance));
                }

                dHead[m * 2 * latent + j] = scale * Rounded.Sum(means);
                dHead[m * 2 * latent + latent + j] = inside ? scale * Rounded.Sum(variances) : 0;
            }

            for (int i = 0; i < n; i++)
                dZ[i * latent + j] = scale * ((Rounded)settings.Gamma * z[i * latent + j] - Rounded.Sum(scores.Skip(i * n).Take(n)));
        }

        return (nll.Select(_ => Rounded.Constant(1.0 / n)).ToArray(), dZ, dHead);
    }

    /// <summary>log q(z_i|x_m) [N, N], its log-sum over m [N], and that of each dimension [N, Z].</summary>
    private sealed class Batch
    {
        public Batch(int n, int latent, double[] z, double[] head)
        {
            Dims.RequireLength(z, n * latent, nameof(z), $"[{n}, {latent}]");
            Dims.RequireLength(head, 2 * n * latent, nameof(head), $"[{n}, 2·{latent}]");
            (Joint, LogSums, Marginal) = (new Rounded[n * n], new Rounded[n], new Rounded[n * latent]);
            var densities = new Rounded[n][];
            for (int i = 0; i < n; i++)
            {
                for (int m = 0; m < n; m++)
                {
                    densities[m] = new Rounded[latent];
                    for (int j = 0; j < latent; j++)
                    {
                        (double mean, double logVariance, _) = At(head, latent, m, j);
                        densities[m][j] = Log(z[i * latent + j], mean, logVariance);
                    }

                    // Four components are added up, and the fours one after the other.
                    Joint[i * n + m] = Rounded.Sum(densities[m], additions: (latent + 3) / 4 + 3);
                }

                LogSums[i] = Rounded.LogSumExp(Joint[(i * n)..((i + 1) * n)]);
                for (int j = 0; j < latent; j++)
                    Marginal[i * latent + j] = Rounded.LogSumExp([.. densities.Select(d => d[j])]);
            }
        }

        public Rounded[] Joint { get; }

        public Rounded[] LogSums { get; }

        public Rounded[] Marginal { get; }
    }
}
