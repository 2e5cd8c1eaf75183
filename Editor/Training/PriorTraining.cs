using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using VaeProcgen.Editor.Priors;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>Fits priors to the aggregate posterior: the flow (best), and a Gaussian mixture.</summary>
internal sealed class PriorTraining
{
    private const int Batch = 128;
    private const int MostSteps = 32;
    // In equal time on a CPU, on icons, the velocity loss ends at 39.5 with a width of 512 and a rate of 1e-3; at 37.7, 35.0 and 33.1
    // with a width of 256 and rates of 1e-3, 2e-3 and 4e-3. A little below the best leaves a margin.
    private const int Hidden = 256;
    private const double LearningRate = 3e-3;
    private const double EmaDecay = 0.999;
    private readonly GpuDevice device;
    private readonly TrainingOptions options;
    private readonly RunFolder run;
    private readonly Action<TrainingProgress> progress;
    private readonly CancellationToken token;

    public PriorTraining(GpuDevice device, TrainingOptions options, RunFolder run, Action<TrainingProgress> progress, CancellationToken token)
    {
        (this.device, this.options, this.run, this.progress, this.token) = (device, options, run, progress, token);
    }

    /// <summary>Steps of the flow's training, once it is done.</summary>
    public long Steps { get; private set; }

    /// <param name="aggregate">What to fit; of more than 128 MiB of posteriors, some that are evenly spread.</param>
    /// <param name="seconds">How long the flow may take; null: by steps.</param>
    /// <param name="vaeSteps">Steps of the model's own training.</param>
    /// <returns>Best first.</returns>
    public ILatentPrior[] Train(AggregatePosterior aggregate, double? seconds, long vaeSteps)
    {
        if (options.PriorSteps == 0)
            return [];
        aggregate = aggregate.AtMost(GpuLimits.LeastStorageBufferRange / (2 * sizeof(float) * aggregate.Size));
        FlowPrior flow = TrainFlow(aggregate, seconds, vaeSteps);
        GaussianMixtureFit mixture = GaussianMixtureFitter.Fit(aggregate.Mean, aggregate.Variance, aggregate.Count, aggregate.Size, new GaussianMixtureOptions { Seed = options.Seed });
        return [flow, mixture.Prior];
    }

    private FlowPrior TrainFlow(AggregatePosterior aggregate, double? seconds, long vaeSteps)
    {
        using var workspace = new Workspace(device);
        var graph = new FlowTrainingGraph(aggregate.Size, Hidden, FlowPrior.DefaultBlocks, aggregate.Count, Batch, MostSteps);
        using var training = new RecordedTraining(workspace, "prior step", graph.Parameters, graph.AdamW, graph.Table, new BatchSampler(aggregate.Count, Batch, options.Seed), graph.StepKernels());
        workspace.Upload<float>(graph.Posterior, aggregate.Standardised());
        training.Initialize(options.Seed);

        Checkpoint? checkpoint = File.Exists(run.PriorCheckpoint) ? Checkpoint.Read(run.PriorCheckpoint) : null;
        long total = checkpoint?.Number("total")
            ?? options.PriorSteps ?? (seconds is { } s ? StepsFor(training, ScheduleFor(1000, graph), s) : Math.Clamp(vaeSteps, 300, 3000));
        if (checkpoint != null)
        {
            training.Restore(checkpoint.State(graph.Parameters.Count));
            run.ForgetAfter(training.Step, "prior");
        }

        Schedule schedule = ScheduleFor(total, graph);
        var metadata = new Dictionary<string, string> { ["total"] = total.ToString(CultureInfo.InvariantCulture) };
        var loop = new TrainingLoop(training, schedule, run.Background, state => state.Save(run.PriorCheckpoint, metadata), options.CheckpointSeconds)
        {
            Submitted = (totals, elapsed) => Report(training, total, totals, elapsed),
        };
        loop.Run(token);
        Steps = training.Step;
        return Assemble(graph, training, aggregate);
    }

    private Schedule ScheduleFor(long total, FlowTrainingGraph graph) =>
        new(total, options.Seed + 1, LearningRate, KlWeight: 0, EmaDecay, graph.Optimizer);

    private long StepsFor(RecordedTraining training, Schedule schedule, double seconds)
    {
        double each = TrainingLoop.Measure(training, schedule, Math.Min(1, seconds / 20));
        training.Initialize(options.Seed);
        return Math.Max(1, (long)(seconds / each));
    }

    private void Report(RecordedTraining training, long total, IReadOnlyList<StepTotals> totals, double seconds)
    {
        double loss = totals.Average(t => t.Square) / (2.0 * Batch);
        run.LogInBackground(("phase", "prior"), ("step", training.Step), ("loss", loss));
        progress(new TrainingProgress("prior", training.Step, total, totals.Count * Batch / seconds, TimeSpan.FromSeconds((total - training.Step) * seconds / totals.Count), loss, 0, 0));
    }

    private static FlowPrior Assemble(FlowTrainingGraph graph, RecordedTraining training, AggregatePosterior aggregate)
    {
        float[] average = training.AverageWeights();
        var parameters = graph.Parameters.Parameters.ToDictionary(p => p.Name, p => p.Gather(average));
        parameters["prior.flow.mean"] = aggregate.Center;
        parameters["prior.flow.std"] = aggregate.Deviation;
        return new FlowPrior(aggregate.Size, Hidden, FlowPrior.DefaultBlocks, (name, _) => parameters[name]);
    }
}
