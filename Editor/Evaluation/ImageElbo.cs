using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>How well a model explains one image, in nats.</summary>
/// <param name="Name">Of the image.</param>
/// <param name="Elbo">−(reconstruction + KL): low is unlikely.</param>
/// <param name="Reconstruction">−log p(x|z), summed over pixels and channels, the mean over samples z of the posterior.</param>
/// <param name="Kl">KL(q(z|x) ‖ N(0, I))</param>
public sealed record ImageElbo(string Name, double Elbo, double Reconstruction, double Kl)
{
    private const uint Stream = 0x601;
    private const double LongestLogVariance = 12;

    /// <summary>Scores each image by itself. An image's noise depends on the seed and its place in the set only.</summary>
    /// <param name="runner">The model.</param>
    /// <param name="images">Of the model's size.</param>
    /// <param name="scale">σ or b of the likelihood.</param>
    /// <param name="samples">Posterior samples an image; more make the ranking steadier.</param>
    /// <param name="seed">Of the samples.</param>
    /// <returns>In the order of the set; sums in double precision, in a fixed order.</returns>
    public static IReadOnlyList<ImageElbo> Score(VaeRunner runner, ArtSet images, double scale, int samples, ulong seed)
    {
        if (samples < 1)
            throw new ArgumentException($"Scoring an image takes at least 1 sample of its posterior; found {samples}.");
        VaeArchitecture a = runner.Architecture;
        int z = a.LatentSize, count = images.Images.Count;
        int[]? labelOf = ModelLabels.Of(a, images);
        float[] x = ScoredImages.InputsOf(a, images);
        (float[] mean, float[] logVariance) = runner.Encode(x, labelOf);
        var reconstruction = new double[count];
        var noise = new float[samples * z];
        var latents = new float[mean.Length];
        for (int sample = 0; sample < samples; sample++)
        {
            for (int i = 0; i < count; i++)
            {
                Philox.FillNormals(seed, Stream, (uint)i, noise);
                for (int j = 0; j < z; j++)
                {
                    double deviation = Math.Exp(0.5 * Clamp(logVariance[(i * z) + j]));
                    latents[(i * z) + j] = (float)(mean[(i * z) + j] + (deviation * noise[(sample * z) + j]));
                }
            }

            float[] decoded = runner.Decode(latents, labelOf);
            for (int i = 0; i < count; i++)
            {
                reconstruction[i] += NegativeLogLikelihood(
                    a.Likelihood, x.AsSpan(i * a.Values, a.Values), decoded.AsSpan(i * a.Values, a.Values), scale) / samples;
            }
        }

        return images.Images.Select((image, i) =>
        {
            double kl = KlOf(mean.AsSpan(i * z, z), logVariance.AsSpan(i * z, z));
            return new ImageElbo(image.Name, -(reconstruction[i] + kl), reconstruction[i], kl);
        }).ToArray();
    }

    private static double Clamp(float logVariance) => Math.Clamp(logVariance, -LongestLogVariance, LongestLogVariance);

    private static double KlOf(ReadOnlySpan<float> mean, ReadOnlySpan<float> logVariance)
    {
        double kl = 0;
        for (int j = 0; j < mean.Length; j++)
        {
            double l = Clamp(logVariance[j]);
            kl += 0.5 * (((double)mean[j] * mean[j]) + Math.Exp(l) - l - 1);
        }

        return kl;
    }

    private static double NegativeLogLikelihood(LikelihoodOptions likelihood, ReadOnlySpan<float> x, ReadOnlySpan<float> mean, double scale)
    {
        double absolute = 0, square = 0, bernoulli = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double d = (double)x[i] - mean[i], p = Math.Clamp((double)mean[i], 1e-7, 1 - 1e-7);
            absolute += Math.Abs(d);
            square += d * d;
            bernoulli -= (x[i] * Math.Log(p)) + ((1 - x[i]) * Math.Log(1 - p));
        }

        return likelihood.NegativeLogLikelihood(absolute, square, bernoulli, x.Length, scale);
    }
}
