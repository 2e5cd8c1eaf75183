using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// One step of training the prior over codes: a random position of each image of the batch, and the mean −log p of its code given
/// those before it, in nats a code. The network is that of <see cref="CodePrior"/>, with the same tensor names.
/// </summary>
public sealed class CodePriorTrainingGraph
{
    /// <summary>
    /// In 800 steps on the codes of 540 sprites, −log p of those held out ends at 1.88 nats a code, and rising, with 0; at 1.80 with 0.1
    /// and 0.25.
    /// </summary>
    public const float DefaultContextDrop = 0.2f;

    private const float SmallDeviation = 0.5f;
    private const float OutputGain = 0.1f;
    private readonly Graph graph = new();
    private readonly Tensor none = new("no figure", VaeProcgen.Shaders.Shape.Vector(4));

    /// <param name="shape">Of the prior.</param>
    /// <param name="imageCount">Grids of codes to learn from.</param>
    /// <param name="batch">Positions a step.</param>
    /// <param name="mostSteps">Most steps in a submission.</param>
    /// <param name="contextDrop">Share of the context's codes left out at random, against learning a small set by heart.</param>
    /// <param name="labelDrop">Share of the labels left out, so that samples can be drawn without one.</param>
    public CodePriorTrainingGraph(
        CodePriorShape shape, int imageCount, int batch, int mostSteps, float contextDrop = DefaultContextDrop, float labelDrop = 0.1f)
    {
        Shape = shape.Validate();
        Table = new StepTable(RecordedTraining.MostInFlight * mostSteps, batch);
        Codes = new Tensor("resident codes", Shaders.Shape.Vector(checked(imageCount * shape.Grid.Codes))) { HasZerosPastEnd = false };
        Labels = shape.Labels == 0 ? null : new Tensor("resident labels", Shaders.Shape.Vector(imageCount)) { HasZerosPastEnd = false };
        Context = new CodeContext(
            Codes, Labels, Table.Step, batch, shape.Grid, shape.Labels, contextDrop, shape.Labels == 0 ? 0 : labelDrop);
        Tensor codes = graph.Add(new Embedding(
            "prior.codes.embedding", Parameters, Context.Context, shape.Grid.Slots, shape.Codes, shape.Embedding, deviation: 1));
        Tensor h = graph.Add(new Linear("prior.codes.in", Parameters, codes, shape.Hidden));
        Tensor position = graph.Add(new Embedding(
            "prior.codes.position", Parameters, Context.Position, 1, shape.Grid.Codes, shape.Hidden, SmallDeviation));
        h = graph.Add(new AddLayer("prior.codes.at", h, position));
        if (shape.Labels > 0)
        {
            Tensor label = graph.Add(new Embedding(
                "prior.codes.label", Parameters, Context.Label, 1, shape.Labels + 1, shape.Hidden, SmallDeviation));
            h = graph.Add(new AddLayer("prior.codes.of", h, label));
        }

        for (int i = 0; i < shape.Blocks; i++)
        {
            string name = $"prior.codes.block{i}";
            Tensor y = graph.Add(new LayerNorm(name + ".norm", Parameters, h));
            y = graph.Add(new Linear(name + ".linear1", Parameters, y, shape.Hidden));
            y = graph.Add(new ActivationLayer(name + ".silu", y, Activation.Silu));
            y = graph.Add(new Linear(name + ".linear2", Parameters, y, shape.Hidden, gain: 0.5f));
            h = graph.Add(new AddLayer(name + ".add", h, y));
        }

        h = graph.Add(new LayerNorm("prior.codes.norm", Parameters, h, activation: Activation.Silu));
        Tensor logits = graph.Add(new Linear("prior.codes.out", Parameters, h, shape.Codes, gain: OutputGain));
        Nll = new SoftmaxCrossEntropy("code nll", logits, Context.Target);
        Loss = new MeanLoss("mean code nll", graph.Add(Nll));
        graph.Add(Loss);
        AdamW = new AdamW(Parameters, Table.Step, Optimizer);
    }

    public CodePriorShape Shape { get; }

    public ParameterSet Parameters { get; } = new("code prior weights");

    public StepTable Table { get; }

    /// <summary>Words [images, h, w]</summary>
    public Tensor Codes { get; }

    /// <summary>Words [images], or null.</summary>
    public Tensor? Labels { get; }

    public CodeContext Context { get; }

    /// <summary>[batch, 1]: −log p in nats of each code.</summary>
    public SoftmaxCrossEntropy Nll { get; }

    public MeanLoss Loss { get; }

    public AdamWOptions Optimizer { get; } = new(WeightDecay: 0.01f, MaxGradientNorm: 1);

    public AdamW AdamW { get; }

    /// <summary>The batch and its −log p, without gradients.</summary>
    public IReadOnlyList<KernelSpec> ForwardKernels() =>
        [.. Table.Begin(), .. Context.Forward(), .. graph.Prepare(), .. graph.Forward()];

    /// <summary>A whole step; <see cref="StepTotals.Loss"/> holds the mean −log p in nats a code.</summary>
    public IReadOnlyList<KernelSpec> StepKernels() =>
        [.. ForwardKernels(), .. graph.Backward().Kernels, .. AdamW.Update(), .. Table.End(none, none, Loss.Output, AdamW.SquaredGradientNorm, none)];

    /// <summary>Puts the codes, and the labels where there are any, on the device.</summary>
    /// <exception cref="ArgumentException">The sizes do not agree, or a code or label is out of range.</exception>
    public void Upload(Workspace workspace, int[] codes, int[]? labels = null)
    {
        UploadWords(workspace, Codes, codes, Shape.Codes, "codes");
        if (Labels != null)
            UploadWords(workspace, Labels, labels ?? [], Shape.Labels, "labels");
    }

    /// <summary>The prior with the given weights.</summary>
    /// <param name="stored">In the stored layout of <see cref="Parameters"/>.</param>
    /// <param name="codebook">e, [Kc, D]</param>
    public CodePrior Assemble(float[] stored, float[] codebook)
    {
        var tensors = Parameters.Parameters.ToDictionary(p => p.Name, p => p.Gather(stored));
        return new CodePrior(Shape, (name, _) => tensors.TryGetValue(name, out float[]? values) ? values : codebook);
    }

    private static void UploadWords(Workspace workspace, Tensor tensor, int[] values, int below, string what)
    {
        int bad = Array.FindIndex(values, v => v < 0 || v >= below);
        if (values.Length != tensor.Shape.C || bad >= 0)
        {
            throw new ArgumentException($"The prior learns from {tensor.Shape.C} {what} from 0 to {below - 1}; found {values.Length}" +
                (bad >= 0 ? $", and {values[bad]} at place {bad}." : "."));
        }

        workspace.Upload<uint>(tensor, values.Select(v => (uint)v).ToArray());
    }
}
