using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Objectives;
using VaeProcgen.Editor.Training.Features;
using VaeProcgen.Editor.Training.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// One training step as operators: gather a batch, encode, draw latents, decode, score, and weigh by the objective; then backward
/// and AdamW. The loss is in nats an image.
/// </summary>
public sealed class VaeTrainingGraph
{
    private readonly GatherLabels? labels;
    private readonly LatentVariable variable;
    private readonly Operator loss;
    private readonly Tensor klTotal = new("KL total", Shape.Vector(4));
    private readonly Tensor nllTotal = new("−log p total", Shape.Vector(4));
    private readonly List<KernelSpec> figures = [];
    private readonly Tensor[] constants;

    /// <param name="mostSteps">Of a submission.</param>
    /// <param name="isStreamed">See <see cref="TrainingImages"/>.</param>
    /// <param name="inFlight">Submissions at a time.</param>
    public VaeTrainingGraph(
        VaeArchitecture architecture, TrainingOptions options, int imageCount, int mostSteps, bool isStreamed = false, int inFlight = RecordedTraining.MostInFlight)
    {
        Architecture = architecture;
        Parameters = new ParameterSet("weights") { Mixed = options.Precision == Precision.Mixed ? new MixedPrecision() : null };
        Objective objective = Objective.Find(options.Objective);
        Optimizer = new AdamWOptions(Epsilon: (float)options.AdamEpsilon, WeightDecay: (float)options.WeightDecay, MaxGradientNorm: (float)options.MaxGradientNorm);
        Table = new StepTable(inFlight * mostSteps, options.Batch);
        Source = new TrainingImages(architecture, imageCount, mostSteps, options.Batch, isStreamed, inFlight);
        Gather = new GatherImages(Source.Pixels, Table.Step, options.Batch, architecture.Height, architecture.Width, options.Augmentation, architecture.Packing, options.Binarize);
        if (Source.Labels != null)
            labels = new GatherLabels(Source.Labels, Table.Step, options.Batch);

        Head = VaeNetwork.AddEncoder(Graph, Parameters, architecture, Gather.Output, labels?.Output);
        variable = LatentVariable.Create(new LatentContext(Graph, Parameters, architecture, options, Head, labels?.Output, Table.Step));
        Tensor drawn = variable.Draw();
        WeightedGradient? weighted = options.Estimator == GradientEstimator.DoublyReparameterized ? new WeightedGradient("doubly reparameterized", drawn) : null;
        Latents = weighted == null ? drawn : Graph.Add(weighted);
        Logits = VaeNetwork.AddDecoder(Graph, Parameters, architecture, Latents, labels?.Output);
        Reconstruction = new Likelihood("likelihood", Logits, Gather.Output, architecture.Likelihood, Table.Step, Parameters);
        Tensor nll;
        if (options.FeatureSteps > 0)
        {
            Features = new FeatureReconstruction(Graph, architecture, Logits, Gather.Output);
            nll = Features.NegativeLogLikelihood;
            figures.AddRange(Reconstruction.Forward());
        }
        else
        {
            nll = Graph.Add(Reconstruction);
        }

        Tensor? term = objective.LatentTerm switch
        {
            LatentTerm.Divergence => variable.Divergence(),
            LatentTerm.LogRatio => variable.LogRatio(Latents, detachPosterior: weighted != null),
            _ => null,
        };
        if (options.Estimator == GradientEstimator.ScoreFunction)
            Graph.Add(new ScoreFunction("score function", nll, Head, drawn, options.Samples));
        loss = objective.Loss(new ObjectiveInputs
        {
            NegativeLogLikelihood = nll,
            LatentTerm = term,
            Head = objective.ReadsPosterior ? Head : null,
            Latents = Latents,
            Step = Table.Step,
            Samples = options.Samples,
            DatasetSize = imageCount,
            Setting = options.Setting,
        });
        Graph.Add(loss);
        if (weighted != null)
            weighted.Weights = ((ImportanceWeightedLoss)loss).Weights;
        ShowsKlOfRows = objective.LatentTerm == LatentTerm.LogRatio;
        constants = options.Estimator == GradientEstimator.ScoreFunction ? [Gather.Output, drawn] : [Gather.Output];
        figures.Add(Reduction.Total(Reconstruction.Output, nllTotal) with { Label = "figures" });
        ShowKl(term);
        AdamW = new AdamW(Parameters, Table.Step, Optimizer);
    }

