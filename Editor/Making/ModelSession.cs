using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Making;

/// <summary>A model on a device, with images in and out instead of numbers.</summary>
public sealed class ModelSession : IDisposable
{
    /// <exception cref="GpuException">The device can't run the model.</exception>
    /// <exception cref="Runtime.ModelFile.ModelFileException">The model lacks weights that its architecture needs.</exception>
    public ModelSession(GpuDevice device, VaeModel model)
    {
        (Device, Model) = (device, model);
        Runner = new VaeRunner(device, model.Architecture);
        try
        {
            Runner.LoadWeights(model.WeightsOf);
        }
        catch
        {
            Runner.Dispose();
            throw;
        }
    }

    public GpuDevice Device { get; }

    public VaeModel Model { get; }

    public VaeRunner Runner { get; }

    /// <summary>Width and height of the images that the model takes and makes.</summary>
    /// <exception cref="ArgumentException">Its images are not square, so art can't be fitted to them.</exception>
    public static int SideOf(VaeModel model)
    {
        VaeArchitecture a = model.Architecture;
        return a.Width == a.Height ? a.Width : throw new ArgumentException(
            $"Images are fitted to squares, and this model's images are {a.Width}×{a.Height}. Use a model of square images.");
    }

    /// <summary>The images p(x|z) centres on, straight alpha, of latents [count, Z].</summary>
    /// <param name="labelOf">Of a conditional model: the label of each (<see cref="ModelLabels"/>).</param>
    public IReadOnlyList<PixelImage> Decode(ReadOnlySpan<float> latents, IReadOnlyList<int>? labelOf = null) =>
        ToImages(Model.Architecture, Runner.Decode(latents, labelOf));

    /// <summary>The posterior means μ, [count, Z], of images of the model's size.</summary>
    /// <param name="labelOf">Of a conditional model: the label of each.</param>
    /// <exception cref="ArgumentException">An image has another size.</exception>
    public float[] Encode(IReadOnlyList<PixelImage> images, IReadOnlyList<int>? labelOf = null)
    {
        VaeArchitecture a = Model.Architecture;
        var values = new float[images.Count * a.Values];
        for (int i = 0; i < images.Count; i++)
        {
            if (images[i].Width != a.Width || images[i].Height != a.Height)
            {
                throw new ArgumentException(
                    $"The model takes images of {a.Width}×{a.Height}; found {images[i].Width}×{images[i].Height}. Fit them first.");
            }

            ModelPixels.FromRgba8(a.Pixels, images[i].Rgba, values.AsSpan(i * a.Values, a.Values));
        }

        return Runner.Encode(values, labelOf).Mean;
    }

    /// <summary>What the model makes of the images: decoded from their posterior means.</summary>
    /// <param name="labelOf">Of a conditional model: the label of each.</param>
    public IReadOnlyList<PixelImage> Reconstruct(IReadOnlyList<PixelImage> images, IReadOnlyList<int>? labelOf = null) =>
        Decode(Encode(images, labelOf), labelOf);

    /// <summary>New images: draws 0 to count − 1 of the seed's sequence.</summary>
    /// <param name="prior">One of the model's priors.</param>
    /// <param name="temperature">1: as fitted; less is more typical.</param>
    /// <param name="labelOf">Of a conditional model: the label of each; null: its labels in turn.</param>
    public IReadOnlyList<PixelImage> Sample(
        ILatentPrior prior, ulong seed, int count, float temperature = 1, IReadOnlyList<int>? labelOf = null)
    {
        labelOf ??= ModelLabels.InTurn(Model.Architecture, count);
        return Decode(LatentPriors.SampleMany(prior, seed, 0, count, temperature, labelOf), labelOf);
    }

    public void Dispose() => Runner.Dispose();

    /// <summary>Straight-alpha images of a model's values [count, H, W, C].</summary>
    public static IReadOnlyList<PixelImage> ToImages(VaeArchitecture a, float[] values) =>
        values.Chunk(a.Values).Select(image => new PixelImage(a.Width, a.Height, ModelPixels.ToRgba8(a.Pixels, image))).ToArray();
}
