using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>What a step leaves for the host, as sums over the rows of the batch.</summary>
/// <param name="Absolute">Σ|d|</param>
/// <param name="Square">Σd²</param>
/// <param name="Direct">Σ of −log p, where it is no function of the two</param>
/// <param name="Kl">ΣKL in nats</param>
/// <param name="Loss">The loss in nats an image.</param>
/// <param name="SquaredGradientNorm">Σg²</param>
/// <param name="NegativeLogLikelihood">Σ −log p(x|z) in nats</param>
public readonly record struct StepTotals(double Absolute, double Square, double Direct, double Kl, double Loss, double SquaredGradientNorm, double NegativeLogLikelihood)
{
    /// <summary>Σ(J(x) − J(x̂))², where reconstructions are compared in features.</summary>
    public double FeatureSquare { get; init; }

    /// <summary>S of mixed precision; 0 in full precision.</summary>
    public double LossScale { get; init; }

    /// <summary>
    /// The gradients left what half precision holds, and the step was left out (<see cref="MixedPrecision"/>). With a scale of 1 there is nothing more to
    /// lower: then it is no remedy.
    /// </summary>
    public bool IsLeftOut => LossScale > 1 && !double.IsFinite(SquaredGradientNorm);

    public bool IsFinite => double.IsFinite(Absolute + Square + Direct + Kl + Loss + NegativeLogLikelihood + FeatureSquare)
        && (IsLeftOut || double.IsFinite(SquaredGradientNorm));
}

/// <summary>
/// A training step recorded once and submitted again and again: several steps a submission, nothing between them on the host. A second
/// submission may wait on the device while the host reads what the first one left: each has its own part of the step table.
/// </summary>
public sealed class RecordedTraining : IDisposable
{
    /// <summary>Submissions that may be on the device at a time, where there is memory for both.</summary>
    public const int MostInFlight = 2;

    private const uint InitializationStream = 0x301;

    private readonly Workspace workspace;
    private readonly ParameterSet parameters;
    private readonly AdamW optimizer;
    private readonly StepTable table;
    private readonly BatchSampler sampler;
    private readonly IReadOnlyList<Tensor> carried;
    private readonly TrainingImages? images;
    private readonly GpuProgram program;
    private readonly CommandList[] turns;
    private readonly Queue<(long Ticket, int Steps, int Part)> inFlight = new();
    private int part;

    /// <param name="workspace">Holds the memory.</param>
    /// <param name="name">For messages.</param>
    /// <param name="parameters">What is trained.</param>
    /// <param name="optimizer">Its update is the end of <paramref name="step"/>.</param>
    /// <param name="table">Its begin and end are in <paramref name="step"/>. It has rows for as many submissions as may be in flight.</param>
    /// <param name="sampler">Chooses batches.</param>
    /// <param name="step">All kernels of a step.</param>
    /// <param name="profile">Measure each kernel; see <see cref="ReadTimes"/>.</param>
    /// <param name="carried">What is carried from step to step beside weights and moments; it starts at zero.</param>
    /// <param name="images">Brings those of a submission along; null: the sampler's numbers are places on the device.</param>
    public RecordedTraining(Workspace workspace, string name, ParameterSet parameters, AdamW optimizer, StepTable table, BatchSampler sampler, IEnumerable<KernelSpec> step, bool profile = false, IReadOnlyList<Tensor>? carried = null, TrainingImages? images = null)
    {
        (this.workspace, this.parameters, this.optimizer, this.table, this.sampler) = (workspace, parameters, optimizer, table, sampler);
        this.carried = carried ?? [];
        this.images = images;
        program = new GpuProgram(workspace, name, step, profile);
        turns = new CommandList[images?.InFlight ?? MostInFlight];
        for (int i = 0; i < turns.Length; i++)
            turns[i] = TurnTo(i, name);
    }

    public Workspace Workspace => workspace;

    /// <summary>Steps taken, as far as the host knows: those of finished submissions.</summary>
    public long Step { get; private set; }

    /// <summary>Steps taken once all that is submitted has run.</summary>
    public long StepsSubmitted => Step + inFlight.Sum(s => s.Steps);

    /// <summary>Submissions that have not been finished (<see cref="Finish"/>).</summary>
    public int InFlight => inFlight.Count;

    /// <summary>Whether another submission has a place in the table.</summary>
    public bool CanSubmit => inFlight.Count < turns.Length;

    public int Batch => sampler.Batch;

    /// <summary>Most steps in one submission.</summary>
    public int MostSteps => table.Steps / turns.Length;

    public IReadOnlyList<KernelSpec> Kernels => program.Kernels;

    /// <summary>Draws the initial weights from the seed, and clears the optimizer.</summary>
    public void Initialize(ulong seed)
    {
        var weights = new float[parameters.Count];
        for (int p = 0; p < parameters.Parameters.Count; p++)
        {
            Parameter parameter = parameters.Parameters[p];
            var values = new float[parameter.Gather(weights).Length];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = parameter.Initializer.Kind == InitializerKind.Constant
                    ? parameter.Initializer.Scale
                    : parameter.Initializer.Scale * ((2 * Philox.Uniform(Philox.Draw(seed, (uint)i, (uint)p, InitializationStream, 0).X)) - 1);
            }

            parameter.Scatter(values, weights);
        }

