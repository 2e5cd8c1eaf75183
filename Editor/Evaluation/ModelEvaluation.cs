using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation.Disentanglement;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>Which images of a set are scored.</summary>
public enum EvaluatedPart
{
    All,

    /// <summary>Those that training used.</summary>
    Train,

    /// <summary>Those that training held out.</summary>
    HeldOut,
}

/// <summary>Mean and median of some distances.</summary>
public sealed record Distances(double Mean, double Median)
{
    public static Distances Of(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Distances(sorted.Average(), (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2);
    }
}

/// <summary>Whether, and how far, the importance-weighted bound is computed.</summary>
/// <param name="Samples">K; 0: not at all.</param>
/// <param name="Images">How many of the scored images, evenly spread; null: all.</param>
public sealed record ImportanceSampling(int Samples, int? Images = null);

/// <summary>What <see cref="ModelEvaluation.Run"/> found.</summary>
/// <param name="ModelHash">Of the model's architecture and weights.</param>
/// <param name="Part">Which images were scored.</param>
/// <param name="LatentSize">Z</param>
/// <param name="Elbo">How well the model explains them.</param>
/// <param name="Prior">The prior that was sampled.</param>
/// <param name="Samples">How many samples were drawn.</param>
/// <param name="SampleToTraining">From each sample to its nearest training image, √(mean (x − y)²) over premultiplied values.</param>
/// <param name="ReconstructionToOriginal">From each scored image's reconstruction to the image, in the same measure.</param>
/// <param name="Seed">Of the samples, of the posterior samples in the ELBO, and of binarized images.</param>
/// <param name="KlParts">The KL term in three parts; null where the densities for it are lacking.</param>
/// <param name="ImportanceWeighted">The importance-weighted bound; null when it was not asked for.</param>
/// <param name="Ssim">Structural similarity of the reconstructions from μ, over premultiplied values.</param>
/// <param name="SlicedWasserstein">Between scored images and samples; null for a single image.</param>
/// <param name="Warning">That the posteriors have collapsed; null when they have not.</param>
public sealed record EvaluationReport(
    string ModelHash, EvaluatedPart Part, int LatentSize, ElboReport Elbo, string Prior, int Samples,
    Distances SampleToTraining, Distances ReconstructionToOriginal, ulong Seed, KlDecomposition? KlParts,
    ImportanceWeightedBound? ImportanceWeighted, Estimate Ssim, SlicedWasserstein? SlicedWasserstein, string? Warning)
{
    /// <summary>Of the same reconstructions, in features; null where there are none.</summary>
    public FeatureDistance? Features { get; init; }

    /// <summary>Of quantized latents, how many codes the scored images use; null of others.</summary>
    public CodebookUse? Codebook { get; init; }

    /// <summary>How far the dimensions are the factors of dSprites; null when it was not asked for.</summary>
    public DisentanglementReport? Disentanglement { get; init; }

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>A few lines for a person.</summary>
    public override string ToString() => EvaluationText.Of(this) + (Disentanglement == null ? "" : $"\n{Disentanglement}");
}

/// <summary>Scores a model on images, and tells whether its samples are new.</summary>
/// <param name="Report">The figures.</param>
/// <param name="Samples">What was drawn.</param>
/// <param name="Nearest">The nearest training image to each sample.</param>
public sealed record ModelEvaluation(EvaluationReport Report, IReadOnlyList<PixelImage> Samples, IReadOnlyList<PixelImage> Nearest)
{
    /// <param name="session">The model.</param>
    /// <param name="set">The images, of the model's size.</param>
    /// <param name="part">Which of them to score; the division is the one that training made.</param>
    /// <param name="prior">Where to sample.</param>
    /// <param name="samples">How many.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="importance">The importance-weighted bound; null: without it.</param>
    /// <param name="features">Features in which to measure reconstructions too; null: without it.</param>
    /// <exception cref="ArgumentException">The model does not say how its training divided the images.</exception>
    public static ModelEvaluation Run(
        ModelSession session, ArtSet set, EvaluatedPart part, ILatentPrior prior, int samples, ulong seed,
        ImportanceSampling? importance = null, FeatureRunner? features = null)
    {
        VaeModel model = session.Model;
        VaeArchitecture a = model.Architecture;
        ArtSet scored = Part(model, set, part), trained = TrainingImages(model, set);
        (int width, int height, LikelihoodOptions likelihood) = (set.Width, set.Height, model.Architecture.Likelihood);
        ScoredImages images = ScoredImages.Of(session.Runner, scored, Binarization.IsOf(model) ? seed : null);
        float[] Decode(float[] z, int[] of) => session.Runner.Decode(z, ModelLabels.At(images.LabelOf, of));
        // Samples have labels in the proportions of the images that they are compared with.
        IReadOnlyList<PixelImage> Sample(int count) =>
            session.Sample(prior, seed, count, labelOf: ModelLabels.Spread(images.LabelOf, count));
        ElboReport elbo = ElboEvaluator.Evaluate(likelihood, Decode, images, model.Scale, seed);
        ImportanceWeightedBound? bound = importance is not { Samples: > 0 } ? null : ImportanceWeightedBound.Of(
            new ImageLikelihood(likelihood, elbo.Scale), Decode, images, importance.Samples, seed, importance.Images, session.Runner.Batch);
        List<double> own = [], similarities = [];
        foreach (ScoredPart some in images.Parts())
        {
            own.AddRange(ModelSession.ToImages(a, some.Reconstructions).Select((r, i) => NearestImages.Distance(scored.Image(some.First + i), r)));
            similarities.AddRange(StructuralSimilarity.OfEach(FourChannels(a, some.Values), FourChannels(a, some.Reconstructions), width, height));
        }

        PixelImage[] drawn = [.. Sample(samples)];
        Neighbour[] nearest = new NearestImages(trained).Find(drawn);
        var report = new EvaluationReport(
            model.Hash, part, model.Architecture.LatentSize, elbo, prior.Kind, samples,
            Distances.Of(nearest.Select(n => n.Distance).ToArray()), Distances.Of(own), seed,
            images.Posteriors.HasAggregate ? KlDecomposition.Of(images.Posteriors, seed) : null, bound,
            Estimate.OfMean([.. similarities]),
            SlicedWasserstein.Of(images.Count, n => FourChannels(a, images.Image(n).ToArray()), width, height, count => Seen(a, Sample(count)), seed),
            WarningOf(model, elbo))
        {
            Features = features == null ? null : FeatureDistance.Of(features, a, images),
            Codebook = a.Latent == LatentKind.Quantized ? CodebookUse.Of(images.Codes(), a.Codes) : null,
        };
        return new ModelEvaluation(report, drawn, nearest.Select(n => trained.Image(n.Index)).ToArray());
    }

