using System;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// The posteriors of all training images, one Gaussian each, or a point: their mixture is what a prior must match for samples to look
/// like the art.
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

    /// <summary>σ², [Count, Z]; 0 where latents have no uncertainty.</summary>
    public float[] Variance { get; }

    /// <summary>Mean of μ, [Z]</summary>
    public float[] Center { get; }

    /// <summary>Standard deviation of μ, [Z], at least 0.001.</summary>
    public float[] Deviation { get; }

    public float[] MeanOf(int image) => Mean.AsSpan(image * Size, Size).ToArray();

    /// <param name="binarizationSeed">Of a model that sees binarized images; null: as they are.</param>
    public static AggregatePosterior Encode(VaeRunner runner, ArtSet images, bool withMirrored, ulong? binarizationSeed = null)
    {
        VaeArchitecture a = runner.Architecture;
        (float[] mean, float[] logVariance) = new ModelInputs(a, images, binarizationSeed, withMirrored).Encode(runner);
        float[] variance = a.Latent == LatentKind.Gaussian
            ? logVariance.Select(l => (float)Math.Exp(Math.Clamp(l, -12f, 12f))).ToArray()
            : new float[mean.Length];
        return new AggregatePosterior(a.LatentSize, mean, variance);
    }

    /// <summary>At most so many of them, evenly spread.</summary>
    public AggregatePosterior AtMost(int most)
    {
        if (Count <= most)
            return this;
        int[] rows = EvenSpread.Of(Count, most);
        float[] Of(float[] values) => [.. rows.SelectMany(i => values[(i * Size)..((i + 1) * Size)])];
        return new AggregatePosterior(Size, Of(Mean), Of(Variance));
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
}
