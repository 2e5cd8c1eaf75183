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
/// <param name="Reconstructions">Decoded from μ, [N, H, W, C].</param>
public sealed record ScoredImages(float[] Values, GaussianPosteriors Posteriors, float[] Reconstructions)
{
    public int Count => Posteriors.Count;

    /// <summary>Of a conditional model: the place of each image's label in its list.</summary>
    public IReadOnlyList<int>? LabelOf { get; init; }

    /// <summary>Values of one image.</summary>
    public int Each => Values.Length / Count;

    public static ScoredImages Of(VaeRunner runner, ArtSet images)
    {
        int[]? labelOf = ModelLabels.Of(runner.Architecture, images);
        float[] x = InputsOf(runner.Architecture, images);
        (float[] mean, float[] logVariance) = runner.Encode(x, labelOf);
        return new ScoredImages(x, new GaussianPosteriors(mean, logVariance, runner.Architecture.LatentSize), runner.Decode(mean, labelOf))
        {
            LabelOf = labelOf,
        };
    }

    /// <summary>The images as a model sees them, [N, H, W, C].</summary>
    public static float[] InputsOf(VaeArchitecture architecture, ArtSet images)
    {
        var x = new float[images.Images.Count * architecture.Values];
        ModelPixels.FromRgba8(architecture.Pixels, images.Pack(), x);
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
