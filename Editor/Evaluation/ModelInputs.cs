using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>The images of a set as a model sees them, a part at a time, since the set may be more than memory holds.</summary>
public sealed class ModelInputs
{
    private readonly VaeArchitecture architecture;
    private readonly ArtSet images;
    private readonly ulong? binarizationSeed;

    /// <param name="architecture">Of the model.</param>
    /// <param name="images">Of the model's size.</param>
    /// <param name="binarizationSeed">Of a model that sees binarized images; null: as they are.</param>
    /// <param name="withMirrored">After the images, their mirror images.</param>
    /// <exception cref="ArgumentException">A conditional model does not know the label of an image.</exception>
    public ModelInputs(VaeArchitecture architecture, ArtSet images, ulong? binarizationSeed = null, bool withMirrored = false)
    {
        (this.architecture, this.images, this.binarizationSeed) = (architecture, images, binarizationSeed);
        Count = checked(images.Images.Count * (withMirrored ? 2 : 1));
        int[]? labelOf = ModelLabels.Of(architecture, images);
        LabelOf = withMirrored && labelOf != null ? [.. labelOf, .. labelOf] : labelOf;
    }

    /// <summary>N</summary>
    public int Count { get; }

    /// <summary>Values of a part, where a batch is not more: 128 MiB.</summary>
    public int PartValues { get; init; } = 1 << 25;

    /// <summary>Values of an image.</summary>
    public int Each => architecture.Values;

    /// <summary>Of a conditional model: the place of each image's label in its list; else null.</summary>
    public int[]? LabelOf { get; }

    /// <summary>Some of them, [count, H, W, C].</summary>
    public float[] Of(int first, int count)
    {
        int plain = Math.Clamp(images.Images.Count - first, 0, count);
        if (plain == count)
            return Plain(first, count);
        float[] mirrored = Mirror(Plain(first + plain - images.Images.Count, count - plain), images.Width, architecture.ImageChannels);
        return plain == 0 ? mirrored : [.. Plain(first, plain), .. mirrored];
    }

    /// <summary>All of them, [N, H, W, C], where they are known to be few.</summary>
    public float[] All() => Of(0, Count);

    /// <summary>Where parts that are handled at once begin, and how many images each has.</summary>
    /// <param name="batch">All but the last part are whole batches of so many.</param>
    public IEnumerable<(int First, int Count)> Parts(int batch)
    {
        int part = batch * Math.Max(1, PartValues / checked(batch * Each));
        for (int first = 0; first < Count; first += part)
            yield return (first, Math.Min(part, Count - first));
    }

    /// <inheritdoc cref="VaeRunner.Encode"/>
    public (float[] Mean, float[] LogVariance) Encode(VaeRunner runner)
    {
        int size = architecture.LatentSize;
        float[] mean = new float[checked(Count * size)], logVariance = new float[mean.Length];
        foreach ((int first, int count) in Parts(runner.Batch))
        {
            (float[] some, float[] theirs) = runner.Encode(Of(first, count), LabelsOf(first, count));
            some.CopyTo(mean, first * size);
            theirs.CopyTo(logVariance, first * size);
        }

        return (mean, logVariance);
    }

    /// <inheritdoc cref="VaeRunner.EncodeHead"/>
    public float[] EncodeHead(VaeRunner runner) => Run(runner, (x, labelOf) => runner.EncodeHead(x, labelOf));

    /// <inheritdoc cref="VaeRunner.EncodeCodes"/>
    public int[] EncodeCodes(VaeRunner runner) => Run(runner, (x, labelOf) => runner.EncodeCodes(x, labelOf));

    /// <summary>The labels of some of them; null where there are none.</summary>
    public int[]? LabelsOf(int first, int count) => LabelOf?[first..(first + count)];

    /// <summary>Images [count, H, W, C] with left and right exchanged.</summary>
    public static float[] Mirror(float[] x, int width, int channels)
    {
        var mirrored = new float[x.Length];
        for (int pixel = 0; pixel < x.Length / channels; pixel++)
        {
            int row = pixel / width, column = pixel % width;
            x.AsSpan(pixel * channels, channels).CopyTo(mirrored.AsSpan(((row * width) + width - 1 - column) * channels));
        }

        return mirrored;
    }

    private T[] Run<T>(VaeRunner runner, Func<float[], int[]?, T[]> run) =>
        [.. Parts(runner.Batch).SelectMany(part => run(Of(part.First, part.Count), LabelsOf(part.First, part.Count)))];

    private float[] Plain(int first, int count)
    {
        var x = new float[checked(count * Each)];
        ModelPixels.FromRgba8(architecture.Pixels, images.Pack(first, count), x);
        if (binarizationSeed is { } seed)
            Binarization.Apply(seed, x, Each, first);
        return x;
    }
}
