using System;
using VaeProcgen.Editor.Dataset;
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

    /// <summary>Values of one image.</summary>
    public int Each => Values.Length / Count;

    /// <param name="runner">The model.</param>
    /// <param name="images">Of the model's size.</param>
    /// <param name="binarizationSeed">Of a model that sees binarized images; null: as they are.</param>
    public static ScoredImages Of(VaeRunner runner, ArtSet images, ulong? binarizationSeed = null)
    {
        float[] x = InputsOf(runner.Architecture, images, binarizationSeed);
        (float[] mean, float[] logVariance) = runner.Encode(x);
        return new ScoredImages(x, new GaussianPosteriors(mean, logVariance, runner.Architecture.LatentSize), runner.Decode(mean));
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
