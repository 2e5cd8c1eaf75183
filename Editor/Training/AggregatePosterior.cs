using System;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// The posteriors of all training images, one Gaussian each: their mixture is what a prior must match for samples to look like
/// the art.
/// </summary>
public sealed class AggregatePosterior
{
    private AggregatePosterior(int size, float[] mean, float[] variance)
    {
        (Size, Mean, Variance) = (size, mean, variance);
        (Center, Deviation) = (new float[size], new float[size]);
        for (int j = 0; j < size; j++)
        {
            double[] column = Enumerable.Range(0, Count).Select(i => (double)mean[(i * size) + j]).ToArray();
            double center = column.Average();
            Center[j] = (float)center;
            Deviation[j] = (float)Math.Max(1e-3, Math.Sqrt(column.Average(v => (v - center) * (v - center))));
        }
    }

    /// <summary>Z</summary>
    public int Size { get; }

    public int Count => Mean.Length / Size;

    /// <summary>μ, [Count, Z]; the images in order, then, if asked for, their mirror images.</summary>
    public float[] Mean { get; }

    /// <summary>σ², [Count, Z]</summary>
    public float[] Variance { get; }

    /// <summary>Mean of μ, [Z]</summary>
    public float[] Center { get; }

    /// <summary>Standard deviation of μ, [Z], at least 0.001.</summary>
    public float[] Deviation { get; }

    public float[] MeanOf(int image) => Mean.AsSpan(image * Size, Size).ToArray();

    public static AggregatePosterior Encode(VaeRunner runner, ArtSet images, bool withMirrored)
    {
        float[] x = ScoredImages.InputsOf(runner.Architecture, images);
        int[]? labelOf = ModelLabels.Of(runner.Architecture, images);
        if (withMirrored)
        {
            x = [.. x, .. Mirror(x, images.Width, runner.Architecture.ImageChannels)];
            labelOf = labelOf == null ? null : [.. labelOf, .. labelOf];
        }

        (float[] mean, float[] logVariance) = runner.Encode(x, labelOf);
        return new AggregatePosterior(runner.Architecture.LatentSize, mean, logVariance.Select(l => (float)Math.Exp(Math.Clamp(l, -12f, 12f))).ToArray());
    }

    /// <summary>(μ | σ), each less <see cref="Center"/> and over <see cref="Deviation"/>, [Count, 2Z].</summary>
    public float[] Standardised()
    {
        var result = new float[Mean.Length * 2];
        for (int i = 0; i < Mean.Length; i++)
        {
            int j = i % Size, at = (i / Size * 2 * Size) + j;
            result[at] = (Mean[i] - Center[j]) / Deviation[j];
            result[at + Size] = MathF.Sqrt(Variance[i]) / Deviation[j];
        }

        return result;
    }

    private static float[] Mirror(float[] x, int width, int channels)
    {
        var mirrored = new float[x.Length];
        for (int pixel = 0; pixel < x.Length / channels; pixel++)
        {
            int row = pixel / width, column = pixel % width;
            x.AsSpan(pixel * channels, channels).CopyTo(mirrored.AsSpan(((row * width) + width - 1 - column) * channels));
        }

        return mirrored;
    }
}
