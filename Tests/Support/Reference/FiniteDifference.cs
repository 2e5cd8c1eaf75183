using System;
using System.Globalization;
using System.Linq;
using NUnit.Framework;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Checks gradients against central differences D(h) = (f(x + h) − f(x − h)) / 2h with h = ε^⅓·max(1, |x|), where truncation O(h²)
/// and rounding O(ε/h) balance. The tolerance is derived for every element: the truncation is estimated by comparing D(h) with
/// D(2h), and the rounding is that of the outputs that moved.
/// </summary>
public static class FiniteDifference
{
    private const double MachineEpsilon = 1.0 / (1L << 52);

    // An output is taken to be right within this many rounding errors of its own size.
    private const double OutputRoundings = 64;

    // Beyond this fraction of the largest derivative a tolerance would prove too little.
    private const double LargestUsefulTolerance = 1e-3;

    /// <summary>Fails unless <paramref name="gradient"/> is ∂f/∂x for the scalar function <paramref name="f"/>.</summary>
    public static void Check(Func<double[], double> f, double[] x, double[] gradient, string name, Func<int, string>? locate = null) =>
        CheckBackward(v => [f(v)], x, [1], gradient, name, locate);

    /// <summary>Fails unless dX[i] = Σ_j dY[j]·∂Y[j]/∂x[i] for the function <paramref name="forward"/>: x → Y.</summary>
    public static void CheckBackward(
        Func<double[], double[]> forward, double[] x, double[] dY, double[] dX, string name, Func<int, string>? locate = null)
    {
        if (dX.Length != x.Length)
        {
            Assert.Fail($"{name}: the gradient must have the {x.Length} elements of x, but has {dX.Length}.");
        }

        var probe = x.ToArray();
        var derivative = new double[x.Length];
        var tolerance = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double h = Math.Cbrt(MachineEpsilon) * Math.Max(1, Math.Abs(x[i]));
            (derivative[i], double rounding) = Central(forward, probe, i, h, dY);
            (double coarse, _) = Central(forward, probe, i, 2 * h, dY);

            // D(2h) − D(h) is three times the truncation error of D(h); taken whole, it leaves a margin.
            tolerance[i] = Math.Abs(coarse - derivative[i]) + 2 * rounding;
        }

        double largest = derivative.Concat(dX).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < x.Length; i++)
        {
            string place = locate?.Invoke(i) ?? $"[{i}]";
            if (!(tolerance[i] <= LargestUsefulTolerance * largest))
            {
                Assert.Fail(Text($"{name}: at {place}, x = {x[i]:R}, the tolerance {tolerance[i]:E2} is too large to judge by: ")
                    + "f is not smooth there (move x away from the kink), or is huge beside its derivative.");
            }

            if (!(Math.Abs(derivative[i] - dX[i]) <= tolerance[i]))
            {
                Assert.Fail(Text($"{name}: at {place}, x = {x[i]:R}, the gradient is {dX[i]:R}, but central differences give ")
                    + Text($"{derivative[i]:R} ± {tolerance[i]:E2}."));
            }
        }
    }

    private static (double derivative, double rounding) Central(
        Func<double[], double[]> forward, double[] x, int i, double h, double[] dY)
    {
        double centre = x[i];
        double above = centre + h;
        double below = centre - h;
        x[i] = above;
        double[] yAbove = forward(x);
        x[i] = below;
        double[] yBelow = forward(x);
        x[i] = centre;
        double difference = 0;
        double moved = 0;
        for (int j = 0; j < dY.Length; j++)
        {
            difference += dY[j] * (yAbove[j] - yBelow[j]);
            moved += yAbove[j] == yBelow[j] ? 0 : Math.Abs(dY[j]) * Math.Max(Math.Abs(yAbove[j]), Math.Abs(yBelow[j]));
        }

        return (difference / (above - below), OutputRoundings * MachineEpsilon * moved / (above - below));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
