using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Objectives;
using VaeProcgen.Editor.Priors;
using VaeProcgen.Editor.Report;
using VaeProcgen.Editor.Training.Features;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>From a set of images to a model file: the VAE, then the priors over its latents.</summary>
public sealed class VaeTraining
{
    /// <summary>Most steps of one submission.</summary>
    public const int MostSteps = 32;
    private const int Milestones = 25;
    private const int PreviewColumns = 8;

    private const double LaplaceFrom = 0.2;

    // Grids up to this side are small enough for a prior over codes that sees all earlier ones; on larger ones, a window of this radius
    // learns more from few images: 1.91 against 2.19 nats a held-out code on 8×8 codes of 600 sprites.
    private const int WholeContextSide = 4;
    private const int ContextRadius = 3;

    // Of a length in minutes: the rest goes to previews, the mixture and encoding.
    private const double VaeShare = 0.55;
    private const double PriorShare = 0.37;

    private readonly GpuDevice device;
    private readonly ArtSplit split;
    private readonly string dataHash;
    private readonly TrainingOptions options;
    private readonly VaeArchitecture architecture;
    private readonly RunFolder run;
    private readonly Action<TrainingProgress> progress;
    private readonly CancellationToken token;
    private TrainedFeatures features = new(new Dictionary<string, WeightTensor>(), 0);
    private bool hasWarned;
    private string? warning;

    private ulong? BinarizationSeed => options.Binarize ? options.Seed : null;

    private bool HasTrainedPrior => options.PriorSteps != 0 && architecture.Latent != LatentKind.Categorical;

    private VaeTraining(GpuDevice device, ArtSet images, TrainingOptions options, RunFolder run, Action<TrainingProgress> progress, CancellationToken token)
    {
        (this.device, this.options, this.run, this.progress, this.token) = (device, options, run, progress, token);
        dataHash = images.ContentHash;
        split = images.Split(options.HeldOutFraction, options.Seed);
        architecture = ArchitectureFor(options, images);
    }

    /// <summary>
    /// Trains and writes the model. With the same device, images, options and number of steps the result is the same to the bit,
    /// however often it was interrupted and resumed.
    /// </summary>
    /// <param name="device">Where to train.</param>
    /// <param name="images">All images; a part is held out.</param>
    /// <param name="options">When resuming, those of the interrupted run are used instead.</param>
    /// <param name="outPath">The model file; written beside and renamed.</param>
    /// <param name="runFolder">Figures, previews and checkpoints; see <see cref="RunFolder"/>.</param>
    /// <param name="resume">Continue from the folder's checkpoint.</param>
    /// <param name="progress">Called several times a second.</param>
    /// <param name="token">Cancels after a checkpoint.</param>
    /// <exception cref="TrainingException">It can't start or go on; the message says what to do.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and can be resumed.</exception>
    public static VaeModel Run(GpuDevice device, ArtSet images, TrainingOptions options, string outPath, string runFolder, bool resume, Action<TrainingProgress> progress, CancellationToken token)
    {
        if (images.Images.Count < 2)
            throw new TrainingException($"Training needs at least 2 images; found {images.Images.Count}. Add images, or slice an atlas.");
        RequireWritable(outPath);
        VaeArchitecture wanted = ArchitectureFor(options.Validate(), images);
        if (!resume)
            RequireMemory(wanted, options);
        using RunFolder run = RunFolder.Open(runFolder, resume);
        Checkpoint? checkpoint = resume ? Checkpoint.Read(run.LatestCheckpoint) : null;
        if (checkpoint != null)
        {
            if (checkpoint.Text("images") != images.ContentHash)
                throw new TrainingException($"The images are not those that the run in {runFolder} was started with. Give the same folder, --size, --slice and --fit, or start a new run.");
            options = TrainingOptions.FromJson(checkpoint.Text("options")) with { CheckpointSeconds = options.CheckpointSeconds };
            RequireMemory(ArchitectureFor(options, images), options);
        }

        if (options.Precision == Precision.Mixed)
            MatrixTrial.Apply(device);
        VaeModel model = new VaeTraining(device, images, options, run, progress, token).Train(File.Exists(run.VaeCheckpoint) ? checkpoint : null);
        model.Save(outPath);
        run.Finish();
        return model;

        void RequireMemory(VaeArchitecture architecture, TrainingOptions options) =>
            TrainingMemory.Require(device, architecture, options, images.Split(options.HeldOutFraction, options.Seed).Train.Images.Count);
    }

