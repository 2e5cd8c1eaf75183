using System;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>What the optimizer does at each step: a function of the step alone, so that a resumed training does the same.</summary>
/// <param name="Total">Steps in all.</param>
/// <param name="Seed">The key of every random draw of the steps.</param>
/// <param name="LearningRate">The largest rate.</param>
/// <param name="KlWeight">The final β.</param>
/// <param name="EmaDecay">The final decay of the weight average.</param>
/// <param name="Optimizer">Gives β₁ and β₂.</param>
/// <param name="LaplaceFrom">Share of the steps before an annealed Laplace likelihood begins to take over; it has after twice as many.</param>
public sealed record Schedule(long Total, ulong Seed, double LearningRate, double KlWeight, double EmaDecay, AdamWOptions Optimizer, double LaplaceFrom = 0)
{
    /// <summary>How the weight of the KL and the capacity change.</summary>
    public AnnealingSchedule Annealing { get; init; } = new() { WarmupSteps = 0 };

    /// <summary>How the temperature of categorical latents falls.</summary>
    public TemperatureSchedule Temperature { get; init; } = new();

    /// <summary>How the learning rate changes.</summary>
    public RateSchedule Rate { get; init; } = new();

    /// <summary>The learning rate of a step.</summary>
    public double RateAt(long step) => LearningRate * Rate.ShareAt(step, Total);

    /// <summary>β of a step.</summary>
    public double KlWeightAt(long step) => KlWeight * Annealing.WeightAt(step, Total);

    /// <summary>0 until <see cref="LaplaceFrom"/>, then linearly to 1.</summary>
    public double LaplaceShareAt(long step) => LaplaceFrom == 0 ? 1 : Math.Clamp((step / (LaplaceFrom * Total)) - 1, 0, 1);

    public StepState At(long step) => new(
        Index: checked((uint)step),
        Seed: Seed,
        LearningRate: (float)RateAt(step),
        KlWeight: (float)KlWeightAt(step),
        BiasCorrection1: (float)(1 - Math.Pow(Optimizer.Beta1, step + 1)),
        BiasCorrection2: (float)(1 - Math.Pow(Optimizer.Beta2, step + 1)),
        // The average must not remember the random start: it spans about the last tenth of the steps so far.
        EmaDecay: (float)Math.Min(EmaDecay, (step + 1.0) / (step + 10.0)),
        LaplaceShare: (float)LaplaceShareAt(step),
        Capacity: (float)Annealing.CapacityAt(step, Total),
        Temperature: (float)Temperature.At(step, Total));
}
