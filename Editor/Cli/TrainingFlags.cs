using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Cli;

/// <summary>The options of a training that a person may set, as <see cref="TrainingOptions"/>; defaults are theirs.</summary>
public sealed class TrainingFlags
{
    private const double DefaultMinutes = 10;

    private static readonly TrainingOptions Standard = new();

    private readonly Option<double?> minutes = OptionOf.Value<double?>(
        "--minutes", "M", "Train this long, the prior included [default: 10, where neither epochs nor steps are given]", t => OptionOf.NumberAbove(0)(t));

    private readonly Option<double?> epochs = OptionOf.Value<double?>(
        "--epochs", "E", "Train for this many passes over the images", t => OptionOf.NumberAbove(0)(t));

    private readonly Option<long?> steps = OptionOf.Value<long?>(
        "--steps", "N", "Train for this many steps: these and epochs give the same bits again, minutes do not", t => Steps(t));

    private readonly Option<string> preset = OptionOf.Value(
        "--preset", "NAME", "The network: " + string.Join("; ", VaePreset.List.Select(p => $"{p.Name} ({p.Summary})")),
        OptionOf.OneOf(VaePreset.List.Select(p => (p.Name, p.Name)).ToArray()), Standard.Preset);

    private readonly Option<int[]?> hidden = HiddenOption();

    private readonly Option<LikelihoodKind> likelihood = LikelihoodOption();

    private readonly Option<LikelihoodScale?> scale = OptionOf.Value<LikelihoodScale?>(
        "--scale", "X", "The scale of the likelihood: optimal (the optimum of each batch), learned, or a number [default: optimal; learned where that has no meaning]",
        ParseScale);

    private readonly Option<LikelihoodLink> link = OptionOf.Value(
        "--link", "NAME", "What turns the decoder's output into an image: sigmoid, or identity, which does not keep it within black and white",
        OptionOf.OneOf(("sigmoid", LikelihoodLink.Sigmoid), ("identity", LikelihoodLink.Identity)), Standard.Likelihood.Link);

    private readonly LatentFlags latents = new();
    private readonly ObjectiveFlags objective = new();

    private readonly Option<bool> tile = new("--tile") { Description = "What the model makes tiles: circular padding throughout" };

    private readonly Option<Augmentation?> augment = OptionOf.Value<Augmentation?>(
        "--augment", "LIST", "none; or any of flip,turns,shift (mirror, quarter turns, roll) [default: flip]", ParseAugmentation);

    private readonly Option<int> batch = OptionOf.Integer("--batch", "N", "Images a step", 1, 4096, Standard.Batch);

    private readonly Option<double> learningRate = OptionOf.Value(
        "--learning-rate", "X", "The largest rate", OptionOf.NumberAbove(0), Standard.LearningRate);

    private readonly Option<RateKind> rate = OptionOf.Value(
        "--schedule", "KIND",
        "How the rate changes: cosine (warms up, then falls to 0), constant, or stages (each three times as long as the one before, at a lower rate) [default: cosine]",
        OptionOf.OneOf(("cosine", RateKind.Cosine), ("constant", RateKind.Constant), ("stages", RateKind.Stages)));

    private readonly Option<int> stages = OptionOf.Integer(
        "--stages", "N", "Of --schedule stages: how many; eight go down to a tenth of the rate", 1, RateSchedule.MostStages, Standard.Rate.Stages);

    private readonly Option<double> adamEpsilon = OptionOf.Value(
        "--adam-epsilon", "X", "Added to the root of Adam's second moment", OptionOf.NumberAbove(0), Standard.AdamEpsilon);

    private readonly Option<double> weightDecay = OptionOf.Value(
        "--weight-decay", "X", "Decoupled weight decay", OptionOf.Number(0, 1), Standard.WeightDecay);

    private readonly Option<double> maxGradientNorm = OptionOf.Value(
        "--max-gradient-norm", "X", "Scale larger gradients down to this norm; 0: never",
        OptionOf.Number(0, double.MaxValue), Standard.MaxGradientNorm);

    private readonly Option<double> ema = OptionOf.Value(
        "--ema", "X", "Decay of the average of the weights that the model keeps", OptionOf.Number(0, 0.999999), Standard.EmaDecay);

    private readonly Option<long?> priorSteps = OptionOf.Value<long?>(
        "--prior-steps", "N", "Steps of the flow prior; 0: no prior but N(0, I) [default: by --minutes; else as many as the model's, 300 to 3000]",
        t => OptionOf.Whole(0, uint.MaxValue)(t));

    private readonly Option<double> heldOut = OptionOf.Value(
        "--heldout", "SHARE", "Share of the images kept out of training, to measure on",
        OptionOf.Number(0.001, 0.5), Standard.HeldOutFraction);

    private readonly Option<long?> imageMemory = OptionOf.Value<long?>(
        "--image-memory", "MIB",
        "Images of more MiB than this stay with the host and are streamed to the device: slower by little, the same to the bit "
        + "[default: as the device allows]",
        t => OptionOf.Whole(0, 1 << 20)(t));

    private readonly Option<Precision> precision = PrecisionOption();

    private readonly Option<double> checkpoints = OptionOf.Value(
        "--checkpoint-seconds", "S", "Seconds between checkpoints", OptionOf.NumberAbove(0), Standard.CheckpointSeconds);

    private readonly Option<ulong> seed = SeedOption.Create();

