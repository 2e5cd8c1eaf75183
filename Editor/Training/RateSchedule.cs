using System;

namespace VaeProcgen.Editor.Training;

/// <summary>How the learning rate changes over a training.</summary>
public enum RateKind
{
    /// <summary>Linear warm-up, then half a cosine down to 0 (Loshchilov &amp; Hutter 2017, arXiv:1608.03983).</summary>
    Cosine,

    /// <summary>The largest rate throughout.</summary>
    Constant,

    /// <summary>In stages, each three times as long as the one before, at falling rates (Burda et al. 2015, arXiv:1509.00519).</summary>
    Stages,
}

/// <summary>The learning rate as a share of the largest: a pure function of the step and of the number of steps.</summary>
public sealed record RateSchedule
{
    /// <summary>The stages of the paper: 1 + 3 + … + 3⁷ = 3280 passes over the images.</summary>
    public const int MostStages = 8;

    private const int WarmupSteps = 100;

    public RateKind Kind { get; init; }

    /// <summary>S of <see cref="RateKind.Stages"/>, 1 to 8.</summary>
    public int Stages { get; init; } = MostStages;

    /// <summary>
    /// The share of a step. Cosine: min(1, (step + 1) / min(100, total / 10)) · ½ (1 + cos(π step / total)). Stages: with i the stage,
    /// from 1, of (3^S − 1) / 2 equal parts of the training the stage takes 3^(i−1), at round(10^(1 − (i−1)/7), 1) / 10: eight stages go
    /// down to a tenth, and fewer are the first ones of the eight.
    /// </summary>
    public double ShareAt(long step, long total) => Kind switch
    {
        RateKind.Constant => 1,
        RateKind.Stages => ShareOf(StageAt(step, total)),
        _ => Math.Min(1, (step + 1.0) / Math.Min(WarmupSteps, Math.Max(1, total / 10))) * 0.5 * (1 + Math.Cos(Math.PI * step / total)),
    };

    /// <exception cref="TrainingException">A value is out of range; the message says which, and what is allowed.</exception>
    public RateSchedule Validate()
    {
        if (!Enum.IsDefined(Kind))
            throw new TrainingException($"The schedule of the learning rate must be cosine, constant or stages; found {Kind}.");
        if (Stages is < 1 or > MostStages)
            throw new TrainingException($"The stages of the learning rate must be 1 to {MostStages}; found {Stages}.");
        return this;
    }

    /// <summary>The stage of a step, from 1.</summary>
    private int StageAt(long step, long total)
    {
        long parts = PartsOf(Stages);
        int stage = 1;
        while (stage < Stages && step * parts >= total * PartsOf(stage))
            stage++;
        return stage;
    }

    /// <summary>1 + 3 + … + 3^(stages − 1)</summary>
    private static long PartsOf(int stages) => ((long)Math.Pow(3, stages) - 1) / 2;

    private static double ShareOf(int stage) => Math.Round(Math.Pow(10, 1 - ((stage - 1) / 7.0)), 1) / 10;
}
