using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Report;

/// <summary>What lies behind transparent pixels.</summary>
public enum SheetBackground
{
    /// <summary>Squares of two dark greys, which show what is transparent.</summary>
    Checkerboard,

    /// <summary>One dark grey.</summary>
    Dark,
}

/// <summary>How a <see cref="ContactSheet"/> is laid out.</summary>
public sealed record SheetOptions
{
    /// <summary>Images per row; 0 chooses about as many as there are rows, a strip excepted.</summary>
    public int Columns { get; init; }

    /// <summary>Each pixel becomes this many in both directions; 0 chooses the largest that keeps the sheet within 1024 pixels.</summary>
    public int Scale { get; init; }

    /// <summary>Pixels of the sheet between images and around them.</summary>
    public int Gap { get; init; } = 4;

    /// <summary>What lies behind transparent pixels.</summary>
    public SheetBackground Background { get; init; } = SheetBackground.Checkerboard;
}

/// <summary>Lays images of one size out in a grid, enlarged by a whole factor; the result is opaque.</summary>
public static class ContactSheet
{
    private const int ChosenWidth = 1024, ChosenScale = 8, SquareSide = 8;

    private static readonly Rgba8 Paper = new(0x16, 0x17, 0x1B, 255), Dark = new(0x2A, 0x2C, 0x33, 255), Light = new(0x3A, 0x3D, 0x46, 255);

    /// <summary>All images in reading order.</summary>
    /// <exception cref="ArgumentException">There is no image, they differ in size, or an option is negative.</exception>
    public static PixelImage Grid(IReadOnlyList<PixelImage> images, SheetOptions? options = null)
    {
        options ??= new SheetOptions();
        CheckOneSize(images);
        int columns = Math.Min(images.Count, options.Columns > 0 ? options.Columns : (int)Math.Ceiling(Math.Sqrt(images.Count)));
        return Draw(Enumerable.Range(0, (images.Count + columns - 1) / columns)
            .Select(row => images.Skip(row * columns).Take(columns).ToArray()).ToArray(), group: 1, options);
    }

    /// <summary>All images in one row, such as the steps of a blend.</summary>
    /// <inheritdoc cref="Grid"/>
    public static PixelImage Strip(IReadOnlyList<PixelImage> images, SheetOptions? options = null) =>
        Grid(images, (options ?? new SheetOptions()) with { Columns = Math.Max(1, images.Count) });

    /// <summary>Rows of originals, each with its reconstructions right below it and more room to the next such pair.</summary>
    /// <exception cref="ArgumentException">The two lists differ in length, one is empty, or the images differ in size.</exception>
    public static PixelImage Pairs(
        IReadOnlyList<PixelImage> originals, IReadOnlyList<PixelImage> reconstructions, SheetOptions? options = null)
    {
        options ??= new SheetOptions();
        if (originals.Count != reconstructions.Count)
            throw new ArgumentException(
                $"Expected as many reconstructions as originals, found {reconstructions.Count} for {originals.Count}.");
        CheckOneSize(originals.Concat(reconstructions).ToArray());
        int columns = options.Columns > 0 ? options.Columns : (int)Math.Ceiling(Math.Sqrt(2.0 * originals.Count));
        columns = Math.Min(columns, originals.Count);
        var rows = Enumerable.Range(0, (originals.Count + columns - 1) / columns).SelectMany(row => new[]
        {
            originals.Skip(row * columns).Take(columns).ToArray(),
            reconstructions.Skip(row * columns).Take(columns).ToArray(),
        });
        return Draw(rows.ToArray(), group: 2, options);
    }

    // Rows of one group stand a quarter of a gap apart; groups of several rows three gaps.
    private static PixelImage Draw(PixelImage[][] rows, int group, SheetOptions options)
    {
        if (options.Gap < 0 || options.Scale < 0)
            throw new ArgumentException($"Expected a gap and a scale of at least 0, found {options.Gap} and {options.Scale}.");
        int columns = rows[0].Length, width = rows[0][0].Width, height = rows[0][0].Height, gap = options.Gap;
        int close = (gap + 3) / 4, apart = group > 1 ? 3 * gap : gap;
        int scale = options.Scale > 0 ? options.Scale : Math.Clamp((ChosenWidth - gap * (columns + 1)) / (columns * width), 1, ChosenScale);
        int groups = rows.Length / group;
        var sheet = new PixelImage(
            columns * (width * scale + gap) + gap,
            groups * (group * height * scale + (group - 1) * close + apart) - apart + 2 * gap);
        for (int i = 0; i < sheet.Width * sheet.Height; i++)
            Put(sheet, 4 * i, Paper);
        for (int r = 0; r < rows.Length; r++)
        {
            int top = gap + r * height * scale + r / group * apart + (r - r / group) * close;
            for (int c = 0; c < rows[r].Length; c++)
                DrawImage(sheet, rows[r][c], gap + c * (width * scale + gap), top, scale, options.Background);
        }
        return sheet;
    }

    private static void DrawImage(PixelImage sheet, PixelImage image, int left, int top, int scale, SheetBackground background)
    {
        for (int y = 0; y < image.Height * scale; y++)
        {
            for (int x = 0; x < image.Width * scale; x++)
            {
                bool light = background == SheetBackground.Checkerboard && ((x / SquareSide + y / SquareSide) & 1) == 1;
                var over = image[x / scale, y / scale];
                var under = light ? Light : Dark;
                byte Mix(byte o, byte u) => (byte)((o * over.A + u * (255 - over.A) + 127) / 255);
                Put(sheet, 4 * ((top + y) * sheet.Width + left + x),
                    new Rgba8(Mix(over.R, under.R), Mix(over.G, under.G), Mix(over.B, under.B), 255));
            }
        }
    }

    private static void Put(PixelImage sheet, int at, Rgba8 c) =>
        (sheet.Rgba[at], sheet.Rgba[at + 1], sheet.Rgba[at + 2], sheet.Rgba[at + 3]) = (c.R, c.G, c.B, c.A);

    private static void CheckOneSize(IReadOnlyList<PixelImage> images)
    {
        if (images.Count == 0)
            throw new ArgumentException("Expected at least 1 image for a sheet, found none.");
        foreach (var image in images)
        {
            if (image.Width != images[0].Width || image.Height != images[0].Height)
                throw new ArgumentException(
                    $"Expected images of one size ({images[0].Width}×{images[0].Height}) for a sheet, found {image.Width}×{image.Height}.");
        }
    }
}
