using System;
using System.Collections.Generic;

namespace VaeProcgen.Editor.Latents;

/// <summary>Where a minimisation ended.</summary>
/// <param name="Point">x</param>
/// <param name="Value">f(x)</param>
/// <param name="LargestSlope">The largest |∂f/∂x_i|.</param>
/// <param name="Iterations">How many steps were taken.</param>
/// <param name="Converged">Whether the slope fell to the tolerance.</param>
public sealed record Minimum(double[] Point, double Value, double LargestSlope, int Iterations, bool Converged);

/// <summary>
/// Minimises a smooth function by L-BFGS (Nocedal 1980) with the last ten steps, and backtracking to Armijo's condition; meant for
/// convex functions, and deterministic where the function is.
/// </summary>
public static class LimitedMemoryBfgs
{
    private const int Memory = 10, MostHalvings = 60;
    private const double SufficientDecrease = 1e-4;

    /// <param name="function">Gives f(x), and writes (=) ∂f/∂x.</param>
    /// <param name="start">Is not changed.</param>
    /// <param name="tolerance">Of the largest slope.</param>
    /// <param name="mostIterations">It stops there if the tolerance is not reached.</param>
    public static Minimum Run(Func<double[], double[], double> function, double[] start, double tolerance, int mostIterations)
    {
        double[] x = (double[])start.Clone(), gradient = new double[x.Length];
        double value = function(x, gradient);
        var history = new List<(double[] Step, double[] Change, double Curvature)>();
        for (int iteration = 0; ; iteration++)
        {
            double slope = Largest(gradient);
            if (slope <= tolerance || iteration == mostIterations)
                return new Minimum(x, value, slope, iteration, slope <= tolerance);
            double[] direction = Direction(gradient, history);
            double along = Dot(gradient, direction);
            double length = history.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(Dot(gradient, gradient))) : 1;
            double[] next = new double[x.Length], nextGradient = new double[x.Length];
            double nextValue = double.NaN;
            for (int halving = 0; halving < MostHalvings; halving++, length /= 2)
            {
                for (int i = 0; i < x.Length; i++)
                    next[i] = x[i] + (length * direction[i]);
                nextValue = function(next, nextGradient);
                if (nextValue <= value + (SufficientDecrease * length * along))
                    break;
            }

            // Only rounding is left to be gained: once more straight down the slope, then no further.
            if (!(nextValue < value))
            {
                if (history.Count == 0)
                    return new Minimum(x, value, slope, iteration, Converged: false);
                history.Clear();
                continue;
            }

            double[] step = Difference(next, x), change = Difference(nextGradient, gradient);
            double curvature = Dot(step, change);
            if (curvature > 1e-12 * Dot(change, change))
                history.Add((step, change, curvature));
            if (history.Count > Memory)
                history.RemoveAt(0);
            (x, value, gradient) = (next, nextValue, nextGradient);
        }
    }

    /// <summary>−H ∂f, by the two loops over the steps that H is made of.</summary>
    private static double[] Direction(double[] gradient, List<(double[] Step, double[] Change, double Curvature)> history)
    {
        var q = (double[])gradient.Clone();
        var shares = new double[history.Count];
        for (int h = history.Count - 1; h >= 0; h--)
        {
            shares[h] = Dot(history[h].Step, q) / history[h].Curvature;
            AddScaled(q, history[h].Change, -shares[h]);
        }

        double scale = history.Count == 0 ? 1 : history[^1].Curvature / Dot(history[^1].Change, history[^1].Change);
        for (int i = 0; i < q.Length; i++)
            q[i] *= -scale;
        for (int h = 0; h < history.Count; h++)
            AddScaled(q, history[h].Step, -shares[h] - (Dot(history[h].Change, q) / history[h].Curvature));
        return q;
    }

    private static void AddScaled(double[] to, double[] what, double scale)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += scale * what[i];
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var result = new double[a.Length];
        for (int i = 0; i < a.Length; i++)
            result[i] = a[i] - b[i];
        return result;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static double Largest(double[] values)
    {
        double largest = 0;
        foreach (double value in values)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
