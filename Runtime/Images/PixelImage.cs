using System;

namespace VaeProcgen.Runtime.Images;

/// <summary>One pixel: straight alpha, sRGB, 8 bits a channel.</summary>
public readonly record struct Rgba8(byte R, byte G, byte B, byte A);

/// <summary>An image in CPU memory: rows from top to bottom, 4 bytes a pixel (R, G, B, A), straight alpha, sRGB.</summary>
public sealed class PixelImage
{
    /// <summary>Wraps <paramref name="rgba"/> without copying it.</summary>
    /// <exception cref="ArgumentException">A side is below 1, or the array is not width × height × 4 bytes long.</exception>
    public PixelImage(int width, int height, byte[] rgba)
    {
        if (width < 1 || height < 1)
            throw new ArgumentException($"An image needs sides of at least 1 pixel; found {width}×{height}.");
        if (rgba.LongLength != 4L * width * height)
            throw new ArgumentException(
                $"A {width}×{height} RGBA image needs {4L * width * height} bytes; found {rgba.LongLength}.", nameof(rgba));
        Width = width;
        Height = height;
        Rgba = rgba;
    }

    /// <summary>A fully transparent image.</summary>
    /// <exception cref="ArgumentException">A side is below 1, or the image would exceed 2 GiB.</exception>
    public PixelImage(int width, int height) : this(width, height, new byte[ByteCount(width, height)]) { }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The pixels themselves, [height, width, 4]; writing here writes the image.</summary>
    public byte[] Rgba { get; }

    /// <summary>The pixel in column <paramref name="x"/> of row <paramref name="y"/>, both counted from the top left.</summary>
    public Rgba8 this[int x, int y]
    {
        get
        {
            int i = Offset(x, y);
            return new Rgba8(Rgba[i], Rgba[i + 1], Rgba[i + 2], Rgba[i + 3]);
        }
        set
        {
            int i = Offset(x, y);
            (Rgba[i], Rgba[i + 1], Rgba[i + 2], Rgba[i + 3]) = (value.R, value.G, value.B, value.A);
        }
    }

    /// <summary>A copy of the given rectangle, which must lie inside the image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rectangle reaches outside the image.</exception>
    public PixelImage Crop(int x, int y, int width, int height)
    {
        if (x < 0 || y < 0 || width < 1 || height < 1 || x > Width - width || y > Height - height)
            throw new ArgumentOutOfRangeException(nameof(x),
                $"The rectangle {width}×{height} at ({x}, {y}) does not lie inside an image of {Width}×{Height}.");
        var crop = new PixelImage(width, height);
        crop.Paste(this, -x, -y);
        return crop;
    }

    /// <summary>Copies <paramref name="other"/> over this image with its top left corner at (x, y); what lies outside is cut off.</summary>
    public void Paste(PixelImage other, int x, int y)
    {
        int left = Math.Max(0, -x), right = Math.Min(other.Width, Width - x);
        int top = Math.Max(0, -y), bottom = Math.Min(other.Height, Height - y);
        if (right <= left)
            return;
        for (int row = top; row < bottom; row++)
            Buffer.BlockCopy(other.Rgba, 4 * (row * other.Width + left), Rgba, 4 * ((y + row) * Width + x + left), 4 * (right - left));
    }

    private int Offset(int x, int y)
    {
        if ((uint)x >= (uint)Width || (uint)y >= (uint)Height)
            throw new ArgumentOutOfRangeException(nameof(x), $"Pixel ({x}, {y}) does not lie inside an image of {Width}×{Height}.");
        return 4 * (y * Width + x);
    }

    private static long ByteCount(int width, int height)
    {
        long bytes = 4L * Math.Max(width, 0) * Math.Max(height, 0);
        return bytes <= int.MaxValue ? bytes : throw new ArgumentException($"An image of {width}×{height} exceeds 2 GiB.");
    }
}
