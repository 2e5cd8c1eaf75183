using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>What changes from step to step, 32 bits a field, as Include/step.glsl reads it.</summary>
/// <param name="Index">Step number from 0: the counter of every random draw.</param>
/// <param name="Seed">The key of every random draw.</param>
/// <param name="LearningRate">Of the optimizer.</param>
/// <param name="KlWeight">β</param>
/// <param name="BiasCorrection1">1 − β₁ᵗ, t = optimizer steps taken, this one included.</param>
/// <param name="BiasCorrection2">1 − β₂ᵗ</param>
/// <param name="EmaDecay">d of the moving average of the weights.</param>
/// <param name="LaplaceShare">Of an annealed Laplace likelihood: 0 the Gaussian, 1 the Laplace.</param>
/// <param name="Capacity">C, the KL in nats an image that a capacity objective aims at.</param>
/// <param name="Temperature">τ of relaxed categorical latents.</param>
public readonly record struct StepState(
    uint Index, ulong Seed, float LearningRate = 0, float KlWeight = 1, float BiasCorrection1 = 1, float BiasCorrection2 = 1, float EmaDecay = 0,
    float LaplaceShare = 1, float Capacity = 0, float Temperature = 1)
{
    /// <summary>Words before the rows of the batch.</summary>
    public const int HeaderWords = 16;

    /// <summary>Words of a step with <paramref name="batch"/> rows, in whole vec4s.</summary>
    public static int WordsFor(int batch) => HeaderWords + Shape.RoundUp4(batch);

    /// <summary>Writes the fields and the rows of the batch, in the order of Include/step.glsl.</summary>
    public void Write(Span<uint> words, ReadOnlySpan<uint> batchRows)
    {
        words.Clear();
        words[0] = Index;
        words[1] = (uint)Seed;
        words[2] = (uint)(Seed >> 32);
        words[4] = Bits(LearningRate);
        words[5] = Bits(KlWeight);
        words[6] = Bits(BiasCorrection1);
        words[7] = Bits(BiasCorrection2);
        words[8] = Bits(EmaDecay);
        words[9] = Bits(LaplaceShare);
        words[10] = Bits(Capacity);
        words[11] = Bits(Temperature);
        batchRows.CopyTo(words[HeaderWords..]);
    }

    private static uint Bits(float value) => unchecked((uint)BitConverter.SingleToInt32Bits(value));
}

/// <summary>
/// The rows of several steps, filled by the host before a submission, and the log that the steps leave: one recorded command
/// buffer serves every step, and a submission may hold many.
/// </summary>
public sealed class StepTable
{
    /// <summary>Floats of a line of <see cref="Log"/>.</summary>
    public const int LogWidth = 16;

    /// <param name="steps">Most steps in a submission.</param>
    /// <param name="batch">Rows of a batch.</param>
    public StepTable(int steps, int batch)
    {
        Steps = steps;
        RowWords = StepState.WordsFor(batch);
        Table = new Tensor("step table", Shape.Matrix(steps, RowWords), TensorMemory.Host);
        Cursor = new Tensor("step cursor", Shape.Vector(4), TensorMemory.Host);
        Log = new Tensor("step log", Shape.Matrix(steps, LogWidth), TensorMemory.Host);
        Step = new Tensor("step", Shape.Vector(RowWords));
    }

    public int Steps { get; }

    public int RowWords { get; }

    /// <summary>Words [steps, <see cref="RowWords"/>], written by the host.</summary>
    public Tensor Table { get; }

    /// <summary>Words [1]: the next row. Each submission leaves it at the first row of the next one.</summary>
    public Tensor Cursor { get; }

    /// <summary>The current step.</summary>
    public Tensor Step { get; }

    /// <summary>
    /// [steps, 16]: of each step the likelihood's totals, the KL as four sums, what the loss says, and (Σg², Σ−log p, Σd² in features, loss scale).
    /// </summary>
    public Tensor Log { get; }

    public IEnumerable<KernelSpec> Begin()
    {
        yield return Kernels.BeginStep(Grid.One, table: Table, cursor: Cursor, step: Step, rowWords: RowWords) with { Label = "begin step" };
    }

    /// <param name="totals">[4] of the likelihood.</param>
    /// <param name="kl">[4] sums that make up the batch's KL.</param>
    /// <param name="loss">[4] of the loss: first the loss itself.</param>
    /// <param name="squaredGradientNorm">[4] of the optimizer.</param>
    /// <param name="nll">[4]: first the sum of −log p(x|z) over the rows.</param>
    /// <param name="features">[4], the totals of a likelihood in features; null: there is none.</param>
    /// <param name="lossScale">[4]: first the scale; null: there is none.</param>
    public IEnumerable<KernelSpec> End(
        Tensor totals, Tensor kl, Tensor loss, Tensor squaredGradientNorm, Tensor nll, Tensor? features = null, Tensor? lossScale = null)
    {
        yield return Kernels.EndStep(Grid.One, cursor: Cursor, totals: totals, kl: kl, loss: loss, squaredNorm: squaredGradientNorm, nll: nll,
            features: features ?? nll, lossScale: lossScale ?? nll, log: Log, hasFeatures: features == null ? 0 : 1,
            hasLossScale: lossScale == null ? 0 : 1) with { Label = "end step" };
    }
}
