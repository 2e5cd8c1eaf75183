using System;
using System.Globalization;
using System.Linq;
using NUnit.Framework;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>Comparison of a float32 result with its double-precision reference, element by element under its own bound.</summary>
public static class Compare
{
    /// <summary>
    /// Fails unless |actual[i] − expected[i]| ≤ bound[i] for every i; the message shows the element that exceeds its bound by the
    /// largest factor. NaN never passes. A bound of 0 asks for exactness. <paramref name="locate"/> turns a flat index into
    /// coordinates for the message, as <see cref="Dims.Locate"/> does.
    /// </summary>
    /// <returns>The largest |difference|/bound: how much of its bound the result used.</returns>
    public static double Within(float[] actual, double[] expected, double[] bound, string name, Func<int, string> locate)
    {
        if (actual.Length != expected.Length || bound.Length != expected.Length)
        {
            Assert.Fail($"{name}: expected {expected.Length} values, found {actual.Length} (and {bound.Length} bounds).");
        }

        int worst = 0;
        int outside = 0;
        double worstRatio = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(actual[i] - expected[i]);
            double ratio = difference == 0 ? 0 : difference / bound[i];
            if (double.IsNaN(ratio) || double.IsNaN(bound[i]) || double.IsInfinity(bound[i]))
            {
                ratio = double.PositiveInfinity;
            }

            outside += ratio > 1 ? 1 : 0;
            if (ratio > worstRatio)
            {
                worstRatio = ratio;
                worst = i;
            }
        }

        if (outside > 0)
        {
            Assert.Fail(string.Create(CultureInfo.InvariantCulture,
                $"""
                {name}: {outside} of {expected.Length} values lie outside their error bound. The worst, at {locate(worst)} (index {worst}):
                  actual      {actual[worst]:R}
                  expected    {expected[worst]:R}
                  |difference| {Math.Abs(actual[worst] - expected[worst]):E3}, bound {bound[worst]:E3}: {worstRatio:G4} times the bound
                Either the result is wrong there, or its bound omits a rounding: derive that rounding before widening the bound.
                """));
        }

        return worstRatio;
    }

    /// <summary>
    /// As above, with the reference and its bound in one. Fails too when the widest bound exceeds a twentieth of the largest value:
    /// running error analysis can grow so pessimistic that its bound would prove nothing.
    /// </summary>
    public static double Within(float[] actual, Rounded[] expected, string name, Func<int, string> locate)
    {
        double[] values = Rounded.Values(expected), bounds = Rounded.Errors(expected);
        double largest = values.Max(Math.Abs), widest = bounds.Max();
        if (!(widest <= 0.05 * largest + 1e-30))
        {
            Assert.Fail(string.Create(
                CultureInfo.InvariantCulture, $"{name}: a bound of {widest:E3} on values up to {largest:E3} proves too little."));
        }

        return Within(actual, values, bounds, name, locate);
    }
}
