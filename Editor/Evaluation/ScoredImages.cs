using System;
using System.Collections.Generic;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>Images beside what a model makes of them.</summary>
/// <param name="Values">As the model sees them, [N, H, W, C].</param>
/// <param name="Posteriors">q(z|x) of each.</param>
/// <param name="Reconstructions">Decoded from the posteriors' centres, [N, H, W, C].</param>
public sealed record ScoredImages(float[] Values, Posteriors Posteriors, float[] Reconstructions)
{
    public int Count => Posteriors.Count;

    /// <summary>Of a conditional model: the place of each image's label in its list.</summary>
    public IReadOnlyList<int>? LabelOf { get; init; }

    /// <summary>Values of one image.</summary>
    public int Each => Values.Length / Count;

    /// <param name="runner">The model.</param>
    /// <param name="images">Of the model's size.</param>
    /// <param name="binarizationSeed">Of a model that sees binarized images; null: as they are.</param>
    public static ScoredImages Of(VaeRunner runner, ArtSet images, ulong? binarizationSeed = null)
    {
        int[]? labelOf = ModelLabels.Of(runner.Architecture, images);
        float[] x = InputsOf(runner.Architecture, images, binarizationSeed);
        Posteriors posteriors = Posteriors.Of(runner, x, labelOf);
        return new ScoredImages(x, posteriors, runner.Decode(posteriors.Centres, labelOf)) { LabelOf = labelOf };
    }

    /// <summary>The images as a model sees them, [N, H, W, C].</summary>
    /// <param name="architecture">Of the model.</param>
    /// <param name="images">Of the model's size.</param>
    /// <param name="binarizationSeed">Of a model that sees binarized images; null: as they are.</param>
    public static float[] InputsOf(VaeArchitecture architecture, ArtSet images, ulong? binarizationSeed = null)
    {
        var x = new float[images.Images.Count * architecture.Values];
        ModelPixels.FromRgba8(architecture.Pixels, images.Pack(), x);
        if (binarizationSeed is { } seed)
            Binarization.Apply(seed, x, architecture.Values);
        return x;
    }

    /// <summary>The images as premultiplied RGBA, [N, H, W, 4].</summary>
    public static float[] Premultiply(ArtSet images)
    {
        byte[] rgba = images.Pack();
        var x = new float[rgba.Length];
        Premultiplied.FromRgba8(rgba, x);
        return x;
    }

    public ReadOnlySpan<float> Image(int n) => Values.AsSpan(n * Each, Each);
}
