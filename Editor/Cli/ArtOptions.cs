using System.CommandLine;
using VaeProcgen.Editor.Dataset;

namespace VaeProcgen.Editor.Cli;

/// <summary>--slice and --fit, and --size where no model gives it: how art becomes images of one size; --host-memory and --scratch: where these lie.</summary>
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

    private readonly Option<long?> hostMemory = OptionOf.Value<long?>(
        "--host-memory", "MIB",
        "Images of more MiB than this, decoded, are kept on disk and read from there as they are used: the results are the same "
        + "[default: a quarter of the machine's memory]",
        text => OptionOf.Whole(0, 1 << 30)(text));

    private readonly Option<string> scratch = OptionOf.Text(
        "--scratch", "DIR", "Where images of more than --host-memory are kept, in a file that goes with the program", PixelStorage.Default.Folder);

    /// <param name="command">Gets the options.</param>
    /// <param name="withSize">Whether there is a --size: false where a model says it.</param>
    /// <param name="takesSets">Whether there is more than --fit: false where art is single files.</param>
    public ArtOptions(Command command, bool withSize, bool takesSets = true)
    {
        if (withSize)
            command.Add(size = OptionOf.Integer("--size", "PIXELS", "Width and height of the images", 4, 1024, 32));
        if (takesSets)
            command.Add(slice);
        command.Add(fit);
        if (!takesSets)
            return;
        command.Add(hostMemory);
        command.Add(scratch);
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
        Storage = new PixelStorage(parsed.GetValue(hostMemory) << 20 ?? PixelStorage.Default.HostBytes, parsed.GetRequiredValue(scratch)),
    };
}
