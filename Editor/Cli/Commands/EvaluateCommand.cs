using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Evaluation.Disentanglement;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Measures a model.</summary>
internal sealed class EvaluateCommand : ModelCommand
{
    private readonly Argument<string> folder = new("DIR") { Description = ArtOptions.FolderHelp };

    private readonly Option<EvaluatedPart> part = OptionOf.Value(
        "--split", "PART", "Which images to score: all, train or heldout, as training divided them",
        OptionOf.OneOf(("all", EvaluatedPart.All), ("train", EvaluatedPart.Train), ("heldout", EvaluatedPart.HeldOut)),
        EvaluatedPart.All);

    private readonly Option<int> samples = OptionOf.Integer(
        "--samples", "N", "Samples to compare with the training images", 1, 65536, 64);

    private readonly Option<int> iwae = OptionOf.Integer(
        "--iwae", "K", "Also the importance-weighted bound on log p(x), from K decoded samples of each image",
        0, ImportanceWeightedBound.MostSamples, 0);

    private readonly Option<long?> iwaeImages = OptionOf.Value<long?>(
        "--iwae-images", "N", "Score only N images, evenly spread, with --iwae [default: all]",
        text => OptionOf.Whole(1, int.MaxValue)(text));

    private readonly Option<string?> features = OptionOf.Text(
        "--features", "MODEL", "Measure reconstructions in the features of this model too [default: its own features, where it has any]");

    private readonly Option<int?> disentanglement = OptionOf.Value<int?>(
        "--disentanglement", "N",
        "Also how far latent dimensions are those in which dSprites was made, from N of its images: for models of dsprites:COUNT",
        text => (int)OptionOf.Whole(DisentanglementReport.FewestImages, DSprites.Count)(text));

    private readonly Option<string?> klChart = OptionOf.Text(
        "--kl-chart", "FILE", "Also draw the KL of each latent dimension, as an SVG picture");

    private readonly Option<ulong> seed = SeedOption.Create();
    private readonly Option<string?> prior = PriorOption.Create();

    private readonly Option<string?> sheet = OptionOf.Text(
        "--out", "FILE", "Also write a sheet of the samples above their nearest training images");

    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else" };
    private readonly Option<string?> label = LabelOption.Create();
    private readonly ArtOptions art;

    public EvaluateCommand()
        : base("evaluate", "Measure a model: its ELBO and KL, its reconstructions, and how like the art and how new its samples are")
    {
        Add(folder);
        art = new ArtOptions(this, withSize: false);
        AddOptions(part, samples, iwae, iwaeImages, features, disentanglement, seed, prior, sheet, klChart, label, json);
        Validators.Add(result =>
        {
            if (result.GetResult(iwaeImages) is { Implicit: false } && result.GetResult(iwae) is null or { Implicit: true })
                result.AddError("--iwae-images says how many images --iwae scores. Give --iwae too.");
        });
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        parsed.Label(label, loaded);
        bool hasKl = loaded.Architecture.Latent is LatentKind.Gaussian or LatentKind.Categorical;
        string[] without =
            [.. parsed.GetValue(iwae) > 0 ? ["--iwae"] : (string[])[], .. parsed.GetValue(klChart) != null ? ["--kl-chart"] : (string[])[]];
        if (!hasKl && without.Length > 0)
        {
            string kind = loaded.Architecture.Latent.ToString().ToLowerInvariant();
            throw new ArgumentException(
                $"The model has {kind} latents: they have no density, so there is no KL and no bound. Leave {string.Join(" and ", without)} away.");
        }

        return base.Plan(parsed, loaded, output);
    }

    protected override void Run(ParseResult parsed, ModelSession session, TextWriter output)
    {
        using FeatureRunner? measure = FeaturesOf(parsed.GetValue(features), session);
        EvaluatedPart scored = parsed.GetValue(part);
        ImportOptions import = art.Import(parsed, ModelSession.SideOf(session.Model), minimum: scored == EvaluatedPart.All ? 1 : 2);
        ArtSet loaded = ArtSource.Load(parsed.GetRequiredValue(folder), import, out _);
        ArtSet set = LabelOption.Labelled(loaded, parsed.GetValue(label));
        ILatentPrior from = session.Model.Prior(parsed.GetValue(prior));
        var importance = new ImportanceSampling(parsed.GetValue(iwae), (int?)parsed.GetValue(iwaeImages));
        var evaluation = ModelEvaluation.Run(session, set, scored, from, parsed.GetValue(samples), parsed.GetValue(seed), importance, measure);
        EvaluationReport report = evaluation.Report;
        if (parsed.GetValue(disentanglement) is { } images)
        {
            var effort = new DisentanglementOptions { Images = images, Seed = parsed.GetValue(seed) };
            report = report with { Disentanglement = DisentanglementReport.Run(session, effort) };
        }

        output.WriteLine(parsed.GetValue(json) ? report.ToJson() : report.ToString());
        TextWriter said = parsed.GetValue(json) ? TextWriter.Null : output;
        if (parsed.GetValue(sheet) is { } file)
        {
            SheetFile.Write(file, ContactSheet.Pairs(evaluation.Samples, evaluation.Nearest));
            said.WriteLine($"Samples above their nearest training images: {file}");
        }

        if (parsed.GetValue(klChart) is { } chart)
        {
            ElboReport elbo = report.Elbo;
            bool[] active = [.. elbo.MeanVariance.Select(CollapseMonitor.IsActive)];
            SheetFile.WriteText(chart, KlBars.Svg("KL of each latent dimension", elbo.KlPerDimension!, active));
            said.WriteLine($"KL of each latent dimension: {chart}");
        }
    }

    private static FeatureRunner? FeaturesOf(string? file, ModelSession session)
    {
        if (file == null)
            return session.Model.FeatureWeights.Count == 0 ? null : new FeatureRunner(session.Device, session.Model);
        VaeModel other = VaeModel.Load(file);
        return other.FeatureWeights.Count > 0
            ? new FeatureRunner(session.Device, other)
            : throw new ArgumentException($"{file} has no features to measure in. A model that 'train --features STEPS' made has.");
    }
}
