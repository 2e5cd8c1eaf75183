using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Dataset;

/// <summary>What <see cref="ArtFit.Fit"/> did to an image.</summary>
public enum FitKind
{
    /// <summary>It had the size already.</summary>
    AsIs,

    /// <summary>It was smaller and was centred, its pixels unchanged.</summary>
    Centred,

    /// <summary>It was enlarged by a whole factor, without blending.</summary>
    Enlarged,

    /// <summary>It was pixel art enlarged by a whole factor; the original pixels were recovered.</summary>
    Restored,

    /// <summary>It was larger pixel art; single pixels were picked, without blending.</summary>
    Thinned,

    /// <summary>Its pixels were blended.</summary>
    Blended,
}

/// <summary>
/// Brings an image to S×S pixels.
/// <para><see cref="FitMode.PixelPerfect"/>, where w×h is the image's size:</para>
/// <list type="number">
/// <item>If the image is larger than S, an enlargement is undone first: with the largest k ≥ 2 for which every k×k block of the
/// image is one colour, each block becomes one pixel (<see cref="FitKind.Restored"/>).</item>
/// <item>If it is not square, it is centred on a transparent square of side max(w, h); an odd pixel goes right or below.</item>
/// <item>Side = S: unchanged. Side &lt; S: enlarged by k = ⌊S / side⌋, each pixel becoming k×k equal ones, and centred on
/// transparent.</item>
/// <item>Side &gt; S: pixel art is thinned, each target pixel taking the source pixel under its centre, so no new colour appears;
/// anything else is area-averaged as in Smooth. Pixel art is what has at most <see cref="PixelArtColours"/> distinct visible
/// colours of at most <see cref="PixelArtOpacities"/> opacities: photographs and gradients soon exceed the one and anti-aliased
/// edges the other, drawn sprites neither.</item>
/// </list>
/// <para><see cref="FitMode.Smooth"/>: centred on a square as in 2, then resampled to exactly S×S, in premultiplied linear light:
/// area average when reducing, linear interpolation when enlarging.</para>
/// <para><see cref="FitMode.Crop"/>: cut to the centre square of side min(w, h), then as PixelPerfect.</para>
/// Under fully transparent pixels the invisible colour is set to 0 in every mode.
/// </summary>
public static class ArtFit
{
    /// <summary>The most distinct visible colours (RGBA) that an image taken for pixel art has.</summary>
    public const int PixelArtColours = 64;

    /// <summary>The most distinct opacities, of visible pixels, that an image taken for pixel art has.</summary>
    public const int PixelArtOpacities = 8;

    /// <summary>Returns a new S×S image, and what was done.</summary>
    public static PixelImage Fit(PixelImage image, int size, FitMode mode, out FitKind kind)
    {
        var source = ClearInvisible(mode == FitMode.Crop ? CentreSquare(image) : image);
        if (mode == FitMode.Smooth)
        {
            kind = source.Width == size && source.Height == size ? FitKind.AsIs : FitKind.Blended;
            return Resample(Square(source), size);
        }

        int block = Math.Max(source.Width, source.Height) > size ? BlockSize(source) : 1;
        if (block > 1)
            source = Pick(source, source.Width / block, source.Height / block);
        var square = Square(source);
        if (square.Width > size)
        {
            kind = IsPixelArt(square) ? FitKind.Thinned : FitKind.Blended;
            return kind == FitKind.Thinned ? Pick(square, size, size) : Resample(square, size);
        }

        int factor = size / square.Width;
        kind = block > 1 ? FitKind.Restored
            : factor > 1 ? FitKind.Enlarged
            : source.Width == size && source.Height == size ? FitKind.AsIs
            : FitKind.Centred;
        return Centre(Pick(square, factor * square.Width, factor * square.Height), size);
    }

    /// <summary>Whether any pixel can be seen.</summary>
    public static bool IsVisible(PixelImage image)
    {
        for (int i = 3; i < image.Rgba.Length; i += 4)
        {
            if (image.Rgba[i] != 0)
                return true;
        }
        return false;
    }

    private static bool IsPixelArt(PixelImage image)
    {
        var colours = new HashSet<uint>();
        for (int i = 0; i < image.Rgba.Length && colours.Count <= PixelArtColours; i += 4)
        {
            if (image.Rgba[i + 3] != 0)
                colours.Add(BitConverter.ToUInt32(image.Rgba, i));
        }
        return colours.Count <= PixelArtColours && colours.Select(c => c >> 24).Distinct().Count() <= PixelArtOpacities;
    }

