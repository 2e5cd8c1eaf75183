using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Shows what a model makes of given images.</summary>
internal sealed class ReconstructCommand : ModelCommand
{
    private readonly Argument<string[]> sources = new("IMAGES")
    {
        Description = "PNG files, or folders of art, or procedural:COUNT", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> count = OptionOf.Integer(
        "--count", "N", "At most this many, evenly spread over the images", 1, 65536, 64);
    private readonly Option<string?> label = LabelOption.Create(LabelOption.OfImages + ", PNG files included");
    private readonly Option<string> sheet = OutOption("reconstructions.png");
    private readonly ArtOptions art;

    public ReconstructCommand()
        : base("reconstruct", "Show images above what the model makes of them")
    {
        Add(sources);
        art = new ArtOptions(this, withSize: false);
        AddOptions(count, label, sheet);
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        int side = ModelSession.SideOf(loaded);
        string unlabelled = parsed.Label(label, loaded) ?? "";
        var images = new List<ArtImage>();
        foreach (string source in parsed.GetRequiredValue(sources))
        {
            if (File.Exists(source))
                images.Add(new ArtImage(source, "", ArtSource.LoadImage(source, side, art.Fit(parsed)).Rgba));
            else
                images.AddRange(ArtSource.Load(source, art.Import(parsed, side, minimum: 1), out _).Images);
        }

        IReadOnlyList<ArtImage> shown = ArtSource.Evenly(images, parsed.GetValue(count));
        int[]? labelOf = ModelLabels.Of(loaded.Architecture, shown.Select(i => (i.Name, i.Label == "" ? unlabelled : i.Label)));
        PixelImage[] pictures = [.. shown.Select(i => new PixelImage(side, side, i.Rgba))];
        return session => Reconstruct(parsed, session, pictures, labelOf, images.Count, output);
    }

    private void Reconstruct(ParseResult parsed, ModelSession session, PixelImage[] shown, int[]? labelOf, int all, TextWriter output)
    {
        SheetFile.Write(parsed.GetRequiredValue(sheet), ContactSheet.Pairs(shown, session.Reconstruct(shown, labelOf)));
        output.WriteLine($"{shown.Length} of {all} images above their reconstructions: {parsed.GetRequiredValue(sheet)}");
    }
}
