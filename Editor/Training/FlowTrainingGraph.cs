using System.Collections.Generic;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// One step of training the flow prior on the aggregate posterior: the velocity loss ½‖v − (x₁ − x₀)‖², which is a Gaussian
/// likelihood of scale 1. The network is that of <see cref="FlowPrior"/>, with the same tensor names.
/// </summary>
public sealed class FlowTrainingGraph
{
    private readonly FlowSample sample;
    private readonly Graph graph = new();
    private readonly Tensor none = new("no figure", Shape.Vector(4));
    private readonly Likelihood likelihood;
    private readonly MeanLoss loss;

    public FlowTrainingGraph(int latentSize, int hidden, int blocks, int imageCount, int batch, int mostSteps)
    {
        Table = new StepTable(RecordedTraining.MostInFlight * mostSteps, batch);
        Posterior = new Tensor("aggregate posterior", Shape.Matrix(imageCount, 2 * latentSize)) { HasZerosPastEnd = false };
        sample = new FlowSample(Posterior, Table.Step, batch);
        Tensor h = graph.Add(new Linear("prior.flow.in", Parameters, sample.Input, hidden));
        for (int i = 0; i < blocks; i++)
        {
            string name = $"prior.flow.block{i}";
            Tensor y = graph.Add(new LayerNorm(name + ".norm", Parameters, h));
            y = graph.Add(new Linear(name + ".linear1", Parameters, y, hidden));
            y = graph.Add(new ActivationLayer(name + ".silu", y, Activation.Silu));
            y = graph.Add(new Linear(name + ".linear2", Parameters, y, hidden, gain: 0.5f));
            h = graph.Add(new AddLayer(name + ".add", h, y));
        }

        h = graph.Add(new LayerNorm("prior.flow.norm", Parameters, h, activation: Activation.Silu));
        Tensor v = graph.Add(new Linear("prior.flow.out", Parameters, h, latentSize));
        likelihood = new Likelihood("velocity likelihood", v, sample.Velocity, new LikelihoodOptions(LikelihoodKind.Gaussian, LikelihoodLink.Identity, FixedScale: 1));
        loss = new MeanLoss("velocity loss", graph.Add(likelihood));
        graph.Add(loss);
        AdamW = new AdamW(Parameters, Table.Step, Optimizer);
    }

    public ParameterSet Parameters { get; } = new("flow weights");

    public StepTable Table { get; }

    /// <summary>[images, 2Z] = (μ | σ), standardised.</summary>
    public Tensor Posterior { get; }

    public AdamWOptions Optimizer { get; } = new(MaxGradientNorm: 50);

    public AdamW AdamW { get; }

    public IReadOnlyList<KernelSpec> StepKernels() =>
    [
        .. Table.Begin(), .. sample.Forward(), .. graph.Prepare(), .. graph.Forward(), .. graph.Backward(sample.Input).Kernels,
        .. AdamW.Update(), .. Table.End(likelihood.Totals, none, loss.Output, AdamW.SquaredGradientNorm, none),
    ];
}
