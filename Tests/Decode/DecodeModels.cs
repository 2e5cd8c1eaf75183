using System.Linq;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Models;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Decode;

/// <summary>Small models with drawn weights, latents for them, and what they must decode to, by way of <see cref="VaeRunner"/>.</summary>
internal static class DecodeModels
{
    public static VaeModel Plain(PixelFormat pixels = PixelFormat.Rgba) => Of(TinyModel.Architecture with { Pixels = pixels });

    public static VaeModel Of(VaeArchitecture architecture)
    {
        var parameters = new ParameterSet("weights");
        var labels = new Tensor("labels", Shape.Vector(1));
        var images = new Tensor("images", GatherImages.ShapeOf(architecture.Packing, 1, architecture.Height, architecture.Width));
        VaeNetwork.AddEncoder(new Graph(), parameters, architecture, images, labels);
        VaeNetwork.AddDecoder(new Graph(), parameters, architecture, new Tensor("latents", Shape.Matrix(1, architecture.LatentSize)), labels);
        if (architecture.IsConditional)
            VaeNetwork.LabelPriorOf(parameters, architecture, labels);
        return new VaeModel(architecture, parameters.Parameters.ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, TinyModel.Draw(p))));
    }

    /// <summary>Latents with N(0, 1)-sized values; the label of number i is i modulo the labels.</summary>
    public static Latent[] Latents(VaeArchitecture a, int count, int seed = 1) => Enumerable.Range(0, count).Select(i => new Latent(
        TestData.Uniform(a.LatentSize, (1000 * seed) + i).Select(u => (float)(2 * u)).ToArray(), a.IsConditional ? i % a.Labels.Count : -1)).ToArray();

    /// <summary>Straight-alpha RGBA8 of each, by the way that training and evaluation take.</summary>
    public static byte[] Expected(GpuDevice device, VaeModel model, Latent[] latents)
    {
        using var runner = new VaeRunner(device, model.Architecture, batch: 4);
        runner.LoadWeights(model.WeightsOf);
        float[] z = latents.SelectMany(l => l.Values.ToArray()).ToArray();
        int[]? labels = model.Architecture.IsConditional ? latents.Select(l => l.Label).ToArray() : null;
        return ModelPixels.ToRgba8(model.Architecture.Pixels, runner.Decode(z, labels));
    }
}
