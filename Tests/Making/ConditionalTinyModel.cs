using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Tests.Making;

/// <summary>As <see cref="TinyModel"/>, conditional: random weights, and the labels blue and red.</summary>
internal static class ConditionalTinyModel
{
    public static readonly VaeArchitecture Architecture = TinyModel.Architecture with { Labels = ["blue", "red"] };

    private static readonly TrainingOptions Options = new() { Steps = 1, HeldOutFraction = 0.3, Conditional = true };

    /// <param name="assets">Names such as red/a.png, whose first part is the label; the latent of asset i is i in every dimension.</param>
    public static VaeModel Create(GpuDevice device, params string[] assets)
    {
        using var runner = new VaeRunner(device, Architecture);
        var random = new Random(1);
        WeightTensor Noise(IReadOnlyList<int> shape) =>
            new(shape, Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f).ToArray());
        return new VaeModel(Architecture, runner.Parameters.ToDictionary(p => p.Name, p => Noise(p.LogicalShape)))
        {
            Scale = 0.25,
            Assets = assets.Select(Asset).ToArray(),
            Provenance = new Dictionary<string, string> { ["options"] = Options.ToJson() },
        };

        static AssetLatent Asset(string name, int i) =>
            new(name, name.Split('/')[0], Enumerable.Repeat((float)i, TinyModel.LatentSize).ToArray());
    }

    /// <summary>Opaque noise, blue/00.png, red/01.png and so on.</summary>
    public static ArtSet Images(int count)
    {
        ArtSet plain = TinyModel.Images(count);
        return new ArtSet(plain.Width, plain.Height, plain.Images.Select((image, i) =>
        {
            string label = Architecture.Labels[i % 2];
            return image with { Name = $"{label}/{image.Name}", Label = label };
        }).ToArray());
    }
}
