using System;

namespace VaeProcgen.Runtime.Images;

/// <summary>Reads image files of some format. Implementations are safe to call from several threads at once.</summary>
public interface IImageDecoder
{
    /// <summary>Whether the bytes begin like a file of this format.</summary>
    bool CanDecode(ReadOnlySpan<byte> file);

    /// <summary>Decodes a whole file.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">What to call the file in errors.</param>
    /// <exception cref="ImageFormatException">The file is damaged, foreign or larger than allowed.</exception>
    PixelImage Decode(byte[] file, string name);
}

/// <summary>Reads and writes image files; an engine may put its own in place of <see cref="Png"/>.</summary>
public interface IImageCodec : IImageDecoder
{
    /// <summary>Encodes an image without loss; equal pixels give equal bytes.</summary>
    byte[] Encode(PixelImage image);
}
