using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Dataset;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Training;

public sealed class RecordedTrainingTests(OperandPath path) : GpuTest(path)
{
    private static readonly TrainingOptions Options = new()
    {
        Preset = "fast", LatentSize = 8, Batch = 5, Steps = 10, Seed = 3, WeightDecay = 0.01,
        Augmentation = new(Flip: true, QuarterTurns: true, WrapShift: true),
    };

    private readonly ArtSet images = ProceduralArt.Generate(9, 12, seed: 2);

    [Test]
    public void StepsGiveTheSameBitsHoweverTheyAreSubmittedOrInterrupted()
    {
        List<StepTotals> one = [], many = [], resumed = [];
        OptimizerState oneByOne = AfterSteps(one, [1, 1, 1, 1, 1, 1]), together = AfterSteps(many, [4, 2]);
        AssertSame(together, oneByOne);
        Assert.That(many, Is.EqualTo(one));
        AssertSame(AfterSteps(resumed, [3], from: AfterSteps(resumed, [2, 1])), oneByOne);
        Assert.That(resumed, Is.EqualTo(one));
        Assert.That(one.All(t => t.IsFinite));
        Assert.That(one.Select(t => t.Absolute), Is.Unique);
    }

    /// <summary>The host fills the second part of the table, and of the places of streamed images, while the device is still at the first.</summary>
    [Test]
    public void SubmissionsThatWaitForEachOtherOnTheDeviceGiveTheSameBits([Values] bool streamed)
    {
        TrainingOptions options = Options with { ImageMemoryBytes = streamed ? 0 : null };
        int[] submissions = [1, 4, 4, 3, 4, 2];
        List<StepTotals> waited = [], ahead = [];
        OptimizerState expected = AfterSteps(waited, submissions, options: options);
        AssertSame(AfterSteps(ahead, submissions, options: options, isAhead: true), expected);
        Assert.That(ahead, Is.EqualTo(waited));
    }

    [Test]
    public void TwoSubmissionsMayBeInFlightAndAStateIsThatOfNone()
    {
        using var workspace = new Workspace(Device);
        var graph = new VaeTrainingGraph(VaeTraining.ArchitectureFor(Options, images), Options, images.Images.Count, 4);
        using RecordedTraining training = Build(workspace, graph);
        training.Initialize(3);
        var schedule = new Schedule(10, Options.Seed, Options.LearningRate, 1, Options.EmaDecay, graph.Optimizer);
        List<StepTotals> totals = [];
        Assert.That(() => training.Finish(totals), Throws.InvalidOperationException);
        Assert.That(() => training.Submit(5, schedule), Throws.TypeOf<ArgumentOutOfRangeException>());
        training.Submit(4, schedule);
        training.Submit(3, schedule);
        Assert.That((training.Step, training.StepsSubmitted, training.InFlight, training.CanSubmit), Is.EqualTo((0L, 7L, 2, false)));
        TestDelegate[] tooEarly =
        [
            () => training.Submit(1, schedule), () => training.Capture(), () => training.AverageWeights(), () => training.Initialize(3),
            () => training.Run(1, schedule, totals),
        ];
        foreach (TestDelegate early in tooEarly)
            Assert.That(early, Throws.InvalidOperationException.With.Message.Contains("in flight"));
        training.Finish(totals);
        Assert.That((training.Step, training.StepsSubmitted, training.InFlight, totals.Count), Is.EqualTo((4L, 7L, 1, 4)));
        training.Finish(totals);
        Assert.That((training.Step, totals.Count, training.Capture().Step), Is.EqualTo((7L, 7, 7L)));
    }

