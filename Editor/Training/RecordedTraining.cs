using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Program;
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

    public bool IsFinite => double.IsFinite(Absolute + Square + Direct + Kl + Loss + NegativeLogLikelihood + FeatureSquare) && (IsLeftOut || double.IsFinite(SquaredGradientNorm));
}

/// <summary>
/// A training step recorded once and submitted again and again: several steps a submission, nothing between them on the host.
/// </summary>
public sealed class RecordedTraining : IDisposable
{
    private const uint InitializationStream = 0x301;

    private readonly Workspace workspace;
    private readonly ParameterSet parameters;
    private readonly AdamW optimizer;
    private readonly StepTable table;
    private readonly BatchSampler sampler;
    private readonly IReadOnlyList<Tensor> carried;
    private readonly TrainingImages? images;
    private readonly GpuProgram program;

    /// <param name="workspace">Holds the memory.</param>
    /// <param name="name">For messages.</param>
    /// <param name="parameters">What is trained.</param>
    /// <param name="optimizer">Its update is the end of <paramref name="step"/>.</param>
    /// <param name="table">Its begin and end are in <paramref name="step"/>.</param>
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
    }

    public Workspace Workspace => workspace;

    /// <summary>Steps taken.</summary>
    public long Step { get; private set; }

    public int Batch => sampler.Batch;

    /// <summary>Most steps in one call of <see cref="Run"/>.</summary>
    public int MostSteps => table.Steps;

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
        workspace.Device.WaitIdle();
        workspace.Upload<float>(parameters.Values, state.Weights);
        workspace.Upload<float>(optimizer.FirstMoment, state.FirstMoment);
        workspace.Upload<float>(optimizer.SecondMoment, state.SecondMoment);
        workspace.Upload<float>(optimizer.Average, state.Average);
        foreach (Tensor tensor in carried)
            workspace.Upload<float>(tensor, state.Carried[tensor.Name]);
        Step = state.Step;
    }

    public OptimizerState Capture() => new(
        Step,
        workspace.Download<float>(parameters.Values),
        workspace.Download<float>(optimizer.FirstMoment),
        workspace.Download<float>(optimizer.SecondMoment),
        workspace.Download<float>(optimizer.Average),
        carried.ToDictionary(t => t.Name, workspace.Download<float>));

    /// <summary>The moving average of the weights, in the stored layout.</summary>
    public float[] AverageWeights() => workspace.Download<float>(optimizer.Average);

    /// <summary>Takes the next steps in one submission and waits for them.</summary>
    /// <param name="steps">How many, at most <see cref="MostSteps"/>.</param>
    /// <param name="schedule">Gives each step's state.</param>
    /// <param name="totals">Receives one entry a step.</param>
    public void Run(int steps, Schedule schedule, List<StepTotals> totals)
    {
        Span<uint> rows = stackalloc uint[Batch];
        Span<uint> words = workspace.Map<uint>(table.Table);
        for (int i = 0; i < steps; i++)
        {
            sampler.RowsAt(Step + i, rows);
            images?.Bring(workspace, i, rows);
            schedule.At(Step + i).Write(words.Slice(i * table.RowWords, table.RowWords), rows);
        }

        workspace.Map<uint>(table.Cursor)[0] = 0;
        program.Run(steps);
        workspace.Device.WaitIdle();
        Span<float> log = workspace.Map<float>(table.Log);
        for (int i = 0; i < steps; i++)
        {
            Span<float> row = log.Slice(i * StepTable.LogWidth, StepTable.LogWidth);
            totals.Add(new StepTotals(row[0], row[1], row[2], (double)row[4] + row[5] + row[6] + row[7], row[8], row[12], row[13]) { FeatureSquare = row[14], LossScale = row[15] });
        }

        Step += steps;
    }

    /// <summary>Seconds of each kernel in the last step, of a training made with profile.</summary>
    public IReadOnlyList<(KernelSpec Kernel, double Seconds)> ReadTimes() => program.ReadTimes();

    public void Dispose() => program.Dispose();
}
