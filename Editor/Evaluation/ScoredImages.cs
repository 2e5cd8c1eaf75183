using System;
using VaeProcgen.Editor.Dataset;
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

    /// <summary>Values of one image.</summary>
    public int Each => Values.Length / Count;

    public static ScoredImages Of(VaeRunner runner, ArtSet images)
    {
        float[] x = InputsOf(runner.Architecture, images);
        Posteriors posteriors = Posteriors.Of(runner, x);
        return new ScoredImages(x, posteriors, runner.Decode(posteriors.Centres));
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
