using System;
using System.IO;

namespace VaeProcgen.Runtime.Images;

/// <summary>
/// PNG (ISO/IEC 15948): reads every colour type, bit depth and interlacing; writes RGBA8. Ancillary chunks other than tRNS are
/// ignored, so samples are taken as sRGB whatever gAMA or iCCP say, and of an animated PNG the default image is read.
/// 16-bit samples are rounded to the nearest 8-bit value.
/// </summary>
public sealed class Png : IImageCodec
{
    /// <summary>The most pixels an image may declare unless told otherwise: 64 Mi, 256 MiB as RGBA8.</summary>
    public const int DefaultMaxPixels = 64 << 20;

    internal static ReadOnlySpan<byte> Signature => new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A };

    /// <summary>The codec with the default limit.</summary>
    public static readonly Png Default = new();

    private readonly int maxPixels;

    /// <param name="maxPixels">Larger images are refused before anything is allocated; 1 to 2²⁷.</param>
    public Png(int maxPixels = DefaultMaxPixels)
    {
        if (maxPixels < 1 || maxPixels > 1 << 27)
            throw new ArgumentOutOfRangeException(nameof(maxPixels), maxPixels, "The limit must lie between 1 and 2^27 pixels.");
        this.maxPixels = maxPixels;
    }

    /// <inheritdoc/>
    public bool CanDecode(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <inheritdoc/>
    public PixelImage Decode(byte[] file, string name) => new PngReader(file, name, maxPixels).Read();

    /// <inheritdoc/>
    public byte[] Encode(PixelImage image) => PngWriter.Write(image);

    /// <summary>Reads a PNG file.</summary>
    /// <exception cref="ImageFormatException">The file is no readable PNG.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static PixelImage Load(string path) => Default.Decode(File.ReadAllBytes(path), path);

    /// <summary>Writes a PNG file, over an existing one.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, PixelImage image) => File.WriteAllBytes(path, Default.Encode(image));
}
