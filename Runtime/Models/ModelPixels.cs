using System;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Runtime.Models;

/// <summary>Between stored images, straight-alpha RGBA8, and the values that a model sees, in [0, 1].</summary>
public static class ModelPixels
{
    /// <summary>[H, W, 4] premultiplied, or [H, W, 1] grey: the luma 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601) over black.</summary>
    /// <param name="format">Of the model.</param>
    /// <param name="rgba">Whole images.</param>
    /// <param name="values">As many as the images have pixels times values a pixel.</param>
    public static void FromRgba8(PixelFormat format, ReadOnlySpan<byte> rgba, Span<float> values)
    {
        if (format == PixelFormat.Rgba)
        {
            Premultiplied.FromRgba8(rgba, values);
            return;
        }

        for (int i = 0; i < rgba.Length / 4; i++)
            values[i] = GreyOf(rgba.Slice(4 * i, 4)) / 255f;
    }

    /// <summary>Straight-alpha RGBA8 of values [.., 4] or, opaque, [.., 1].</summary>
    public static byte[] ToRgba8(PixelFormat format, ReadOnlySpan<float> values)
    {
        if (format == PixelFormat.Rgba)
            return Premultiplied.ToRgba8(values);
        var rgba = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            byte grey = (byte)(Math.Min(1f, Math.Max(0f, values[i])) * 255f + 0.5f);
            (rgba[4 * i], rgba[(4 * i) + 1], rgba[(4 * i) + 2], rgba[(4 * i) + 3]) = (grey, grey, grey, 255);
        }

        return rgba;
    }

    /// <summary>Bytes of an image as <see cref="Pack"/> gives it.</summary>
    public static int BytesOf(PixelFormat format, int width, int height) => width * height * (format == PixelFormat.Rgba ? 4 : 1);

    /// <summary>What the device reads while training: RGBA8 as it is, or a byte of grey for each pixel.</summary>
    /// <param name="format">Of the model.</param>
    /// <param name="rgba">Whole images.</param>
    /// <param name="packed">As many bytes as <see cref="BytesOf"/> says for each; written.</param>
    public static void Pack(PixelFormat format, ReadOnlySpan<byte> rgba, Span<byte> packed)
    {
        if (format == PixelFormat.Rgba)
        {
            rgba.CopyTo(packed);
            return;
        }

        for (int i = 0; i < packed.Length; i++)
            packed[i] = GreyOf(rgba.Slice(4 * i, 4));
    }

    private static byte GreyOf(ReadOnlySpan<byte> pixel) =>
        (byte)((((299 * pixel[0]) + (587 * pixel[1]) + (114 * pixel[2])) * pixel[3] + 127_500) / 255_000);
}
