using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Tells how well labels can be read off latents.</summary>
internal sealed class ProbeCommand : ModelCommand
{
    private const double UsualShare = 0.2;

    private readonly Argument<string> folder = new("DIR") { Description = ArtOptions.FolderHelp };

    private readonly Option<double?> heldOut = OptionOf.Value<double?>(
        "--heldout", "SHARE", "Share of the images to test on [default: those that training held out, or 0.2 where the model does not say]",
        text => OptionOf.Number(0.001, 0.9)(text));

    private readonly Option<double> penalty = OptionOf.Value(
        "--penalty", "L", "How strongly large weights are held back (L2)", OptionOf.Number(0, 1e6), new LinearProbeOptions().Penalty);

    private readonly Option<string> sheet = OutOption("confusion.png");
    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else" };
    private readonly ArtOptions art;

    public ProbeCommand()
        : base("probe", "Tell how well a linear classifier reads the labels (first sub-folders) off latents")
    {
        Add(folder);
        art = new ArtOptions(this, withSize: false);
        AddOptions(heldOut, penalty, sheet, json);
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        (ArtImage[] train, ArtImage[] test, int unlabelled) = Load(parsed, loaded);
        ProbeReport.Require(LabelsOf(train), LabelsOf(test));
        return session => Probe(parsed, session, train, test, unlabelled, output);
    }

    private void Probe(ParseResult parsed, ModelSession session, ArtImage[] train, ArtImage[] test, int unlabelled, TextWriter output)
    {
        int side = ModelSession.SideOf(session.Model);
        float[] latents = session.Encode(ArtSource.ImagesOf(new ArtSet(side, side, [.. train, .. test])));
        ProbeReport report = ProbeReport.Of(
            session.Model.Hash, latents, LabelsOf(train), LabelsOf(test), unlabelled, parsed.GetValue(penalty));
        SheetFile.Write(
            parsed.GetRequiredValue(sheet), ConfusionPicture.Draw(report.Classes.Select(c => c.Label).ToArray(), report.Confusion));
        output.WriteLine(parsed.GetValue(json) ? report.ToJson() : report.ToString());
        if (!parsed.GetValue(json))
            output.WriteLine($"Confusion matrix (rows: actual labels; columns: as told): {parsed.GetRequiredValue(sheet)}");
    }

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
