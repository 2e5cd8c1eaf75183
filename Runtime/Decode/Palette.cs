using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>2 to 256 opaque colours, in their order, to which decoded textures are brought (<see cref="FinishTexture"/>).</summary>
public sealed class Palette : IEquatable<Palette>
{
    private readonly Rgba8[] colours;
    private readonly float[] table;

    private Palette(List<Rgba8> distinct)
    {
        const int most = FinishTexture.MostColours;
        if (distinct.Count > most)
            throw new ArgumentException($"A palette has 2 to {most} different colours; found more. Reduce them first, or leave some out.");
        if (distinct.Count < 2)
            throw new ArgumentException($"A palette has 2 to {most} different colours; found {distinct.Count}. Add another one.");
        colours = distinct.ToArray();
        table = TableOf(colours);
    }

    public IReadOnlyList<Rgba8> Colors => colours;

    /// <summary>What <see cref="FinishTexture.PaletteShape"/> describes, to be uploaded.</summary>
    public ReadOnlySpan<float> Table => table;

    /// <summary>The given colours; of equal ones, the first.</summary>
    /// <exception cref="ArgumentException">There are fewer than 2 different colours or more than 256, or one is not opaque.</exception>
    public static Palette FromColors(IEnumerable<Rgba8> colours)
    {
        var distinct = new List<Rgba8>();
        var seen = new HashSet<Rgba8>();
        foreach (Rgba8 colour in colours)
        {
            if (colour.A != 255)
                throw new ArgumentException(
                    $"The colours of a palette are opaque; found {Name(colour)} with alpha {colour.A}. Set its alpha to 255.");
            if (seen.Add(colour))
                distinct.Add(colour);
            if (distinct.Count > FinishTexture.MostColours)
                break;
        }

        return new Palette(distinct);
    }

    /// <summary>The colours of an image's pixels that are not fully transparent, from the top left on; their alpha is left out.</summary>
    /// <exception cref="ArgumentException">The image has fewer than 2 colours or more than 256.</exception>
    public static Palette FromImage(PixelImage image) =>
        FromColors(Pixels(image).Where(p => p.A != 0).Select(p => new Rgba8(p.R, p.G, p.B, 255)));

    /// <summary>Colours such as <c>#ff8000</c> or <c>FF8000</c>, between spaces, commas, semicolons or line ends.</summary>
    /// <exception cref="ArgumentException">A word is no colour, or there are fewer than 2 different colours or more than 256.</exception>
    public static Palette Parse(string text) => FromColors(
        text.Split(new[] { ' ', '\t', '\r', '\n', ',', ';' }, StringSplitOptions.RemoveEmptyEntries).Select(ParseColour));

    /// <summary>Whether the same colours stand in the same order.</summary>
    public bool Equals(Palette? other) => other != null && colours.AsSpan().SequenceEqual(other.colours);

    public override bool Equals(object? other) => Equals(other as Palette);

    public override int GetHashCode()
    {
        int hash = colours.Length;
        foreach (Rgba8 c in colours)
            hash = unchecked((hash * 16777619) ^ (c.R | c.G << 8 | c.B << 16));
        return hash;
    }

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Join(" ", colours.Select(Name));

    private static float[] TableOf(Rgba8[] colours)
    {
        (double L, double A, double B)[] lab = colours.Select(c => Oklab.FromSrgb(c.R, c.G, c.B)).ToArray();
        var table = new float[4 * (colours.Length + 1)];
        double spread = 0;
        for (int i = 0; i < colours.Length; i++)
        {
            (table[4 * i], table[(4 * i) + 1], table[(4 * i) + 2]) = ((float)lab[i].L, (float)lab[i].A, (float)lab[i].B);
            table[(4 * i) + 3] = colours[i].R | colours[i].G << 8 | colours[i].B << 16;
            double nearest = double.PositiveInfinity;
            for (int j = 0; j < colours.Length; j++)
                nearest = j == i ? nearest : Math.Min(nearest, Distance(lab[i], lab[j]));
            spread += nearest;
        }

        table[4 * colours.Length] = (float)(spread / colours.Length);
        return table;
    }

    private static double Distance((double L, double A, double B) p, (double L, double A, double B) q)
    {
        (double l, double a, double b) = (p.L - q.L, p.A - q.A, p.B - q.B);
        return Math.Sqrt((l * l) + (a * a) + (b * b));
    }

    private static Rgba8 ParseColour(string word)
    {
        string digits = word[0] == '#' ? word.Substring(1) : word;
        if (digits.Length != 6 || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint rgb))
            throw new ArgumentException($"'{word}' is no colour of a palette; expected six hexadecimal digits, such as #ff8000.");
        return new Rgba8((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb, 255);
    }

    private static string Name(Rgba8 c) => $"#{c.R:x2}{c.G:x2}{c.B:x2}";

    private static IEnumerable<Rgba8> Pixels(PixelImage image)
    {
        for (int i = 0; i < image.Width * image.Height; i++)
            yield return image[i % image.Width, i / image.Width];
    }
}
