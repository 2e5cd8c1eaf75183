using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Threading.Tasks;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>The distances at one level of the pyramid, × 10³.</summary>
/// <param name="Width">Of the level.</param>
/// <param name="Height">Of the level.</param>
/// <param name="Samples">Between a half of the images and samples.</param>
/// <param name="Reference">Between that half and the other one: what the best of models would come to.</param>
public sealed record SlicedWassersteinLevel(int Width, int Height, double Samples, double Reference);

/// <summary>
/// The sliced Wasserstein distance between patches of the levels of a Laplacian pyramid (Karras et al. 2018, arXiv:1710.10196, section 5),
/// × 10³: patches of 7×7 pixels, 128 of each image, each set's channels brought to mean 0 and deviation 1, projected onto 4 × 128 random
/// directions; along each, the mean distance between the two sorted sets.
/// </summary>
/// <remarks>
/// Levels halve the image while no side falls below 16 pixels; smaller images have one level. Where an image has at most 128 places for a
/// patch, each is taken once; where a side is below 7 pixels, the patch is as large. A channel's deviation counts as at least 1/255, so
/// that rounding in a channel that never changes is not blown up. Images, samples and reference are equally many, since the distance
/// depends on it.
/// </remarks>
/// <param name="Images">How many there were of each.</param>
/// <param name="Levels">The finest first.</param>
/// <param name="Samples">Mean over the levels.</param>
/// <param name="Reference">Mean over the levels.</param>
public sealed record SlicedWasserstein(int Images, IReadOnlyList<SlicedWassersteinLevel> Levels, double Samples, double Reference)
{
    /// <summary>Of more images in a half, so many are taken.</summary>
    public const int MostImages = 512;

    private const int Channels = 4;
    private const int PatchSide = 7;
    private const int PatchesPerImage = 128;
    private const int Directions = 512;
    private const int Batch = 32;
    private const uint DirectionStream = 0x402;
    private const uint PlaceStream = 0x403;
    private const uint HalvesStream = 0x404;

    /// <summary>Compares samples with a random half of the images, and that half with the other one.</summary>
    /// <param name="number">N</param>
    /// <param name="image">Gives image n, [height, width, 4], premultiplied.</param>
    /// <param name="width">Of an image.</param>
    /// <param name="height">Of an image.</param>
    /// <param name="sample">Makes so many samples, [count, height, width, 4], premultiplied.</param>
    /// <param name="seed">Of halves, places and directions.</param>
    /// <param name="most">Images of a half.</param>
    /// <returns>Null where there are fewer than 2 images.</returns>
    public static SlicedWasserstein? Of(
        int number, Func<int, float[]> image, int width, int height, Func<int, float[]> sample, ulong seed, int most = MostImages)
    {
        int count = Math.Min(number / 2, most);
        if (count == 0)
            return null;
        int[] order = SeededOrder.Of(number, seed, HalvesStream);
        float[] Take(IEnumerable<int> rows) => [.. rows.SelectMany(image)];
        float[] half = Take(order.Take(count)), other = Take(order.Skip(count).Take(count));
        double[][] distances = Distances(half, [sample(count), other], width, height, seed);
        SlicedWassersteinLevel[] levels = [.. LaplacianPyramid.Sizes(width, height).Select((size, l) =>
            new SlicedWassersteinLevel(size.Width, size.Height, 1000 * distances[l][0], 1000 * distances[l][1]))];
        return new SlicedWasserstein(count, levels, levels.Average(l => l.Samples), levels.Average(l => l.Reference));
    }

    /// <summary>The distance of each other set from the first, at each level, unscaled: [levels][others].</summary>
    /// <remarks>All sets take patches from the same places, so that equal sets are at distance 0.</remarks>
    /// <param name="images">[N, height, width, 4], premultiplied.</param>
    /// <param name="others">Sets of the same size.</param>
    /// <exception cref="ArgumentException">A set has another size.</exception>
    public static double[][] Distances(float[] images, IReadOnlyList<float[]> others, int width, int height, ulong seed)
    {
        int each = width * height * Channels;
        if (images.Length == 0 || images.Length % each != 0 || others.FirstOrDefault(o => o.Length != images.Length) is not null)
        {
            throw new ArgumentException($"Expected sets of equally many images of {width}×{height}×{Channels} values; found sets of "
                + $"{string.Join(", ", others.Prepend(images).Select(s => s.Length))} values.");
        }

        IReadOnlyList<(int Width, int Height)> sizes = LaplacianPyramid.Sizes(width, height);
        var distances = new double[sizes.Count][];
        for (int level = 0; level < sizes.Count; level++)
        {
            Patches[] sets = [.. others.Prepend(images).Select(set => new Patches(set, width, height, level, seed))];
            distances[level] = new double[others.Count];
            for (int first = 0; first < Directions; first += Batch)
            {
                double[][][] sorted = [.. sets.Select(set => set.Project(first, seed))];
                for (int i = 0; i < others.Count; i++)
                {
                    for (int d = 0; d < Batch; d++)
                        distances[level][i] += MeanDistance(sorted[0][d], sorted[i + 1][d]) / Directions;
                }
            }
        }

        return distances;
    }

    private static double MeanDistance(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += Math.Abs(a[i] - b[i]);
        return sum / a.Length;
    }

