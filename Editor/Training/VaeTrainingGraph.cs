using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// One VAE training step as operators: gather a batch, encode, reparameterize, decode, score; then backward and AdamW. The loss is
/// the batch mean of −log p(x|z) + β KL(q(z|x) ‖ N(0, I)), in nats: the negative ELBO for β = 1.
/// </summary>
public sealed class VaeTrainingGraph
{
    public VaeTrainingGraph(VaeArchitecture architecture, TrainingOptions options, int imageCount, int mostSteps)
    {
        Architecture = architecture;
        Optimizer = OptimizerOptions(options);
        Table = new StepTable(mostSteps, options.Batch);
        Images = new Tensor("resident images", Shape.Vector(checked(imageCount * architecture.Width * architecture.Height))) { HasZerosPastEnd = false };
        Gather = new GatherImages(Images, Table.Step, options.Batch, architecture.Height, architecture.Width, options.Augmentation);
        Head = VaeNetwork.AddEncoder(Graph, Parameters, architecture, Gather.Output);
        Posterior = new Reparameterize("posterior", Head, Table.Step);
        Logits = VaeNetwork.AddDecoder(Graph, Parameters, architecture, Graph.Add(Posterior));
        Reconstruction = new Likelihood("likelihood", Logits, Gather.Output, architecture.Likelihood, Table.Step);
        Kl = new GaussianKl("KL", Head, Table.Step);
        Graph.Add(Reconstruction);
        Graph.Add(Kl);
        AdamW = new AdamW(Parameters, Table.Step, Optimizer);
    }

    public VaeArchitecture Architecture { get; }

    public Graph Graph { get; } = new();

    public ParameterSet Parameters { get; } = new("weights");

    public StepTable Table { get; }

    /// <summary>Words: RGBA8 of all training images.</summary>
    public Tensor Images { get; }

    public GatherImages Gather { get; }

    /// <summary>[N, 2Z] = (μ | log σ²)</summary>
    public Tensor Head { get; }

    public Reparameterize Posterior { get; }

    public Tensor Logits { get; }

    public Likelihood Reconstruction { get; }

    public GaussianKl Kl { get; }

    public AdamWOptions Optimizer { get; }

    public AdamW AdamW { get; }

    /// <summary>Forward and backward, without the update: leaves every gradient.</summary>
    public IReadOnlyList<KernelSpec> GradientKernels() =>
        [.. Table.Begin(), .. Gather.Forward(), .. Graph.Prepare(forBackward: true), .. Graph.Forward(), .. Graph.Backward(Gather.Output).Kernels];

    /// <summary>A whole step.</summary>
    public IReadOnlyList<KernelSpec> StepKernels() =>
        [.. GradientKernels(), .. AdamW.Update(), .. Table.End(Reconstruction.Output, Kl.Output, AdamW.SquaredGradientNorm)];

    /// <summary>Puts the images on the device, once.</summary>
    public void Upload(Workspace workspace, ArtSet images) =>
        workspace.Upload<uint>(Images, MemoryMarshal.Cast<byte, uint>(images.Pack()));

    private static AdamWOptions OptimizerOptions(TrainingOptions options) =>
        new(WeightDecay: (float)options.WeightDecay, MaxGradientNorm: (float)options.MaxGradientNorm);
}
