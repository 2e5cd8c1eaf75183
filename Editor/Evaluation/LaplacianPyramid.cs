using System;
using System.Collections.Generic;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>
/// The Laplacian pyramid (Burt and Adelson 1983): level l is g_l − up(g_(l+1)), and the last level is g itself, where g_0 is the image
/// and g_(l+1) is g_l under the filter (1, 4, 6, 4, 1)/16 along both axes, every second pixel taken. Borders are mirrored, their pixel
/// not repeated.
/// </summary>
public static class LaplacianPyramid
{
    /// <summary>No level but the first has a side below this.</summary>
    public const int SmallestSide = 16;

    private static readonly double[] Filter = [1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0];

    /// <summary>Width and height of each level, the image's own first.</summary>
    public static IReadOnlyList<(int Width, int Height)> Sizes(int width, int height)
    {
        var sizes = new List<(int, int)> { (width, height) };
        while (true)
        {
            (width, height) = ((width + 1) / 2, (height + 1) / 2);
            if (Math.Min(width, height) < SmallestSide)
                return sizes;
            sizes.Add((width, height));
        }
    }

    /// <summary>One level of an image [height, width, channels], in the same order of values.</summary>
    public static double[] Level(ReadOnlySpan<float> image, int width, int height, int channels, int level)
    {
        IReadOnlyList<(int Width, int Height)> sizes = Sizes(width, height);
        var values = new double[image.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = image[i];
        for (int l = 0; l < level; l++)
            values = Halve(values, sizes[l], sizes[l + 1], channels);
        if (level + 1 == sizes.Count)
            return values;
        double[] coarse = Double(Halve(values, sizes[level], sizes[level + 1], channels), sizes[level + 1], sizes[level], channels);
        for (int i = 0; i < values.Length; i++)
            values[i] -= coarse[i];
        return values;
    }

    private static double[] Halve(double[] values, (int Width, int Height) from, (int Width, int Height) to, int channels) =>
        HalveAxis(HalveAxis(values, from.Height, from.Width, channels, to.Width), 1, from.Height, to.Width * channels, to.Height);

    private static double[] Double(double[] values, (int Width, int Height) from, (int Width, int Height) to, int channels) =>
        DoubleAxis(DoubleAxis(values, from.Height, from.Width, channels, to.Width), 1, from.Height, to.Width * channels, to.Height);

    /// <summary>[outer, length, inner] to [outer, target, inner], filtered at every second place.</summary>
    private static double[] HalveAxis(double[] source, int outer, int length, int inner, int target)
    {
        var result = new double[outer * target * inner];
        for (int i = 0; i < outer * target; i++)
        {
            for (int t = 0; t < Filter.Length; t++)
            {
                int from = ((i / target * length) + Mirror((2 * (i % target)) + t - 2, length)) * inner;
                for (int c = 0; c < inner; c++)
                    result[(i * inner) + c] += Filter[t] * source[from + c];
            }
        }

        return result;
    }

    /// <summary>[outer, length, inner] to [outer, target, inner]: zeros between the values, then the filter, twice as strong.</summary>
    private static double[] DoubleAxis(double[] source, int outer, int length, int inner, int target)
    {
        var result = new double[outer * target * inner];
        for (int i = 0; i < outer * target; i++)
        {
            for (int t = 0; t < Filter.Length; t++)
            {
                int at = Mirror((i % target) + t - 2, target);
                if (at % 2 != 0)
                    continue;
                int from = ((i / target * length) + (at / 2)) * inner;
                for (int c = 0; c < inner; c++)
                    result[(i * inner) + c] += 2 * Filter[t] * source[from + c];
            }
        }

        return result;
    }

    private static int Mirror(int i, int length) => i < 0 ? -i : i < length ? i : (2 * (length - 1)) - i;
}
