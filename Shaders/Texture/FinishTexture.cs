using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>What the colour of a transparent pixel is.</summary>
public enum AlphaMode
{
    /// <summary>The colour itself.</summary>
    Straight = 0,

    /// <summary>The stored colour times alpha.</summary>
    Premultiplied = 1,
}

/// <summary>What a stored colour value means.</summary>
public enum ColorEncoding
{
    /// <summary>The transfer function of sRGB (IEC 61966-2-1), as in image files.</summary>
    Srgb = 0,

    /// <summary>Proportional to light.</summary>
    Linear = 1,
}

/// <summary>How colours between those of a palette are shown.</summary>
public enum Dithering
{
    /// <summary>As the nearest one.</summary>
    None = 0,

    /// <summary>As a fixed pattern of 8×8 pixels (Bayer 1973).</summary>
    Ordered = 1,
}

/// <summary>
/// Decoded values to RGBA8 textures. In this order: the colour is divided by alpha, and both are clamped to [0, 1]; alpha is cut at a
/// threshold; visible pixels take the nearest colour of a palette; colours bleed into transparent pixels; smaller levels are made;
/// the colour is encoded, and multiplied by alpha.
/// <para>With the default options the first level has the bytes of Premultiplied.ToRgba8: straight alpha, sRGB, rounded to nearest,
/// transparent black where alpha rounds to 0. Bleeding, levels and encoding start from these bytes.</para>
/// <para>Palette: the nearest colour by Euclidean distance in Oklab (B. Ottosson 2020, https://bottosson.github.io/posts/oklab), the
/// first among equals. Ordered dithering adds s (b − ½) to the lightness L before the search, b the 8×8 Bayer matrix at the pixel, s the
/// mean distance of the palette's colours to their nearest other one: an even ramp of greys is then dithered without steps. The first
/// level has colours of the palette only, in visible pixels; smaller levels, and bled pixels, have means of them.</para>
/// <para>Bleeding: ring by ring, a transparent pixel takes the mean colour (rounded down) of those of its eight neighbours that have one,
/// and keeps alpha 0. It would change nothing in premultiplied colours, and is left out there.</para>
/// <para>Levels: each has max(1, ⌊w/2⌋)×max(1, ⌊h/2⌋) pixels, each the mean of the area that it covers (2×2 pixels; of an odd size, parts
/// of 3) in linear light, weighted with alpha, before rounding. Alpha is the mean alpha: only the first level is cut at a
/// threshold.</para>
/// </summary>
public sealed class FinishTexture
{
    /// <summary>The most rings of bleeding.</summary>
    public const int MostRings = 16;

    /// <summary>The most colours of a palette.</summary>
    public const int MostColours = 256;

    private readonly int rings;
    private readonly int batch;
    private readonly int height;
    private readonly int width;

    /// <param name="values">Premultiplied RGBA, or grey, which is opaque, of <see cref="GatherImages.ShapeOf"/>.</param>
    /// <param name="packing">How <paramref name="values"/> lie in memory.</param>
    /// <param name="height">H</param>
    /// <param name="width">W</param>
    /// <param name="alpha">What the colour of a transparent pixel is.</param>
    /// <param name="encoding">What a stored colour value means.</param>
    /// <param name="alphaThreshold">In (0, 1]: alpha becomes 255 from here on and 0 below; null: as it is.</param>
    /// <param name="edgeBleed">Rings of transparent pixels that get a colour, 0 to 16.</param>
    /// <param name="palette">Of <see cref="PaletteShape"/>; null: any colour.</param>
    /// <param name="colours">Of the palette, 2 to 256; 0 without one.</param>
    /// <param name="dithering">How colours between those of the palette are shown.</param>
    /// <param name="levels">1: no smaller ones; at most <see cref="LevelsOf"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the shapes don't fit.</exception>
    public FinishTexture(
        Tensor values,
        PixelPacking packing,
        int height,
        int width,
        AlphaMode alpha = AlphaMode.Straight,
        ColorEncoding encoding = ColorEncoding.Srgb,
        float? alphaThreshold = null,
        int edgeBleed = 0,
        Tensor? palette = null,
        int colours = 0,
        Dithering dithering = Dithering.None,
        int levels = 1)
    {
        batch = values.Shape.N;
        if (packing == PixelPacking.GreyPacked && width % 4 != 0)
            throw new ArgumentException($"Packed grey images must be a multiple of 4 wide; found {width}×{height}.");
        Shape expected = GatherImages.ShapeOf(packing, batch, height, width);
        if (values.Shape != expected)
            throw new ArgumentException($"{packing} images of {width}×{height} lie in memory as {expected}; found {values}.");
        if (alphaThreshold is { } threshold && !(threshold > 0 && threshold <= 1))
            throw new ArgumentException($"The alpha threshold must be above 0 and at most 1; found {threshold}.");
        if (edgeBleed is < 0 or > MostRings)
            throw new ArgumentException($"Edges bleed by 0 to {MostRings} pixels; found {edgeBleed}.");
        if (palette == null ? colours != 0 : colours is < 2 or > MostColours || palette.Shape != PaletteShape(colours))
        {
            throw new ArgumentException($"A palette has 2 to {MostColours} colours and lies in memory as [colours + 1, 1, 1, 4]; "
                + $"found {colours} colours and {palette?.ToString() ?? "no palette"}.");
        }

        if (dithering != Dithering.None && palette == null)
            throw new ArgumentException("Dithering needs a palette: without one every colour can be shown as it is.");
        if (levels < 1 || levels > LevelsOf(height, width))
            throw new ArgumentException($"An image of {width}×{height} has 1 to {LevelsOf(height, width)} levels; found {levels}.");
        (Values, Packing, this.height, this.width) = (values, packing, height, width);
        (Alpha, Encoding, AlphaThreshold) = (alpha, encoding, alphaThreshold ?? 0);
        (Palette, Colours, Dithering) = (palette, colours, dithering);
        rings = packing == PixelPacking.Rgba && alpha == AlphaMode.Straight ? edgeBleed : 0;
        var sizes = new (int Width, int Height, long OffsetWords)[levels];
        long words = 0;
        for (int i = 0; i < levels; i++)
        {
            sizes[i] = (width, height, words);
            words += (long)batch * width * height;
            (width, height) = (Math.Max(1, width / 2), Math.Max(1, height / 2));
        }

        Levels = sizes;
        Pixels = new Tensor("pixels", Shape.Vector(checked((int)words))) { HasZerosPastEnd = false };
    }

