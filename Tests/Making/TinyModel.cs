using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Making;

/// <summary>A model of 8×8 images and 4 latents with random weights, and images to give it.</summary>
internal static class TinyModel
{
    public const int Side = 8;
    public const int LatentSize = 4;

    public static readonly VaeArchitecture Architecture = new(
        NetworkKind.Conv, Side, Side, LatentSize, [4], new LikelihoodOptions(LikelihoodKind.Laplace));

    /// <param name="device">Only asked which weights there are.</param>
    /// <param name="assets">Names; the latent of asset i is i in every dimension.</param>
    public static VaeModel Create(GpuDevice device, params string[] assets)
    {
        using var runner = new VaeRunner(device, Architecture);
        var random = new Random(1);
        WeightTensor Noise(IReadOnlyList<int> shape)
        {
            int count = shape.Aggregate(1, (a, b) => a * b);
            return new WeightTensor(shape, Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f).ToArray());
        }

        return new VaeModel(Architecture, runner.Parameters.ToDictionary(p => p.Name, p => Noise(p.LogicalShape)))
        {
            Scale = 0.25,
            Priors = [new GaussianMixturePrior([1], new float[LatentSize], Identity()), new StandardNormalPrior(LatentSize)],
            Assets = assets.Select((name, i) => new AssetLatent(name, "", Enumerable.Repeat((float)i, LatentSize).ToArray())).ToArray(),
            Provenance = new Dictionary<string, string> { ["options"] = new TrainingOptions { Steps = 1, HeldOutFraction = 0.3 }.ToJson() },
        };
    }

    /// <summary>Opaque noise, named 00.png, 01.png …</summary>
    public static ArtSet Images(int count)
    {
        var random = new Random(2);
        return new ArtSet(Side, Side, Enumerable.Range(0, count).Select(i =>
        {
            var rgba = new byte[4 * Side * Side];
            random.NextBytes(rgba);
            return new ArtImage($"{i:D2}.png", "", rgba);
        }).ToArray());
    }

    private static float[] Identity() =>
        Enumerable.Range(0, LatentSize * LatentSize).Select(i => i % (LatentSize + 1) == 0 ? 1f : 0f).ToArray();
}
