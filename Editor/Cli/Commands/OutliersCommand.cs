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
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Finds the images that a model explains worst.</summary>
internal sealed class OutliersCommand : ModelCommand
{
    private readonly Argument<string> folder = new("DIR") { Description = ArtOptions.FolderHelp };
    private readonly Option<int> count = OptionOf.Integer("--count", "N", "How many to show", 1, 4096, 16);
    private readonly Option<int> samples = OptionOf.Integer("--samples", "N", "Posterior samples an image", 1, 1024, 4);
    private readonly Option<ulong> seed = SeedOption.Create();
    private readonly Option<string> sheet = OutOption("outliers.png");
    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else" };
    private readonly Option<string?> label = LabelOption.Create();
    private readonly ArtOptions art;

    public OutliersCommand()
        : base("outliers", "Find the images that the model explains worst, by their ELBO")
    {
        Add(folder);
        art = new ArtOptions(this, withSize: false);
        AddOptions(count, samples, seed, label, sheet, json);
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        parsed.Label(label, loaded);
        return base.Plan(parsed, loaded, output);
    }

    protected override void Run(ParseResult parsed, ModelSession session, TextWriter output)
    {
        ImportOptions import = art.Import(parsed, ModelSession.SideOf(session.Model), minimum: 1);
        ArtSet loaded = ArtSource.Load(parsed.GetRequiredValue(folder), import, out _);
        ArtSet set = LabelOption.Labelled(loaded, parsed.GetValue(label));
        int draws = parsed.GetValue(samples);
        IReadOnlyList<ImageElbo> scores = ImageElbo.Score(session.Runner, set, session.Model.Scale, draws, parsed.GetValue(seed));
        OutlierReport report = OutlierReport.Of(session.Model.Hash, scores, parsed.GetValue(count), draws, parsed.GetValue(seed));
        int[] worst = OutlierReport.Rank(scores, parsed.GetValue(count));
        PixelImage[] shown = worst.Select(set.Image).ToArray();
        int[]? labelOf = ModelLabels.Of(session.Model.Architecture, worst.Select(i => (set.Images[i].Name, set.Images[i].Label)));
        SheetFile.Write(parsed.GetRequiredValue(sheet), ContactSheet.Pairs(shown, session.Reconstruct(shown, labelOf)));
        output.WriteLine(parsed.GetValue(json) ? report.ToJson() : report.ToString());
        if (!parsed.GetValue(json))
            output.WriteLine($"Each above its reconstruction: {parsed.GetRequiredValue(sheet)}");
    }
}
