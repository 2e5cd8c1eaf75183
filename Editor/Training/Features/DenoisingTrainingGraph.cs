using System.Collections.Generic;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
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
    private readonly Likelihood likelihood;
    private readonly MeanLoss loss;
    private readonly Tensor nllTotal = new("−log p total", Shape.Vector(4));
    private readonly Tensor none = new("no figure", Shape.Vector(4));

    /// <param name="autoencoder">See <see cref="FeatureNetwork.Autoencoder"/>.</param>
    /// <param name="options">Batch, augmentation, and how to optimise.</param>
    /// <param name="imageCount">Images in the training set.</param>
    /// <param name="mostSteps">In a submission.</param>
    /// <param name="isStreamed">See <see cref="TrainingImages"/>.</param>
    /// <param name="inFlight">Submissions at a time.</param>
    public DenoisingTrainingGraph(
        VaeArchitecture autoencoder, TrainingOptions options, int imageCount, int mostSteps, bool isStreamed = false, int inFlight = RecordedTraining.MostInFlight)
    {
        Optimizer = new AdamWOptions(WeightDecay: (float)options.WeightDecay, MaxGradientNorm: (float)options.MaxGradientNorm);
        Table = new StepTable(inFlight * mostSteps, options.Batch);
        Source = new TrainingImages(autoencoder, imageCount, mostSteps, options.Batch, isStreamed, inFlight);
        gather = new GatherImages(Source.Pixels, Table.Step, options.Batch, autoencoder.Height, autoencoder.Width, options.Augmentation, autoencoder.Packing);
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

    /// <summary>What batches are gathered from.</summary>
    public TrainingImages Source { get; }

    public AdamWOptions Optimizer { get; }

    public AdamW AdamW { get; }

    /// <summary>A whole step.</summary>
    public IReadOnlyList<KernelSpec> StepKernels() =>
    [
        .. Table.Begin(), .. gather.Forward(), .. corrupt.Forward(), .. graph.Prepare(), .. graph.Forward(),
        .. graph.Backward(corrupt.Output).Kernels, Reduction.Total(likelihood.Output, nllTotal), .. AdamW.Update(),
        .. Table.End(likelihood.Totals, none, loss.Output, AdamW.SquaredGradientNorm, nllTotal),
    ];

    /// <summary>The graph of a training of so many images on a device, which are streamed where they are too many for it.</summary>
    public static DenoisingTrainingGraph For(GpuDevice device, VaeArchitecture autoencoder, TrainingOptions options, int imageCount, int mostSteps)
    {
        (bool isStreamed, int steps, int inFlight) = TrainingImages.PlanFor(device, autoencoder, options, imageCount, mostSteps);
        return new DenoisingTrainingGraph(autoencoder, options, imageCount, steps, isStreamed, inFlight);
    }
}
