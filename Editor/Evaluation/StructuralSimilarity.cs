using System;
using System.Threading.Tasks;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>
/// The structural similarity index (Wang et al. 2004, "Image quality assessment: from error visibility to structural similarity",
/// eq. 13): (2 μx μy + C1)(2 σxy + C2) / ((μx² + μy² + C1)(σx² + σy² + C2)) with C1 = 0.01², C2 = 0.03², values in [0, 1], and moments
/// under a Gaussian window of 11×11 with σ = 1.5 that lies wholly inside the image. 1 for equal images; may be negative.
/// </summary>
/// <remarks>
/// Of premultiplied RGBA, as a mean over window positions and the four channels. Where an image is smaller than 11 pixels, the window
/// is as large as the image. Where both images are transparent it is 1, so mostly empty sprites score high: compare like with like.
/// </remarks>
public static class StructuralSimilarity
{
    private const int Window = 11;
    private const double Sigma = 1.5;
    private const double C1 = 0.01 * 0.01;
    private const double C2 = 0.03 * 0.03;
    private const int Moments = 5;

    /// <summary>SSIM of two images, each [height, width, 4].</summary>
    /// <exception cref="ArgumentException">A length is not that of an image.</exception>
    public static double Of(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int width, int height)
    {
        const int channels = 4;
        if (x.Length != width * height * channels || y.Length != x.Length)
        {
            throw new ArgumentException(
                $"Expected two images of {width}×{height}×{channels} values; found {x.Length} and {y.Length} values.");
        }

        double[] across = Gaussian(Math.Min(Window, width)), down = Gaussian(Math.Min(Window, height));
        int columns = width - across.Length + 1, rows = height - down.Length + 1;
        // Moments (x, y, x², y², xy) of each pixel row under the window's row, then of its columns.
        var partial = new double[height * columns * Moments];
        Span<double> moments = stackalloc double[Moments];
        double sum = 0;
        for (int c = 0; c < channels; c++)
        {
            Array.Clear(partial);
            for (int i = 0; i < height * columns; i++)
            {
                Span<double> to = partial.AsSpan(i * Moments, Moments);
                int from = (((i / columns * width) + (i % columns)) * channels) + c;
                for (int t = 0; t < across.Length; t++)
                {
                    double a = x[from + (t * channels)], b = y[from + (t * channels)], w = across[t];
                    to[0] += w * a;
                    to[1] += w * b;
                    to[2] += w * a * a;
                    to[3] += w * b * b;
                    to[4] += w * a * b;
                }
            }

            for (int i = 0; i < rows * columns; i++)
            {
                moments.Clear();
                for (int t = 0; t < down.Length; t++)
                {
                    for (int m = 0; m < Moments; m++)
                        moments[m] += down[t] * partial[((i + (t * columns)) * Moments) + m];
                }

                sum += Index(moments);
            }
        }

        return sum / ((double)rows * columns * channels);
    }

    /// <summary>Of each of N pairs of images, each set [N, height, width, 4].</summary>
    public static double[] OfEach(float[] x, float[] y, int width, int height)
    {
        int each = width * height * 4;
        var values = new double[x.Length / each];
        Parallel.For(0, values.Length, n => values[n] = Of(x.AsSpan(n * each, each), y.AsSpan(n * each, each), width, height));
        return values;
    }

    private static double Index(ReadOnlySpan<double> moments)
    {
        double x = moments[0], y = moments[1], xx = x * x, yy = y * y, xy = x * y;
        return ((2 * xy) + C1) * ((2 * (moments[4] - xy)) + C2) / ((xx + yy + C1) * (moments[2] - xx + (moments[3] - yy) + C2));
    }

    /// <summary>Weights that add up to 1, around the middle.</summary>
    private static double[] Gaussian(int length)
    {
        var weights = new double[length];
        double sum = 0;
        for (int i = 0; i < length; i++)
            sum += weights[i] = Math.Exp(-Math.Pow(i - ((length - 1) / 2.0), 2) / (2 * Sigma * Sigma));
        return Array.ConvertAll(weights, w => w / sum);
    }
}