    /// <summary>The networks that the options name, for images of this size.</summary>
    /// <exception cref="TrainingException">There is no such network; the message says what to choose.</exception>
    public static VaeArchitecture ArchitectureFor(TrainingOptions options, ArtSet images)
    {
        if (images.Width != images.Height)
            throw new TrainingException($"Images must be square; found {images.Width}×{images.Height}. Import them with one --size.");
        if (options.Conditional)
            RequireLabels(options, images);
        try
        {
            VaeArchitecture sized = VaePreset.Create(options.Preset, images.Width, options.LatentSize, options.Likelihood, options.Padding, options.LatentSide, options.Hidden);
            return (sized with
            {
                Latent = options.Latent,
                Classes = options.Latent == LatentKind.Categorical ? options.Classes : 0,
                Codes = options.Latent == LatentKind.Quantized ? options.Codes : 0,
                TopLatentSize = options.TopLatentSize,
                Labels = options.Conditional ? images.Labels : [],
                Pixels = options.Pixels,
            }).Validate();
        }
        catch (ArgumentException e)
        {
            throw new TrainingException(e.Message, e);
        }
    }

    /// <summary>Every image has a label, and every label an image to learn from.</summary>
    private static void RequireLabels(TrainingOptions options, ArtSet images)
    {
        ArtImage[] without = images.Images.Where(i => i.Label == "").ToArray();
        if (without.Length > 0)
        {
            throw new TrainingException("A conditional model needs a label for each image, its first sub-folder (of IDX images, a file of "
                + $"labels); {without.Length} of {images.Images.Count} have none, such as {without[0].Name}. Put them into sub-folders, or "
                + "leave --conditional away.");
        }

        string[] unlearned = [.. images.Labels.Except(images.Split(options.HeldOutFraction, options.Seed).Train.Labels)];
        if (unlearned.Length > 0)
        {
            throw new TrainingException($"All images of {string.Join(", ", unlearned)} fell to those that are held out, so there would be "
                + "none to learn from. Add images of each label, leave the label away, or choose another --seed.");
        }
    }

    private VaeModel Train(Checkpoint? checkpoint)
    {
        if (options.FeatureSteps > 0)
            features = new FeatureTraining(device, options, run, progress, token).Train(architecture, split.Train, dataHash);
        using var workspace = new Workspace(device)
        {
            PipelineProgress = (done, total) => progress(TrainingProgress.Waiting("compiling", done, total)),
            TuningProgress = (done, total) => progress(TrainingProgress.Waiting("tuning", done, total)),
        };
        VaeTrainingGraph graph = VaeTrainingGraph.For(device, architecture, options, split.Train.Images.Count, MostSteps);
        var sampler = new BatchSampler(split.Train.Images.Count, options.Batch, options.Seed);
        using var training = new RecordedTraining(workspace, "training step", graph.Parameters, graph.AdamW, graph.Table, sampler, graph.StepKernels(), carried: graph.State, images: graph.Source);
        graph.Upload(workspace, split.Train);
        graph.Features?.Load(workspace, features.Weights);
        training.Initialize(options.Seed);
        using var runner = new VaeRunner(device, architecture, Math.Min(options.Batch, 64));

        long total = checkpoint?.Number("total")
            ?? options.Steps ?? (options.Epochs is { } epochs
                ? Math.Max(1, (long)Math.Round(epochs * split.Train.Images.Count / options.Batch))
                : StepsFor(training, ScheduleFor(1000, graph), SecondsLeft!.Value * (HasTrainedPrior ? VaeShare : VaeShare + PriorShare)));
        if (checkpoint != null)
        {
            training.Restore(checkpoint.State(graph.Parameters.Count, graph.State));
            run.ForgetAfter(training.Step, "training", "heldout");
        }
        else if (graph.Codebook != null)
        {
            StartCodebook(graph.Codebook, workspace, training, graph, runner);
        }

        Schedule schedule = ScheduleFor(total, graph);
        var metadata = new Dictionary<string, string> { ["options"] = options.ToJson(), ["images"] = dataHash, ["total"] = total.ToString(CultureInfo.InvariantCulture) };
        var loop = new TrainingLoop(training, schedule, run.Background, state => state.Save(run.VaeCheckpoint, metadata), options.CheckpointSeconds)
        {
            MilestoneEvery = Math.Max(1, total / Milestones),
            Submitted = (totals, seconds) => Report(graph, training, schedule, totals, seconds),
            Milestone = state => ShowMilestone(state, schedule, graph, runner),
        };
        loop.Run(token);
        if (TakeWarning() is { } late)
            progress(TrainingProgress.Waiting("training", total, total) with { Warning = late });
        OptimizerState last = training.Capture();
        LoadAverage(last, graph, runner);
        return Assemble(graph, last, runner);
    }

