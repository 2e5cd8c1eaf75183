using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// Drives a recorded training to its last step: a checkpoint every so often and when it is cancelled, and a stop at the first number that is
/// not finite. The device has the next submission before the host waits for one, so it goes on while the host reads, reports and brings
/// images; what is written to the disk is written in the background. Only where a state is captured, at a milestone or for a checkpoint, the
/// device pauses until it has been copied.
/// </summary>
public sealed class TrainingLoop
{
    // Of all that is in flight, where steps are not longer: so long it may take to stop.
    private const double SecondsInFlight = 0.3;

    private readonly RecordedTraining training;
    private readonly Schedule schedule;
    private readonly BackgroundWork background;
    private readonly Action<OptimizerState> saveCheckpoint;
    private readonly double checkpointSeconds;
    private readonly Stopwatch sinceCheckpoint = new();
    private Task lastCheckpoint = Task.CompletedTask;
    private Task lastMilestone = Task.CompletedTask;

    /// <param name="background">Where checkpoints and milestones are done.</param>
    /// <param name="saveCheckpoint">Called in the background, with finite numbers alone.</param>
    /// <param name="checkpointSeconds">From one checkpoint to the next. Where writing one takes longer, the next one waits, and not the training.</param>
    public TrainingLoop(
        RecordedTraining training, Schedule schedule, BackgroundWork background, Action<OptimizerState> saveCheckpoint, double checkpointSeconds)
    {
        (this.training, this.schedule, this.background) = (training, schedule, background);
        (this.saveCheckpoint, this.checkpointSeconds) = (saveCheckpoint, checkpointSeconds);
    }

    /// <summary>Called after each submission, with the totals of its steps and the seconds that it took.</summary>
    public Action<IReadOnlyList<StepTotals>, double>? Submitted { get; init; }

    /// <summary>Called in the background with the state at each multiple of <see cref="MilestoneEvery"/> and at the end.</summary>
    public Action<OptimizerState>? Milestone { get; init; }

    /// <summary>Steps between milestones.</summary>
    public long MilestoneEvery { get; init; } = long.MaxValue;

    private bool IsCheckpointDue => sinceCheckpoint.Elapsed.TotalSeconds >= checkpointSeconds && lastCheckpoint.IsCompleted;

    /// <summary>Returns when the last step is taken and all background work is done.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint has been written.</exception>
    /// <exception cref="TrainingException">A loss, gradient or weight is not finite; the last checkpoint stays.</exception>
    public void Run(CancellationToken token)
    {
        try
        {
            TakeSteps(token);
        }
        catch
        {
            background.WaitQuietly();
            throw;
        }

        background.Wait();
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

    private void TakeSteps(CancellationToken token)
    {
        var totals = new List<StepTotals>();
        double? secondsPerStep = null;
        var watch = new Stopwatch();
        sinceCheckpoint.Restart();
        while (training.Step < schedule.Total)
        {
            bool stop = token.IsCancellationRequested;
            if (stop && training.InFlight == 0)
            {
                Save(training.Capture());
                background.Wait();
                token.ThrowIfCancellationRequested();
            }

            // What is queued behind another begins when that one ends; what is not, now.
            if (training.InFlight == 0)
                watch.Restart();
            while (!stop && MaySubmit(isMeasured: secondsPerStep != null))
                training.Submit(StepsOfNext(secondsPerStep ?? SecondsInFlight), schedule);
            totals.Clear();
            training.Finish(totals);
            double seconds = watch.Elapsed.TotalSeconds;
            watch.Restart();
            secondsPerStep = seconds / totals.Count;
            RequireFinite(totals);
            background.ThrowIfFailed();
            Submitted?.Invoke(totals, seconds);
            if (training.InFlight == 0)
                CaptureWhatIsDue();
        }
    }

    /// <summary>Not beyond a step whose state is to be captured; and none behind the first one, which shows how long a step takes.</summary>
    private bool MaySubmit(bool isMeasured) =>
        training.CanSubmit && training.StepsSubmitted < schedule.Total
        && (training.InFlight == 0 || (isMeasured && !IsMilestone(training.StepsSubmitted) && !IsCheckpointDue));

    private int StepsOfNext(double secondsPerStep)
    {
        long next = training.StepsSubmitted;
        long untilMilestone = Milestone == null || MilestoneEvery == long.MaxValue ? long.MaxValue : MilestoneEvery - (next % MilestoneEvery);
        long most = Math.Min(Math.Min(training.MostSteps, untilMilestone), schedule.Total - next);
        return (int)Math.Clamp(SecondsInFlight / RecordedTraining.MostInFlight / secondsPerStep, 1, most);
    }

    private bool IsMilestone(long step) => Milestone != null && (step % MilestoneEvery == 0 || step == schedule.Total);

    private void CaptureWhatIsDue()
    {
        bool isMilestone = IsMilestone(training.Step), isCheckpoint = IsCheckpointDue || training.Step == schedule.Total;
        if (!isMilestone && !isCheckpoint)
            return;
        // States that wait are memory: there is one at most.
        if (isMilestone)
            lastMilestone.GetAwaiter().GetResult();
        OptimizerState state = training.Capture();
        if (isMilestone)
            lastMilestone = background.Post(() => Milestone!(state));
        if (isCheckpoint)
            Save(state);
    }

    private void Save(OptimizerState state)
    {
        lastCheckpoint = background.Post(() =>
        {
            if (!state.IsFinite())
                throw Diverged(state.Step);
            saveCheckpoint(state);
        });
        sinceCheckpoint.Restart();
    }

    private void RequireFinite(List<StepTotals> totals)
    {
        int bad = totals.FindIndex(t => !t.IsFinite);
        if (bad >= 0)
            throw Diverged(training.Step - totals.Count + bad, isMixed: totals[bad].LossScale > 0);
    }

    private static TrainingException Diverged(long step, bool isMixed = false) => new(
        $"Training diverged at step {step}: the loss or a gradient is not a finite number. The last checkpoint before it is kept. " +
        "Lower --learning-rate (a third is a good try), or set --max-gradient-norm lower, and start again; --resume would repeat the same steps." +
        (isMixed ? " Or leave --precision mixed away: half precision ends at 65,504." : ""));
}
