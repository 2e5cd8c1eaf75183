using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Makes new images.</summary>
internal sealed class SampleCommand : ModelCommand
{
    private readonly Option<int> count = OptionOf.Integer("--count", "N", "How many, in all", 1, 65536, 64);

    private readonly Option<string[]> labels = OptionOf.Words(
        "--label", "NAME", "Of a conditional model: which labels, in turn; the sheet has a row or more for each [default: all]");

    private readonly Option<ulong> seed = SeedOption.Create();
    private readonly Option<string?> prior = PriorOption.Create();
    private readonly Option<DirectionMove[]> directions = DirectionOption.Create();
    private readonly Option<string> sheet = OutOption("samples.png");
    private readonly Option<string?> each = OptionOf.Text(
        "--each", "DIR", "Also write each image by itself, into this folder; of a conditional model into a sub-folder for its label");

    private readonly Option<double> temperature = OptionOf.Value(
        "--temperature", "T", "1: as varied as the art; less: more typical", OptionOf.Number(0, 10), 1.0);

    private readonly Option<SampledMap?> map = OptionOf.Value<SampledMap?>(
        "--map", "CxR", "Of a model that tiles: in place of a sheet, one wide texture without seams, of C by R tiles", SampledMap.Parse);

    public SampleCommand()
        : base("sample", "Make new images")
    {
        AddOptions(count, labels, seed, temperature, prior, directions, sheet, each, map);
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        DirectionMove.Require(loaded, parsed.Moves(directions));
        string[] named = parsed.GetValue(labels) ?? [];
        foreach (string label in named)
            ModelLabels.Require(loaded, label);
        SampledMap? wide = parsed.GetValue(map);
        wide?.Require(loaded.Architecture);
        if (wide != null && parsed.GetValue(each) != null)
            throw new ArgumentException("A map is one image: leave --each or --map away.");
        int wanted = wide?.Count ?? parsed.GetValue(count);
        LabelledSamples? conditional = loaded.Architecture.IsConditional
            ? new LabelledSamples(loaded.Architecture, named.Distinct().ToArray(), wanted)
            : null;
        if (parsed.GetValue(each) != null)
            conditional?.RequireFolders();
        return session => Sample(parsed, session, wanted, wide, conditional, output);
    }

    private void Sample(
        ParseResult parsed, ModelSession session, int wanted, SampledMap? wide, LabelledSamples? conditional, TextWriter output)
    {
        ILatentPrior from = session.Model.Prior(parsed.GetValue(prior));
        float spread = (float)parsed.GetValue(temperature);
        float[] latents = LatentPriors.SampleMany(from, parsed.GetValue(seed), 0, wanted, spread, conditional?.LabelOf);
        DirectionMove.Apply(session.Model, parsed.Moves(directions), latents);
        if (wide != null)
        {
            PixelImage texture = wide.Make(session, latents, conditional?.LabelOf);
            SheetFile.Write(parsed.GetRequiredValue(sheet), texture);
            string size = $"{wide.Columns}×{wide.Rows} tiles, {texture.Width}×{texture.Height} pixels";
            output.WriteLine($"A map of {size}: {parsed.GetRequiredValue(sheet)}");
            return;
        }

        IReadOnlyList<PixelImage> images = session.Decode(latents, conditional?.LabelOf);
        SheetFile.Write(parsed.GetRequiredValue(sheet), conditional?.Sheet(images) ?? ContactSheet.Grid(images));
        string rows = conditional == null ? "" : $" of {string.Join(", ", conditional.Labels)}";
        output.WriteLine($"{images.Count} samples{rows}: {parsed.GetRequiredValue(sheet)}");
        if (parsed.GetValue(each) is not { } folder)
            return;
        if (conditional == null)
            SheetFile.WriteEach(folder, images);
        else
            conditional.WriteEach(folder, images);
        output.WriteLine($"Each by itself: {folder}");
    }
}
