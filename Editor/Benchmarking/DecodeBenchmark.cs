using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Benchmarking;

/// <summary>Times of decoding a batch, from latents in the host's memory to finished pixels.</summary>
/// <param name="Readback">To the host's memory; else to layers of an image on the device, until they are there.</param>
/// <param name="Timings">One batch at a time.</param>
public sealed record DecodeTimings(bool Readback, Timings Timings);

/// <summary>Measures the decoder of a model as a game would use it.</summary>
public static class DecodeBenchmark
{
    /// <summary>The batches that are measured unless one is named.</summary>
    public static IReadOnlyList<int> Batches { get; } = [1, 16, 64, 256];

    /// <summary>Each batch with and without readback.</summary>
    /// <param name="seconds">How long to measure each.</param>
    public static IReadOnlyList<DecodeTimings> Measure(GpuDevice device, VaeModel model, IReadOnlyList<int> batches, double seconds)
    {
        using var texture = new TextureModel(device, model);
        return batches.SelectMany(batch => new[] { ToHost(texture, batch, seconds), ToImage(device, texture, batch, seconds) }).ToList();
    }

    /// <summary>A model with made-up weights, which take as long as any: for its speed alone.</summary>
    public static VaeModel MadeUp(GpuDevice device, VaeArchitecture architecture)
    {
        using var runner = new VaeRunner(device, architecture, batch: 1);
        return new VaeModel(architecture, runner.Parameters.ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, WeightsOf(p.LogicalShape))));
    }

    /// <summary>
    /// What is timed, for others to check: latents [N, Z], the decoder's values [N, H, W, C] (premultiplied) as float32, and the finished
    /// pixels [N, H, W, 4] (straight alpha) as bytes, in a safetensors file.
    /// </summary>
    public static void Dump(GpuDevice device, VaeModel model, int count, string path)
    {
        VaeArchitecture a = model.Architecture;
        Latent[] latents = Latents(model, count);
        float[] flat = latents.SelectMany(z => z.Values.ToArray()).ToArray();
        using var runner = new VaeRunner(device, a, count);
        runner.LoadWeights(model.WeightsOf);
        float[] values = runner.Decode(flat, a.IsConditional ? latents.Select(z => z.Label).ToArray() : null);
        using var texture = new TextureModel(device, model);
        var pixels = new byte[count * texture.BytesOf()];
        texture.Decode(latents, pixels);

        var file = new SafetensorsWriter();
        file.AddFloats("latents", flat, count, a.LatentSize);
        file.AddFloats("values", values, count, a.Height, a.Width, a.ImageChannels);
        file.AddBytes("pixels", DType.U8, pixels, count, a.Height, a.Width, 4);
        file.Save(path);
    }

    private static DecodeTimings ToHost(TextureModel texture, int batch, double seconds)
    {
        Latent[] latents = Latents(texture.File, batch);
        var pixels = new byte[batch * texture.BytesOf()];
        return new DecodeTimings(true, StepBenchmark.Measure("decode", batch, seconds, () => texture.Decode(latents, pixels)));
    }

    private static DecodeTimings ToImage(GpuDevice device, TextureModel texture, int batch, double seconds)
    {
        Latent[] latents = Latents(texture.File, batch);
        int[] layers = Enumerable.Range(0, batch).ToArray();
        using GpuImage image = device.CreateImage(new GpuImageInfo(texture.Width, texture.Height, batch), "benchmark");
        return new DecodeTimings(false, StepBenchmark.Measure("decode", batch, seconds, () => device.Wait(texture.Decode(latents, image, layers))));
    }

    /// <summary>Values from −1 to 1.</summary>
    private static Latent[] Latents(VaeModel model, int count)
    {
        (int size, int label) = (model.Architecture.LatentSize, model.Architecture.IsConditional ? 0 : -1);
        return Enumerable.Range(0, count)
            .Select(i => new Latent(Enumerable.Range(i * size, size).Select(j => 0.1f * ((j % 21) - 10)).ToArray(), label))
            .ToArray();
    }

    private static float[] WeightsOf(IReadOnlyList<int> shape) =>
        Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => 0.01f * ((i % 17) - 8)).ToArray();
}
