using System;
using System.Linq;

namespace VaeProcgen.Editor.Dataset;

/// <summary>The sRGB transfer curve (IEC 61966-2-1) between 8-bit samples and linear light in [0, 1].</summary>
internal static class Srgb
{
    private static readonly float[] Linear = Enumerable.Range(0, 256).Select(i => (float)Decode(i / 255.0)).ToArray();

    public static float ToLinear(byte sample) => Linear[sample];

    public static byte ToByte(float linear)
    {
        double l = Math.Clamp(linear, 0f, 1f);
        double encoded = l <= 0.0031308 ? 12.92 * l : 1.055 * Math.Pow(l, 1 / 2.4) - 0.055;
        return (byte)(encoded * 255 + 0.5);
    }

    private static double Decode(double s) => s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4);
}
