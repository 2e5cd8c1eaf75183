using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Training.Features;

/// <summary>What the first phase of a training with features leaves.</summary>
/// <param name="Weights">Of the <see cref="FeatureNetwork"/>, by parameter name; the average over the training.</param>
/// <param name="Seconds">How long it takes by the measurement at its start, where the length of the training is one of minutes; else 0.</param>
internal sealed record TrainedFeatures(IReadOnlyDictionary<string, WeightTensor> Weights, double Seconds);

/// <summary>
/// The first phase of a training that compares reconstructions in features: a denoising autoencoder on the same images, with the
/// same batch, augmentation and learning rate. It has a checkpoint of its own, and like the others it resumes to the very bits.
/// </summary>
internal sealed class FeatureTraining
{
    private const int MostSteps = 32;

    // Other initial weights, batches and symmetries than the model's own (seed) and its prior's (seed + 1).
    private const ulong SeedOffset = 2;

    // Of a length in minutes: more would leave too little to the model.
    private const double MostOfMinutes = 0.5;

    private readonly GpuDevice device;
    private readonly TrainingOptions options;
    private readonly RunFolder run;
    private readonly Action<TrainingProgress> progress;
    private readonly CancellationToken token;

    public FeatureTraining(GpuDevice device, TrainingOptions options, RunFolder run, Action<TrainingProgress> progress, CancellationToken token)
    {
        (this.device, this.options, this.run, this.progress, this.token) = (device, options, run, progress, token);
    }

    private ulong Seed => unchecked(options.Seed + SeedOffset);

    /// <param name="model">The model that is to be trained after it.</param>
    /// <param name="images">Those that the model is trained on.</param>
    /// <param name="dataHash">Of the whole set, for the checkpoint.</param>
    /// <exception cref="TrainingException">It would take more than half of a length in minutes, or can't go on.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and can be resumed.</exception>
    public TrainedFeatures Train(VaeArchitecture model, ArtSet images, string dataHash)
    {
        using var workspace = new Workspace(device)
        {
            PipelineProgress = (done, total) => progress(TrainingProgress.Waiting("compiling", done, total)),
            TuningProgress = (done, total) => progress(TrainingProgress.Waiting("tuning", done, total)),
        };
        VaeArchitecture autoencoder = FeatureNetwork.Autoencoder(model);
        var graph = DenoisingTrainingGraph.For(device, autoencoder, options, images.Images.Count, MostSteps);
        var sampler = new BatchSampler(images.Images.Count, options.Batch, Seed);
        using var training = new RecordedTraining(
            workspace, "feature step", graph.Parameters, graph.AdamW, graph.Table, sampler, graph.StepKernels(), images: graph.Source);
        graph.Source.Upload(workspace, images);
        training.Initialize(Seed);

        Checkpoint? checkpoint = File.Exists(run.FeatureCheckpoint) ? Checkpoint.Read(run.FeatureCheckpoint) : null;
        var schedule = new Schedule(options.FeatureSteps, Seed, options.LearningRate, KlWeight: 0, options.EmaDecay, graph.Optimizer);
        long milliseconds = checkpoint?.Number("milliseconds") ?? (options.Minutes is { } minutes ? Measure(training, schedule, minutes) : 0);
        if (checkpoint != null)
            training.Restore(checkpoint.State(graph.Parameters.Count));
        run.ForgetAfter(training.Step, "features");

        var metadata = new Dictionary<string, string>
        {
            ["options"] = options.ToJson(), ["images"] = dataHash, ["milliseconds"] = milliseconds.ToString(CultureInfo.InvariantCulture),
        };
        var loop = new TrainingLoop(training, schedule, run.Background, state => state.Save(run.FeatureCheckpoint, metadata), options.CheckpointSeconds)
        {
            Submitted = (totals, seconds) => Report(training, autoencoder, totals, seconds),
        };
        loop.Run(token);
        return new TrainedFeatures(EncoderOf(graph, training, model), milliseconds / 1000.0);
    }

    /// <summary>The weights of J among those of the autoencoder.</summary>
    private static Dictionary<string, WeightTensor> EncoderOf(DenoisingTrainingGraph graph, RecordedTraining training, VaeArchitecture model)
    {
        float[] average = training.AverageWeights();
        var names = FeatureNetwork.ParametersOf(model).Parameters.Select(p => p.Name).ToHashSet();
        return graph.Parameters.Parameters.Where(p => names.Contains(p.Name))
            .ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, p.Gather(average)));
    }

    /// <summary>Milliseconds of the whole phase.</summary>
    private long Measure(RecordedTraining training, Schedule schedule, double minutes)
    {
        progress(TrainingProgress.Waiting("calibrating"));
        double seconds = options.FeatureSteps * TrainingLoop.Measure(training, schedule, Math.Min(2, minutes * 60 / 20));
        training.Initialize(Seed);
        if (seconds > MostOfMinutes * minutes * 60)
        {
            throw new TrainingException(FormattableString.Invariant(
                $"The {options.FeatureSteps} steps of the feature network take about {seconds / 60:G2} minutes here, more than half of the {minutes} ")
                + "that are given. Give fewer --features, or more --minutes.");
        }

        return (long)(seconds * 1000);
    }

    private void Report(RecordedTraining training, VaeArchitecture autoencoder, IReadOnlyList<StepTotals> totals, double seconds)
    {
        double images = (double)totals.Count * options.Batch, reconstruction = totals.Sum(t => t.NegativeLogLikelihood) / images;
        double psnr = 10 * Math.Log10(images * autoencoder.Values / totals.Sum(t => t.Square));
        run.LogInBackground(
            ("phase", "features"), ("step", training.Step), ("reconstruction", reconstruction), ("psnr", psnr),
            ("imagesPerSecond", images / seconds));
        progress(new TrainingProgress("features", training.Step, options.FeatureSteps, images / seconds,
            TimeSpan.FromSeconds((options.FeatureSteps - training.Step) * seconds / totals.Count), reconstruction, 0, psnr));
    }
}
