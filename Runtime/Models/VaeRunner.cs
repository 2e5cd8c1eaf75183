using System;
using System.Collections.Generic;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>
/// A trained model ready to run on a device: images to posteriors, latents to images. Work is done in batches of a fixed size; of a
/// last, smaller batch the other rows are computed too, and dropped: no row depends on another.
/// </summary>
public sealed class VaeRunner : IDisposable
{
    private readonly Workspace workspace;
    private readonly ParameterSet parameters = new("weights");
    private readonly Tensor images;
    private readonly Tensor head;
    private readonly Tensor latents;
    private readonly Tensor decoded;
    private readonly GpuProgram prepare;
    private readonly GpuProgram encode;
    private readonly GpuProgram decode;

    /// <param name="device">Where to run.</param>
    /// <param name="architecture">Which networks.</param>
    /// <param name="batch">Images a batch.</param>
    public VaeRunner(GpuDevice device, VaeArchitecture architecture, int batch = 64)
    {
        Architecture = architecture;
        Batch = batch;
        workspace = new Workspace(device);
        var encoder = new Graph();
        var decoder = new Graph();
        images = new Tensor("images", new Shape(batch, architecture.Height, architecture.Width, VaeArchitecture.ImageChannels));
        head = VaeNetwork.AddEncoder(encoder, parameters, architecture, images);
        latents = new Tensor("latents", Shape.Matrix(batch, architecture.LatentSize));
        decoded = VaeNetwork.AddDecoder(decoder, parameters, architecture, latents);
        if (architecture.Likelihood.Link == LikelihoodLink.Sigmoid)
            decoded = decoder.Add(new ActivationLayer("decoder.mean", decoded, Activation.Sigmoid));
        prepare = new GpuProgram(workspace, "prepare weights", [.. encoder.Prepare(forBackward: false), .. decoder.Prepare(forBackward: false)]);
        encode = new GpuProgram(workspace, "encode", encoder.Forward());
        decode = new GpuProgram(workspace, "decode", decoder.Forward());
    }

    public VaeArchitecture Architecture { get; }

    public int Batch { get; }

    public IReadOnlyList<Parameter> Parameters => parameters.Parameters;

    /// <summary>Takes weights by parameter name, unpadded.</summary>
    /// <param name="weights">Gives the values of a parameter of a shape.</param>
    public void LoadWeights(Func<Parameter, float[]> weights)
    {
        var stored = new float[parameters.Count];
        foreach (Parameter parameter in parameters.Parameters)
            parameter.Scatter(weights(parameter), stored);
        workspace.Upload<float>(parameters.Values, stored);
        prepare.Run();
        workspace.Device.WaitIdle();
    }

    /// <summary>Posterior means and log variances, each [count, Z], of premultiplied images [count, H, W, 4] in [0, 1].</summary>
    public (float[] Mean, float[] LogVariance) Encode(ReadOnlySpan<float> premultiplied)
    {
        int values = Architecture.Values, z = Architecture.LatentSize, count = premultiplied.Length / values;
        RequireWhole(premultiplied.Length, values, "images", $"{Architecture.Width}×{Architecture.Height}×4");
        float[] mean = new float[count * z], logVariance = new float[count * z];
        for (int first = 0; first < count; first += Batch)
        {
            int n = Math.Min(Batch, count - first);
            workspace.Upload(images, premultiplied.Slice(first * values, n * values));
            encode.Run();
            float[] result = workspace.Download<float>(head);
            for (int i = 0; i < n; i++)
            {
                result.AsSpan(i * 2 * z, z).CopyTo(mean.AsSpan((first + i) * z));
                result.AsSpan((i * 2 * z) + z, z).CopyTo(logVariance.AsSpan((first + i) * z));
            }
        }

        return (mean, logVariance);
    }

    /// <summary>Means of p(x|z), premultiplied [count, H, W, 4], of latents [count, Z].</summary>
    public float[] Decode(ReadOnlySpan<float> z)
    {
        int values = Architecture.Values, size = Architecture.LatentSize, count = z.Length / size;
        RequireWhole(z.Length, size, "latents", $"{size}");
        var result = new float[count * values];
        for (int first = 0; first < count; first += Batch)
        {
            int n = Math.Min(Batch, count - first);
            workspace.Upload(latents, z.Slice(first * size, n * size));
            decode.Run();
            workspace.Download<float>(decoded).AsSpan(0, n * values).CopyTo(result.AsSpan(first * values));
        }

        return result;
    }

    public void Dispose()
    {
        decode.Dispose();
        encode.Dispose();
        prepare.Dispose();
        workspace.Dispose();
    }

    private static void RequireWhole(int length, int each, string what, string extent)
    {
        if (length % each != 0)
            throw new ArgumentException($"Expected whole {what} of {extent} values; found {length} values, which is {(double)length / each:0.##} of them.");
    }
}
