using System;
using System.Linq;
using VaeProcgen.Editor.Latents;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Probabilistic PCA, p(x) = N(b, W Wᵀ + σ² I) with W [D, Z] (Tipping and Bishop 1999), and the linear VAE, whose best ELBO is its
/// likelihood (Lucas et al. 2019, arXiv:1911.02469, section 4). Figures are means over the images, in nats.
/// </summary>
public static class ProbabilisticPcaReference
{
    private const double LogVarianceLimit = 12;

    /// <summary>A linear VAE: q(z|x) = N(μ, diag σ_q²), (μ | log σ_q²) = x A + a, and p(x|z) = N(z W + b, σ² I).</summary>
    /// <param name="Encoder">A, [D, 2Z]</param>
    /// <param name="EncoderBias">a, [2Z]</param>
    /// <param name="Decoder">W, [Z, D]</param>
    /// <param name="DecoderBias">b, [D]</param>
    /// <param name="Scale">σ</param>
    public sealed record LinearVae(double[] Encoder, double[] EncoderBias, double[] Decoder, double[] DecoderBias, double Scale);

    /// <summary>
    /// The largest log-likelihood that probabilistic PCA can have: −½ (D log 2π + Σ_{j≤Z} log λ_j + (D − Z) log σ² + D), λ the eigenvalues
    /// of the covariance of the images, largest first, and σ² the mean of those after the first Z (Tipping and Bishop 1999, eq. 8).
    /// </summary>
    /// <param name="x">[N, D]</param>
    public static double BestLogLikelihood(double[] x, int d, int latent)
    {
        double[] eigenvalues = SymmetricEigen.Solve(Covariance(x, d), d).Values;
        double variance = eigenvalues.Skip(latent).Average();
        return -0.5 * ((d * Math.Log(2 * Math.PI)) + eigenvalues.Take(latent).Sum(Math.Log) + ((d - latent) * Math.Log(variance)) + d);
    }

    /// <summary>
    /// The VAE that reaches it: W = √(Λ − σ² I) U, and the exact posterior, μ = (x − b) Wᵀ M⁻¹ and σ_q² = σ² M⁻¹, M = W Wᵀ + σ² I, which is
    /// diagonal (Tipping and Bishop 1999, eq. 6 and 7).
    /// </summary>
    public static LinearVae Best(double[] x, int d, int latent)
    {
        (double[] eigenvalues, double[] vectors) = SymmetricEigen.Solve(Covariance(x, d), d);
        double variance = eigenvalues.Skip(latent).Average();
        double[] encoder = new double[d * 2 * latent], bias = new double[2 * latent], decoder = new double[latent * d], mean = Mean(x, d);
        for (int j = 0; j < latent; j++)
        {
            double length = Math.Sqrt(eigenvalues[j] - variance);
            bias[latent + j] = Math.Log(variance / eigenvalues[j]);
            for (int i = 0; i < d; i++)
            {
                double w = length * vectors[(j * d) + i];
                decoder[(j * d) + i] = w;
                encoder[(i * 2 * latent) + j] = w / eigenvalues[j];
                bias[j] -= mean[i] * w / eigenvalues[j];
            }
        }

        return new LinearVae(encoder, bias, decoder, mean, Math.Sqrt(variance));
    }

    /// <summary>
    /// The ELBO, the expectation over q taken exactly: E‖x − x̂‖² = ‖x − μ W − b‖² + Σ_j σ_q,j² ‖W_j‖². log σ_q² is clamped to ±12, as on
    /// the device.
    /// </summary>
    /// <param name="x">[N, D]</param>
    public static double Elbo(LinearVae vae, double[] x)
    {
        int d = vae.DecoderBias.Length, latent = vae.EncoderBias.Length / 2, count = x.Length / d;
        double[] lengths = [.. vae.Decoder.Chunk(d).Select(row => row.Sum(w => w * w))];
        double square = 0, kl = 0;
        for (int n = 0; n < count; n++)
        {
            ReadOnlySpan<double> image = x.AsSpan(n * d, d);
            double[] head = [.. vae.EncoderBias], mean = [.. vae.DecoderBias];
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < 2 * latent; j++)
                    head[j] += image[i] * vae.Encoder[(i * 2 * latent) + j];
            }

            for (int j = 0; j < latent; j++)
            {
                double log = Math.Clamp(head[latent + j], -LogVarianceLimit, LogVarianceLimit);
                kl += 0.5 * ((head[j] * head[j]) + Math.Exp(log) - log - 1);
                square += Math.Exp(log) * lengths[j];
                for (int i = 0; i < d; i++)
                    mean[i] += head[j] * vae.Decoder[(j * d) + i];
            }

            for (int i = 0; i < d; i++)
                square += (image[i] - mean[i]) * (image[i] - mean[i]);
        }

        double variance = vae.Scale * vae.Scale;
        return -((0.5 * d * Math.Log(2 * Math.PI * variance)) + (square / count / (2 * variance)) + (kl / count));
    }

    /// <summary>log p(x) of N(b, Wᵀ W + σ² I), by the Cholesky factor of the covariance.</summary>
    /// <param name="x">[N, D]</param>
    public static double LogLikelihood(LinearVae vae, double[] x)
    {
        int d = vae.DecoderBias.Length, latent = vae.EncoderBias.Length / 2, count = x.Length / d;
        var factor = new double[d, d];
        double logDeterminant = 0, distance = 0;
        for (int i = 0; i < d; i++)
        {
            for (int k = 0; k <= i; k++)
            {
                double sum = i == k ? vae.Scale * vae.Scale : 0;
                for (int j = 0; j < latent; j++)
                    sum += vae.Decoder[(j * d) + i] * vae.Decoder[(j * d) + k];
                for (int m = 0; m < k; m++)
                    sum -= factor[i, m] * factor[k, m];
                factor[i, k] = i == k ? Math.Sqrt(sum) : sum / factor[k, k];
            }

            logDeterminant += 2 * Math.Log(factor[i, i]);
        }

        for (int n = 0; n < count; n++)
        {
            var solved = new double[d];
            for (int i = 0; i < d; i++)
            {
                double sum = x[(n * d) + i] - vae.DecoderBias[i];
                for (int m = 0; m < i; m++)
                    sum -= factor[i, m] * solved[m];
                solved[i] = sum / factor[i, i];
                distance += solved[i] * solved[i];
            }
        }

        return -0.5 * ((d * Math.Log(2 * Math.PI)) + logDeterminant + (distance / count));
    }

    private static double[] Mean(double[] x, int d)
    {
        var mean = new double[d];
        for (int i = 0; i < x.Length; i++)
            mean[i % d] += x[i] * d / x.Length;
        return mean;
    }

    private static double[] Covariance(double[] x, int d)
    {
        double[] mean = Mean(x, d), covariance = new double[d * d];
        int count = x.Length / d;
        for (int n = 0; n < count; n++)
        {
            for (int i = 0; i < d; i++)
            {
                for (int k = 0; k < d; k++)
                    covariance[(i * d) + k] += (x[(n * d) + i] - mean[i]) * (x[(n * d) + k] - mean[k]) / count;
            }
        }

        return covariance;
    }
}
