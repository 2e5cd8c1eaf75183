using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;
using static VaeProcgen.Tests.Support.Reference.LikelihoodReference;

namespace VaeProcgen.Tests.References;

public sealed class LikelihoodReferenceTests
{
    public static IEnumerable<Settings> AllSettings()
    {
        foreach (Link link in new[] { Link.Identity, Link.Sigmoid })
        {
            foreach (Distribution distribution in new[] { Distribution.Gaussian, Distribution.Laplace })
            {
                yield return new(distribution, link, Scale: 0.25);
                yield return new(distribution, link);
                yield return new(distribution, link, Floor: 4);
            }
        }

        yield return new(Distribution.Bernoulli, Link.Sigmoid);
    }

    [TestCaseSource(nameof(AllSettings))]
    public void BackwardAgreesWithFiniteDifferencesThroughTheScale(Settings settings)
    {
        foreach ((int n, int d) in new[] { (1, 1), (3, 13), (2, 127), (7, 5) })
        {
            double[] logits = TestData.Uniform(n * d, 1, -3, 3);
            double[] targets = TestData.Uniform(n * d, 2, 0, 1);
            double[] dLogits = LikelihoodReference.Backward(settings, n, logits, targets);
            FiniteDifference.Check(
                v => LikelihoodReference.Forward(settings, n, v, targets), logits, dLogits, "dLogits", i => $"[n={i / d}, {i % d}]");
        }
    }

    [Test]
    public void KnownValues()
    {
        // Two images of one value, errors 0.3 and 0.4: mean square 0.125, mean absolute error 0.35.
        double[] logits = [0.5, 0.9];
        double[] targets = [0.2, 0.5];
        double Value(Distribution distribution, double? scale) =>
            LikelihoodReference.Forward(new(distribution, Link.Identity, scale), 2, logits, targets);
        Assert.That(Value(Distribution.Gaussian, 1), Is.EqualTo(0.5 * Math.Log(2 * Math.PI) + 0.0625).Within(1e-15));
        Assert.That(Value(Distribution.Gaussian, null), Is.EqualTo(0.5 * (Math.Log(2 * Math.PI * 0.125) + 1)).Within(1e-15));
        Assert.That(Value(Distribution.Laplace, 1), Is.EqualTo(Math.Log(2) + 0.35).Within(1e-15));
        Assert.That(Value(Distribution.Laplace, null), Is.EqualTo(Math.Log(0.7) + 1).Within(1e-15));
    }

    [Test]
    public void DensitiesIntegrateToOne([Values(Distribution.Gaussian, Distribution.Laplace)] Distribution distribution)
    {
        double total = 0;
        for (double target = -10; target < 10; target += 1e-3)
        {
            total += 1e-3 * Math.Exp(-LikelihoodReference.Forward(new(distribution, Link.Identity, 0.7), 1, [0.25], [target]));
        }

        Assert.That(total, Is.EqualTo(1).Within(1e-5));
    }

    [Test]
    public void BernoulliIsTheCrossEntropyAndStaysFinite()
    {
        var settings = new Settings(Distribution.Bernoulli, Link.Sigmoid);
        double probability = 1 / (1 + Math.Exp(-0.8));
        double expected = -0.3 * Math.Log(probability) - 0.7 * Math.Log(1 - probability);
        Assert.That(LikelihoodReference.Forward(settings, 1, [0.8], [0.3]), Is.EqualTo(expected).Within(1e-15));
        Assert.That(LikelihoodReference.Forward(settings, 1, [1000, -1000], [0, 1]), Is.EqualTo(2000));
        Assert.That(
            () => LikelihoodReference.Forward(settings with { Link = Link.Identity }, 1, [0], [0]),
            Throws.ArgumentException.With.Message.Contains("expected Link.Sigmoid"));
    }

