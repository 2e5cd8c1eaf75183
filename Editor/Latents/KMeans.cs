using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Latents;

/// <summary>
/// k-means: makes Σ_i ‖x_i − c(i)‖² small by turns of nearest centres and means (Lloyd 1982), from k-means++ starts (Arthur and
/// Vassilvitskii 2007); the best of several starts is kept. All in double precision and in a fixed order.
/// </summary>
public static class KMeans
{
    private const uint Stream = 0x600;
    private const int MostIterations = 300;

    /// <param name="latents">x, [N, Z]</param>
    /// <param name="z">Z</param>
    /// <param name="count">How many clusters.</param>
    /// <param name="seed">Of the starts.</param>
    /// <param name="restarts">How many starts.</param>
    /// <exception cref="ArgumentException">There are fewer latents, or distinct ones, than clusters; or no start.</exception>
    public static Clustering Fit(ReadOnlySpan<float> latents, int z, int count, ulong seed, int restarts = 10)
    {
        int n = latents.Length / z;
        Clustering.Require(count, n);
        if (restarts < 1)
            throw new ArgumentException($"k-means needs at least 1 start; found {restarts}.");
        var points = new double[n][];
        for (int i = 0; i < n; i++)
            points[i] = ToDouble(latents.Slice(i * z, z));
        (int[] Assignments, double[][] Centres, double[] Squares)? best = null;
        for (int restart = 0; restart < restarts; restart++)
        {
            var run = Run(points, Seeds(points, count, seed, restart));
            if (best == null || run.Squares.Sum() < best.Value.Squares.Sum())
                best = run;
        }

        return Clustering.Of(best!.Value.Assignments, best.Value.Centres, best.Value.Squares.Select(Math.Sqrt).ToArray());
    }

    private static double[][] Seeds(double[][] points, int count, ulong seed, int restart)
    {
        var centres = new List<double[]>();
        double[] nearest = Enumerable.Repeat(double.PositiveInfinity, points.Length).ToArray();
        while (centres.Count < count)
        {
            double uniform = Philox.Uniform(Philox.Draw(seed, (uint)centres.Count, (uint)restart, Stream, 0).X);
            int chosen = centres.Count == 0 ? Math.Min((int)(uniform * points.Length), points.Length - 1) : Pick(nearest, uniform);
            if (chosen < 0)
            {
                throw new ArgumentException($"Only {centres.Count} of the {points.Length} latents are distinct, "
                    + $"so they can't be put into {count} clusters. Ask for fewer.");
            }

            centres.Add((double[])points[chosen].Clone());
            for (int i = 0; i < points.Length; i++)
                nearest[i] = Math.Min(nearest[i], SquaredDistance(points[i], centres[^1]));
        }

        return [.. centres];
    }

    /// <summary>An index with probability proportional to its weight; -1 when all are 0.</summary>
    private static int Pick(double[] weights, double uniform)
    {
        double left = uniform * weights.Sum();
        int last = -1;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0)
                continue;
            last = i;
            left -= weights[i];
            if (left <= 0)
                break;
        }

        return last;
    }

    private static (int[] Assignments, double[][] Centres, double[] Squares) Run(double[][] points, double[][] centres)
    {
        var assignments = new int[points.Length];
        var squares = new double[points.Length];
        for (int iteration = 0; ; iteration++)
        {
            bool changed = Assign(points, centres, assignments, squares) || iteration == 0;
            changed |= FillEmpty(points, centres, assignments, squares);
            if (!changed || iteration == MostIterations)
                return (assignments, centres, squares);
            for (int k = 0; k < centres.Length; k++)
                centres[k] = MeanOf(points, assignments, k);
        }
    }

    private static bool Assign(double[][] points, double[][] centres, int[] assignments, double[] squares)
    {
        bool changed = false;
        for (int i = 0; i < points.Length; i++)
        {
            int nearest = 0;
            squares[i] = double.PositiveInfinity;
            for (int k = 0; k < centres.Length; k++)
            {
                double square = SquaredDistance(points[i], centres[k]);
                (nearest, squares[i]) = square < squares[i] ? (k, square) : (nearest, squares[i]);
            }

            changed |= nearest != assignments[i];
            assignments[i] = nearest;
        }

        return changed;
    }

    /// <summary>A centre that lost all its latents takes the one that is farthest from its own.</summary>
    private static bool FillEmpty(double[][] points, double[][] centres, int[] assignments, double[] squares)
    {
        bool filled = false;
        var sizes = new int[centres.Length];
        foreach (int k in assignments)
            sizes[k]++;
        for (int k = 0; k < centres.Length; k++)
        {
            if (sizes[k] > 0)
                continue;
            int farthest = Enumerable.Range(0, points.Length).Where(i => sizes[assignments[i]] > 1).MaxBy(i => squares[i]);
            sizes[assignments[farthest]]--;
            (assignments[farthest], sizes[k], squares[farthest]) = (k, 1, 0);
            centres[k] = (double[])points[farthest].Clone();
            filled = true;
        }

        return filled;
    }

    private static double[] MeanOf(double[][] points, int[] assignments, int cluster)
    {
        var mean = new double[points[0].Length];
        int count = 0;
        for (int i = 0; i < points.Length; i++)
        {
            if (assignments[i] != cluster)
                continue;
            count++;
            for (int j = 0; j < mean.Length; j++)
                mean[j] += points[i][j];
        }

        return mean.Select(sum => sum / count).ToArray();
    }

    private static double SquaredDistance(double[] a, double[] b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        return sum;
    }

    private static double[] ToDouble(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (int j = 0; j < values.Length; j++)
            result[j] = values[j];
        return result;
    }
}
