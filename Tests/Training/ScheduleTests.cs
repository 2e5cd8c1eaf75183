using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Training;

public sealed class ScheduleTests
{
    private const int Total = 1000;

    private static readonly Schedule Whole =
        new(Total, Seed: 5, LearningRate: 0.01, KlWeight: 0.5, EmaDecay: 0.999, new AdamWOptions()) { Annealing = new() { WarmupSteps = 100 } };

    [Test]
    public void TheRateWarmsUpOverAHundredStepsAndFallsToZero()
    {
        double[] rates = Enumerable.Range(0, Total).Select(s => Whole.RateAt(s)).ToArray();
        Assert.That(rates[0], Is.EqualTo(0.01 / 100).Within(1e-9));
        Assert.That(Array.IndexOf(rates, rates.Max()), Is.EqualTo(99));
        Assert.That(rates.Max(), Is.InRange(0.0097, 0.01));
        Assert.That(rates[..100], Is.Ordered.Ascending);
        Assert.That(rates[99..], Is.Ordered.Descending);
        Assert.That(rates[500], Is.EqualTo(0.005).Within(1e-12), "half-way down a cosine");
        Assert.That(rates[^1], Is.InRange(0, 1e-5 * 0.01));
    }

    [Test]
    public void TheWarmUpTakesAtMostATenthOfTheTraining()
    {
        Schedule brief = Whole with { Total = 20 };
        Assert.That(brief.RateAt(0), Is.EqualTo(0.005).Within(1e-9));
        Assert.That(brief.RateAt(1), Is.InRange(0.0099, 0.01));
        Assert.That((Whole with { Total = 1 }).RateAt(0), Is.EqualTo(0.01));
    }

    [Test]
    public void TheKlTermGetsItsWeightLinearly()
    {
        Assert.That(Whole.KlWeightAt(0), Is.Zero);
        Assert.That(Whole.KlWeightAt(25), Is.EqualTo(0.125).Within(1e-12));
        Assert.That(Whole.KlWeightAt(100), Is.EqualTo(0.5));
        Assert.That(Whole.KlWeightAt(Total - 1), Is.EqualTo(0.5));
    }

    [Test]
    public void TheKlWarmUpTakesAtMostAFifthOfTheTraining()
    {
        Schedule brief = Whole with { Total = 50 };
        Assert.That(brief.KlWeightAt(5), Is.EqualTo(0.25).Within(1e-12));
        Assert.That(brief.KlWeightAt(10), Is.EqualTo(0.5));
        Assert.That((Whole with { Annealing = new() { WarmupSteps = 0 } }).KlWeightAt(0), Is.EqualTo(0.5));
        Assert.That((Whole with { Total = 4 }).KlWeightAt(0), Is.EqualTo(0.5));
    }

    [Test]
    public void AStepHasAllThatItsKernelsRead()
    {
        StepState first = Whole.At(0), later = Whole.At(9);
        Assert.That((later.Index, later.Seed), Is.EqualTo((9u, 5ul)));
        Assert.That(later.LearningRate, Is.EqualTo((float)Whole.RateAt(9)));
        Assert.That(later.KlWeight, Is.EqualTo((float)Whole.KlWeightAt(9)));
        Assert.That(first.BiasCorrection1, Is.EqualTo(0.1f).Within(1e-7), "1 - 0.9");
        Assert.That(later.BiasCorrection1, Is.EqualTo(0.6513216f).Within(1e-6), "1 - 0.9^10");
        Assert.That(later.BiasCorrection2, Is.EqualTo(0.0099551f).Within(1e-6), "1 - 0.999^10");
        Assert.That(first.EmaDecay, Is.EqualTo(0.1f), "the average forgets the random start");
        Assert.That(Whole.At(999).EmaDecay, Is.EqualTo(1000f / 1009).Within(1e-6));
        Assert.That((Whole with { Total = 100_000 }).At(50_000).EmaDecay, Is.EqualTo(0.999f));
    }
}
