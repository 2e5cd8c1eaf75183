using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>How well a model explains one image, in nats.</summary>
/// <param name="Name">Of the image.</param>
/// <param name="Elbo">−(reconstruction + KL): low is unlikely; null where there is no KL.</param>
/// <param name="Reconstruction">−log p(x|z), summed over pixels and channels, the mean over samples z of the posterior.</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)); null where latents are points.</param>
public sealed record ImageElbo(string Name, double? Elbo, double Reconstruction, double? Kl)
{
    /// <summary>The ELBO, or log p(x|z) where there is none: what images are ranked by.</summary>
    internal double Rank => Elbo ?? -Reconstruction;

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
        var inputs = new ModelInputs(a, images);
        Posteriors posteriors = Posteriors.Of(runner, inputs);
        var likelihood = new ImageLikelihood(a.Likelihood, scale);
        int draws = posteriors.HasDensities ? samples : 1;
        var reconstruction = new double[posteriors.Count];
        foreach ((int first, int count) in inputs.Parts(runner.Batch))
        {
            float[] x = inputs.Of(first, count);
            for (int k = 0; k < draws; k++)
            {
                float[] decoded = runner.Decode(posteriors.SampleMany(seed, first, count, k), inputs.LabelsOf(first, count));
                for (int i = 0; i < count; i++)
                {
                    reconstruction[first + i] -= likelihood.LogDensity(
                        x.AsSpan(i * a.Values, a.Values), decoded.AsSpan(i * a.Values, a.Values)) / draws;
                }
            }
        }

        return images.Images.Select((image, i) =>
        {
            double? kl = posteriors.KlOf(i, seed)?.Sum();
            return new ImageElbo(image.Name, -(reconstruction[i] + kl), reconstruction[i], kl);
        }).ToArray();
    }
}
