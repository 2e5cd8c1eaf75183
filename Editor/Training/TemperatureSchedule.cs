using System;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// The temperature of relaxed categorical latents, as Jang et al. 2016 (arXiv:1611.01144) anneal it:
/// τ(step) = max(τ_min, τ_0 exp(−rate · step)), with the rate such that τ_min is reached at a given share of the training. A high
/// temperature gives smooth gradients with a bias, a low one nearly one-hot samples with gradients of high variance. A pure function
/// of the step, so that a resumed training goes on as it would have.
/// </summary>
public sealed record TemperatureSchedule
{
    /// <summary>τ_0, the temperature of the first step.</summary>
    public double Start { get; init; } = 1;

    /// <summary>τ_min, above 0 and at most <see cref="Start"/>.</summary>
    public double End { get; init; } = 0.5;

    /// <summary>The share of the training after which τ_min is reached: above 0 and at most 1.</summary>
    public double Share { get; init; } = 0.75;

    /// <summary>τ of a step of a training of <paramref name="total"/> steps.</summary>
    public double At(long step, long total) => Math.Max(End, Start * Math.Exp(-RateFor(total) * step));

    /// <summary>log(τ_0 / τ_min) / (share · total), a step.</summary>
    public double RateFor(long total) => Math.Log(Start / End) / (Share * total);

    /// <exception cref="TrainingException">A value is out of range; the message says which, and what is allowed.</exception>
    public TemperatureSchedule Validate()
    {
        if (!(End > 0) || !double.IsFinite(End))
            throw new TrainingException($"The final temperature must be above 0; found {End}.");
        if (!(Start >= End) || !double.IsFinite(Start))
            throw new TrainingException(
                $"The temperature falls from the first step on, so it must start at the final {End} or above; found {Start}.");
        if (!(Share is > 0 and <= 1))
            throw new TrainingException(
                $"The share of the training in which the temperature falls must be above 0 and at most 1; found {Share}.");
        return this;
    }
}
