using System;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>
/// What becomes of decoded pixels (<see cref="FinishTexture"/> says exactly how, and in which order). By default they have straight alpha and
/// the transfer function of sRGB, as image files do, and nothing else is done. Equal options have equal values.
/// </summary>
public sealed record TextureOptions
{
    public static readonly TextureOptions Default = new();

    /// <summary>What the colour of a transparent pixel is.</summary>
    public AlphaMode Alpha { get; init; }

    /// <summary>What a stored colour value means; an image of an sRGB format wants <see cref="ColorEncoding.Srgb"/>.</summary>
    public ColorEncoding Encoding { get; init; }

    /// <summary>In (0, 1]: alpha becomes 1 from here on and 0 below; null: as decoded.</summary>
    public float? AlphaThreshold { get; init; }

    /// <summary>
    /// How many pixels far colours spread into transparency, alpha staying 0: 0 to 16. An engine that filters straight-alpha textures
    /// then shows no dark fringe.
    /// </summary>
    public int EdgeBleed { get; init; }

    /// <summary>The only colours that visible pixels of the first level may have; null: any.</summary>
    public Palette? Palette { get; init; }

    /// <summary>How colours between those of the palette are shown.</summary>
    public Dithering Dithering { get; init; }

    /// <summary>Also make the smaller levels, down to one pixel.</summary>
    public bool Mipmaps { get; init; }

    /// <summary>How often width and height are halved: 0 is the model's size. For what is far away, at a fraction of the memory.</summary>
    public int Reduction { get; init; }

    /// <summary>These options, checked.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message says which, and what to choose.</exception>
    public TextureOptions Validate()
    {
        if (Alpha is not (AlphaMode.Straight or AlphaMode.Premultiplied))
            throw new ArgumentException($"{nameof(Alpha)} is {AlphaMode.Straight} or {AlphaMode.Premultiplied}; found {Alpha}.");
        if (Encoding is not (ColorEncoding.Srgb or ColorEncoding.Linear))
            throw new ArgumentException($"{nameof(Encoding)} is {ColorEncoding.Srgb} or {ColorEncoding.Linear}; found {Encoding}.");
        if (AlphaThreshold is { } threshold && !(threshold > 0 && threshold <= 1))
            throw new ArgumentException($"{nameof(AlphaThreshold)} must be above 0 and at most 1; found {threshold}. Choose 0.5, or null for alpha as decoded.");
        if (EdgeBleed is < 0 or > FinishTexture.MostRings)
            throw new ArgumentException($"{nameof(EdgeBleed)} must be 0 to {FinishTexture.MostRings} pixels; found {EdgeBleed}.");
        if (Dithering is not (Dithering.None or Dithering.Ordered))
            throw new ArgumentException($"{nameof(Dithering)} is {Dithering.None} or {Dithering.Ordered}; found {Dithering}.");
        if (Dithering != Dithering.None && Palette == null)
            throw new ArgumentException($"{nameof(Dithering)} needs a {nameof(Palette)}: without one every colour can be shown as it is.");
        return this;
    }

    /// <summary>How many levels a texture has of a model that decodes <paramref name="width"/>×<paramref name="height"/> pixels.</summary>
    /// <exception cref="ArgumentException">There are fewer than <see cref="Reduction"/> takes away.</exception>
    public int LevelsOf(int height, int width)
    {
        int all = FinishTexture.LevelsOf(height, width);
        if (Reduction < 0 || Reduction >= all)
            throw new ArgumentException($"{nameof(Reduction)} must be 0 to {all - 1} for textures of {width}×{height}; found {Reduction}.");
        return Mipmaps ? all - Reduction : 1;
    }

    /// <summary>Bytes of the levels of a texture, RGBA8.</summary>
    /// <inheritdoc cref="LevelsOf"/>
    public int ChainBytesOf(int height, int width)
    {
        int bytes = 0;
        for (int level = Reduction; level < Reduction + LevelsOf(height, width); level++)
            bytes += 4 * Math.Max(1, width >> level) * Math.Max(1, height >> level);
        return bytes;
    }

    /// <summary>Where <see cref="Palette"/> is to be uploaded (<see cref="Decode.Palette.Table"/>); null without one.</summary>
    public Tensor? PaletteTensor() => Palette == null ? null : new Tensor("palette", FinishTexture.PaletteShape(Palette.Colors.Count)) { HasZerosPastEnd = false };

    /// <summary>The operator that does it.</summary>
    /// <param name="values">Decoded values, as <paramref name="packing"/> has them.</param>
    /// <param name="packing">How they lie in memory.</param>
    /// <param name="height">H</param>
    /// <param name="width">W</param>
    /// <param name="palette">Of <see cref="PaletteTensor"/>.</param>
    public FinishTexture Finish(Tensor values, PixelPacking packing, int height, int width, Tensor? palette = null) => new(
        values, packing, height, width, Alpha, Encoding, AlphaThreshold, EdgeBleed, palette, Palette?.Colors.Count ?? 0, Dithering, Reduction + LevelsOf(height, width));
}
