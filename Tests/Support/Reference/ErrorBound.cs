using System;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Bounds on the error of float32 results, derived and not guessed. Sums follow Higham, Accuracy and Stability of Numerical
/// Algorithms, §3.1: in any order, |error| ≤ γ_n·Σ|a_i·b_i| with γ_n = n·u/(1 − n·u). Elementary functions follow the Vulkan
/// specification, "Precision and Operation of SPIR-V Instructions". All assume that the operands are exact float32 values, that
/// sums and products round to nearest, and that results below the smallest normal may be flushed to zero.
/// </summary>
public static class ErrorBound
{
    /// <summary>u = 2⁻²⁴: the relative error of one rounding to nearest.</summary>
    public const double UnitRoundoff = 1.0 / (1 << 24);

    /// <summary>2⁻²³: one ulp is at most this fraction of the value.</summary>
    public const double Epsilon = 1.0 / (1 << 23);

    /// <summary>2⁻¹²⁶: what flushing a subnormal to zero can lose.</summary>
    public const double SmallestNormal = 1.1754943508222875e-38;

    /// <summary>
    /// The absolute error that Vulkan allows sin and cos, and only for angles in [−π, π]: nothing is promised outside. So coarse
    /// that it belongs in noise (Box–Muller), not in anything whose value matters.
    /// </summary>
    public const double SinCos = 1.0 / (1 << 11);

    /// <summary>Covers the products of errors that first-order derivations drop.</summary>
    public const double SecondOrder = 1.01;

    /// <summary>γ_n = n·u/(1 − n·u).</summary>
    public static double Gamma(double n) => n * UnitRoundoff / (1 - n * UnitRoundoff);

    /// <summary>The error of a sum of so many products whose absolute values add up to <paramref name="magnitude"/>.</summary>
    public static double Sum(double terms, double magnitude) => Gamma(terms) * magnitude + terms * SmallestNormal;

    /// <summary><see cref="Sum(double, double)"/>, element by element.</summary>
    public static double[] Sum(double[] terms, double[] magnitude) => terms.Zip(magnitude, Sum).ToArray();

    /// <summary>The distance between neighbouring float32 values around <paramref name="value"/>.</summary>
    public static double Ulp(double value)
    {
        int exponent = value == 0 ? -126 : Math.Max(Math.ILogB(value), -126);
        return Math.ScaleB(1, exponent - 23);
    }

    /// <summary>exp(x): (3 + 2|x|) ulp by the specification, and 2 more: lavapipe (Mesa 22.3) errs by 4.4 ulp at −0.05.</summary>
    public static double Exp(double x) => (5 + 2 * Math.Abs(x)) * Ulp(Math.Exp(x)) + SmallestNormal;

    /// <summary>log(x): 3 ulp, but 2⁻²¹ absolute for x in [0.5, 2], where the logarithm passes through 0.</summary>
    public static double Log(double x) => x is >= 0.5 and <= 2 ? 1.0 / (1 << 21) : 3 * Ulp(Math.Log(x));

    /// <summary>A division with this quotient: 2.5 ulp.</summary>
    public static double Divide(double quotient) => 2.5 * Ulp(quotient) + SmallestNormal;

    /// <summary>inversesqrt(x): 2 ulp.</summary>
    public static double InverseSqrt(double x) => 2 * Ulp(1 / Math.Sqrt(x));

    /// <summary>sqrt(x), specified as 1/inversesqrt(x): 2 ulp relative, and then a division.</summary>
    public static double Sqrt(double x) => 2 * Epsilon * Math.Sqrt(x) + Divide(Math.Sqrt(x));

    /// <summary>√(−2 ln u₁)·cos(2π u₂) or ·sin, with the angle in [−π, π]: see <see cref="SinCos"/>.</summary>
    public static double BoxMuller(double u1)
    {
        double square = -2 * Math.Log(u1);
        double radius = Math.Sqrt(square);
        double squareError = 2 * Log(u1);

        // d√v = dv/(2√v), but never more than √dv: near u1 = 1 the radius itself is lost.
        double radiusError = radius == 0 ? Math.Sqrt(squareError) : Math.Min(squareError / radius, Math.Sqrt(squareError));
        return SecondOrder * (radiusError + Sqrt(square) + radius * (SinCos + 4 * Math.PI * Epsilon));
    }

    /// <summary>|v| for each element.</summary>
    public static double[] Absolute(double[] values) => values.Select(Math.Abs).ToArray();

    /// <summary>An array of the same length holding 1: a sum of products over it counts the terms of that sum.</summary>
    public static double[] Ones(double[] values) => values.Select(_ => 1.0).ToArray();
}