    public VaeArchitecture Architecture { get; }

    public Graph Graph { get; } = new();

    public ParameterSet Parameters { get; }

    public StepTable Table { get; }

    /// <summary>What batches are gathered from.</summary>
    public TrainingImages Source { get; }

    public GatherImages Gather { get; }

    /// <summary>What the encoder gives: of flat Gaussian latents [N, 2Z] = (μ | log σ²).</summary>
    public Tensor Head { get; }

    /// <summary>[N·K, Z]: what the decoder reads.</summary>
    public Tensor Latents { get; }

    /// <summary>[N·K, Z]: the noise of Gaussian latents.</summary>
    public Tensor Epsilon => ((GaussianLatent)variable).Epsilon;

    /// <summary>Of quantized latents: the codebook, which is carried from step to step.</summary>
    public Codebook? Codebook => (variable as QuantizedLatent)?.Codebook;

    public Tensor Logits { get; }

    /// <summary>−log p(x|z) of the pixels; where reconstructions are compared in features, a figure beside the loss.</summary>
    public Likelihood Reconstruction { get; }

    /// <summary>The reconstruction term in features; null: pixels are compared.</summary>
    public FeatureReconstruction? Features { get; }

    public AdamWOptions Optimizer { get; }

    public AdamW AdamW { get; }

    /// <summary>Whether the logged KL is a sum over rows, and not over images.</summary>
    public bool ShowsKlOfRows { get; }

    /// <summary>Whether there is a KL to log.</summary>
    public bool HasKl { get; private set; }

    /// <summary>What is carried from step to step beside weights and moments.</summary>
    public IReadOnlyList<Tensor> State => Parameters.Mixed is { } mixed ? [.. variable.State, mixed.LossScale] : variable.State;

    /// <summary>Forward and backward, without the update: leaves every gradient.</summary>
    public IReadOnlyList<KernelSpec> GradientKernels() =>
        [.. Table.Begin(), .. Gather.Forward(), .. labels?.Forward() ?? [], .. Graph.Prepare(), .. Features?.TargetKernels() ?? [], .. Graph.Forward(), .. Graph.Backward(constants).Kernels];

    /// <summary>A whole step.</summary>
    public IReadOnlyList<KernelSpec> StepKernels() =>
    [
        .. GradientKernels(), .. figures, .. variable.Update(), .. AdamW.Update(), .. Parameters.Mixed?.Update(AdamW.SquaredGradientNorm) ?? [],
        .. Table.End(
            Reconstruction.Totals, klTotal, loss.Output, AdamW.SquaredGradientNorm, nllTotal, Features?.Totals, Parameters.Mixed?.Used),
    ];

    /// <summary>The graph of a training of so many images on a device, which are streamed where they are too many for it.</summary>
    public static VaeTrainingGraph For(GpuDevice device, VaeArchitecture architecture, TrainingOptions options, int imageCount, int mostSteps)
    {
        (bool isStreamed, int steps, int inFlight) = TrainingImages.PlanFor(device, architecture, options, imageCount, mostSteps);
        return new VaeTrainingGraph(architecture, options, imageCount, steps, isStreamed, inFlight);
    }

    /// <summary>Puts the images, and their labels, where they are to lie.</summary>
    public void Upload(Workspace workspace, ArtSet images) => Source.Upload(workspace, images);

    /// <summary>The KL of the batch, for the log; zero where latents cost nothing.</summary>
    private void ShowKl(Tensor? term)
    {
        if (term == null && variable.ShownDivergence() is { } shown)
        {
            figures.AddRange(shown.Kernels);
            term = shown.Kl;
        }

        HasKl = term != null;
        if (term != null)
            figures.Add(Reduction.Total(term, klTotal) with { Label = "figures" });
    }
}