        var zeros = carried.ToDictionary(t => t.Name, t => new float[t.Shape.Count]);
        Restore(new OptimizerState(0, weights, new float[weights.Length], new float[weights.Length], (float[])weights.Clone(), zeros));
    }

    /// <summary>Takes up a captured state.</summary>
    public void Restore(OptimizerState state)
    {
        RequireNoneInFlight();
        workspace.Device.WaitIdle();
        workspace.Upload<float>(parameters.Values, state.Weights);
        workspace.Upload<float>(optimizer.FirstMoment, state.FirstMoment);
        workspace.Upload<float>(optimizer.SecondMoment, state.SecondMoment);
        workspace.Upload<float>(optimizer.Average, state.Average);
        foreach (Tensor tensor in carried)
            workspace.Upload<float>(tensor, state.Carried[tensor.Name]);
        Step = state.Step;
    }

    /// <summary>What is carried along after <see cref="Step"/> steps.</summary>
    /// <exception cref="InvalidOperationException">A submission is in flight.</exception>
    public OptimizerState Capture()
    {
        RequireNoneInFlight();
        return new(
            Step,
            workspace.Download<float>(parameters.Values),
            workspace.Download<float>(optimizer.FirstMoment),
            workspace.Download<float>(optimizer.SecondMoment),
            workspace.Download<float>(optimizer.Average),
            carried.ToDictionary(t => t.Name, workspace.Download<float>));
    }

    /// <summary>The moving average of the weights, in the stored layout.</summary>
    /// <inheritdoc cref="Capture"/>
    public float[] AverageWeights()
    {
        RequireNoneInFlight();
        return workspace.Download<float>(optimizer.Average);
    }

    /// <summary>Takes the next steps in one submission and waits for them.</summary>
    /// <param name="steps">How many, at most <see cref="MostSteps"/>.</param>
    /// <param name="schedule">Gives each step's state.</param>
    /// <param name="totals">Receives one entry a step.</param>
    /// <exception cref="InvalidOperationException">A submission is in flight.</exception>
    public void Run(int steps, Schedule schedule, List<StepTotals> totals)
    {
        RequireNoneInFlight();
        Submit(steps, schedule);
        Finish(totals);
    }

    /// <summary>Submits the next steps and does not wait.</summary>
    /// <param name="steps">How many, at most <see cref="MostSteps"/>.</param>
    /// <param name="schedule">Gives each step's state.</param>
    /// <exception cref="InvalidOperationException">As many submissions as there may be are in flight.</exception>
    public void Submit(int steps, Schedule schedule)
    {
        if (!CanSubmit)
            throw new InvalidOperationException($"{InFlight} submissions are in flight: finish one before the next.");
        if (steps < 1 || steps > MostSteps)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"A submission has 1 to {MostSteps} steps.");
        Span<uint> rows = stackalloc uint[Batch];
        Span<uint> words = workspace.Map<uint>(table.Table);
        long next = StepsSubmitted;
        for (int i = 0; i < steps; i++)
        {
            int place = (part * MostSteps) + i;
            if (images == null)
                sampler.RowsAt(next + i, rows);
            else
                images.Bring(workspace, sampler, next + i, place, rows);
            schedule.At(next + i).Write(words.Slice(place * table.RowWords, table.RowWords), rows);
        }

        program.Run(steps);
        int following = (part + 1) % turns.Length;
        inFlight.Enqueue((workspace.Device.Submit(turns[following]), steps, part));
        part = following;
    }

    /// <summary>Waits for the earliest submission in flight, and for no other.</summary>
    /// <param name="totals">Receives one entry a step.</param>
    /// <exception cref="InvalidOperationException">None is in flight.</exception>
    public void Finish(List<StepTotals> totals)
    {
        (long ticket, int steps, int finished) = inFlight.Peek();
        workspace.Device.Wait(ticket);
        Span<float> log = workspace.Map<float>(table.Log);
        for (int i = 0; i < steps; i++)
        {
            Span<float> row = log.Slice(((finished * MostSteps) + i) * StepTable.LogWidth, StepTable.LogWidth);
            double kl = (double)row[4] + row[5] + row[6] + row[7];
            totals.Add(new StepTotals(row[0], row[1], row[2], kl, row[8], row[12], row[13]) { FeatureSquare = row[14], LossScale = row[15] });
        }

        inFlight.Dequeue();
        Step += steps;
    }

    /// <summary>Seconds of each kernel in the last step, of a training made with profile.</summary>
    public IReadOnlyList<(KernelSpec Kernel, double Seconds)> ReadTimes() => program.ReadTimes();

    public void Dispose()
    {
        foreach (CommandList turn in turns)
            turn.Dispose();
        program.Dispose();
    }

    // Between two submissions the device itself moves the cursor, for the host may not write what a submission in flight reads. It comes last, so
    // that its ticket is that of the steps.
    private CommandList TurnTo(int part, string name)
    {
        CommandList list = workspace.Device.CreateCommandList($"{name}: turn to part {part}");
        BufferRange cursor = workspace.RangeOf(table.Cursor);
        list.Fill(cursor with { LengthBytes = sizeof(uint) }, (uint)(part * MostSteps));
        list.End();
        return list;
    }

    private void RequireNoneInFlight()
    {
        if (inFlight.Count > 0)
            throw new InvalidOperationException($"{InFlight} submissions are in flight: finish them first.");
    }
}
