using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
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
    private readonly Option<int> count = OptionOf.Integer("--count", "N", "How many", 1, 65536, 64);
    private readonly Option<ulong> seed = SeedOption.Create();
    private readonly Option<string?> prior = PriorOption.Create();
    private readonly Option<DirectionMove[]> directions = DirectionOption.Create();
    private readonly Option<string> sheet = OutOption("samples.png");
    private readonly Option<string?> each = OptionOf.Text("--each", "DIR", "Also write each image by itself, into this folder");

    private readonly Option<double> temperature = OptionOf.Value(
        "--temperature", "T", "1: as varied as the art; less: more typical", OptionOf.Number(0, 10), 1.0);

    public SampleCommand()
        : base("sample", "Make new images")
    {
        AddOptions(count, seed, temperature, prior, directions, sheet, each);
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        DirectionMove.Require(loaded, parsed.Moves(directions));
        return base.Plan(parsed, loaded, output);
    }

    protected override void Run(ParseResult parsed, ModelSession session, TextWriter output)
    {
        ILatentPrior from = session.Model.Prior(parsed.GetValue(prior));
        float spread = (float)parsed.GetValue(temperature);
        float[] latents = from.SampleMany(parsed.GetValue(seed), 0, parsed.GetValue(count), spread);
        DirectionMove.Apply(session.Model, parsed.Moves(directions), latents);
        IReadOnlyList<PixelImage> images = session.Decode(latents);
        SheetFile.Write(parsed.GetRequiredValue(sheet), ContactSheet.Grid(images));
        output.WriteLine($"{images.Count} samples: {parsed.GetRequiredValue(sheet)}");
        if (parsed.GetValue(each) is not { } folder)
            return;
        SheetFile.WriteEach(folder, images);
        output.WriteLine($"Each by itself: {folder}");
    }
}
