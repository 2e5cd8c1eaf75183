using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Benchmarking;

/// <summary>Times of one thing done again and again, in milliseconds.</summary>
/// <param name="What">What was timed.</param>
/// <param name="Batch">Images each time.</param>
/// <param name="Milliseconds">Each time, in order.</param>
public sealed record Timings(string What, int Batch, IReadOnlyList<double> Milliseconds)
{
    public double Minimum => Milliseconds.Min();

    public double Median => Quantile(0.5);

    public double Percentile90 => Quantile(0.9);

    public double ImagesPerSecond => Batch / Median * 1000;

    private double Quantile(double q) => Milliseconds.Order().ElementAt((int)(q * (Milliseconds.Count - 1)));
}

/// <summary>Measures training steps of an architecture on synthetic images.</summary>
public static class StepBenchmark
{
    /// <summary>As many as are on the device unless one says otherwise.</summary>
    public const int Images = 256;

    /// <summary>The network that published comparisons of this project use: 4×32×32 images, channels 32, 64, 128, Z = 64.</summary>
    public static VaeArchitecture Reference { get; } = VaePreset.Create("fast", 32, 64, new LikelihoodOptions(LikelihoodKind.Laplace), PaddingMode.Zero);

    /// <summary>Whole training steps, each submitted and waited for by itself.</summary>
    /// <param name="batch">Images a step.</param>
    /// <param name="seconds">How long to measure.</param>
    /// <param name="images">On the device; a step draws its batch from them.</param>
    /// <param name="precision">How products are computed.</param>
    /// <exception cref="TrainingException">The device has not enough memory.</exception>
    public static Timings Train(
        GpuDevice device, VaeArchitecture architecture, int batch, double seconds, int images = Images, Precision precision = Precision.Full)
    {
        TrainingMemory.Require(device, architecture, OptionsFor(batch, precision), images);
        using var workspace = new Workspace(device);
        (RecordedTraining training, Schedule schedule) = Build(workspace, architecture, batch, profile: false, images, precision);
        using (training)
        {
            var totals = new List<StepTotals>();
            return Measure("train", batch, seconds, () => training.Run(1, schedule, totals));
        }
    }

    /// <summary>Times something, again and again after two times that do not count.</summary>
    /// <param name="batch">Images each time.</param>
    internal static Timings Measure(string what, int batch, double seconds, Action action)
    {
        action();
        action();
        var times = new List<double>();
        var whole = Stopwatch.StartNew();
        while (whole.Elapsed.TotalSeconds < seconds || times.Count < 3)
        {
            var watch = Stopwatch.StartNew();
            action();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return new Timings(what, batch, times);
    }

    /// <summary>Trained numbers of encoder, decoder and likelihood.</summary>
    public static long ParametersOf(VaeArchitecture architecture) => new VaeTrainingGraph(architecture, OptionsFor(1), imageCount: 1, mostSteps: 1).Parameters.LogicalCount;

    /// <summary>A training on synthetic images, ready to run.</summary>
    internal static (RecordedTraining Training, Schedule Schedule) Build(
        Workspace workspace, VaeArchitecture architecture, int batch, bool profile, int imageCount = Images, Precision precision = Precision.Full)
    {
        if (precision == Precision.Mixed)
            MatrixTrial.Apply(workspace.Device);
        ArtSet images = ProceduralArt.Generate(imageCount, architecture.Width, seed: 1);
        TrainingOptions options = OptionsFor(batch, precision);
        VaeTrainingGraph graph = VaeTrainingGraph.For(workspace.Device, architecture, options, images.Images.Count, mostSteps: 2);
        var sampler = new BatchSampler(images.Images.Count, batch, seed: 0);
        var training = new RecordedTraining(
            workspace, "benchmark", graph.Parameters, graph.AdamW, graph.Table, sampler, graph.StepKernels(), profile, carried: graph.State,
            images: graph.Source);
        graph.Upload(workspace, images);
        training.Initialize(0);
        return (training, new Schedule(int.MaxValue, Seed: 0, LearningRate: 1e-3, KlWeight: 1, EmaDecay: 0.999, graph.Optimizer));
    }

    private static TrainingOptions OptionsFor(int batch, Precision precision = Precision.Full) =>
        new() { Steps = int.MaxValue, Batch = batch, Precision = precision };
}
