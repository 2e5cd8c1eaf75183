using System;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// Elementary functions in double precision from additions, multiplications, divisions and bit operations only, accurate to about
/// 1e-15 of the result. IEEE 754 fixes the result of each of those, so that a seed gives the same latent on every machine;
/// the platform's own <c>Math.Exp</c>, <c>Math.Log</c> and <c>Math.Cos</c> differ in their last bits.
/// </summary>
public static class PortableMath
{
    /// <summary>1 / n at index n.</summary>
    private static readonly double[] Reciprocals = MakeReciprocals();

    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double Log2E = 1.4426950408889634;
    private const int FractionBits = 52;
    private const int ExponentBias = 1023;

    /// <summary>e^x, for x clamped to [-700, 700].</summary>
    public static double Exp(double x)
    {
        x = Math.Min(Math.Max(x, -700), 700);
        // e^x = 2^k e^r with |r| <= ln 2 / 2, then a Taylor series, whose first term left out is below 1e-16.
        double k = Math.Floor((x * Log2E) + 0.5);
        double r = x - (k * Ln2High) - (k * Ln2Low);
        double sum = 1;
        for (int n = 13; n > 0; n--)
        {
            sum = 1 + (r * sum * Reciprocals[n]);
        }
        return sum * BitConverter.Int64BitsToDouble((long)(k + ExponentBias) << FractionBits);
    }

    /// <summary>The natural logarithm of a positive, finite, normal number.</summary>
    public static double Log(double x)
    {
        // x = 2^e m with m in [sqrt(1/2), sqrt(2)), and ln m = 2 artanh((m - 1) / (m + 1)).
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = (bits >> FractionBits) - ExponentBias;
        double m = BitConverter.Int64BitsToDouble((bits & ((1L << FractionBits) - 1)) | ((long)ExponentBias << FractionBits));
        if (m >= 1.4142135623730951)
        {
            m /= 2;
            exponent++;
        }
        double s = (m - 1) / (m + 1);
        double square = s * s;
        double sum = 0;
        for (int n = 21; n > 0; n -= 2)
        {
            sum = Reciprocals[n] + (square * sum);
        }
        return (exponent * Ln2High) + ((2 * s * sum) + (exponent * Ln2Low));
    }

    /// <summary>The sine and cosine of 2π <paramref name="turns"/>; quarter turns are exact.</summary>
    public static (double Sin, double Cos) SinCosOfTurns(double turns)
    {
        // The angle is a whole number of quarter turns plus x with |x| <= π/4; the Taylor series follow.
        double quarters = Math.Floor((4 * turns) + 0.5);
        double x = ((4 * turns) - quarters) * (Math.PI / 2);
        double square = x * x;
        double sin = 1;
        double cos = 1;
        for (int n = 18; n > 0; n -= 2)
        {
            sin = 1 - (square * sin * Reciprocals[n] * Reciprocals[n + 1]);
            cos = 1 - (square * cos * Reciprocals[n] * Reciprocals[n - 1]);
        }
        sin *= x;
        return ((long)quarters & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>The angle of the point (x, y) from the positive x axis, in (-π, π]; 0 at the origin.</summary>
    public static double Atan2(double y, double x)
    {
        double length = Math.Sqrt((x * x) + (y * y));
        if (!(length > 0))
        {
            return 0;
        }
        // In the right half-plane tan(θ/2) = y / (length + x), at most 1. Halved three times more, t = tan(θ/16) is below 0.1, and the
        // first term of atan t = Σ (-1)^k t^(2k+1) / (2k+1) that is left out below 1e-22.
        bool left = x < 0;
        double t = Math.Abs(y) / (length + Math.Abs(x));
        double scale = 2;
        for (int i = 0; i < 3; i++)
        {
            t /= 1 + Math.Sqrt(1 + (t * t));
            scale *= 2;
        }
        double square = t * t;
        double sum = 0;
        for (int n = 19; n > 0; n -= 2)
        {
            sum = Reciprocals[n] - (square * sum);
        }
        double angle = scale * t * sum;
        angle = left ? Math.PI - angle : angle;
        return y < 0 ? -angle : angle;
    }

    private static double[] MakeReciprocals()
    {
        var values = new double[22];
        for (int n = 1; n < values.Length; n++)
        {
            values[n] = 1.0 / n;
        }
        return values;
    }
}
