using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Runtime.Decode;

/// <summary>
/// The colour space in which equal distances look about equal (B. Ottosson 2020, https://bottosson.github.io/posts/oklab). Twin of
/// Shaders/Include/finish_pixel.glsl, in double precision.
/// </summary>
internal static class Oklab
{
    /// <summary>(L, a, b) of sRGB bytes; L is 0 for black and 1 for white.</summary>
    public static (double L, double A, double B) FromSrgb(byte red, byte green, byte blue)
    {
        double r = LightOf(red), g = LightOf(green), b = LightOf(blue);
        double l = CubeRoot((0.4122214708 * r) + (0.5363325363 * g) + (0.0514459929 * b));
        double m = CubeRoot((0.2119034982 * r) + (0.6806995451 * g) + (0.1073969566 * b));
        double s = CubeRoot((0.0883024619 * r) + (0.2817188376 * g) + (0.6299787005 * b));
        return (
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s));
    }

    /// <summary>Light in [0, 1] of an sRGB byte (IEC 61966-2-1).</summary>
    private static double LightOf(byte stored)
    {
        double s = stored / 255.0;
        return s <= 0.04045 ? s / 12.92 : Power((s + 0.055) / 1.055, 2.4);
    }

    private static double CubeRoot(double x) => x > 0 ? Power(x, 1.0 / 3) : 0;

    private static double Power(double x, double exponent) => PortableMath.Exp(exponent * PortableMath.Log(x));
}
