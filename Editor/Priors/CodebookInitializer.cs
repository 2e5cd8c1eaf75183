using System;
using System.Numerics;
using System.Runtime.InteropServices;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Priors;

/// <summary>
/// A codebook to start from: k-means on encoder outputs, seeded by k-means++ (Arthur &amp; Vassilvitskii 2007) and improved by Lloyd's
/// iterations. Codes that start where encoder outputs lie are used from the first step on. A sample of 16 points a code is ample.
/// </summary>
/// <remarks>
/// The same points and seed give the same bits on every machine: sums run in a fixed order, four dimensions at a time, whatever the
/// width of the vector unit.
/// </remarks>
public static class CodebookInitializer
{
    private const uint SeedingStream = 0x800;
    private const int DefaultIterations = 10;

    /// <param name="points">z_e, [n, D], D a multiple of 4.</param>
    /// <param name="dimensions">D</param>
    /// <param name="codes">Kc; where there are fewer distinct points, some codes are alike.</param>
    /// <param name="seed">Decides the start.</param>
    /// <param name="iterations">Lloyd's iterations, fewer if nothing changes any more.</param>
    /// <returns>The codes, [Kc, D], and the share of the points that is nearest to each, [Kc].</returns>
    /// <exception cref="ArgumentException">Sizes do not agree, or a point is not finite.</exception>
    public static (float[] Codes, float[] Shares) Fit(float[] points, int dimensions, int codes, ulong seed,
        int iterations = DefaultIterations)
    {
        Check(points, dimensions, codes, iterations);
        int n = points.Length / dimensions;
        float[] centres = Seed(points, dimensions, codes, seed);
        var nearest = new int[n];
        var distances = new float[n];
        Array.Fill(nearest, -1);
        bool changed = Assign(points, dimensions, centres, nearest, distances);
        for (int i = 0; i < iterations && changed; i++)
        {
            MoveToMeans(points, dimensions, centres, nearest, distances);
            changed = Assign(points, dimensions, centres, nearest, distances);
        }

        var shares = new float[codes];
        foreach (int k in nearest)
            shares[k] += 1;
        for (int k = 0; k < codes; k++)
            shares[k] /= n;
        return (centres, shares);
    }

    /// <summary>The mean of ‖z − e‖² over the points, e the nearest code: what the iterations lower.</summary>
    public static double Distortion(float[] points, int dimensions, float[] codes)
    {
        var distances = new float[points.Length / dimensions];
        Assign(points, dimensions, codes, new int[distances.Length], distances);
        double sum = 0;
        foreach (float distance in distances)
            sum += distance;
        return sum / distances.Length;
    }

    /// <summary>k-means++: each centre is a point, drawn in proportion to its squared distance from the centres so far.</summary>
    private static float[] Seed(float[] points, int d, int codes, ulong seed)
    {
        int n = points.Length / d;
        var centres = new float[codes * d];
        var distances = new double[n];
        Array.Fill(distances, 1);
        for (int k = 0; k < codes; k++)
        {
            int chosen = Draw(distances, seed, k);
            ReadOnlySpan<float> centre = points.AsSpan(chosen * d, d);
            centre.CopyTo(centres.AsSpan(k * d));
            for (int i = 0; i < n; i++)
            {
                double distance = SquaredDistance(points.AsSpan(i * d, d), centre);
                distances[i] = k == 0 ? distance : Math.Min(distances[i], distance);
            }
        }

        return centres;
    }

    private static int Draw(double[] weights, ulong seed, int k)
    {
        double total = 0;
        foreach (double weight in weights)
            total += weight;
        (uint high, uint low, _, _) = Philox.Draw(seed, (uint)k, 0, SeedingStream, 0);
        double uniform = (((ulong)high << 20) | (low >> 12)) * (1.0 / (1L << 52));
        if (!(total > 0))
            return (int)(uniform * weights.Length);
        double left = uniform * total;
        int last = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0)
                continue;
            last = i;
            left -= weights[i];
            if (left < 0)
                break;
        }

        return last;
    }

    /// <summary>Finds the nearest centre of each point, the lowest among equals; says whether any has changed.</summary>
    private static bool Assign(float[] points, int d, float[] centres, int[] nearest, float[] distances)
    {
        bool changed = false;
        for (int i = 0; i < nearest.Length; i++)
        {
            ReadOnlySpan<float> point = points.AsSpan(i * d, d);
            int best = 0;
            float least = float.PositiveInfinity;
            for (int k = 0; k < centres.Length / d; k++)
            {
                float distance = SquaredDistance(point, centres.AsSpan(k * d, d));
                if (distance < least)
                    (best, least) = (k, distance);
            }

            changed |= nearest[i] != best;
            (nearest[i], distances[i]) = (best, least);
        }

        return changed;
    }

    /// <summary>Each centre becomes the mean of its points; one without points, the point that lies farthest from its own centre.</summary>
    private static void MoveToMeans(float[] points, int d, float[] centres, int[] nearest, float[] distances)
    {
        var sums = new double[centres.Length];
        var counts = new int[centres.Length / d];
        for (int i = 0; i < nearest.Length; i++)
        {
            counts[nearest[i]]++;
            for (int j = 0; j < d; j++)
                sums[(nearest[i] * d) + j] += points[(i * d) + j];
        }

        for (int k = 0; k < counts.Length; k++)
        {
            if (counts[k] == 0)
            {
                int farthest = Array.IndexOf(distances, Max(distances));
                points.AsSpan(farthest * d, d).CopyTo(centres.AsSpan(k * d));
                distances[farthest] = 0;
                continue;
            }

            for (int j = 0; j < d; j++)
                centres[(k * d) + j] = (float)(sums[(k * d) + j] / counts[k]);
        }
    }

    private static float Max(float[] values)
    {
        float most = values[0];
        foreach (float value in values)
            most = Math.Max(most, value);
        return most;
    }

    private static float SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector4> a4 = MemoryMarshal.Cast<float, Vector4>(a), b4 = MemoryMarshal.Cast<float, Vector4>(b);
        Vector4 sum = Vector4.Zero;
        for (int i = 0; i < a4.Length; i++)
        {
            Vector4 difference = a4[i] - b4[i];
            sum += difference * difference;
        }

        return (sum.X + sum.Y) + (sum.Z + sum.W);
    }

    private static void Check(float[] points, int dimensions, int codes, int iterations)
    {
        if (dimensions < 4 || dimensions % 4 != 0 || points.Length == 0 || points.Length % dimensions != 0 || codes < 1 || iterations < 0)
        {
            throw new ArgumentException("A codebook is fitted to at least one point [n, D], D a multiple of 4, " +
                "with at least 1 code and 0 iterations; " +
                $"found {points.Length} values, D = {dimensions}, {codes} codes and {iterations} iterations.");
        }

        int bad = Array.FindIndex(points, value => !float.IsFinite(value));
        if (bad >= 0)
        {
            throw new ArgumentException($"Point {bad / dimensions} has {points[bad]} in dimension {bad % dimensions}; " +
                "a codebook needs finite points. " +
                "Check that the encoder's weights are finite.", nameof(points));
        }
    }
}
