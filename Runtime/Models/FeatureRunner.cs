using System;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>The <see cref="FeatureNetwork"/> of a model on a device: images to features.</summary>
public sealed class FeatureRunner : IDisposable
{
    private const int Batch = 64;

    private readonly Workspace workspace;
    private readonly Tensor images;
    private readonly Tensor features;
    private readonly GpuProgram program;

    /// <exception cref="ArgumentException">The model has no feature network.</exception>
    /// <exception cref="ModelFile.ModelFileException">Its weights are not those that its architecture needs.</exception>
    public FeatureRunner(GpuDevice device, VaeModel model)
    {
        if (model.FeatureWeights.Count == 0)
            throw new ArgumentException("The model has no feature network. One that 'train --features STEPS' made has.");
        Architecture = model.Architecture;
        var graph = new Graph();
        var parameters = new ParameterSet("feature weights") { IsFrozen = true };
        images = new Tensor("images", GatherImages.ShapeOf(Architecture.Packing, Batch, Architecture.Height, Architecture.Width));
        features = FeatureNetwork.Add(graph, parameters, Architecture, images);
        var stored = new float[parameters.Count];
        foreach (Parameter parameter in parameters.Parameters)
            parameter.Scatter(model.FeatureWeightsOf(parameter), stored);
        workspace = new Workspace(device);
        program = new GpuProgram(workspace, "features", [.. graph.Prepare(), .. graph.Forward()]);
        workspace.Upload<float>(parameters.Values, stored);
    }

    /// <summary>Of the model.</summary>
    public VaeArchitecture Architecture { get; }

    /// <summary>Features of an image.</summary>
    public int Count => features.Shape.H * features.Shape.W * features.Shape.C;

    /// <summary>The features, [count, <see cref="Count"/>], of images [count, H, W, C] as the model sees them.</summary>
    public float[] Run(ReadOnlySpan<float> values)
    {
        int each = Architecture.Values, count = values.Length / each;
        if (values.Length != count * each)
            throw new ArgumentException($"Expected whole images of {each} values; found {values.Length} values.");
        var result = new float[count * Count];
        for (int first = 0; first < count; first += Batch)
        {
            int n = Math.Min(Batch, count - first);
            workspace.Upload<float>(images, VaeRunner.Pad(Architecture, values.Slice(first * each, n * each)));
            program.Run();
            workspace.Download<float>(features).AsSpan(0, n * Count).CopyTo(result.AsSpan(first * Count));
        }

        return result;
    }

    public void Dispose()
    {
        program.Dispose();
        workspace.Dispose();
    }
}