    [TestCase(PixelFormat.Rgba, false, false)]
    [TestCase(PixelFormat.Grey, true, false)]
    [TestCase(PixelFormat.Rgba, true, true)]
    [TestCase(PixelFormat.Grey, false, true)]
    public void StreamedImagesGiveTheSameBits(PixelFormat pixels, bool conditional, bool fromDisk)
    {
        TrainingOptions options = Options with { Pixels = pixels, Conditional = conditional };
        List<StepTotals> resident = [], streamed = [];
        OptimizerState expected = AfterSteps(resident, [4, 2], options: options);
        AssertSame(AfterSteps(streamed, [4, 2], options: options with { ImageMemoryBytes = 0 }, images: fromDisk ? OnDisk.Of(images) : images), expected);
        Assert.That(streamed, Is.EqualTo(resident));
    }

    [Test]
    public void ImagesAreStreamedWhereTheyAreTooMany()
    {
        VaeArchitecture architecture = VaeTraining.ArchitectureFor(Options, images);
        int most = (int)(Device.Limits.MaxStorageBufferRange / TrainingImages.BytesOf(architecture));
        Assert.That(TrainingImages.AreTooMany(Device, architecture, Options, 100), Is.False);
        Assert.That(TrainingImages.AreTooMany(Device, architecture, Options, most + 1), Is.True, "more than a binding may have");
        Assert.That(TrainingImages.AreTooMany(Device, architecture, Options with { ImageMemoryBytes = 100 * 4 * 12 * 12 }, 100), Is.False);
        Assert.That(TrainingImages.AreTooMany(Device, architecture, Options with { ImageMemoryBytes = 100 * 4 * 12 * 12 }, 101), Is.True);
        Assert.That(TrainingImages.StepsOf(architecture, batch: 5, most: 32), Is.EqualTo((32, 2)));
        Assert.That(TrainingImages.StepsOf(architecture, batch: 50_000, most: 32), Is.EqualTo((2, 2)), "28.8 MB each, and 128 MiB can be bound");
        Assert.That(TrainingImages.StepsOf(architecture, batch: 200_000, most: 32), Is.EqualTo((1, 1)), "115.2 MB: no place for a second");
    }

    [Test]
    public void StartsFromWeightsDrawnFromTheSeedAndAClearedOptimizer()
    {
        using var workspace = new Workspace(Device);
        var graph = new VaeTrainingGraph(VaeTraining.ArchitectureFor(Options, images), Options, images.Images.Count, 4);
        using RecordedTraining training = Build(workspace, graph);
        training.Initialize(3);
        OptimizerState first = training.Capture();
        Assert.That(first.Step, Is.Zero);
        Assert.That(first.FirstMoment.Concat(first.SecondMoment), Is.All.Zero);
        Assert.That(first.Average, Is.EqualTo(first.Weights));
        foreach (Parameter parameter in graph.Parameters.Parameters)
        {
            float[] values = parameter.Gather(first.Weights);
            float scale = parameter.Initializer.Scale;
            if (parameter.Initializer.Kind == InitializerKind.Constant)
            {
                Assert.That(values, Is.All.EqualTo(scale), parameter.Name);
                continue;
            }

            // Of a uniform distribution over [-a, a]: the mean is 0 and the variance a²/3, each within five standard errors.
            double n = values.Length, a = scale;
            Assert.That(values.Min() >= -scale && values.Max() <= scale, parameter.Name);
            Assert.That(values.Average(v => v / a), Is.EqualTo(0).Within(5 / Math.Sqrt(3 * n)), parameter.Name);
            Assert.That(values.Average(v => v / a * v / a), Is.EqualTo(1.0 / 3).Within(5 * Math.Sqrt(4.0 / 45 / n)), parameter.Name);
        }

        training.Initialize(4);
        Assert.That(training.Capture().Weights, Is.Not.EqualTo(first.Weights));
        training.Initialize(3);
        AssertSame(training.Capture(), first);
    }