    /// <summary>Images as the model sees them, in four channels: rounded to 8 bits first, like the art they are compared with.</summary>
    private static float[] Seen(VaeArchitecture a, IReadOnlyList<PixelImage> images) => FourChannels(a, [.. images.SelectMany(image =>
    {
        var values = new float[a.Values];
        ModelPixels.FromRgba8(a.Pixels, image.Rgba, values);
        return values;
    })]);

    /// <summary>Values of RGBA as they are; a grey value four times over, which leaves every mean over channels as it is.</summary>
    private static float[] FourChannels(VaeArchitecture a, float[] values) =>
        a.Pixels == PixelFormat.Rgba ? values : [.. values.SelectMany(v => Enumerable.Repeat(v, 4))];

    private static string? WarningOf(VaeModel model, ElboReport elbo)
    {
        if (elbo.KlPerDimension == null)
            return null;
        (long step, long warmUp) = (0, 0);
        if (model.Provenance.TryGetValue("options", out string? json) && model.Provenance.TryGetValue("steps", out string? steps))
            (step, warmUp) = (long.Parse(steps, CultureInfo.InvariantCulture), TrainingOptions.FromJson(json).Annealing.WarmupSteps);
        return CollapseMonitor.Check(step, warmUp, elbo.KlPerDimension, elbo.MeanVariance).Warning;
    }

    private static ArtSet Part(VaeModel model, ArtSet set, EvaluatedPart part)
    {
        if (part == EvaluatedPart.All)
            return set;
        if (!model.Provenance.TryGetValue("options", out string? json))
            throw new ArgumentException("The model does not say which images its training held out. Evaluate all images.");
        TrainingOptions options = TrainingOptions.FromJson(json);
        ArtSplit split = set.Split(options.HeldOutFraction, options.Seed);
        return part == EvaluatedPart.Train ? split.Train : split.HeldOut;
    }

    /// <summary>The images of the set that the model was trained on, by name; all of them when it was trained on others.</summary>
    private static ArtSet TrainingImages(VaeModel model, ArtSet set)
    {
        HashSet<string> names = model.Assets.Select(a => a.Name).ToHashSet();
        ArtImage[] trained = set.Images.Where(i => names.Contains(i.Name)).ToArray();
        return trained.Length > 0 ? new ArtSet(set.Width, set.Height, trained) : set;
    }
}
