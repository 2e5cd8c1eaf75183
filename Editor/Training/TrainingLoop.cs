using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// Drives a recorded training to its last step: submissions of about a third of a second, a checkpoint every so often and when
/// it is cancelled, and a stop at the first number that is not finite.
/// </summary>
internal sealed class TrainingLoop
{
    private const double SubmissionSeconds = 0.3;

    private readonly RecordedTraining training;
    private readonly Schedule schedule;
    private readonly Action<OptimizerState> saveCheckpoint;
    private readonly double checkpointSeconds;

    public TrainingLoop(RecordedTraining training, Schedule schedule, Action<OptimizerState> saveCheckpoint, double checkpointSeconds)
    {
        (this.training, this.schedule, this.saveCheckpoint, this.checkpointSeconds) = (training, schedule, saveCheckpoint, checkpointSeconds);
    }

    /// <summary>Called after each submission, with the totals of its steps and the seconds that it took.</summary>
    public Action<IReadOnlyList<StepTotals>, double>? Submitted { get; init; }

    /// <summary>Called at each multiple of <see cref="MilestoneEvery"/> and at the end.</summary>
    public Action? Milestone { get; init; }

    /// <summary>Steps between milestones.</summary>
    public long MilestoneEvery { get; init; } = long.MaxValue;

    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint has been written.</exception>
    /// <exception cref="TrainingException">A loss, gradient or weight is not finite; the last checkpoint stays.</exception>
    public void Run(CancellationToken token)
    {
        var sinceCheckpoint = Stopwatch.StartNew();
        var totals = new List<StepTotals>();
        double secondsPerStep = SubmissionSeconds;
        while (training.Step < schedule.Total)
        {
            if (token.IsCancellationRequested)
            {
                Checkpoint();
                token.ThrowIfCancellationRequested();
            }

            long untilMilestone = MilestoneEvery == long.MaxValue ? long.MaxValue : MilestoneEvery - (training.Step % MilestoneEvery);
            long most = Math.Min(Math.Min(training.MostSteps, untilMilestone), schedule.Total - training.Step);
            int steps = (int)Math.Clamp(SubmissionSeconds / secondsPerStep, 1, most);
            totals.Clear();
            var watch = Stopwatch.StartNew();
            training.Run(steps, schedule, totals);
            secondsPerStep = watch.Elapsed.TotalSeconds / steps;
            RequireFinite(totals);
            Submitted?.Invoke(totals, watch.Elapsed.TotalSeconds);
            if (training.Step % MilestoneEvery == 0 || training.Step == schedule.Total)
                Milestone?.Invoke();
            if (sinceCheckpoint.Elapsed.TotalSeconds >= checkpointSeconds || training.Step == schedule.Total)
            {
                Checkpoint();
                sinceCheckpoint.Restart();
            }
        }
    }

    /// <summary>Seconds of a step, measured on steps that are thrown away.</summary>
    public static double Measure(RecordedTraining training, Schedule schedule, double seconds)
    {
        var totals = new List<StepTotals>();
        training.Run(1, schedule, totals);
        var watch = Stopwatch.StartNew();
        int steps = 0;
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            training.Run(1, schedule, totals);
            steps++;
        }

        return watch.Elapsed.TotalSeconds / steps;
    }

    private void Checkpoint()
    {
        OptimizerState state = training.Capture();
        if (!state.IsFinite())
            throw Diverged(training.Step);
        saveCheckpoint(state);
    }

    private void RequireFinite(List<StepTotals> totals)
    {
        int bad = totals.FindIndex(t => !t.IsFinite);
        if (bad >= 0)
            throw Diverged(training.Step - totals.Count + bad);
    }

    private static TrainingException Diverged(long step) => new(
        $"Training diverged at step {step}: the loss or a gradient is not a finite number. The last checkpoint before it is kept. " +
        "Lower --learning-rate (a third is a good try), or set --max-gradient-norm lower, and start again; --resume would repeat the same steps.");
}
