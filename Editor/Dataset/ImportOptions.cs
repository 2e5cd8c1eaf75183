using System;
using System.Globalization;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Dataset;

/// <summary>How <see cref="ArtFit"/> brings an image to the set's size.</summary>
public enum FitMode
{
    /// <summary>Whole pixels only: enlarged by whole factors, reduced without blending where the image is pixel art.</summary>
    PixelPerfect,

    /// <summary>Resampled to fill the size exactly, in linear light.</summary>
    Smooth,

    /// <summary>Cut to its centre square, then as <see cref="PixelPerfect"/>: for textures that should fill the frame.</summary>
    Crop,
}

/// <summary>The size of an atlas cell in pixels.</summary>
public readonly record struct CellSize(int Width, int Height)
{
    /// <summary>Reads "32x48" (width × height), or "32" for a square cell.</summary>
    /// <exception cref="FormatException">The text is no such size.</exception>
    public static CellSize Parse(string text)
    {
        string[] sides = text.Split('x', 'X', '×');
        if (sides.Length is 1 or 2 && TryParse(sides[0], out int width) && TryParse(sides[^1], out int height))
            return new CellSize(width, height);
        throw new FormatException($"Expected a cell size such as 32x32, found \"{text}\".");
    }

    public override string ToString() => $"{Width}×{Height}";

    private static bool TryParse(string side, out int pixels) =>
        int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out pixels) && pixels is > 0 and <= 1 << 16;
}

/// <summary>What <see cref="ArtImporter"/> makes of an art folder.</summary>
public sealed record ImportOptions
{
    /// <summary>Width and height of every image of the set, 1 to 4096 pixels.</summary>
    public int Size { get; init; } = 32;

    /// <summary>Whether someone asked for <see cref="Size"/>; where not, images that can be drawn at any size have their own.</summary>
    public bool SizeIsGiven { get; init; } = true;

    /// <summary>When given, each file is an atlas that is cut into cells of this size; cells without a visible pixel are dropped.</summary>
    public CellSize? Slice { get; init; }

    /// <summary>How images of another size are brought to <see cref="Size"/>.</summary>
    public FitMode Fit { get; init; } = FitMode.PixelPerfect;

    /// <summary>Fewer distinct images than this are refused: training needs at least 2.</summary>
    public int MinimumImages { get; init; } = 2;

    /// <summary>Files with more pixels are skipped, before they are decoded.</summary>
    public int MaxPixels { get; init; } = Png.DefaultMaxPixels;

    /// <summary>Where the pixels of the set lie.</summary>
    public PixelStorage Storage { get; init; } = PixelStorage.Default;
}