    /// <summary>From a loss scale that is far too large: the first steps are left out, each halves it, and then training goes on.</summary>
    [Test]
    public void StepsOfTooLargeALossScaleAreLeftOut()
    {
        TrainingOptions options = Options with { Precision = Precision.Mixed };
        OptimizerState fresh = AfterSteps([], [], options: options);
        OptimizerState start = fresh with { Carried = new Dictionary<string, float[]> { ["loss scale"] = [14, 0, 0, 0] } };
        List<StepTotals> one = [], resumed = [];
        OptimizerState end = AfterSteps(one, [4, 4, 4, 4, 4], from: start, options: options, total: 30);
        int leftOut = one.FindIndex(t => !t.IsLeftOut);
        Assert.That(leftOut, Is.InRange(3, 16));
        Assert.That(one.All(t => t.IsFinite));
        Assert.That(one[0].LossScale, Is.EqualTo(1 << 24));
        Assert.That(one.Zip(one.Skip(1)).All(pair => pair.Second.LossScale == pair.First.LossScale / (pair.First.IsLeftOut ? 2 : 1)));
        Assert.That(one.Count(t => !t.IsLeftOut), Is.GreaterThanOrEqualTo(3));
        Assert.That(end.Weights, Is.Not.EqualTo(start.Weights));
        OptimizerState half = AfterSteps(resumed, [3], from: start, options: options, total: 30);
        Assert.That(half.Weights, Is.EqualTo(start.Weights), "nothing changes while steps are left out");
        AssertSame(AfterSteps(resumed, [4, 4, 4, 4, 1], from: half, options: options, total: 30), end);
        Assert.That(resumed, Is.EqualTo(one));
    }

    /// <summary>A state after some submissions of so many steps each, in a workspace of its own.</summary>
    /// <param name="isAhead">Each submission is made before the one before it is waited for.</param>
    private OptimizerState AfterSteps(
        List<StepTotals> totals, int[] submissions, OptimizerState? from = null, TrainingOptions? options = null, bool isAhead = false, long total = 10,
        ArtSet? images = null)
    {
        options ??= Options;
        images ??= this.images;
        using var workspace = new Workspace(Device);
        VaeTrainingGraph graph = VaeTrainingGraph.For(Device, VaeTraining.ArchitectureFor(options, images), options, images.Images.Count, mostSteps: 4);
        Assert.That(graph.Source.IsStreamed, Is.EqualTo(options.ImageMemoryBytes == 0));
        using RecordedTraining training = Build(workspace, graph, images);
        if (from == null)
            training.Initialize(Options.Seed);
        else
            training.Restore(from);
        var schedule = new Schedule(total, Options.Seed, Options.LearningRate, 1, Options.EmaDecay, graph.Optimizer);
        foreach (int steps in submissions)
        {
            if (training.InFlight == (isAhead ? 2 : 1))
                training.Finish(totals);
            training.Submit(steps, schedule);
        }

        while (training.InFlight > 0)
            training.Finish(totals);
        return training.Capture();
    }

    private RecordedTraining Build(Workspace workspace, VaeTrainingGraph graph, ArtSet? images = null)
    {
        images ??= this.images;
        graph.Upload(workspace, images);
        var sampler = new BatchSampler(images.Images.Count, Options.Batch, Options.Seed);
        return new RecordedTraining(
            workspace, "training step", graph.Parameters, graph.AdamW, graph.Table, sampler, graph.StepKernels(), carried: graph.State, images: graph.Source);
    }

    private static void AssertSame(OptimizerState actual, OptimizerState expected)
    {
        Assert.That(actual.Step, Is.EqualTo(expected.Step));
        Assert.That(actual.Weights.AsSpan().SequenceEqual(expected.Weights), "Weights");
        Assert.That(actual.FirstMoment.AsSpan().SequenceEqual(expected.FirstMoment), "FirstMoment");
        Assert.That(actual.SecondMoment.AsSpan().SequenceEqual(expected.SecondMoment), "SecondMoment");
        Assert.That(actual.Average.AsSpan().SequenceEqual(expected.Average), "Average");
    }
}