    public TrainingFlags(Command command)
    {
        Option[] all =
        [
            minutes, epochs, steps, preset, hidden, .. latents.All, likelihood, link, scale, .. objective.All, tile, augment, batch, learningRate, rate, stages,
            adamEpsilon, weightDecay, maxGradientNorm, ema, priorSteps, heldOut, checkpoints, imageMemory, precision, seed,
        ];
        foreach (Option option in all)
            command.Add(option);
        command.Validators.Add(result =>
        {
            string[] given = all.Take(3).Where(o => result.GetResult(o) != null).Select(o => o.Name).ToArray();
            if (given.Length > 1)
                result.AddError($"Expected one of --minutes, --epochs and --steps; found {string.Join(" and ", given)}. Keep one.");
        });
    }

    /// <summary>Whether no length was given, so that it is ten minutes.</summary>
    public bool LengthIsDefault(ParseResult parsed) =>
        parsed.GetValue(minutes) == null && parsed.GetValue(epochs) == null && parsed.GetValue(steps) == null;

    public TrainingOptions Options(ParseResult parsed)
    {
        TrainingOptions options = objective.Apply(parsed, latents.Apply(parsed, General(parsed)));
        LikelihoodKind kind = parsed.GetValue(likelihood);
        bool hasOptimum = kind != LikelihoodKind.DiscretizedLogistic && !Objectives.Objective.Find(options.Objective).WeighsSamples
            && options.Estimator != GradientEstimator.ScoreFunction;
        LikelihoodScale given = parsed.GetValue(scale) ?? new LikelihoodScale(Learned: !hasOptimum && kind != LikelihoodKind.Bernoulli, null);
        return options with { Likelihood = new LikelihoodOptions(kind, parsed.GetValue(link), FixedScale: given.Fixed, LearnedScale: given.Learned) };
    }

    private TrainingOptions General(ParseResult parsed) => new()
    {
        Preset = parsed.GetRequiredValue(preset),
        Hidden = parsed.GetValue(hidden) ?? Standard.Hidden,
        Padding = parsed.GetValue(tile) ? PaddingMode.Circular : PaddingMode.Zero,
        Batch = parsed.GetValue(batch),
        Seed = parsed.GetValue(seed),
        Steps = parsed.GetValue(steps),
        Epochs = parsed.GetValue(epochs),
        Minutes = LengthIsDefault(parsed) ? DefaultMinutes : parsed.GetValue(minutes),
        LearningRate = parsed.GetValue(learningRate),
        Rate = new RateSchedule { Kind = parsed.GetValue(rate), Stages = parsed.GetValue(stages) },
        AdamEpsilon = parsed.GetValue(adamEpsilon),
        WeightDecay = parsed.GetValue(weightDecay),
        MaxGradientNorm = parsed.GetValue(maxGradientNorm),
        EmaDecay = parsed.GetValue(ema),
        Augmentation = parsed.GetValue(augment) ?? Standard.Augmentation,
        PriorSteps = parsed.GetValue(priorSteps),
        CheckpointSeconds = parsed.GetValue(checkpoints),
        ImageMemoryBytes = parsed.GetValue(imageMemory) << 20,
        Precision = parsed.GetValue(precision),
        HeldOutFraction = parsed.GetValue(heldOut),
    };

    /// <summary>For every command that makes a network.</summary>
    public static Option<int[]?> HiddenOption() => OptionOf.Value<int[]?>(
        "--hidden", "LIST", "Channels of each level, or widths of each layer of mlp, from the image inwards, in place of the preset's: 200,200", ParseHidden);

    public static Option<LikelihoodKind> LikelihoodOption() => OptionOf.Value(
        "--likelihood", "KIND", "How reconstructions are scored: laplace (clean), gaussian, bernoulli or logistic (discretized to 8 bits)",
        OptionOf.OneOf(
            ("laplace", LikelihoodKind.Laplace), ("gaussian", LikelihoodKind.Gaussian), ("bernoulli", LikelihoodKind.Bernoulli),
            ("logistic", LikelihoodKind.DiscretizedLogistic)),
        Standard.Likelihood.Kind);

    /// <summary>For every command that trains.</summary>
    public static Option<Precision> PrecisionOption() => OptionOf.Value(
        "--precision", "KIND", "full; or mixed: products of half-precision numbers with float sums, over float weights: for GPUs with matrix units, elsewhere slower",
        OptionOf.OneOf(("full", Precision.Full), ("mixed", Precision.Mixed)), Precision.Full);

    private static long Steps(string text) => OptionOf.Whole(1, uint.MaxValue)(text);

    private static int[] ParseHidden(string text)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        return words.All(w => int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? [.. words.Select(w => int.Parse(w, CultureInfo.InvariantCulture))]
            : throw new FormatException($"expected whole numbers, such as 200,200; found '{text}'");
    }

    private static Augmentation ParseAugmentation(string text)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        if (words is ["none"])
            return new Augmentation();
        return words.All(w => w is "flip" or "turns" or "shift")
            ? new Augmentation(words.Contains("flip"), words.Contains("turns"), words.Contains("shift"))
            : throw new FormatException($"expected none, or some of flip,turns,shift; found '{text}'");
    }

    private static LikelihoodScale? ParseScale(string text) => text.ToLowerInvariant() switch
    {
        "optimal" => new LikelihoodScale(Learned: false, null),
        "learned" => new LikelihoodScale(Learned: true, null),
        _ when double.TryParse(text, CultureInfo.InvariantCulture, out _) => new LikelihoodScale(Learned: false, (float)OptionOf.Number(LikelihoodOptions.SmallestScale, 100)(text)),
        _ => throw new FormatException($"expected optimal, learned or a number; found '{text}'"),
    };

    private sealed record LikelihoodScale(bool Learned, float? Fixed);
}