    [Test]
    public void TheLaplaceGradientAtTheKinkIsZero()
    {
        double[] gradient = LikelihoodReference.Backward(new(Distribution.Laplace, Link.Identity, 0.5), 1, [0.5, 0.6], [0.5, 0.5]);
        Assert.That(gradient, Is.EqualTo(new double[] { 0, 2 }));
    }

    [Test]
    public void NoScaleBeatsTheOptimalOne([Values(Distribution.Gaussian, Distribution.Laplace)] Distribution distribution)
    {
        double[] logits = TestData.Uniform(39, 1);
        double[] targets = TestData.Uniform(39, 2, 0, 1);
        var optimal = new Settings(distribution, Link.Sigmoid);
        double scale = LikelihoodReference.Scale(optimal, logits, targets);
        double best = LikelihoodReference.Forward(optimal, 3, logits, targets);
        foreach (double factor in new[] { 0.9, 0.99, 1.01, 1.1 })
        {
            Assert.That(LikelihoodReference.Forward(optimal with { Scale = factor * scale }, 3, logits, targets), Is.GreaterThan(best));
        }
    }

    [TestCaseSource(nameof(AllSettings))]
    public void Float32StaysWithinTheBounds(Settings settings)
    {
        const int n = 13;
        const int d = 127;
        double[] logits = TestData.Uniform(n * d, 3, -6, 6);
        double[] targets = TestData.Uniform(n * d, 4, 0, 1);
        if (settings.Link == Link.Identity)
        {
            // An exact hit: the Laplace kink.
            logits[5] = targets[5];
        }

        var (value, gradient) = Float32(settings, n, TestData.ToFloat(logits), TestData.ToFloat(targets));
        Compare.Within(
            [value],
            [LikelihoodReference.Forward(settings, n, logits, targets)],
            [LikelihoodReference.ForwardBound(settings, n, logits, targets)], "value", _ => settings.ToString());
        Compare.Within(
            gradient,
            LikelihoodReference.Backward(settings, n, logits, targets),
            LikelihoodReference.BackwardBound(settings, n, logits, targets), "dLogits", i => $"[n={i / d}, {i % d}] of {settings}");
    }

    private static (float value, float[] gradient) Float32(Settings settings, int n, float[] logits, float[] targets)
    {
        bool gaussian = settings.Distribution == Distribution.Gaussian;
        float[] mean = logits.Select(l => settings.Link == Link.Sigmoid ? 1 / (1 + MathF.Exp(-l)) : l).ToArray();
        float[] slope = mean.Select(m => settings.Link == Link.Sigmoid ? m * (1 - m) : 1).ToArray();
        if (settings.Distribution == Distribution.Bernoulli)
        {
            float entropy = 0;
            for (int i = 0; i < logits.Length; i++)
            {
                entropy += MathF.Max(logits[i], 0) - logits[i] * targets[i] + MathF.Log(1 + MathF.Exp(-MathF.Abs(logits[i])));
            }

            return (entropy / n, mean.Zip(targets, (m, x) => (m - x) / n).ToArray());
        }

        float misfit = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            float e = mean[i] - targets[i];
            misfit += gaussian ? e * e : MathF.Abs(e);
        }

        // σ² or b.
        float floor = (float)(gaussian ? settings.Floor * settings.Floor : settings.Floor);
        float scale = settings.Scale is { } given ? (float)(gaussian ? given * given : given) : MathF.Max(floor, misfit / logits.Length);
        float constant = gaussian ? 0.5f * MathF.Log(2 * MathF.PI * scale) : MathF.Log(2 * scale);
        float value = misfit / (gaussian ? 2 * scale : scale) / n + (float)logits.Length / n * constant;
        var gradient = new float[logits.Length];
        for (int i = 0; i < gradient.Length; i++)
        {
            float e = mean[i] - targets[i];
            gradient[i] = (gaussian ? e : MathF.Sign(e)) / scale / n * slope[i];
        }

        return (value, gradient);
    }
}