    /// <summary>Of a length in minutes: what the feature network leaves to the model and its priors.</summary>
    private double? SecondsLeft => (options.Minutes * 60) - features.Seconds;

    private Schedule ScheduleFor(long total, VaeTrainingGraph graph) =>
        new(total, options.Seed, options.LearningRate, options.KlWeight, options.EmaDecay, graph.Optimizer, LaplaceFrom)
        {
            Annealing = options.Annealing with { Capacity = options.Objective == Capacity.ObjectiveName ? options.Setting(Capacity.Nats) : 0 },
            Temperature = options.Temperature,
            Rate = options.Rate,
        };

    private long StepsFor(RecordedTraining training, Schedule schedule, double seconds)
    {
        progress(TrainingProgress.Waiting("calibrating"));
        double each = TrainingLoop.Measure(training, schedule, Math.Min(2, seconds / 20));
        training.Initialize(options.Seed);
        return Math.Max(1, (long)(seconds / each));
    }

    private void Report(VaeTrainingGraph graph, RecordedTraining training, Schedule schedule, IReadOnlyList<StepTotals> totals, double seconds)
    {
        double images = (double)totals.Count * options.Batch, rows = images * options.Samples;
        double reconstruction = totals.Sum(t => t.NegativeLogLikelihood) / rows;
        double? kl = graph.HasKl ? totals.Sum(t => t.Kl) / (graph.ShowsKlOfRows ? rows : images) : null;
        double psnr = 10 * Math.Log10(rows * architecture.Values / totals.Sum(t => t.Square));
        long step = training.Step - 1;
        double featureError = graph.Features is { } f ? totals.Sum(t => t.FeatureSquare) / (rows * f.Count) : double.NaN;
        double squaredNorm = totals.Where(t => !t.IsLeftOut).Select(t => t.SquaredGradientNorm).DefaultIfEmpty().Average();
        bool isMixed = options.Precision == Precision.Mixed;
        run.LogInBackground(
            ("phase", "training"), ("step", training.Step), ("epoch", training.Step * (double)options.Batch / split.Train.Images.Count),
            ("loss", totals.Average(t => t.Loss)), ("reconstruction", reconstruction), ("featureError", featureError), ("kl", kl), ("psnr", psnr),
            ("learningRate", schedule.RateAt(step)), ("klWeight", schedule.KlWeightAt(step)), ("gradientNorm", Math.Sqrt(squaredNorm)),
            ("lossScale", isMixed ? totals[^1].LossScale : null), ("leftOut", isMixed ? totals.Count(t => t.IsLeftOut) : null),
            ("imagesPerSecond", images / seconds));
        progress(new TrainingProgress("training", training.Step, schedule.Total, images / seconds,
            TimeSpan.FromSeconds((schedule.Total - training.Step) * seconds / totals.Count), reconstruction, kl, psnr) { Warning = TakeWarning() });
    }

    private static void LoadAverage(OptimizerState state, VaeTrainingGraph graph, VaeRunner runner)
    {
        IReadOnlyDictionary<string, WeightTensor> weights = AverageWeights(state, graph);
        runner.LoadWeights(p => weights[p.Name].Values);
    }

