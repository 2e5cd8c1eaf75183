using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Evaluation.Disentanglement;

/// <summary>
/// What an encoder makes of images whose factors of variation are known: all that the metrics of disentanglement are computed from.
/// They draw images with a factor held fixed from this pool, with replacement, in place of encoding new ones for every draw.
/// </summary>
public sealed class FactorPosteriors
{
    private const int Chunk = 256;

    /// <param name="factorNames">[F]</param>
    /// <param name="factorSizes">How many values each factor can take, [F].</param>
    /// <param name="factors">The value of each factor of each image, from 0 on, [count, F].</param>
    /// <param name="mean">μ, [count, Z]</param>
    /// <param name="logVariance">log σ², [count, Z]</param>
    /// <exception cref="ArgumentException">Lengths disagree, a value is out of range, or a factor has one value in all images.</exception>
    public FactorPosteriors(
        IReadOnlyList<string> factorNames, IReadOnlyList<int> factorSizes, int[] factors, float[] mean, float[] logVariance)
    {
        (FactorNames, FactorSizes, Factors, Mean, LogVariance) = (factorNames, factorSizes, factors, mean, logVariance);
        int f = factorSizes.Count;
        Count = f == 0 ? 0 : factors.Length / f;
        if (Count == 0 || factorNames.Count != f || factors.Length % f != 0 || mean.Length == 0 || mean.Length % Count != 0
            || mean.Length != logVariance.Length)
        {
            throw new ArgumentException($"Expected [count, F] factors, and [count, Z] means and log variances; found {factors.Length} "
                + $"factor values with {factorNames.Count} names and {f} sizes, "
                + $"{mean.Length} means and {logVariance.Length} log variances.");
        }

        LatentSize = mean.Length / Count;
        for (int k = 0; k < f; k++)
        {
            int[] values = Enumerable.Range(0, Count).Select(i => factors[(i * f) + k]).Distinct().ToArray();
            if (values.Min() < 0 || values.Max() >= factorSizes[k])
            {
                throw new ArgumentException(
                    $"Factor {factorNames[k]} takes values from 0 to {factorSizes[k] - 1}; found {values.Min()} to {values.Max()}.");
            }

            if (values.Length == 1)
                throw new ArgumentException($"Factor {factorNames[k]} has one value in all {Count} images. Encode more images.");
        }
    }

    public IReadOnlyList<string> FactorNames { get; }

    /// <summary>How many values each factor can take, [F].</summary>
    public IReadOnlyList<int> FactorSizes { get; }

    /// <summary>[Count, F]</summary>
    public int[] Factors { get; }

    /// <summary>μ, [Count, Z]</summary>
    public float[] Mean { get; }

    /// <summary>log σ², [Count, Z]</summary>
    public float[] LogVariance { get; }

    /// <summary>Images.</summary>
    public int Count { get; }

    /// <summary>Z</summary>
    public int LatentSize { get; }

    /// <summary>Encodes different images of dSprites, drawn at the encoder's size.</summary>
    /// <param name="encoder">μ and log σ², each [n, Z], of n premultiplied images [n, size, size, 4].</param>
    /// <param name="size">Width and height of the images, as in <see cref="DSprites.Render"/>.</param>
    /// <param name="count">How many images.</param>
    /// <param name="seed">Which ones.</param>
    /// <param name="progress">Is told now and then how many images are done, and of how many.</param>
    /// <param name="cancellation">Looked at as often.</param>
    public static FactorPosteriors OfDSprites(
        Func<float[], (float[] Mean, float[] LogVariance)> encoder, int size, int count, ulong seed,
        Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        int[] subset = DSprites.Subset(count, seed);
        List<int> factors = [];
        List<float> mean = [], logVariance = [];
        for (int first = 0; first < count; first += Chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            int n = Math.Min(Chunk, count - first), values = 4 * size * size;
            var images = new float[n * values];
            for (int i = 0; i < n; i++)
            {
                DSpriteFactors f = DSprites.Factors(subset[first + i]);
                Premultiplied.FromRgba8(DSprites.Render(f, size).Rgba, images.AsSpan(i * values, values));
                factors.AddRange([f.Shape, f.Scale, f.Orientation, f.X, f.Y]);
            }

            (float[] m, float[] l) = encoder(images);
            mean.AddRange(m);
            logVariance.AddRange(l);
            progress?.Invoke(first + n, count);
        }

        return new FactorPosteriors(DSprites.FactorNames, DSprites.FactorSizes, [.. factors], [.. mean], [.. logVariance]);
    }

    /// <summary>The first and the second half, so that what is learned from one can be scored on the other.</summary>
    /// <exception cref="ArgumentException">There are too few images.</exception>
    public (FactorPosteriors First, FactorPosteriors Second) Halves()
    {
        int half = Count / 2;
        return (Part(0, half), Part(half, Count));
    }

    /// <summary>The standard deviation of μ over the images, [Z].</summary>
    public double[] Deviations() => Enumerable.Range(0, LatentSize).Select(j =>
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < Count; i++)
            sum += Mean[(i * LatentSize) + j];
        for (int i = 0; i < Count; i++)
            squares += Math.Pow(Mean[(i * LatentSize) + j] - (sum / Count), 2);
        return Math.Sqrt(squares / Count);
    }).ToArray();

    private FactorPosteriors Part(int from, int to)
    {
        int f = FactorSizes.Count, z = LatentSize;
        return new FactorPosteriors(
            FactorNames, FactorSizes, Factors[(from * f)..(to * f)], Mean[(from * z)..(to * z)], LogVariance[(from * z)..(to * z)]);
    }
}
