using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using VaeProcgen.Editor.Objectives;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli;

/// <summary>What is minimised, and how: the settings of every objective become options.</summary>
internal sealed class ObjectiveFlags
{
    private static readonly TrainingOptions Standard = new();

    private readonly Option<string?> objective = OptionOf.Value<string?>(
        "--objective", "NAME",
        "What is minimised: " + string.Join("; ", Objective.All.Select(o => $"{o.Name} ({o.Summary})"))
            + " [default: elbo; reconstruction with latents that are points or quantized]",
        OptionOf.OneOf(Objective.All.Select(o => (o.Name, (string?)o.Name)).ToArray()));

    private readonly (ObjectiveSetting Setting, Option<double?> Option)[] settings =
    [
        .. Objective.All.SelectMany(o => o.Settings.Select(s => (s, OptionOf.Value<double?>(
            "--" + s.Name, "X", FormattableString($"{s.Description}, for {o.Name} [default: {s.Standard}]"), t => OptionOf.Number(s.Least, s.Most)(t))))),
    ];

    private readonly Option<int> samples = OptionOf.Integer("--samples", "K", "Latents drawn for each image at each step", 1, 1000, Standard.Samples);

    private readonly Option<GradientEstimator> estimator = OptionOf.Value(
        "--estimator", "NAME",
        "How gradients reach the encoder: pathwise (reparameterized), score-function (with a leave-one-out baseline) or, for iwae, "
            + "doubly-reparameterized [default: pathwise]",
        OptionOf.OneOf(
            ("pathwise", GradientEstimator.Pathwise), ("score-function", GradientEstimator.ScoreFunction),
            ("doubly-reparameterized", GradientEstimator.DoublyReparameterized)));

    private readonly Option<double> klWeight = OptionOf.Value(
        "--kl-weight", "X", "Final weight β of the KL term: more gives smoother latents and softer images",
        OptionOf.Number(0, double.MaxValue), Standard.KlWeight);

    private readonly Option<KlAnnealing> annealing = OptionOf.Value(
        "--kl-annealing", "KIND", "How the weight of the KL term rises: linear (over --kl-warmup steps) or cyclical (--kl-cycles times) [default: linear]",
        OptionOf.OneOf(("linear", KlAnnealing.Linear), ("cyclical", KlAnnealing.Cyclical)));

    private readonly Option<int> klWarmup = OptionOf.Integer(
        "--kl-warmup", "STEPS", "Steps over which the KL term gets its weight; at most a fifth of the training", 0, int.MaxValue, Standard.Annealing.WarmupSteps);

    private readonly Option<int> klCycles = OptionOf.Integer("--kl-cycles", "N", "Cycles of cyclical annealing", 1, 1000, Standard.Annealing.Cycles);

    private readonly Option<long> features = OptionOf.Value(
        "--features", "STEPS", "Compare reconstructions in the features of a denoising autoencoder, which is trained first for this many steps; 0: compare pixels",
        OptionOf.Whole(0, uint.MaxValue), Standard.FeatureSteps);

    public IEnumerable<Option> All => [objective, .. settings.Select(s => s.Option), samples, estimator, klWeight, annealing, klWarmup, klCycles, features];

    public TrainingOptions Apply(ParseResult parsed, TrainingOptions options) => options with
    {
        Objective = parsed.GetValue(objective) ?? (options.Latent is LatentKind.Point or LatentKind.Quantized ? "reconstruction" : Standard.Objective),
        ObjectiveSettings = settings.Where(s => parsed.GetValue(s.Option) != null).ToDictionary(s => s.Setting.Name, s => parsed.GetValue(s.Option)!.Value),
        Samples = parsed.GetValue(samples),
        Estimator = parsed.GetValue(estimator),
        KlWeight = parsed.GetValue(klWeight),
        Annealing = new AnnealingSchedule { Kind = parsed.GetValue(annealing), WarmupSteps = parsed.GetValue(klWarmup), Cycles = parsed.GetValue(klCycles) },
        FeatureSteps = parsed.GetValue(features),
    };

    private static string FormattableString(System.FormattableString text) => System.FormattableString.Invariant(text);
}
