using System;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>
/// How well a model explains images; figures in nats are for one image. Where latents are points there is no KL, and what follows from it
/// is null.
/// </summary>
/// <param name="Images">How many were scored.</param>
/// <param name="Elbo">−(reconstruction + KL)</param>
/// <param name="Reconstruction">−log p(x|z), z a sample of the posterior, summed over pixels and channels.</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)); of two layers of latents, an estimate from draws.</param>
/// <param name="Psnr">Of the reconstruction from μ or the likeliest classes, in dB, over all premultiplied values.</param>
/// <param name="ActiveUnits">
/// Dimensions whose μ varies over the images by more than 0.01 (Burda et al. 2015, arXiv:1509.00519), or variables whose probabilities do.
/// </param>
/// <param name="Scale">σ or b of the likelihood that was used.</param>
/// <param name="KlPerDimension">[Z]; of categorical latents for each variable, of two layers [Z₁ + Z₂].</param>
/// <param name="MeanVariance">Of the posterior's mean over the images, as many numbers.</param>
public sealed record ElboReport(
    int Images, double? Elbo, double Reconstruction, double? Kl, double Psnr, int? ActiveUnits, double Scale, double[]? KlPerDimension,
    double[] MeanVariance);

/// <summary>Scores images under a model; sums in double precision, in a fixed order.</summary>
public static class ElboEvaluator
{
    /// <param name="runner">The model.</param>
    /// <param name="images">What to score; of the model's size.</param>
    /// <param name="scale">σ or b; null: the likelihood's fixed scale, or the optimum of these images.</param>
    /// <param name="seed">Of the posterior samples.</param>
    /// <param name="binarized">The model sees binarized images.</param>
    public static ElboReport Evaluate(VaeRunner runner, ArtSet images, double? scale, ulong seed, bool binarized = false)
    {
        ScoredImages scored = ScoredImages.Of(runner, images, binarized ? seed : null);
        return Evaluate(runner.Architecture.Likelihood, (z, of) => runner.Decode(z, ModelLabels.At(scored.LabelOf, of)), scored, scale, seed);
    }

    /// <param name="likelihood">p(x|z).</param>
    /// <param name="decode">The means of p(x|z), [count, values], of latents [count, Z].</param>
    /// <param name="images">What to score.</param>
    /// <inheritdoc cref="Evaluate(VaeRunner, ArtSet, double?, ulong, bool)"/>
    public static ElboReport Evaluate(
        LikelihoodOptions likelihood, Func<float[], float[]> decode, ScoredImages images, double? scale, ulong seed) =>
        Evaluate(likelihood, (z, _) => decode(z), images, scale, seed);

    /// <param name="decode">As above, told also the number of each latent's image.</param>
    /// <inheritdoc cref="Evaluate(LikelihoodOptions, Func{float[], float[]}, ScoredImages, double?, ulong)"/>
    public static ElboReport Evaluate(
        LikelihoodOptions likelihood, Func<float[], int[], float[]> decode, ScoredImages images, double? scale, ulong seed)
    {
        scale ??= likelihood.FixedScale;
        ErrorSums errors = default, ofCentres = default;
        foreach (ScoredPart part in images.Parts())
        {
            int count = part.Values.Length / images.Each;
            float[] means = decode(images.Posteriors.SampleMany(seed, part.First, count, 0), [.. Enumerable.Range(part.First, count)]);
            errors = Add(errors, likelihood.Kind, part.Values, means, images.Each, scale);
            ofCentres = Add(ofCentres, LikelihoodKind.Gaussian, part.Values, part.Reconstructions, images.Each, scale);
        }

        double values = (double)images.Count * images.Each;
        double used = likelihood.HasScale() ? scale ?? likelihood.OptimalScale(errors.Absolute, errors.Square, values) : 1;
        double reconstruction =
            likelihood.NegativeLogLikelihood(errors.Absolute, errors.Square, errors.Direct, values, used) / images.Count;
        double psnr = 10 * Math.Log10(values / Math.Max(ofCentres.Square, 1e-30));
        double[]? kl = images.Posteriors.KlPerDimension(seed);
        double[] variance = images.Posteriors.MeanVariance(seed);
        return new ElboReport(
            images.Count, -(reconstruction + kl?.Sum()), reconstruction, kl?.Sum(), psnr,
            kl == null ? null : CollapseMonitor.CountActive(variance), used, kl, variance);
    }

    /// <summary>
    /// The ELBO of each image with the KL taken at the draw too, log p(x|z) + log p(z) − log q(z|x): with the same seed the same draws as
    /// <see cref="Evaluate(VaeRunner, ArtSet, double?, ulong, bool)"/>, and as the first ones of <see cref="ImportanceWeightedBound"/>.
    /// </summary>
    /// <returns>[N], in nats.</returns>
    public static double[] Sampled(ImageLikelihood likelihood, Func<float[], float[]> decode, ScoredImages images, ulong seed)
    {
        float[] z = images.Posteriors.SampleAll(seed, 0), means = decode(z);
        int size = images.Posteriors.Size;
        return Enumerable.Range(0, images.Count).Select(n =>
        {
            ReadOnlySpan<float> drawn = z.AsSpan(n * size, size);
            return likelihood.LogDensity(images.Image(n), means.AsSpan(n * images.Each, images.Each))
                - images.Posteriors.LogRatio(seed, n, 0, drawn);
        }).ToArray();
    }

    private static ErrorSums Add(ErrorSums sum, LikelihoodKind kind, float[] x, float[] means, int each, double? scale)
    {
        for (int i = 0; i < x.Length; i += each)
            sum += ErrorSums.Of(kind, x.AsSpan(i, each), means.AsSpan(i, each), scale ?? 1);
        return sum;
    }
}