    public Tensor Values { get; }

    /// <summary>How <see cref="Values"/> lie in memory.</summary>
    public PixelPacking Packing { get; }

    /// <summary>What the colour of a transparent pixel is.</summary>
    public AlphaMode Alpha { get; }

    /// <summary>What a stored colour value means.</summary>
    public ColorEncoding Encoding { get; }

    /// <summary>0: alpha as it is.</summary>
    public float AlphaThreshold { get; }

    /// <summary>Of <see cref="PaletteShape"/>; null: any colour.</summary>
    public Tensor? Palette { get; }

    /// <summary>Of the palette; 0 without one.</summary>
    public int Colours { get; }

    /// <summary>How colours between those of the palette are shown.</summary>
    public Dithering Dithering { get; }

    /// <summary>Whether a pixel depends on its own value alone, so that what makes the value can make the pixel.</summary>
    public bool IsOneStep => rings == 0 && Levels.Count == 1;

    /// <summary>
    /// Words of RGBA8, red in the lowest byte: all N images of the first level, then all N of the next; each image [h, w], tightly packed.
    /// </summary>
    public Tensor Pixels { get; }

    /// <summary>The size of each level, and where the first word of its first image stands in <see cref="Pixels"/>.</summary>
    public IReadOnlyList<(int Width, int Height, long OffsetWords)> Levels { get; }

    /// <summary>
    /// [colours + 1, 4]: for each colour its Oklab (L, a, b) and R + 256 G + 65,536 B, its sRGB bytes; the last row is (s, 0, 0, 0), the
    /// spread of the dithering.
    /// </summary>
    public static Shape PaletteShape(int colours) => Shape.Matrix(colours + 1, 4);

    /// <summary>Levels down to one pixel: ⌊log₂ max(H, W)⌋ + 1.</summary>
    public static int LevelsOf(int height, int width)
    {
        int levels = 1;
        for (int side = Math.Max(height, width); side > 1; side /= 2)
            levels++;
        return levels;
    }

    /// <summary>Writes (=) <see cref="Pixels"/>.</summary>
    public IEnumerable<KernelSpec> Forward()
    {
        Tensor source = Values;
        if (!IsOneStep)
        {
            source = Scratch("finished pixels", height, width);
            yield return Kernels.FinishPixels(Each(source), values: Values, palette: Palette ?? Values, finished: source,
                count: source.Shape.Pixels, h: height, w: width, format: (int)Packing, alphaThreshold: AlphaThreshold, colours: Colours,
                dither: (int)Dithering) with { Label = "finish pixels" };
        }

        if (rings > 0)
        {
            Tensor bled = Scratch("bled pixels", height, width);
            for (int i = 0; i < rings; i++)
            {
                yield return Kernels.BleedEdges(Each(source), from: source, to: bled, count: source.Shape.Pixels, h: height, w: width) with
                {
                    Label = "bleed edges",
                };
                (source, bled) = (bled, source);
            }
        }

        int count = batch * height * width;
        yield return Kernels.StorePixels(Grid.Elementwise(count), values: source, palette: Palette ?? Values, pixels: Pixels, count: count,
            h: height, w: width, format: (int)Packing, alphaThreshold: AlphaThreshold, colours: Colours, dither: (int)Dithering,
            isFinished: IsOneStep ? 0 : 1, linear: (int)Encoding, premultiply: (int)Alpha) with { Label = "store pixels" };
        for (int i = 1; i < Levels.Count; i++)
        {
            Tensor halved = Scratch($"level {i}", Levels[i].Height, Levels[i].Width);
            yield return Kernels.HalveLevel(Each(halved), from: source, to: halved, pixels: Pixels, batch: batch,
                h: Levels[i - 1].Height, w: Levels[i - 1].Width, isFirst: i == 1 ? 1 : 0, offset: checked((int)Levels[i].OffsetWords),
                linear: (int)Encoding, premultiply: (int)Alpha) with { Label = $"level {i}" };
            source = halved;
        }
    }

    private static Grid Each(Tensor tensor) => Grid.Elementwise(tensor.Shape.Pixels);

    private Tensor Scratch(string name, int h, int w) => new(name, new Shape(batch, h, w, 4)) { HasZerosPastEnd = false };
}
