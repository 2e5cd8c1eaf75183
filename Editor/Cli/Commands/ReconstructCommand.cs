using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;

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
    private readonly Option<string> sheet = OutOption("reconstructions.png");
    private readonly ArtOptions art;

    public ReconstructCommand()
        : base("reconstruct", "Show images above what the model makes of them")
    {
        Add(sources);
        art = new ArtOptions(this, withSize: false);
        AddOptions(count, sheet);
    }

    protected override void Run(ParseResult parsed, ModelSession session, TextWriter output)
    {
        int side = ModelSession.SideOf(session.Model);
        var images = new List<PixelImage>();
        foreach (string source in parsed.GetRequiredValue(sources))
        {
            if (File.Exists(source))
                images.Add(ArtSource.LoadImage(source, side, art.Fit(parsed)));
            else
                images.AddRange(ArtSource.ImagesOf(ArtSource.Load(source, art.Import(parsed, side, minimum: 1), out _)));
        }

        IReadOnlyList<PixelImage> shown = ArtSource.Evenly(images, parsed.GetValue(count));
        SheetFile.Write(parsed.GetRequiredValue(sheet), ContactSheet.Pairs(shown, session.Reconstruct(shown)));
        output.WriteLine($"{shown.Count} of {images.Count} images above their reconstructions: {parsed.GetRequiredValue(sheet)}");
    }
}
