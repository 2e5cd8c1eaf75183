using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Training;

/// <summary>A training graph on a device, stepped by hand: no priors, no files.</summary>
internal sealed class SteppedGraph : IDisposable
{
    private readonly Workspace workspace;
    private readonly RecordedTraining training;
    private readonly Schedule schedule;

    /// <param name="device">Where to run.</param>
    /// <param name="images">All are trained on.</param>
    /// <param name="options">Steps says how the rate falls.</param>
    /// <param name="learningRate">0: every step leaves the weights as they are; null: that of the options.</param>
    public SteppedGraph(GpuDevice device, ArtSet images, TrainingOptions options, double? learningRate = null)
    {
        options.Validate();
        workspace = new Workspace(device);
        Graph = new VaeTrainingGraph(VaeTraining.ArchitectureFor(options, images), options, images.Images.Count, mostSteps: 32);
        var sampler = new BatchSampler(images.Images.Count, options.Batch, options.Seed);
        training = new RecordedTraining(
            workspace, "training step", Graph.Parameters, Graph.AdamW, Graph.Table, sampler, Graph.StepKernels(), carried: Graph.State);
        Graph.Upload(workspace, images);
        training.Initialize(options.Seed);
        schedule = new Schedule(
            options.Steps!.Value, options.Seed, learningRate ?? options.LearningRate, options.KlWeight, options.EmaDecay, Graph.Optimizer)
        {
            Annealing = options.Annealing,
        };
    }

    public VaeTrainingGraph Graph { get; }

    /// <summary>Takes steps; what each left.</summary>
    public List<StepTotals> Run(int steps)
    {
        var totals = new List<StepTotals>(steps);
        while (totals.Count < steps)
            training.Run(Math.Min(training.MostSteps, steps - totals.Count), schedule, totals);
        return totals;
    }

    public float[] Weights() => training.Capture().Weights;

    /// <summary>Starts with other weights, at step 0, with a cleared optimizer.</summary>
    public void TakeWeights(float[] weights)
    {
        OptimizerState state = training.Capture();
        float[] zeros = new float[weights.Length];
        training.Restore(state with { Step = 0, Weights = weights, FirstMoment = zeros, SecondMoment = zeros, Average = weights });
    }

    /// <summary>The moving average of a parameter, unpadded.</summary>
    public double[] Average(string parameter)
    {
        float[] all = training.AverageWeights();
        return Array.ConvertAll(Graph.Parameters.Parameters.Single(p => p.Name == parameter).Gather(all), v => (double)v);
    }

    /// <summary>The gradient of the last step with respect to the parameters whose names begin with <paramref name="prefix"/>.</summary>
    public float[] Gradient(string prefix)
    {
        float[] all = workspace.Download<float>(Graph.Parameters.Gradients);
        return [.. Graph.Parameters.Parameters.Where(p => p.Name.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(p => p.Gather(all))];
    }

    public void Dispose()
    {
        training.Dispose();
        workspace.Dispose();
    }
}
