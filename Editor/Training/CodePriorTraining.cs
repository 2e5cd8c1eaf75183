using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>Grids of codes, [images, h, w] each, with a label for each image where there are any.</summary>
public sealed record CodeSet(int[] Codes, int[]? Labels = null)
{
    /// <summary>The grids of at most so many images, evenly spread.</summary>
    /// <param name="each">Codes of a grid.</param>
    public CodeSet AtMost(int most, int each)
    {
        int images = Codes.Length / each;
        if (images <= most)
            return this;
        int[] rows = EvenSpread.Of(images, most);
        return new CodeSet([.. rows.SelectMany(i => Codes[(i * each)..((i + 1) * each)])], Labels == null ? null : [.. rows.Select(i => Labels[i])]);
    }
}

/// <summary>
/// Trains the prior over codes in a run folder, with a checkpoint to resume from. The figure that counts is the −log p of codes that
/// were held out, in nats a code: on a small set the training figure goes on falling long after that one has stopped.
/// </summary>
public sealed class CodePriorTraining
{
    private const int Batch = 256;
    private const int MostSteps = 32;
    private const int HeldOutFigures = 10;
    private const double LearningRate = 2e-3;
    private const double EmaDecay = 0.999;
    private readonly GpuDevice device;
    private readonly TrainingOptions options;
    private readonly RunFolder run;
    private readonly Action<TrainingProgress> progress;
    private readonly CancellationToken token;

    public CodePriorTraining(
        GpuDevice device, TrainingOptions options, RunFolder run, Action<TrainingProgress> progress, CancellationToken token)
    {
        (this.device, this.options, this.run, this.progress, this.token) = (device, options, run, progress, token);
    }

    /// <summary>Steps taken, once it is done.</summary>
    public long Steps { get; private set; }

    /// <summary>−log p of the held-out codes in nats a code, once it is done; null without any.</summary>
    public double? HeldOutNats { get; private set; }

    /// <param name="shape">Of the prior.</param>
    /// <param name="data">What to learn; of more than 128 MiB of codes, grids that are evenly spread.</param>
    /// <param name="heldOut">What to measure it on; null: nothing.</param>
    /// <param name="codebook">e, [Kc, D], for the finished prior.</param>
    /// <param name="seconds">How long it may take; null: by steps.</param>
    /// <param name="modelSteps">Steps of the model's own training.</param>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint has been written.</exception>
    /// <exception cref="TrainingException">It diverged, or the checkpoint can't be used.</exception>
    public CodePrior Train(CodePriorShape shape, CodeSet data, CodeSet? heldOut, float[] codebook, double? seconds, long modelSteps)
    {
        data = data.AtMost(GpuLimits.LeastStorageBufferRange / (sizeof(int) * shape.Grid.Codes), shape.Grid.Codes);
        int images = data.Codes.Length / shape.Grid.Codes;
        using var workspace = new Workspace(device);
        var graph = new CodePriorTrainingGraph(shape, images, Batch, MostSteps);
        using var training = new RecordedTraining(
            workspace, "prior step", graph.Parameters, graph.AdamW, graph.Table,
            new BatchSampler(images, Batch, options.Seed), graph.StepKernels());
        graph.Upload(workspace, data.Codes, data.Labels);
        training.Initialize(options.Seed);

        Checkpoint? checkpoint = File.Exists(run.PriorCheckpoint) ? Checkpoint.Read(run.PriorCheckpoint) : null;
        long total = checkpoint?.Number("total")
            ?? options.PriorSteps
            ?? (seconds is { } s ? StepsFor(training, ScheduleFor(1000, graph), s) : Math.Clamp(modelSteps, 300, 3000));
        if (checkpoint != null)
        {
            training.Restore(checkpoint.State(graph.Parameters.Count));
            run.ForgetAfter(training.Step, "prior");
        }

        double NatsHeldOut(float[] weights) =>
            graph.Assemble(weights, codebook).NegativeLogLikelihoods(heldOut!.Codes, heldOut.Labels).Average();
        var metadata = new Dictionary<string, string> { ["total"] = total.ToString(CultureInfo.InvariantCulture) };
        var loop = new TrainingLoop(
            training, ScheduleFor(total, graph), run.Background, state => state.Save(run.PriorCheckpoint, metadata), options.CheckpointSeconds)
        {
            Submitted = (totals, elapsed) => Report(training, total, totals, elapsed),
            Milestone = heldOut == null ? null : state => run.Log(("phase", "prior"), ("step", state.Step), ("heldOut", NatsHeldOut(state.Average))),
            MilestoneEvery = Math.Max(1, total / HeldOutFigures),
        };
        loop.Run(token);
        Steps = training.Step;
        float[] average = training.AverageWeights();
        HeldOutNats = heldOut == null ? null : NatsHeldOut(average);
        return graph.Assemble(average, codebook);
    }

    private Schedule ScheduleFor(long total, CodePriorTrainingGraph graph) =>
        new(total, options.Seed + 1, LearningRate, KlWeight: 0, EmaDecay, graph.Optimizer);

    private long StepsFor(RecordedTraining training, Schedule schedule, double seconds)
    {
        double each = TrainingLoop.Measure(training, schedule, Math.Min(1, seconds / 20));
        training.Initialize(options.Seed);
        return Math.Max(1, (long)(seconds / each));
    }

    private void Report(RecordedTraining training, long total, IReadOnlyList<StepTotals> totals, double seconds)
    {
        double loss = totals.Average(t => t.Loss);
        run.LogInBackground(("phase", "prior"), ("step", training.Step), ("loss", loss));
        progress(new TrainingProgress("prior", training.Step, total, totals.Count * Batch / seconds,
            TimeSpan.FromSeconds((total - training.Step) * seconds / totals.Count), loss, 0, 0));
    }
}
