using System;

namespace VaeProcgen.Runtime.Images;

/// <summary>
/// The model's view of pixels: RGBA in [0, 1] with the colour multiplied by alpha, so that invisible colour neither costs nor
/// leaks. Stored images are straight-alpha sRGB RGBA8.
/// </summary>
public static class Premultiplied
{
    /// <summary>(r·a, g·a, b·a, a), each in [0, 1], of straight-alpha bytes; as many floats as bytes.</summary>
    public static void FromRgba8(ReadOnlySpan<byte> rgba, Span<float> premultiplied)
    {
        for (int i = 0; i < rgba.Length; i += 4)
        {
            float alpha = rgba[i + 3] / 255f;
            for (int c = 0; c < 3; c++)
                premultiplied[i + c] = rgba[i + c] / 255f * alpha;
            premultiplied[i + 3] = alpha;
        }
    }

    /// <summary>Straight-alpha bytes, rounded to nearest; alpha below 1/255 gives transparent black.</summary>
    public static byte[] ToRgba8(ReadOnlySpan<float> premultiplied)
    {
        var rgba = new byte[premultiplied.Length];
        for (int i = 0; i < rgba.Length; i += 4)
        {
            byte alpha = ToByte(premultiplied[i + 3]);
            if (alpha == 0)
                continue;
            for (int c = 0; c < 3; c++)
                rgba[i + c] = ToByte(premultiplied[i + c] / premultiplied[i + 3]);
            rgba[i + 3] = alpha;
        }

        return rgba;
    }

    private static byte ToByte(float value) => (byte)(Math.Min(1f, Math.Max(0f, value)) * 255f + 0.5f);
}
