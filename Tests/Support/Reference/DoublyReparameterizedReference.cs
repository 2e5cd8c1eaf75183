using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Two unbiased estimates of ∇φ of log (1/K) Σ_k w_k for one image, φ = (μ, log σ²), z_k = μ + σ ε_k, log w = log p(x, z) − log q(z):
/// plain, Σ_k w̃_k dlog w_k/dφ with every way from φ to w (Burda et al. 2015, arXiv:1509.00519, eq. 14), and doubly reparameterized,
/// Σ_k w̃_k² ∂log w_k/∂z_k ∂z_k/∂φ (Tucker et al. 2018, arXiv:1810.04152, eq. 8). Of a loss, −log, they are the negatives.
/// </summary>
public static class DoublyReparameterizedReference
{
    /// <param name="head">(μ | log σ²), [2Z], within the clamp.</param>
    /// <param name="noise">ε, [K, Z]</param>
    /// <param name="logJoint">Of z [Z]: log p(x, z); writes its gradient.</param>
    /// <param name="plain">The plain estimate, [2Z].</param>
    /// <param name="doubly">The doubly reparameterized one, [2Z].</param>
    public static void Estimate(double[] head, ReadOnlySpan<double> noise, LogJoint logJoint, double[] plain, double[] doubly)
    {
        int latent = head.Length / 2, samples = noise.Length / latent;
        var (z, gradients, logWeights) = (new double[latent], new double[samples * latent], new double[samples]);
        for (int k = 0; k < samples; k++)
        {
            double logPosterior = 0;
            for (int j = 0; j < latent; j++)
            {
                double e = noise[k * latent + j];
                z[j] = head[j] + Math.Exp(0.5 * head[latent + j]) * e;
                logPosterior -= 0.5 * (Math.Log(2 * Math.PI) + head[latent + j] + e * e);
            }

            logWeights[k] = logJoint(z, gradients.AsSpan(k * latent, latent)) - logPosterior;
        }

        double largest = double.NegativeInfinity, sum = 0;
        foreach (double w in logWeights)
            largest = Math.Max(largest, w);
        foreach (double w in logWeights)
            sum += Math.Exp(w - largest);
        Array.Clear(plain);
        Array.Clear(doubly);
        for (int k = 0; k < samples; k++)
        for (int j = 0; j < latent; j++)
        {
            double weight = Math.Exp(logWeights[k] - largest) / sum, deviation = Math.Exp(0.5 * head[latent + j]);
            double e = noise[k * latent + j], joint = gradients[k * latent + j], slope = 0.5 * deviation * e;

            // Along z = μ + σε, log q = −½ Σ (log 2π + log σ² + ε²): no slope in μ, −½ in log σ². At z alone, ∂log q/∂z = −ε/σ.
            plain[j] += weight * joint;
            plain[latent + j] += weight * (joint * slope + 0.5);
            doubly[j] += weight * weight * (joint + e / deviation);
            doubly[latent + j] += weight * weight * (joint + e / deviation) * slope;
        }
    }

    public delegate double LogJoint(ReadOnlySpan<double> z, Span<double> gradient);
}