    /// <summary>What a model keeps: the averaged weights, and the codebook of quantized latents.</summary>
    private static IReadOnlyDictionary<string, WeightTensor> AverageWeights(OptimizerState state, VaeTrainingGraph graph)
    {
        var weights = graph.Parameters.Parameters.ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, p.Gather(state.Average)));
        if (graph.Codebook is { } codebook)
            weights[VaeNetwork.Codebook] = new WeightTensor([codebook.Codes, codebook.Dimensions], CodesOf(state, codebook));
        return weights;
    }

    private static float[] CodesOf(OptimizerState state, Codebook codebook) =>
        state.Carried[codebook.Values.Name][..(codebook.Codes * codebook.Dimensions)];

    /// <summary>The first codebook: k-means on what the untrained encoder makes of some images.</summary>
    private void StartCodebook(Codebook codebook, Workspace workspace, RecordedTraining training, VaeTrainingGraph graph, VaeRunner runner)
    {
        const int pointsPerCode = 16;
        LoadAverage(training.Capture(), graph, runner);
        int images = Math.Clamp(codebook.Codes * pointsPerCode / architecture.Cells, 1, split.Train.Images.Count);
        ArtSet some = new(split.Train.Width, split.Train.Height, ArtSource.Evenly(split.Train.Images, images));
        float[] points = new ModelInputs(architecture, some).EncodeHead(runner);
        (float[] codes, float[] shares) = CodebookInitializer.Fit(points, codebook.Dimensions, codebook.Codes, options.Seed);
        CodebookState.Start(codes, shares, options.Batch * architecture.Cells).Restore(workspace, codebook);
    }

    /// <summary>The learned scale of the likelihood, from the averaged weights; null where it is not learned.</summary>
    private static double? LearnedScale(OptimizerState state, VaeTrainingGraph graph) => graph.Reconstruction.LogScale is { } logScale
        ? Math.Max(LikelihoodOptions.SmallestScale, Math.Exp(logScale.Gather(state.Average)[0]))
        : null;

    /// <summary>The scale that is given, or 1 where there is none; null where the optimum of the images is to be found.</summary>
    private double? FixedScale() => options.Likelihood.HasOptimalScale() ? null : options.Likelihood.FixedScale ?? 1;

    /// <summary>In the background: nothing else uses the runner meanwhile, and its work and the training's take turns on the device.</summary>
    private void ShowMilestone(OptimizerState state, Schedule schedule, VaeTrainingGraph graph, VaeRunner runner)
    {
        LoadAverage(state, graph, runner);
        ElboReport report = ElboEvaluator.Evaluate(runner, split.HeldOut, LearnedScale(state, graph), options.Seed, options.Binarize);
        run.Log(("phase", "heldout"), ("step", state.Step), ("reconstruction", report.Reconstruction), ("kl", report.Kl), ("psnr", report.Psnr),
            ("activeUnits", report.ActiveUnits), ("units", report.KlPerDimension?.Length), ("klPerDimension", report.KlPerDimension?.Select(k => double.IsFinite(k) ? Math.Round(k, 4) : (double?)null)));
        WarnOfCollapse(state.Step, schedule, report);
        ArtSet few = PreviewImages();
        var inputs = new ModelInputs(architecture, few, BinarizationSeed);
        int[]? labelOf = inputs.LabelOf;
        float[] means = inputs.Encode(runner).Mean;
        List<PixelImage> rows = [.. Enumerable.Range(0, few.Images.Count).Select(few.Image), .. Decode(runner, means, labelOf)];
        if (PriorWhileTraining(runner) is { } prior)
            rows.AddRange(Decode(runner, prior.SampleMany(options.Seed, 0, labelOf?.Length ?? PreviewColumns, 1), labelOf));
        run.SavePreview(state.Step, ContactSheet.Grid(rows, new SheetOptions { Columns = few.Images.Count }));
    }

    /// <summary>What latents are trained against; null where they are not.</summary>
    private ILatentPrior? PriorWhileTraining(VaeRunner runner) => architecture.Latent switch
    {
        LatentKind.Gaussian => (ILatentPrior?)runner.TopPrior ?? new StandardNormalPrior(architecture.LatentSize),
        LatentKind.Categorical => new CategoricalPrior(architecture.LatentSize / architecture.Classes, architecture.Classes),
        _ => null,
    };

    /// <summary>Once, and not in the first quarter of a training: until then, few active units mean little.</summary>
    private void WarnOfCollapse(long step, Schedule schedule, ElboReport report)
    {
        if (hasWarned || report.KlPerDimension == null)
            return;
        long from = Math.Max(schedule.Annealing.FullFrom(schedule.Total), schedule.Total / 4);
        if (CollapseMonitor.Check(step, from, report.KlPerDimension, report.MeanVariance).Warning is not { } found)
            return;
        hasWarned = true;
        Volatile.Write(ref warning, found);
    }

    // It is found in the background, and told beside the next figures.
    private string? TakeWarning() => Interlocked.Exchange(ref warning, null);

    /// <summary>The first held-out images; of a conditional model, labels in turn, so that a column has an image, its reconstruction and a sample of one label.</summary>
    private ArtSet PreviewImages()
    {
        IEnumerable<ArtImage> images = split.HeldOut.Images;
        if (architecture.IsConditional)
        {
            images = images.GroupBy(i => i.Label).SelectMany(label => label.Select((image, turn) => (Image: image, Turn: turn)))
                .OrderBy(i => i.Turn).ThenBy(i => i.Image.Label, StringComparer.Ordinal).Select(i => i.Image);
        }

        int columns = Math.Clamp(architecture.Labels.Count, PreviewColumns, 2 * PreviewColumns);
        return new ArtSet(split.HeldOut.Width, split.HeldOut.Height, images.Take(columns).ToList());
    }

    private IReadOnlyList<PixelImage> Decode(VaeRunner runner, float[] z, int[]? labelOf) =>
        ModelSession.ToImages(architecture, runner.Decode(z, labelOf));

    private VaeModel Assemble(VaeTrainingGraph graph, OptimizerState state, VaeRunner runner)
    {
        var aggregate = AggregatePosterior.Encode(runner, split.Train, withMirrored: options.Augmentation.Flip, BinarizationSeed);
        (ILatentPrior[] priors, long priorSteps) = TrainPriors(graph, state, runner, aggregate);
        return new VaeModel(architecture, AverageWeights(state, graph))
        {
            FeatureWeights = features.Weights,
            Scale = LearnedScale(state, graph) ?? FixedScale() ?? ElboEvaluator.Evaluate(runner, split.Train, null, options.Seed).Scale,
            LatentMean = aggregate.Center,
            LatentDeviation = aggregate.Deviation,
            Priors = priors,
            Assets = split.Train.Images.Select((image, i) => new AssetLatent(image.Name, image.Label, aggregate.MeanOf(i))).ToList(),
            Provenance = new Dictionary<string, string>
            {
                ["options"] = options.ToJson(),
                ["images"] = dataHash,
                ["trainingImages"] = split.Train.Images.Count.ToString(CultureInfo.InvariantCulture),
                ["steps"] = state.Step.ToString(CultureInfo.InvariantCulture),
                ["priorSteps"] = priorSteps.ToString(CultureInfo.InvariantCulture),
                ["version"] = typeof(VaeTraining).Assembly.GetName().Version!.ToString(3),
                ["device"] = device.Info.Name,
                ["path"] = device.Path.ToString(),
            },
        };
    }

    /// <summary>What new images are drawn from, best first, and the steps that its training took.</summary>
    private (ILatentPrior[] Priors, long Steps) TrainPriors(VaeTrainingGraph graph, OptimizerState state, VaeRunner runner, AggregatePosterior aggregate)
    {
        if (graph.Codebook != null)
            return TrainCodePrior(graph.Codebook, state, runner);
        if (architecture.Latent == LatentKind.Categorical)
        {
            float[] logits = new ModelInputs(architecture, split.Train, BinarizationSeed, withMirrored: options.Augmentation.Flip).EncodeHead(runner);
            return ([CategoricalPriorFitter.Fit(logits, architecture.LatentSize / architecture.Classes, architecture.Classes)], 0);
        }

        var priorTraining = new PriorTraining(device, options, run, progress, token);
        ILatentPrior[] fitted = priorTraining.Train(aggregate, SecondsLeft * PriorShare, state.Step);
        ILatentPrior[] above = runner.TopPrior is { } top ? [top] : [];
        ILatentPrior[] normal = architecture.HasNormalPrior ? [new StandardNormalPrior(architecture.LatentSize)] : [];
        return ([.. above, .. fitted, .. normal], priorTraining.Steps);
    }

    /// <summary>Of quantized latents: the prior over codes, and random codes to compare with.</summary>
    private (ILatentPrior[] Priors, long Steps) TrainCodePrior(Codebook codebook, OptimizerState state, VaeRunner runner)
    {
        int side = architecture.LatentSide;
        var shape = new CodePriorShape(new CodeGrid(side, side, side <= WholeContextSide ? 0 : ContextRadius), codebook.Codes, codebook.Dimensions, Labels: architecture.Labels.Count);
        var codePrior = new CodePriorTraining(device, options, run, progress, token);
        CodePrior prior = codePrior.Train(shape, CodesOf(runner, split.Train, options.Augmentation.Flip), CodesOf(runner, split.HeldOut, mirrored: false),
            CodesOf(state, codebook), SecondsLeft * PriorShare, state.Step);
        return ([prior, new RandomCodePrior(prior)], codePrior.Steps);
    }

    private CodeSet CodesOf(VaeRunner runner, ArtSet images, bool mirrored)
    {
        var inputs = new ModelInputs(architecture, images, BinarizationSeed, mirrored);
        return new CodeSet(inputs.EncodeCodes(runner), inputs.LabelOf);
    }

    /// <summary>Finds out before the work, not after it, that the model can't be written.</summary>
    private static void RequireWritable(string outPath)
    {
        string probe = outPath + ".probe";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(outPath)) is { } folder)
                Directory.CreateDirectory(folder);
            if (Directory.Exists(outPath))
                throw new IOException("it is a folder.");
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"The model can't be written to {outPath}: {e.Message} Choose another --out.", e);
        }
    }
}
