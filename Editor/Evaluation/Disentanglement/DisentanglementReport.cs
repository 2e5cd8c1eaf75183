using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Evaluation.Disentanglement;

/// <summary>How much effort goes into a <see cref="DisentanglementReport"/>.</summary>
public sealed record DisentanglementOptions
{
    /// <summary>Different dSprites images to encode, 100 to 737,280.</summary>
    public int Images { get; init; } = 10_000;

    /// <summary>Of each dimension, in <see cref="MutualInformationGap"/>.</summary>
    public int Bins { get; init; } = MutualInformationGap.StandardBins;

    /// <summary>Draws that <see cref="FactorVaeScore"/> and <see cref="BetaVaeScore"/> learn from; half as many are scored.</summary>
    public int Draws { get; init; } = 2_000;

    /// <summary>Images, or pairs of images, a draw.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Of everything random.</summary>
    public ulong Seed { get; init; }
}

/// <summary>How far the dimensions of a model's latents are those in which dSprites was made.</summary>
/// <param name="ModelHash">Of the model's architecture and weights; "" for an encoder that is no model.</param>
/// <param name="Size">Width and height of the images.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="LatentSize">Z</param>
/// <param name="ActiveUnits">Dimensions whose μ varies by more than 0.01 over the images.</param>
/// <param name="Mig">Of μ.</param>
/// <param name="MigOfSamples">Of samples of q(z|x).</param>
/// <param name="FactorVae">The score of FactorVAE; chance is 0.2.</param>
/// <param name="BetaVae">The score of β-VAE; chance is 0.2.</param>
public sealed record DisentanglementReport(
    string ModelHash, int Size, DisentanglementOptions Options, int LatentSize, int ActiveUnits,
    MutualInformationGap Mig, MutualInformationGap MigOfSamples, double FactorVae, double BetaVae)
{
    internal const int FewestImages = 100;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    /// <summary>Encodes images of dSprites, at the model's size, and measures.</summary>
    /// <param name="session">The model; trained on dSprites, if the figures are to mean anything.</param>
    /// <param name="options">How much effort.</param>
    /// <param name="progress">Is told now and then how many images are encoded, and of how many.</param>
    /// <param name="cancellation">Looked at as often.</param>
    /// <exception cref="ArgumentException">The options are out of range; the model's images are not square, or smaller than 16; or its
    /// latents are not Gaussian.</exception>
    public static DisentanglementReport Run(
        ModelSession session, DisentanglementOptions options,
        Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        (int size, VaeArchitecture a) = (ModelSession.SideOf(session.Model), session.Model.Architecture);
        if (a.Latent != LatentKind.Gaussian)
        {
            throw new ArgumentException(
                $"Disentanglement is measured on Gaussian latents; this model's are {a.Latent.ToString().ToLowerInvariant()}.");
        }

        if (a.IsConditional)
            throw new ArgumentException("Disentanglement is measured on models without labels; this one is conditional.");
        (float[], float[]) Encode(float[] images) => session.Runner.Encode(a.Pixels == PixelFormat.Grey ? RedOf(images) : images);
        return Run(Encode, size, session.Model.Hash, options, progress, cancellation);
    }

    /// <summary>Likewise of any encoder.</summary>
    /// <param name="encoder">μ and log σ², each [n, Z], of n premultiplied images [n, size, size, 4].</param>
    /// <param name="size">Width and height of its images.</param>
    /// <param name="modelHash">For the report.</param>
    /// <param name="options">How much effort.</param>
    /// <param name="progress">Is told now and then how many images are encoded, and of how many.</param>
    /// <param name="cancellation">Looked at as often.</param>
    /// <exception cref="ArgumentException">The options, or the size, are out of range.</exception>
    public static DisentanglementReport Run(
        Func<float[], (float[] Mean, float[] LogVariance)> encoder, int size, string modelHash, DisentanglementOptions options,
        Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        if (options.Images is < FewestImages or > DSprites.Count || options.Draws < 2 || options.Batch < 2 || options.Bins < 2)
        {
            throw new ArgumentException($"Expected {FewestImages} to {DSprites.Count} images, and at least 2 draws, 2 images a draw and "
                + $"2 bins; found {options.Images}, {options.Draws}, {options.Batch} and {options.Bins}.");
        }

        var posteriors = FactorPosteriors.OfDSprites(encoder, size, options.Images, options.Seed, progress, cancellation);
        return new DisentanglementReport(
            modelHash, size, options, posteriors.LatentSize,
            posteriors.Deviations().Count(d => d * d > FactorVaeScore.ActiveVariance),
            MutualInformationGap.OfMeans(posteriors, options.Bins),
            MutualInformationGap.OfSamples(posteriors, options.Seed, options.Bins),
            FactorVaeScore.Measure(posteriors, options.Draws, options.Batch, options.Seed),
            BetaVaeScore.Measure(posteriors, options.Draws, options.Batch, options.Seed));
    }

    /// <summary>Each pixel's first value: dSprites are black and white, so that red is grey.</summary>
    private static float[] RedOf(float[] rgba)
    {
        var red = new float[rgba.Length / 4];
        for (int i = 0; i < red.Length; i++)
            red[i] = rgba[4 * i];
        return red;
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>A few lines for a person.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"""
            Disentanglement on {Options.Images} dSprites images of {Size}×{Size}, {ActiveUnits} of {LatentSize} units active
              MIG              {Mig.Score,10:F3} of means, {MigOfSamples.Score:F3} of samples ({Options.Bins} bins)
              FactorVAE score  {FactorVae,10:F3} (chance: 0.2)
              β-VAE score      {BetaVae,10:F3} (chance: 0.2)
              factor                  gap  dimension  information, second, entropy in nats
            """);
        foreach (FactorGap f in Mig.Factors)
            text.Append($"\n  {f.Factor,-16} {f.Gap,10:F3} {f.Latent,10}  {f.Information:F3} {f.Second:F3} {f.Entropy:F3}");
        return text.ToString();
    }
}
