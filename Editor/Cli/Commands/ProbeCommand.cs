using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Tells how well labels can be read off latents.</summary>
internal sealed class ProbeCommand : ModelCommand
{
    private const double UsualShare = 0.2;

    private static readonly double UsualPenalty = new LinearProbeOptions().Penalty;

    private readonly Argument<string> folder = new("DIR") { Description = ArtOptions.FolderHelp };

    private readonly Option<double?> heldOut = OptionOf.Value<double?>(
        "--heldout", "SHARE", "Share of the images to test on [default: those that training held out, or 0.2 where the model does not say]",
        text => OptionOf.Number(0.001, 0.9)(text));

    private readonly Option<double?> penalty = OptionOf.Value<double?>(
        "--penalty", "L",
        $"How strongly large weights are held back (L2) [default: {UsualPenalty}; of pixels {SampleProbe.UsualPenalty}]",
        text => OptionOf.Number(0, 1e6)(text));

    private readonly Option<int?> ofSamples = OptionOf.Value<int?>(
        "--of-samples", "COUNT",
        "Of a conditional model: fit the classifier to pixels instead, and tell how many of COUNT samples of each label "
            + "it takes for that label",
        text => (int)OptionOf.Whole(1, 65536)(text));

    private readonly Option<ulong> seed = SeedOption.Create();
    private readonly Option<string?> prior = PriorOption.Create();

    private readonly Option<double> temperature = OptionOf.Value(
        "--temperature", "T", "Of the samples, as in 'sample'", OptionOf.Number(0, 10), 1.0);

    private readonly Option<string> sheet = OutOption("confusion.png");
    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else" };
    private readonly ArtOptions art;

    public ProbeCommand()
        : base("probe", "Tell how well a linear classifier reads the labels (first sub-folders) off latents")
    {
        Add(folder);
        art = new ArtOptions(this, withSize: false);
        AddOptions(heldOut, penalty, ofSamples, seed, prior, temperature, sheet, json);
        Validators.Add(result =>
        {
            string[] idle = ((Option[])[seed, prior, temperature])
                .Where(o => result.GetResult(o) is { Implicit: false }).Select(o => o.Name).ToArray();
            if (idle.Length > 0 && result.GetResult(ofSamples) is not { Implicit: false })
                result.AddError($"{string.Join(" and ", idle)}: nothing is sampled without --of-samples.");
        });
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        (ArtImage[] train, ArtImage[] test, int unlabelled) = Load(parsed, loaded);
        ProbeReport.Require(LabelsOf(train), LabelsOf(test));
        if (parsed.GetValue(ofSamples) is { } samples)
        {
            ILatentPrior from = loaded.Prior(parsed.GetValue(prior));
            SampleProbe.Require(loaded.Architecture, SetOf(loaded, train), SetOf(loaded, test));
            return session => JudgeSamples(parsed, session, train, test, unlabelled, from, samples, output);
        }

        ModelLabels.Of(loaded.Architecture, SetOf(loaded, [.. train, .. test]));
        return session => Probe(parsed, session, train, test, unlabelled, output);
    }

    private void JudgeSamples(
        ParseResult parsed, ModelSession session, ArtImage[] train, ArtImage[] test, int unlabelled, ILatentPrior from, int samples,
        TextWriter output)
    {
        SampleProbe report = SampleProbe.Run(
            session, SetOf(session.Model, train), SetOf(session.Model, test), unlabelled, from,
            (float)parsed.GetValue(temperature), parsed.GetValue(seed), samples, parsed.GetValue(penalty) ?? SampleProbe.UsualPenalty);
        SheetFile.Write(
            parsed.GetRequiredValue(sheet), ConfusionPicture.Draw(report.Classes.Select(c => c.Label).ToArray(), report.Confusion));
        output.WriteLine(parsed.GetValue(json) ? report.ToJson() : report.ToString());
        if (!parsed.GetValue(json))
            output.WriteLine($"Confusion matrix (rows: labels asked for; columns: as told): {parsed.GetRequiredValue(sheet)}");
    }

    private void Probe(ParseResult parsed, ModelSession session, ArtImage[] train, ArtImage[] test, int unlabelled, TextWriter output)
    {
        ArtSet all = SetOf(session.Model, [.. train, .. test]);
        float[] latents = new ModelInputs(session.Model.Architecture, all).Encode(session.Runner).Mean;
        ProbeReport report = ProbeReport.Of(
            session.Model.Hash, latents, LabelsOf(train), LabelsOf(test), unlabelled,
            parsed.GetValue(penalty) ?? UsualPenalty);
        SheetFile.Write(
            parsed.GetRequiredValue(sheet), ConfusionPicture.Draw(report.Classes.Select(c => c.Label).ToArray(), report.Confusion));
        output.WriteLine(parsed.GetValue(json) ? report.ToJson() : report.ToString());
        if (!parsed.GetValue(json))
            output.WriteLine($"Confusion matrix (rows: actual labels; columns: as told): {parsed.GetRequiredValue(sheet)}");
    }

    private static ArtSet SetOf(VaeModel model, ArtImage[] images) => new(ModelSession.SideOf(model), ModelSession.SideOf(model), images);

    private static string[] LabelsOf(ArtImage[] images) => images.Select(i => i.Label).ToArray();

    private (ArtImage[] Train, ArtImage[] Test, int Unlabelled) Load(ParseResult parsed, VaeModel model)
    {
        ArtSet all = ArtSource.Load(parsed.GetRequiredValue(folder), art.Import(parsed, ModelSession.SideOf(model)), out _);
        (double share, ulong seed) = (UsualShare, 0UL);
        if (model.Provenance.TryGetValue("options", out string? options))
        {
            TrainingOptions training = TrainingOptions.FromJson(options);
            (share, seed) = (training.HeldOutFraction, training.Seed);
        }

        ArtSplit split = all.Split(parsed.GetValue(heldOut) ?? share, seed);
        ArtImage[] train = Labelled(split.Train), test = Labelled(split.HeldOut);
        return (train, test, all.Images.Count - train.Length - test.Length);

        static ArtImage[] Labelled(ArtSet set) => set.Images.Where(i => i.Label != "").ToArray();
    }
}
