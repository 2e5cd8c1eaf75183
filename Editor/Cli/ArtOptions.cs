using System.CommandLine;
using VaeProcgen.Editor.Dataset;

namespace VaeProcgen.Editor.Cli;

/// <summary>--slice and --fit, and --size where no model gives it: how art becomes images of one size.</summary>
internal sealed class ArtOptions
{
    public const string FolderHelp = "A folder of art, sub-folders included; or procedural:COUNT for "
        + "generated sprites; dsprites:COUNT for images of dSprites; idx:PATH[:COUNT] for files like MNIST's, where PATH is a file of "
        + "images, a folder with train-images-idx3-ubyte[.gz], or FOLDER/t10k for another part";

    private readonly Option<int>? size;

    private readonly Option<CellSize?> slice = OptionOf.Value<CellSize?>(
        "--slice", "WxH", "Cut each file, as an atlas, into cells of this size", text => CellSize.Parse(text));

    private readonly Option<FitMode> fit = OptionOf.Value(
        "--fit", "MODE",
        "How other sizes are fitted: pixel-perfect (never blurs pixel art), smooth or crop [default: pixel-perfect]",
        OptionOf.OneOf(("pixel-perfect", FitMode.PixelPerfect), ("smooth", FitMode.Smooth), ("crop", FitMode.Crop)));

    /// <param name="command">Gets the options.</param>
    /// <param name="withSize">Whether there is a --size: false where a model says it.</param>
    public ArtOptions(Command command, bool withSize, bool withSlice = true)
    {
        if (withSize)
            command.Add(size = OptionOf.Integer("--size", "PIXELS", "Width and height of the images", 4, 1024, 32));
        if (withSlice)
            command.Add(slice);
        command.Add(fit);
    }

    public FitMode Fit(ParseResult parsed) => parsed.GetValue(fit);

    /// <param name="side">The size where there is no --size.</param>
    /// <param name="minimum">Fewer images are refused.</param>
    public ImportOptions Import(ParseResult parsed, int side = 0, int minimum = 2) => new()
    {
        Size = size == null ? side : parsed.GetValue(size),
        SizeIsGiven = size == null || parsed.GetResult(size) is { Implicit: false },
        Slice = parsed.GetValue(slice),
        Fit = Fit(parsed),
        MinimumImages = minimum,
    };
}
