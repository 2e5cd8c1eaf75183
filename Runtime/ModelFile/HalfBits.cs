using System;

namespace VaeProcgen.Runtime.ModelFile;

/// <summary>IEEE 754 binary16 as its bits (1 sign, 5 exponent, 10 fraction), for platforms that lack a half type.</summary>
public static class HalfBits
{
    private const int ExponentGap = 127 - 15;
    private const int FractionGap = 23 - 10;

    /// <summary>The largest finite value.</summary>
    public const float MaxValue = 65504f;

    /// <summary>The exact value of the half with these bits.</summary>
    public static float ToSingle(ushort bits)
    {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >> 10) & 0x1F;
        int fraction = bits & 0x3FF;
        if (exponent == 0)
        {
            // Zero and subnormals: fraction * 2^-24, exact in single precision.
            float magnitude = fraction * (1f / (1 << 24));
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 0x1F ? 0xFF : exponent + ExponentGap;
        return BitConverter.Int32BitsToSingle(sign | (wide << 23) | (fraction << FractionGap));
    }

    /// <summary>
    /// The bits of the half nearest to <paramref name="value"/>, ties to even. From 65520 on it is infinity; NaN stays a quiet NaN.
    /// </summary>
    public static ushort FromSingle(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value);
        int sign = (bits >> 16) & 0x8000;
        int exponent = (bits >> 23) & 0xFF;
        int fraction = bits & 0x7FFFFF;
        if (exponent == 0xFF)
        {
            return (ushort)(sign | 0x7C00 | (fraction == 0 ? 0 : 0x200 | (fraction >> FractionGap)));
        }

        int narrow = exponent - ExponentGap;
        if (narrow >= 0x1F)
        {
            return (ushort)(sign | 0x7C00);
        }
        if (narrow < -10)
        {
            return (ushort)sign;
        }
        // A carry out of the fraction runs into the exponent, which is the right answer for both normals and infinity.
        return narrow > 0
            ? (ushort)(sign | RoundedShift((narrow << 23) | fraction, FractionGap))
            : (ushort)(sign | RoundedShift(fraction | 0x800000, FractionGap + 1 - narrow));
    }

    /// <summary>The half nearest to <paramref name="value"/>, ties to even.</summary>
    public static float Round(float value) => ToSingle(FromSingle(value));

    /// <summary>value / 2^shift to the nearest integer, ties to even.</summary>
    private static int RoundedShift(int value, int shift)
    {
        int odd = (value >> shift) & 1;
        return (value + (1 << (shift - 1)) - 1 + odd) >> shift;
    }
}
