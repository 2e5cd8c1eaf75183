using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>What <see cref="FinishTexture"/> makes of one image, in double precision; each option as its docstring has it.</summary>
internal sealed record FinishTextureReference(int Height, int Width)
{
    /// <summary>Oklab distances that float32 can't tell apart; a difference of 0.02 is just noticeable.</summary>
    public const double TieTolerance = 1e-4;

    /// <summary>
    /// How far a value may lie from a rounding boundary and yet be rounded the other way, in units of a byte: Vulkan's pow has a relative
    /// error of about (3 + 2·8.4) + 2.4·8 ulp, 5e-6, for each of the two powers on the way, times 255.
    /// </summary>
    public const double RoundingTolerance = 0.005;

    private (double L, double A, double B)[]? paletteLab;
    private double spread;

    public AlphaMode Alpha { get; init; }

    public ColorEncoding Encoding { get; init; }

    public double AlphaThreshold { get; init; }

    public int EdgeBleed { get; init; }

    public IReadOnlyList<(byte R, byte G, byte B)> Palette { get; init; } = [];

    public bool Dither { get; init; }

    public int Levels { get; init; } = 1;

    /// <summary>Before rounding to bytes: for each level [h, w, 4] in units of a byte.</summary>
    /// <param name="values">[H, W, 4] premultiplied.</param>
    public List<double[]> Apply(double[] values)
    {
        double[] pixels = Bleed(Finish(values), Alpha == AlphaMode.Straight ? EdgeBleed : 0);
        var light = new double[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
            light[i] = i % 4 == 3 ? Math.Max(pixels[i], 0) / 255 : LightOf(pixels[i] / 255);
        var levels = new List<double[]> { Encode(light) };
        (int h, int w) = (Height, Width);
        for (int level = 1; level < Levels; level++)
        {
            light = Halve(light, h, w);
            (h, w) = (Math.Max(1, h / 2), Math.Max(1, w / 2));
            levels.Add(Encode(light));
        }

        return levels;
    }

    /// <summary>Straight sRGB bytes [H, W, 4]; alpha −1: no colour.</summary>
    public double[] Finish(double[] values)
    {
        var pixels = new double[values.Length];
        for (int i = 0; i < values.Length; i += 4)
        {
            double alpha = Math.Floor(Math.Clamp(values[i + 3], 0, 1) * 255 + 0.5);
            if (AlphaThreshold > 0)
                alpha = values[i + 3] >= AlphaThreshold ? 255 : 0;
            if (alpha == 0)
            {
                pixels[i + 3] = -1;
                continue;
            }

            (double R, double G, double B) colour = (Straight(values, i, 0), Straight(values, i, 1), Straight(values, i, 2));
            if (Palette.Count > 0)
            {
                double[] distances = Distances(colour, i / 4);
                (byte r, byte g, byte b) = Palette[Array.IndexOf(distances, distances.Min())];
                (pixels[i], pixels[i + 1], pixels[i + 2]) = (r, g, b);
            }
            else
            {
                (pixels[i], pixels[i + 1], pixels[i + 2]) =
                    (Math.Floor(colour.R * 255 + 0.5), Math.Floor(colour.G * 255 + 0.5), Math.Floor(colour.B * 255 + 0.5));
            }

            pixels[i + 3] = alpha;
        }

        return pixels;
    }

    /// <summary>From the dithered colour to each of the palette.</summary>
    public double[] Distances((double R, double G, double B) colour, int pixel)
    {
        if (paletteLab == null)
        {
            paletteLab = Palette.Select(c => Oklab(c.R / 255.0, c.G / 255.0, c.B / 255.0)).ToArray();
            spread = paletteLab.Select((p, i) => paletteLab.Where((_, j) => j != i).Min(q => Distance(p, q))).Average();
        }

        (double L, double A, double B) lab = Oklab(colour.R, colour.G, colour.B);
        if (Dither)
            lab.L += spread * (Bayer(pixel % Width % 8, pixel / Width % 8, 8) - 0.5);
        return paletteLab.Select(p => Distance(p, lab)).ToArray();
    }

    /// <summary>Colours by the bytes of finished pixels, [H, W, 4].</summary>
    public double[] Bleed(double[] pixels, int rings)
    {
        for (int ring = 0; ring < rings; ring++)
        {
            double[] next = (double[])pixels.Clone();
            for (int i = 0; i < Height * Width; i++)
            {
                int[] near = pixels[4 * i + 3] < 0 ? Neighbours(i).Where(n => pixels[4 * n + 3] >= 0).ToArray() : [];
                if (near.Length == 0)
                    continue;
                for (int c = 0; c < 3; c++)
                    next[4 * i + c] = Math.Floor(near.Sum(n => pixels[4 * n + c]) / near.Length);
                next[4 * i + 3] = 0;
            }

            pixels = next;
        }

        return pixels;
    }

    private static double Straight(double[] values, int pixel, int channel) =>
        Math.Clamp(values[pixel + channel] / values[pixel + 3], 0, 1);

    private IEnumerable<int> Neighbours(int i) =>
        from y in Enumerable.Range(i / Width - 1, 3)
        from x in Enumerable.Range(i % Width - 1, 3)
        where y >= 0 && y < Height && x >= 0 && x < Width
        select y * Width + x;

    /// <summary>The box filter: the integral over the area of each new pixel, as a sum over the parts of old ones.</summary>
    private static double[] Halve(double[] light, int h, int w)
    {
        int toH = Math.Max(1, h / 2), toW = Math.Max(1, w / 2);
        var result = new double[toH * toW * 4];
        for (int i = 0; i < toH * toW; i++)
        {
            double alpha = 0;
            double[] visible = new double[3], all = new double[3];
            for (int p = 0; p < h * w; p++)
            {
                double area = Overlap(p / w, i / toW, (double)h / toH) * Overlap(p % w, i % toW, (double)w / toW) * toH * toW / h / w;
                alpha += area * light[4 * p + 3];
                for (int c = 0; c < 3; c++)
                {
                    visible[c] += area * light[4 * p + 3] * light[4 * p + c];
                    all[c] += area * light[4 * p + c];
                }
            }

            for (int c = 0; c < 3; c++)
                result[4 * i + c] = alpha > 0 ? visible[c] / alpha : all[c];
            result[4 * i + 3] = alpha;
        }

        return result;
    }

    private static double Overlap(int from, int to, double scale) =>
        Math.Max(0, Math.Min(from + 1, (to + 1) * scale) - Math.Max(from, to * scale));

    private double[] Encode(double[] light)
    {
        var bytes = new double[light.Length];
        for (int i = 0; i < light.Length; i++)
        {
            double alpha = light[i | 3], stored = Encoding == ColorEncoding.Linear ? light[i] : StoredOf(light[i]);
            bytes[i] = 255 * (i % 4 == 3 ? alpha : Alpha == AlphaMode.Premultiplied ? stored * alpha : stored);
        }

        return bytes;
    }

    private static double LightOf(double s) => s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4);

    private static double StoredOf(double light) => light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055;

    /// <summary>By its recursion: M₂ₙ = (4 Mₙ + (0 2; 3 1)), at the centre of each step.</summary>
    private static double Bayer(int x, int y, int size)
    {
        int[] quarter = [0, 2, 3, 1];
        int rank = 0;
        for (; size > 1; size /= 2)
        {
            rank = (4 * rank) + quarter[(2 * (y % 2)) + (x % 2)];
            (x, y) = (x / 2, y / 2);
        }

        return (rank + 0.5) / 64;
    }

    private static (double L, double A, double B) Oklab(double red, double green, double blue)
    {
        (double r, double g, double b) = (LightOf(red), LightOf(green), LightOf(blue));
        double l = Math.Cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
        double m = Math.Cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
        double s = Math.Cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
        return (
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s);
    }

    private static double Distance((double L, double A, double B) p, (double L, double A, double B) q) =>
        Math.Sqrt(Math.Pow(p.L - q.L, 2) + Math.Pow(p.A - q.A, 2) + Math.Pow(p.B - q.B, 2));
}
