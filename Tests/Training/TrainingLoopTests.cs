using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Training;

/// <summary>What runs beside what, without a clock: who would wait for another where it must not, waits here until patience ends.</summary>
[TestFixture]
public sealed class TrainingLoopTests() : GpuTest(GpuTestDevice.Paths.First())
{
    private const int Total = 26, MostSteps = 4;
    private const double Always = 1e-6, Never = 1e6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TrainingOptions Options = new() { Preset = "fast", LatentSize = 4, Batch = 5, Steps = Total, Seed = 3 };

    private readonly ArtSet images = ProceduralArt.Generate(9, 12, seed: 2);
    private BackgroundWork background = new();
    private Workspace? workspace;
    private RecordedTraining? training;
    private Schedule? schedule;

    private RecordedTraining Training => training!;

    [SetUp]
    public void Begin() => Begin(Options);

    private void Begin(TrainingOptions options)
    {
        background = new BackgroundWork();
        workspace = new Workspace(Device);
        VaeTrainingGraph graph = VaeTrainingGraph.For(Device, VaeTraining.ArchitectureFor(options, images), options, images.Images.Count, MostSteps);
        graph.Upload(workspace, images);
        var sampler = new BatchSampler(images.Images.Count, Options.Batch, Options.Seed);
        training = new RecordedTraining(workspace, "training step", graph.Parameters, graph.AdamW, graph.Table, sampler, graph.StepKernels(), images: graph.Source);
        training.Initialize(Options.Seed);
        schedule = new Schedule(Total, Options.Seed, Options.LearningRate, 1, Options.EmaDecay, graph.Optimizer);
    }

    [TearDown]
    public void End()
    {
        training?.Dispose();
        workspace?.Dispose();
    }

    [Test]
    public void TheDeviceHasTheNextSubmissionBeforeOneIsRead()
    {
        var inFlight = new List<(long Step, int InFlight)>();
        List<StepTotals> totals = [], expected = [];
        LoopWith(_ => { }, Never, (t, _) =>
        {
            totals.AddRange(t);
            inFlight.Add((Training.Step, Training.InFlight));
        }).Run(CancellationToken.None);
        Assert.That(inFlight, Has.Count.GreaterThanOrEqualTo((Total / MostSteps) + 1));
        Assert.That(inFlight[0], Is.EqualTo((1L, 0)), "the first is a step that is measured");
        Assert.That(inFlight[^1], Is.EqualTo(((long)Total, 0)));
        Assert.That(inFlight.Skip(1).SkipLast(1).Select(s => s.InFlight), Is.All.EqualTo(1));

        float[] weights = Training.Capture().Weights;
        Training.Initialize(Options.Seed);
        while (Training.Step < Total)
            Training.Run(1, schedule!, expected);
        Assert.That(totals, Is.EqualTo(expected));
        Assert.That(weights.AsSpan().SequenceEqual(Training.Capture().Weights));
    }

    [Test]
    public void ASlowCheckpointDelaysNoStepAndIsOneAtATime()
    {
        using var lastStep = new ManualResetEventSlim();
        var saved = new List<long>();
        int writing = 0;
        LoopWith(
            state =>
            {
                Assert.That(Interlocked.Increment(ref writing), Is.EqualTo(1));
                Assert.That(lastStep.Wait(Patience), "the steps waited for the checkpoint");
                saved.Add(state.Step);
                Interlocked.Decrement(ref writing);
            },
            Always,
            (_, _) =>
            {
                if (Training.Step == Total)
                    lastStep.Set();
            }).Run(CancellationToken.None);
        Assert.That(saved, Is.EqualTo(new long[] { 1, Total }));
    }

    [Test]
    public void ACheckpointThatFailsStopsTheTraining()
    {
        int saves = 0;
        TrainingLoop loop = LoopWith(_ => throw new FormatException($"save {++saves}"), Always, (_, _) => background.WaitQuietly());
        Assert.That(() => loop.Run(CancellationToken.None), Throws.TypeOf<FormatException>().With.Message.EqualTo("save 1"));
        Assert.That(saves, Is.EqualTo(1));
        Assert.That(Training.Step, Is.LessThan(1 + (3 * MostSteps)), "at the first or second boundary after it");
    }

