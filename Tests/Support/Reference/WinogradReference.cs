using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// How far float32 results may be from the exact ones where a convolution of kernel 4, stride 2 and pad 1, or its adjoint, is computed with
/// Winograd's F(2, 2), as Shaders/Include/winograd.glsl has it: y0 = (d0 − d1) g0 + d1 (g0 + g1), y1 = d1 (g0 + g1) + (d2 − d1) g1.
/// </summary>
/// <remarks>
/// Expanded, output i of a tile holds d[s]·g[t] so many times: i = 0: d0 g0, 2 d1 g0 (which cancel), d1 g1; i = 1: d1 g0, 2 d1 g1 (of which one
/// is left), d2 g1; in two dimensions the products of these counts. The magnitude is the sum of the absolute values of all of them. With ones
/// for operands, it is the number of terms: at least the roundings on the way of each, which are those of a sum of 4 C products for each part,
/// 4 for the differences and sums of operands, and the bias.
/// </remarks>
public static class WinogradReference
{
    // Counts[i, s, t] in one dimension.
    private static readonly double[,,] Counts =
    {
        { { 1, 0 }, { 2, 1 }, { 0, 0 } },
        { { 0, 0 }, { 1, 2 }, { 0, 1 } },
    };

    /// <summary>Whether a convolution may be computed so: more than four channels on both sides.</summary>
    public static bool Fits(Conv2dReference.Geometry g) => g is { R: 4, S: 4, Stride: 2, Pad: 1, K: > 4, X.C: > 4 };

    /// <summary>Whether its weight gradient may be: at least eight vec4s on both sides.</summary>
    public static bool FitsWeightGradient(Conv2dReference.Geometry g) => Fits(g) && g is { K: > 28, X.C: > 28 };

    /// <summary>Σ |x|·|weight| over all that is added up for Y [N, P, Q, K] of a convolution, |bias| included.</summary>
    public static double[] ForwardMagnitude(Conv2dReference.Geometry g, double[] x, double[] weight, double[]? bias)
    {
        var y = new double[g.Y.Length];
        ForEachTerm(g, (n, p, q, r, s, h, w, count) =>
        {
            for (int k = 0; k < g.K; k++)
            {
                double sum = 0;
                for (int c = 0; c < g.X.C; c++)
                    sum += Math.Abs(x[g.X.Index(n, h, w, c)] * weight[g.WeightIndex(r, s, c, k)]);
                y[g.Y.Index(n, p, q, k)] += count * sum;
            }
        });
        for (int i = 0; bias != null && i < y.Length; i++)
            y[i] += Math.Abs(bias[i % g.K]);
        return y;
    }

    /// <summary>The same for the adjoint, which writes the convolution's X [N, H, W, C] from its Y.</summary>
    /// <param name="bias">[C]</param>
    public static double[] AdjointMagnitude(Conv2dReference.Geometry g, double[] dY, double[] weight, double[]? bias)
    {
        var x = new double[g.X.Length];
        for (int part = 0; part < 4; part++)
        for (int i = 0; i < (g.X.H + 1) / 2; i++)
        for (int j = 0; j < (g.X.W + 1) / 2; j++)
        {
            (int pr, int ps) = (part / 2, part % 2);
            (int h, int w) = (2 * i + pr, 2 * j + ps);
            if (h >= g.X.H || w >= g.X.W)
                continue;
            for (int n = 0; n < g.X.N; n++)
            for (int a = 0; a < 9; a++)
            for (int t = 0; t < 4; t++)
            {
                double count = Counts[i % 2, a / 3, t / 2] * Counts[j % 2, a % 3, t % 2];
                int p = Wrap(2 * (i / 2) + pr - 1 + a / 3, g.P, g.Circular), q = Wrap(2 * (j / 2) + ps - 1 + a % 3, g.Q, g.Circular);
                if (count == 0 || p < 0 || q < 0)
                    continue;
                (int r, int s) = (3 - pr - 2 * (t / 2), 3 - ps - 2 * (t % 2));
                for (int c = 0; c < g.X.C; c++)
                for (int k = 0; k < g.K; k++)
                    x[g.X.Index(n, h, w, c)] += count * Math.Abs(dY[g.Y.Index(n, p, q, k)] * weight[g.WeightIndex(r, s, c, k)]);
            }
        }

        for (int i = 0; bias != null && i < x.Length; i++)
            x[i] += Math.Abs(bias[i % g.X.C]);
        return x;
    }

    /// <summary>Σ |x|·|dY| over all that is added up for dWeight [R, S, C, K].</summary>
    public static double[] WeightGradientMagnitude(Conv2dReference.Geometry g, double[] x, double[] dY)
    {
        var dWeight = new double[g.WeightLength];
        for (int part = 0; part < 4; part++)
        for (int tap = 0; tap < 4; tap++)
        for (int a = 0; a < 9; a++)
        for (int l = 0; l < 4; l++)
        {
            // The taps are the outputs here, and dY is the filter.
            double count = Counts[tap / 2, a / 3, l / 2] * Counts[tap % 2, a % 3, l % 2];
            if (count == 0)
                continue;
            (int r, int s) = (2 * (tap / 2) + part / 2, 2 * (tap % 2) + part % 2);
            for (int n = 0; n < g.X.N; n++)
            for (int i = 0; i < g.P; i += 2)
            for (int j = 0; j < g.Q; j += 2)
            {
                int h = Wrap(2 * (i + a / 3) - 1 + part / 2, g.X.H, g.Circular), w = Wrap(2 * (j + a % 3) - 1 + part % 2, g.X.W, g.Circular);
                (int p, int q) = (i + l / 2, j + l % 2);
                if (h < 0 || w < 0 || p >= g.P || q >= g.Q)
                    continue;
                for (int c = 0; c < g.X.C; c++)
                for (int k = 0; k < g.K; k++)
                    dWeight[g.WeightIndex(r, s, c, k)] += count * Math.Abs(x[g.X.Index(n, h, w, c)] * dY[g.Y.Index(n, p, q, k)]);
            }
        }

        return dWeight;
    }

    /// <summary>Every use of a pixel of X for a pixel of Y: (n, p, q, r, s, h, w, how often).</summary>
    private static void ForEachTerm(Conv2dReference.Geometry g, Action<int, int, int, int, int, int, int, double> term)
    {
        for (int n = 0; n < g.X.N; n++)
        for (int p = 0; p < g.P; p++)
        for (int q = 0; q < g.Q; q++)
        for (int part = 0; part < 4; part++)
        for (int a = 0; a < 9; a++)
        for (int t = 0; t < 4; t++)
        {
            double count = Counts[p % 2, a / 3, t / 2] * Counts[q % 2, a % 3, t % 2];
            int h = Wrap(2 * (p / 2 * 2 + a / 3) - 1 + part / 2, g.X.H, g.Circular), w = Wrap(2 * (q / 2 * 2 + a % 3) - 1 + part % 2, g.X.W, g.Circular);
            if (count != 0 && h >= 0 && w >= 0)
                term(n, p, q, 2 * (t / 2) + part / 2, 2 * (t % 2) + part % 2, h, w, count);
        }
    }

    private static int Wrap(int position, int size, bool circular) =>
        circular ? ((position % size) + size) % size : position >= 0 && position < size ? position : -1;
}
