using System;
using System.Collections.Generic;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Report;

/// <summary>Letters of 3×5 pixels for pictures: capitals, digits and a few signs; anything else is a filled box.</summary>
public static class PixelFont
{
    /// <summary>Rows of a letter.</summary>
    public const int Height = 5;

    private const int Width = 3;
    private const string Unknown = "77777";

    // Each digit is a row from the top, its bits the three pixels from the left.
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['0'] = "75557", ['1'] = "26227", ['2'] = "71747", ['3'] = "71317", ['4'] = "55711", ['5'] = "74717", ['6'] = "74757",
        ['7'] = "71222", ['8'] = "75757", ['9'] = "75717", ['A'] = "25755", ['B'] = "65656", ['C'] = "34443", ['D'] = "65556",
        ['E'] = "74647", ['F'] = "74644", ['G'] = "34553", ['H'] = "55755", ['I'] = "72227", ['J'] = "11152", ['K'] = "55655",
        ['L'] = "44447", ['M'] = "57755", ['N'] = "65555", ['O'] = "25552", ['P'] = "65644", ['Q'] = "25563", ['R'] = "65655",
        ['S'] = "34216", ['T'] = "72222", ['U'] = "55557", ['V'] = "55552", ['W'] = "55775", ['X'] = "55255", ['Y'] = "55222",
        ['Z'] = "71247", ['-'] = "00700", ['_'] = "00007", ['.'] = "00002", ['/'] = "11244", ['%'] = "51245", [' '] = "00000",
    };

    /// <summary>Pixels that a text takes from left to right.</summary>
    public static int WidthOf(string text, int scale) => Math.Max(0, (text.Length * (Width + 1)) - 1) * scale;

    /// <summary>Draws a text, in capitals, with its top left corner at (x, y); what lies outside the image is cut off.</summary>
    /// <param name="scale">Each pixel of a letter becomes this many in both directions.</param>
    public static void Draw(PixelImage image, string text, int x, int y, int scale, Rgba8 colour) =>
        ForEachPixel(text, scale, (dx, dy) => Put(image, x + dx, y + dy, colour));

    /// <summary>The same, read from bottom to top: (x, y) is the bottom left corner of the column that the text takes.</summary>
    /// <inheritdoc cref="Draw"/>
    public static void DrawUpwards(PixelImage image, string text, int x, int y, int scale, Rgba8 colour) =>
        ForEachPixel(text, scale, (dx, dy) => Put(image, x + dy, y - 1 - dx, colour));

    private static void ForEachPixel(string text, int scale, Action<int, int> put)
    {
        for (int i = 0; i < text.Length; i++)
        {
            string rows = Glyphs.GetValueOrDefault(char.ToUpperInvariant(text[i]), Unknown);
            for (int dy = 0; dy < Height * scale; dy++)
            {
                for (int dx = 0; dx < Width * scale; dx++)
                {
                    if (((rows[dy / scale] - '0') & (4 >> (dx / scale))) != 0)
                        put((i * (Width + 1) * scale) + dx, dy);
                }
            }
        }
    }

    private static void Put(PixelImage image, int x, int y, Rgba8 colour)
    {
        if (x >= 0 && x < image.Width && y >= 0 && y < image.Height)
            image[x, y] = colour;
    }
}