    [Test]
    public void CancellingTakesNoMoreThanWhatIsInFlightAndItsCheckpointLeadsToTheSameBits([Values] bool streamed)
    {
        End();
        Begin(Options with { ImageMemoryBytes = streamed ? 0 : null });
        using var cancel = new CancellationTokenSource();
        var saved = new List<OptimizerState>();
        long reported = 0, cancelledAt = 0;
        TrainingLoop loop = LoopWith(
            state =>
            {
                Thread.Sleep(50);
                saved.Add(state);
            },
            Never,
            (_, _) =>
            {
                reported = Training.Step;
                if (reported > MostSteps && cancelledAt == 0)
                {
                    cancelledAt = Training.StepsSubmitted;
                    cancel.Cancel();
                }
            });
        Assert.That(() => loop.Run(cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(reported, Is.EqualTo(cancelledAt).And.LessThan(Total));
        Assert.That(saved.Select(s => s.Step), Is.EqualTo(new[] { reported }));

        List<StepTotals> totals = [];
        Training.Initialize(Options.Seed);
        while (Training.Step < Total)
            Training.Run(1, schedule!, totals);
        float[] undisturbed = Training.Capture().Weights;
        Training.Restore(saved[0]);
        LoopWith(_ => { }, Never, (_, _) => { }).Run(CancellationToken.None);
        Assert.That(Training.Capture().Weights.AsSpan().SequenceEqual(undisturbed));
    }

    [Test]
    public void MilestonesHaveTheStateOfTheirStepAndAllIsInOrder()
    {
        const int every = 10;
        var events = new List<string>();
        var averages = new Dictionary<long, float[]>();
        new TrainingLoop(Training, schedule!, background, state => events.Add($"checkpoint {state.Step}"), Never)
        {
            Submitted = (_, _) =>
            {
                long step = Training.Step;
                background.Post(() => events.Add($"figures {step}"));
            },
            Milestone = state =>
            {
                Thread.Sleep(50);
                averages.Add(state.Step, state.Average);
                events.Add($"milestone {state.Step}");
            },
            MilestoneEvery = every,
        }.Run(CancellationToken.None);
        Assert.That(events.Where(e => !e.StartsWith("figures", StringComparison.Ordinal)), Is.EqualTo(new[] { "milestone 10", "milestone 20", "milestone 26", "checkpoint 26" }));
        foreach (string milestone in events.Where(e => e.StartsWith("milestone", StringComparison.Ordinal)))
            Assert.That(events[events.IndexOf(milestone) - 1], Is.EqualTo(milestone.Replace("milestone", "figures", StringComparison.Ordinal)));

        Training.Initialize(Options.Seed);
        List<StepTotals> totals = [];
        while (Training.Step < Total)
        {
            Training.Run(1, schedule!, totals);
            if (averages.TryGetValue(Training.Step, out float[]? average))
                Assert.That(average.AsSpan().SequenceEqual(Training.AverageWeights()), $"step {Training.Step}");
        }
    }

    [Test]
    public void StepsGoOnBesideAMilestoneUpToTheNextOne()
    {
        const int every = 10;
        using var farEnough = new ManualResetEventSlim();
        new TrainingLoop(Training, schedule!, background, _ => { }, Never)
        {
            Submitted = (_, _) =>
            {
                if (Training.Step == 2 * every)
                    farEnough.Set();
            },
            Milestone = state => Assert.That(farEnough.Wait(Patience), $"the steps after {state.Step} waited for its milestone"),
            MilestoneEvery = every,
        }.Run(CancellationToken.None);
        Assert.That(Training.Step, Is.EqualTo(Total));
    }

    private TrainingLoop LoopWith(Action<OptimizerState> save, double checkpointSeconds, Action<IReadOnlyList<StepTotals>, double> submitted) =>
        new(Training, schedule!, background, save, checkpointSeconds) { Submitted = submitted };
}
