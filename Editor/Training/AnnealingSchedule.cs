using System;

namespace VaeProcgen.Editor.Training;

/// <summary>How the weight of the KL term comes to its full value.</summary>
public enum KlAnnealing
{
    /// <summary>Once, linearly, over the first steps (Bowman et al. 2015, arXiv:1511.06349).</summary>
    Linear,

    /// <summary>Again and again, linearly in a part of each cycle, full in the rest of it (Fu et al. 2019, arXiv:1903.10145).</summary>
    Cyclical,
}

/// <summary>
/// How the weight of the KL term and the capacity change in training: pure functions of the step and of the number of steps, so that a
/// resumed training goes on as it would have. The weight is a share of β, from 0 to 1.
/// </summary>
public sealed record AnnealingSchedule
{
    /// <summary>Of the weight.</summary>
    public KlAnnealing Kind { get; init; } = KlAnnealing.Linear;

    /// <summary>W of linear annealing: the steps in which the weight rises, at most a fifth of the training; 0: no annealing.</summary>
    public int WarmupSteps { get; init; } = 300;

    /// <summary>M of cyclical annealing, at least 1.</summary>
    public int Cycles { get; init; } = 4;

    /// <summary>R of cyclical annealing: the share of a cycle in which the weight rises, above 0 and at most 1.</summary>
    public double RisingShare { get; init; } = 0.5;

    /// <summary>C in nats an image, which the KL of a capacity objective is led up to (Burgess et al. 2018, arXiv:1804.03599).</summary>
    public double Capacity { get; init; }

    /// <summary>The share of the training in which the capacity rises from 0, above 0 and at most 1.</summary>
    public double CapacityShare { get; init; } = 0.75;

    /// <summary>
    /// The weight of a step as a share of β. Linear: min(1, step / W). Cyclical, with T = <paramref name="total"/>:
    /// min(1, t / R), t = (step mod ⌈T / M⌉) / (T / M) (arXiv:1903.10145).
    /// </summary>
    public double WeightAt(long step, long total)
    {
        if (Kind == KlAnnealing.Cyclical)
        {
            double cycle = (double)total / Cycles;
            return Math.Min(1, step % (long)Math.Ceiling(cycle) / cycle / RisingShare);
        }

        double steps = Math.Min(WarmupSteps, total / 5);
        return steps < 1 ? 1 : Math.Min(1, step / steps);
    }

    /// <summary>The first step at which the weight is full.</summary>
    public long FullFrom(long total) => (long)Math.Ceiling(
        Kind == KlAnnealing.Cyclical ? (double)total / Cycles * RisingShare : Math.Min(WarmupSteps, total / 5));

    /// <summary>The capacity of a step in nats: C · min(1, step / (share · total)).</summary>
    public double CapacityAt(long step, long total) => Capacity * Math.Min(1, step / (CapacityShare * total));

    /// <exception cref="TrainingException">A value is out of range; the message says which, and what is allowed.</exception>
    public AnnealingSchedule Validate()
    {
        Require(Kind is KlAnnealing.Linear or KlAnnealing.Cyclical, $"The KL annealing must be linear or cyclical; found {Kind}.");
        Require(WarmupSteps >= 0, $"The KL warm-up must be 0 steps or more; found {WarmupSteps}.");
        Require(Cycles >= 1, $"Cyclical annealing needs at least 1 cycle; found {Cycles}.");
        Require(RisingShare is > 0 and <= 1,
            $"The share of a cycle in which the KL weight rises must be above 0 and at most 1; found {RisingShare}.");
        Require(Capacity >= 0 && double.IsFinite(Capacity), $"The capacity must be 0 nats or above; found {Capacity}.");
        Require(CapacityShare is > 0 and <= 1,
            $"The share of the training in which the capacity rises must be above 0 and at most 1; found {CapacityShare}.");
        return this;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new TrainingException(message);
    }
}
