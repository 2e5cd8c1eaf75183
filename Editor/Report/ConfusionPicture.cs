using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Report;

/// <summary>
/// A confusion matrix: a row for each actual label, a column for each that was said, counts in the cells. The brighter a cell, the
/// larger its share of the row; what was told rightly, on the diagonal, is blue, and the rest red.
/// </summary>
public static class ConfusionPicture
{
    private const int Scale = 2, Gap = 2, Margin = 12, LongestLabel = 20, LeastCell = 28, Padding = 4;

    private static readonly Rgba8 Paper = new(0x16, 0x17, 0x1B, 255), Empty = new(0x2A, 0x2C, 0x33, 255), Ink = new(0xF2, 0xF2, 0xF2, 255);
    private static readonly Rgba8 Right = new(0x2F, 0x7D, 0xE0, 255), Wrong = new(0xD8, 0x4B, 0x3C, 255);

    /// <param name="labels">In the order of rows and columns.</param>
    /// <param name="counts">Rows by actual label.</param>
    /// <exception cref="ArgumentException">There is no label, or not one row and column for each.</exception>
    public static PixelImage Draw(IReadOnlyList<string> labels, IReadOnlyList<int[]> counts)
    {
        if (labels.Count == 0 || counts.Count != labels.Count || counts.Any(row => row.Length != labels.Count))
            throw new ArgumentException($"Expected a square of counts for {labels.Count} labels; found {counts.Count} rows.");
        string[] names = labels.Select(Shorten).ToArray();
        int longest = names.Max(name => PixelFont.WidthOf(name, Scale)), letter = PixelFont.Height * Scale;
        int widest = counts.Max(row => row.Max(count => PixelFont.WidthOf($"{count}", Scale)));
        int cell = Math.Max(LeastCell, widest + (2 * Padding)), first = Margin + longest + Margin;
        int side = first + (labels.Count * (cell + Gap)) + Margin;
        var picture = new PixelImage(side, side);
        Fill(picture, 0, 0, side, side, Paper);
        for (int row = 0; row < labels.Count; row++)
        {
            int top = first + (row * (cell + Gap)), middle = (cell - letter) / 2, total = Math.Max(counts[row].Sum(), 1);
            PixelFont.Draw(picture, names[row], Margin + longest - PixelFont.WidthOf(names[row], Scale), top + middle, Scale, Ink);
            PixelFont.DrawUpwards(picture, names[row], top + middle, first - Margin, Scale, Ink);
            for (int column = 0; column < labels.Count; column++)
            {
                int left = first + (column * (cell + Gap)), count = counts[row][column];
                Fill(picture, left, top, cell, cell, Mix(Empty, row == column ? Right : Wrong, (double)count / total));
                string text = count == 0 ? "" : $"{count}";
                PixelFont.Draw(picture, text, left + ((cell - PixelFont.WidthOf(text, Scale)) / 2), top + middle, Scale, Ink);
            }
        }

        return picture;
    }

    private static string Shorten(string label) => label.Length <= LongestLabel ? label : label[..(LongestLabel - 2)] + "..";

    private static void Fill(PixelImage image, int left, int top, int width, int height, Rgba8 colour)
    {
        for (int y = top; y < top + height; y++)
        {
            for (int x = left; x < left + width; x++)
                image[x, y] = colour;
        }
    }

    private static Rgba8 Mix(Rgba8 from, Rgba8 to, double share)
    {
        byte Part(byte a, byte b) => (byte)Math.Round(a + ((b - a) * share));
        return new Rgba8(Part(from.R, to.R), Part(from.G, to.G), Part(from.B, to.B), 255);
    }
}