    /// <summary>The patches of one set of images at one level.</summary>
    private sealed class Patches
    {
        private const double LeastDeviation = 1 / 255.0;
        private const int Block = 256;

        private readonly int length;
        private readonly int count;
        private readonly float[] values;
        private readonly double[] means = new double[Channels];
        private readonly double[] deviations = new double[Channels];

        public Patches(float[] images, int width, int height, int level, ulong seed)
        {
            (int levelWidth, int levelHeight) = LaplacianPyramid.Sizes(width, height)[level];
            int side = Math.Min(PatchSide, levelWidth), rows = Math.Min(PatchSide, levelHeight);
            int columns = levelWidth - side + 1, places = columns * (levelHeight - rows + 1), perImage = Math.Min(PatchesPerImage, places);
            int each = width * height * Channels, number = images.Length / each, line = side * Channels;
            (length, count) = (rows * line, number * perImage);
            values = new float[(long)count * length];
            Parallel.For(0, number, n =>
            {
                double[] pixels = LaplacianPyramid.Level(images.AsSpan(n * each, each), width, height, Channels, level);
                for (int p = 0; p < perImage; p++)
                {
                    int patch = (n * perImage) + p, place = p;
                    if (places > perImage)
                        place = (int)(((ulong)Philox.Draw(seed, (uint)patch, (uint)level, PlaceStream, 0).X * (uint)places) >> 32);
                    for (int row = 0; row < rows; row++)
                    {
                        int from = ((((place / columns) + row) * levelWidth) + (place % columns)) * Channels;
                        Span<float> to = values.AsSpan((patch * length) + (row * line), line);
                        for (int i = 0; i < line; i++)
                            to[i] = (float)pixels[from + i];
                    }
                }
            });
            Measure();
        }

        /// <summary>The patches along a batch of directions, sorted: [Batch][count].</summary>
        public double[][] Project(int firstDirection, ulong seed)
        {
            // w·(v − mean)/deviation = (w/deviation)·v − w·mean/deviation: the patches themselves stay as they are.
            var weights = new double[length * Batch];
            var offsets = new double[Batch];
            for (int d = 0; d < Batch; d++)
            {
                double[] direction = Direction((uint)(firstDirection + d), seed);
                for (int i = 0; i < length; i++)
                {
                    weights[(i * Batch) + d] = direction[i] / deviations[i % Channels];
                    offsets[d] -= weights[(i * Batch) + d] * means[i % Channels];
                }
            }

            double[][] projected = [.. Enumerable.Range(0, Batch).Select(_ => new double[count])];
            Parallel.For(0, (count + Block - 1) / Block, b =>
            {
                for (int p = b * Block; p < Math.Min(count, (b + 1) * Block); p++)
                    ProjectOne(values.AsSpan(p * length, length), weights, offsets, projected, p);
            });
            Parallel.For(0, Batch, d => RadixSort.Sort(projected[d]));
            return projected;
        }

        private static void ProjectOne(
            ReadOnlySpan<float> patch, double[] weights, ReadOnlySpan<double> offsets, double[][] projected, int p)
        {
            ReadOnlySpan<Vector256<double>> all = MemoryMarshal.Cast<double, Vector256<double>>(weights);
            Span<double> sums = stackalloc double[Batch];
            offsets.CopyTo(sums);
            Span<Vector256<double>> four = MemoryMarshal.Cast<double, Vector256<double>>(sums);
            (Vector256<double> s0, Vector256<double> s1, Vector256<double> s2, Vector256<double> s3) = (four[0], four[1], four[2], four[3]);
            (Vector256<double> s4, Vector256<double> s5, Vector256<double> s6, Vector256<double> s7) = (four[4], four[5], four[6], four[7]);
            for (int i = 0; i < patch.Length; i++)
            {
                Vector256<double> x = Vector256.Create((double)patch[i]);
                ReadOnlySpan<Vector256<double>> w = all.Slice(i * 8, 8);
                s0 += x * w[0];
                s1 += x * w[1];
                s2 += x * w[2];
                s3 += x * w[3];
                s4 += x * w[4];
                s5 += x * w[5];
                s6 += x * w[6];
                s7 += x * w[7];
            }

            (four[0], four[1], four[2], four[3]) = (s0, s1, s2, s3);
            (four[4], four[5], four[6], four[7]) = (s4, s5, s6, s7);
            for (int d = 0; d < Batch; d++)
                projected[d][p] = sums[d];
        }

        private double[] Direction(uint index, ulong seed)
        {
            var normals = new float[length];
            Philox.FillNormals(seed, DirectionStream, index, normals);
            double norm = Math.Sqrt(normals.Sum(v => (double)v * v));
            return Array.ConvertAll(normals, v => v / norm);
        }

        private void Measure()
        {
            double each = values.Length / (double)Channels;
            for (int i = 0; i < values.Length; i++)
                means[i % Channels] += values[i] / each;
            for (int i = 0; i < values.Length; i++)
                deviations[i % Channels] += (values[i] - means[i % Channels]) * (values[i] - means[i % Channels]) / each;
            for (int c = 0; c < Channels; c++)
                deviations[c] = Math.Max(Math.Sqrt(deviations[c]), LeastDeviation);
        }
    }
}
