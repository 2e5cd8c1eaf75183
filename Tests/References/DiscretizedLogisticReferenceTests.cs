using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;
using static VaeProcgen.Tests.Support.Reference.DiscretizedLogisticReference;

namespace VaeProcgen.Tests.References;

public sealed class DiscretizedLogisticReferenceTests
{
    [Test]
    public void DerivativesAgreeWithFiniteDifferences(
        [Values(0, 1, 100, 254, 255)] int level, [Values(-3, 0.4, 2)] double logit, [Values(-5, -3.3, -3.1, -1, 1)] double logScale)
    {
        double x = level / 255.0;
        (Rounded dLogit, Rounded dLogScale) = Derivative(x, logit, logScale);
        FiniteDifference.Check(
            v => LogProbability(x, v[0], v[1]).Value, [logit, logScale], [dLogit.Value, dLogScale.Value], "logit, log s");
    }

    [Test]
    public void TheProbabilitiesOfAllLevelsAddUpToOne([Values(-6, 0, 3)] double logit, [Values(-6, -2, 2)] double logScale)
    {
        double sum = Enumerable.Range(0, 256).Sum(k => Math.Exp(LogProbability(k / 255.0, logit, logScale).Value));
        Assert.That(sum, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void WhereNothingCancelsItIsTheDifferenceOfTheTwoSigmoids([Values(0, 7, 128, 255)] int level, [Values(-2, -1)] double logScale)
    {
        const double logit = -0.5;
        static double S(double v) => 1 / (1 + Math.Exp(-v));
        double s = Math.Exp(logScale), x = level / 255.0;
        double high = level == 255 ? 1 : S((x + 1.0 / 510 - S(logit)) / s), low = level == 0 ? 0 : S((x - 1.0 / 510 - S(logit)) / s);
        Assert.That(LogProbability(x, logit, logScale).Value, Is.EqualTo(Math.Log(high - low)).Within(1e-10));
    }

    /// <summary>Where S(a) − S(b) is 0 in any arithmetic: S(a) is e^a to double precision, and log p = a + log(1 − e^−δ).</summary>
    [Test]
    public void TheTailsAreExact()
    {
        const double logScale = -8;
        double s = Math.Exp(logScale), mean = 1 / (1 + Math.Exp(-6.0)), a = (0.2 + 1.0 / 510 - mean) / s;
        Rounded found = LogProbability(0.2, 6, logScale);
        Assert.That(found.Value, Is.EqualTo(a + Math.Log(1 - Math.Exp(-1 / (255 * s)))).Within(1e-10).Percent);
        Assert.That(found.Error, Is.LessThan(1e-5 * Math.Abs(found.Value)));
        (Rounded dLogit, Rounded dLogScale) = Derivative(0.2, 6, logScale);
        Assert.That(dLogit.Value, Is.EqualTo(-1 / s * mean * (1 - mean)).Within(1e-8).Percent);
        Assert.That(double.IsFinite(dLogScale.Value) && double.IsFinite(dLogit.Error) && double.IsFinite(dLogScale.Error));
    }

    /// <summary>The two forms of log(1 − e^−δ) and of its slope meet at δ = 0.1.</summary>
    [Test]
    public void TheSeriesMeetTheClosedForms()
    {
        double logScale = -Math.Log(255 * 0.1), step = 1e-9;
        double Value(double at) => LogProbability(0.4, 0.1, at).Value;
        double Slope(double at) => Derivative(0.4, 0.1, at).DLogScale.Value;
        Assert.That(Value(logScale - step), Is.EqualTo(Value(logScale + step)).Within(1e-8));
        Assert.That(Slope(logScale - step), Is.EqualTo(Slope(logScale + step)).Within(1e-8));
    }

    [Test]
    public void ValuesAreRoundedToALevel()
    {
        Assert.That(LogProbability(100.4 / 255, 0.3, -3).Value, Is.EqualTo(LogProbability(100.0 / 255, 0.3, -3).Value));
        Assert.That(LogProbability(0.999, 0.3, -3).Value, Is.EqualTo(LogProbability(1, 0.3, -3).Value));
        Assert.That(() => LogProbability(1.1, 0, 0), Throws.ArgumentException.With.Message.Contains("[0, 1]"));
    }
}