    private static PixelImage ClearInvisible(PixelImage image)
    {
        var clear = new PixelImage(image.Width, image.Height, (byte[])image.Rgba.Clone());
        for (int i = 0; i < clear.Rgba.Length; i += 4)
        {
            if (clear.Rgba[i + 3] == 0)
                clear.Rgba.AsSpan(i, 3).Clear();
        }
        return clear;
    }

    private static PixelImage CentreSquare(PixelImage image)
    {
        int side = Math.Min(image.Width, image.Height);
        return image.Crop((image.Width - side) / 2, (image.Height - side) / 2, side, side);
    }

    private static PixelImage Square(PixelImage image) => Centre(image, Math.Max(image.Width, image.Height));

    private static PixelImage Centre(PixelImage image, int side)
    {
        if (image.Width == side && image.Height == side)
            return image;
        var centred = new PixelImage(side, side);
        centred.Paste(image, (side - image.Width) / 2, (side - image.Height) / 2);
        return centred;
    }

    // The largest k for which the image is made of k×k blocks of one colour. If it is so for a and b, it is for their least
    // common multiple: so the answer is the greatest common divisor of the sides and of every place where the colour changes.
    private static int BlockSize(PixelImage image)
    {
        int block = Gcd(image.Width, image.Height);
        var pixels = MemoryMarshal.Cast<byte, uint>(image.Rgba);
        for (int y = 0; y < image.Height && block > 1; y++)
        {
            var row = pixels.Slice(y * image.Width, image.Width);
            if (y > 0 && !row.SequenceEqual(pixels.Slice((y - 1) * image.Width, image.Width)))
                block = Gcd(block, y);
            for (int x = 1; x < row.Length; x++)
            {
                if (row[x] != row[x - 1])
                    block = Gcd(block, x);
            }
        }
        return block;
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);

    // Each target pixel takes the source pixel under its centre.
    private static PixelImage Pick(PixelImage image, int width, int height)
    {
        var picked = new PixelImage(width, height);
        for (int y = 0; y < height; y++)
        {
            int sourceY = (int)((2L * y + 1) * image.Height / (2L * height));
            for (int x = 0; x < width; x++)
                picked[x, y] = image[(int)((2L * x + 1) * image.Width / (2L * width)), sourceY];
        }
        return picked;
    }

    // Separable: rows first, then columns, on premultiplied linear light.
    private static PixelImage Resample(PixelImage image, int size)
    {
        int side = image.Width;
        if (side == size)
            return image;
        var taps = Enumerable.Range(0, size).Select(i => Taps(i, size, side)).ToArray();
        var rows = new float[side * size * 4];
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < size; x++)
            {
                for (int t = 0; t < taps[x].Weights.Length; t++)
                {
                    var pixel = image[taps[x].First + t, y];
                    float alpha = taps[x].Weights[t] * pixel.A / 255f;
                    int at = (y * size + x) * 4;
                    rows[at] += alpha * Srgb.ToLinear(pixel.R);
                    rows[at + 1] += alpha * Srgb.ToLinear(pixel.G);
                    rows[at + 2] += alpha * Srgb.ToLinear(pixel.B);
                    rows[at + 3] += alpha;
                }
            }
        }
        var result = new PixelImage(size, size);
        Span<float> sum = stackalloc float[4];
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                sum.Clear();
                for (int t = 0; t < taps[y].Weights.Length; t++)
                {
                    for (int c = 0; c < 4; c++)
                        sum[c] += taps[y].Weights[t] * rows[((taps[y].First + t) * size + x) * 4 + c];
                }
                byte alpha = (byte)Math.Clamp(sum[3] * 255f + 0.5f, 0f, 255f);
                byte Colour(float premultiplied, float coverage) => Srgb.ToByte(premultiplied / coverage);
                if (alpha > 0)
                    result[x, y] = new Rgba8(Colour(sum[0], sum[3]), Colour(sum[1], sum[3]), Colour(sum[2], sum[3]), alpha);
            }
        }
        return result;
    }

    // Which source pixels make target pixel i, and how much of each; the weights sum to 1.
    private static (int First, float[] Weights) Taps(int i, int target, int source)
    {
        double scale = (double)source / target;
        if (scale >= 1)
        {
            double from = i * scale, to = (i + 1) * scale;
            int first = (int)from, last = Math.Min(source - 1, (int)Math.Ceiling(to) - 1);
            return (first, Enumerable.Range(first, last - first + 1)
                .Select(s => (float)((Math.Min(to, s + 1) - Math.Max(from, s)) / scale)).ToArray());
        }
        double centre = Math.Clamp((i + 0.5) * scale - 0.5, 0, source - 1);
        int left = Math.Min((int)centre, Math.Max(0, source - 2));
        float share = (float)(centre - left);
        return (left, source == 1 ? [1f] : [1f - share, share]);
    }
}
