using System.Collections.Generic;
using System.Runtime.InteropServices;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training.Features;

/// <summary>
/// One step of training the denoising autoencoder: gather a batch, corrupt it, encode, decode, and compare with the clean images. The
/// loss is −log p(x|z) in nats an image, Gaussian of the optimal scale.
/// </summary>
public sealed class DenoisingTrainingGraph
{
    /// <summary>Deviation of the noise that is added to every value, beside the rectangle that is deleted.</summary>
    private const float Noise = 0.05f;

    private readonly GatherImages gather;
    private readonly Corrupt corrupt;
    private readonly Graph graph = new();
    private readonly VaeArchitecture architecture;
    private readonly Likelihood likelihood;
    private readonly MeanLoss loss;
    private readonly Tensor nllTotal = new("−log p total", Shape.Vector(4));
    private readonly Tensor none = new("no figure", Shape.Vector(4));

    /// <param name="autoencoder">See <see cref="FeatureNetwork.Autoencoder"/>.</param>
    /// <param name="options">Batch, augmentation, and how to optimise.</param>
    /// <param name="imageCount">Images in the training set.</param>
    /// <param name="mostSteps">In a submission.</param>
    public DenoisingTrainingGraph(VaeArchitecture autoencoder, TrainingOptions options, int imageCount, int mostSteps)
    {
        architecture = autoencoder;
        Optimizer = new AdamWOptions(WeightDecay: (float)options.WeightDecay, MaxGradientNorm: (float)options.MaxGradientNorm);
        Table = new StepTable(RecordedTraining.MostInFlight * mostSteps, options.Batch);
        int words = checked(imageCount * autoencoder.Width * autoencoder.Height / (autoencoder.Pixels == PixelFormat.Rgba ? 1 : 4));
        Images = new Tensor("resident images", Shape.Vector(words)) { HasZerosPastEnd = false };
        gather = new GatherImages(Images, Table.Step, options.Batch, autoencoder.Height, autoencoder.Width, options.Augmentation, autoencoder.Packing);
        corrupt = new Corrupt(gather.Output, Table.Step, Noise, autoencoder.Packing);
        Tensor point = VaeNetwork.AddEncoder(graph, Parameters, autoencoder, corrupt.Output);
        Tensor logits = VaeNetwork.AddDecoder(graph, Parameters, autoencoder, point);
        likelihood = new Likelihood("likelihood", logits, gather.Output, autoencoder.Likelihood);
        loss = new MeanLoss("denoising loss", graph.Add(likelihood));
        graph.Add(loss);
        AdamW = new AdamW(Parameters, Table.Step, Optimizer);
    }

    public ParameterSet Parameters { get; } = new("autoencoder weights");

    public StepTable Table { get; }

    /// <summary>Words: 8-bit pixels of all training images.</summary>
    public Tensor Images { get; }

    public AdamWOptions Optimizer { get; }

    public AdamW AdamW { get; }

    /// <summary>A whole step.</summary>
    public IReadOnlyList<KernelSpec> StepKernels() =>
    [
        .. Table.Begin(), .. gather.Forward(), .. corrupt.Forward(), .. graph.Prepare(forBackward: true), .. graph.Forward(),
        .. graph.Backward(corrupt.Output).Kernels, Reduction.Total(likelihood.Output, nllTotal), .. AdamW.Update(),
        .. Table.End(likelihood.Totals, none, loss.Output, AdamW.SquaredGradientNorm, nllTotal),
    ];

    /// <summary>Puts the images on the device, once.</summary>
    public void Upload(Workspace workspace, ArtSet images) =>
        workspace.Upload<uint>(Images, MemoryMarshal.Cast<byte, uint>(ModelPixels.Pack(architecture.Pixels, images.Pack())));
}
