using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Priors;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Priors;

[TestFixture]
public sealed class GaussianMixtureFitterTests
{
    [Test]
    public void RecoversAKnownMixture()
    {
        GaussianMixturePrior truth = Known();
        const int Count = 4000;
        float[] z = truth.SampleMany(1, 0, Count, 1);
        GaussianMixtureFit fit = GaussianMixtureFitter.Fit(z, Count, 2);

        Assert.That(fit.Prior.Components, Is.EqualTo(4));
        Assert.That(fit.Candidates.Select(candidate => candidate.Components).Distinct(), Is.EqualTo(new[] { 1, 2, 4, 8, 16 }));
        Assert.That(fit.Candidates.MaxBy(candidate => candidate.HeldOutLogLikelihood)!.Components, Is.EqualTo(4));
        for (int k = 0; k < 4; k++)
        {
            int match = Nearest(fit.Prior, truth.Means.Span.Slice(2 * k, 2));
            double weight = truth.Weights.Span[k];
            double points = weight * Count;
            Assert.That(fit.Prior.Weights.Span[match], Is.EqualTo(weight).Within(5 * Math.Sqrt(weight / Count)), $"weight {k}");
            double[] expected = Covariance(truth, k);
            double[] actual = Covariance(fit.Prior, match);
            for (int i = 0; i < 2; i++)
            {
                double variance = expected[3 * i];
                double error = 5 * Math.Sqrt(variance / points);
                double mean = truth.Means.Span[(2 * k) + i];
                Assert.That(fit.Prior.Means.Span[(2 * match) + i], Is.EqualTo(mean).Within(error), $"mean {k}");
                // The floor adds a thousandth of the variance over all points, about 0.05.
                Assert.That(actual[3 * i], Is.EqualTo(variance).Within((variance * 5 * Math.Sqrt(2 / points)) + 0.05));
            }
            double covarianceError = 5 * Math.Sqrt(2 * expected[0] * expected[3] / points);
            Assert.That(actual[1], Is.EqualTo(expected[1]).Within(covarianceError), $"covariance {k}");
        }
    }

    [Test]
    public void HeldOutLikelihoodsOfOneGaussianAreThatOfTheTruth()
    {
        float[] z = new StandardNormalPrior(5).SampleMany(3, 0, 3000, 1);
        GaussianMixtureFit fit = GaussianMixtureFitter.Fit(z, 3000, 5);
        // The expected log-density of N(0, I) under itself is -Z/2 (ln 2π + 1), with a standard deviation of sqrt(Z / 2 / held out).
        double expected = -2.5 * (Math.Log(2 * Math.PI) + 1);
        double one = fit.Candidates[0].HeldOutLogLikelihood;
        Assert.That(one, Is.EqualTo(expected).Within(5 * Math.Sqrt(2.5 / 450)));
        // More components cannot truly be better; chance leaves them a few hundredths of a nat.
        Assert.That(fit.Candidates.Max(candidate => candidate.HeldOutLogLikelihood), Is.LessThan(one + 0.05));
    }

    [Test]
    public void OneComponentHasTheMomentsOfTheData()
    {
        float[] z = Known().SampleMany(1, 0, 500, 1);
        GaussianMixturePrior prior = GaussianMixtureFitter.Fit(z, 500, 2, new() { MaxComponents = 1, Shrinkage = 0 }).Prior;
        double[] mean = { z.Chunk(2).Average(row => (double)row[0]), z.Chunk(2).Average(row => (double)row[1]) };
        double[] covariance = Covariance(prior, 0);
        for (int i = 0; i < 2; i++)
        {
            Assert.That(prior.Means.Span[i], Is.EqualTo(mean[i]).Within(1e-4));
            for (int j = 0; j < 2; j++)
            {
                double expected = z.Chunk(2).Average(row => (row[i] - mean[i]) * (row[j] - mean[j])) * (i == j ? 1.001 : 1);
                Assert.That(covariance[(2 * i) + j], Is.EqualTo(expected).Within(1e-5 * 50), $"covariance {i}, {j}");
            }
        }
    }

    [TestCase(0.0)]
    [TestCase(0.5)]
    [TestCase(1.0)]
    [TestCase(null)]
    public void TheObjectiveNeverFalls(double? shrinkage)
    {
        float[] z = Known().SampleMany(1, 0, 600, 1).Concat(new StandardNormalPrior(2).SampleMany(1, 0, 300, 9)).ToArray();
        GaussianMixtureFit fit = GaussianMixtureFitter.Fit(z, 900, 2, new() { Shrinkage = shrinkage, Tolerance = -1, MaxIterations = 60 });
        Assert.That(fit.Objective, Has.Count.EqualTo(60));
        Assert.That(fit.Objective[^1], Is.GreaterThan(fit.Objective[0]));
        for (int i = 1; i < fit.Objective.Count; i++)
        {
            Assert.That(fit.Objective[i], Is.GreaterThanOrEqualTo(fit.Objective[i - 1] - 1e-10), $"iteration {i}");
        }
    }

    [Test]
    public void ShrinkageTakesCovariancesTowardsTheirDiagonal()
    {
        var truth = new GaussianMixturePrior(new[] { 1f }, new float[2], new[] { 1f, 0, 0.8f, 0.6f });
        float[] z = truth.SampleMany(1, 0, 5000, 1);
        double Correlation(double shrinkage)
        {
            double[] s = Covariance(GaussianMixtureFitter.Fit(z, 5000, 2, new() { MaxComponents = 1, Shrinkage = shrinkage }).Prior, 0);
            return s[1] / Math.Sqrt(s[0] * s[3]);
        }
        double full = Correlation(0);
        Assert.That(full, Is.EqualTo(0.8).Within(0.03));
        Assert.That(Correlation(0.5), Is.EqualTo(full / 2).Within(1e-3));
        Assert.That(Correlation(1), Is.EqualTo(0).Within(1e-6));
    }

    [Test]
    public void PosteriorVariancesWidenTheMixture()
    {
        const int Count = 4000;
        float[] means = new StandardNormalPrior(3).SampleMany(1, 0, Count, 1);
        float[] variances = Enumerable.Range(0, 3 * Count).Select(i => i % 3 == 0 ? 3f : 0).ToArray();
        GaussianMixturePrior prior = GaussianMixtureFitter.Fit(means, variances, Count, 3, new() { MaxComponents = 1 }).Prior;
        double[] covariance = Covariance(prior, 0);
        Assert.That(covariance[0], Is.EqualTo(4).Within(5 * Math.Sqrt(2.0 / Count)));
        Assert.That(covariance[4], Is.EqualTo(1).Within(5 * Math.Sqrt(2.0 / Count)));
    }

    private static IEnumerable<TestCaseData> AwkwardSets()
    {
        yield return new TestCaseData(1, 13).SetArgDisplayNames("one point");
        yield return new TestCaseData(2, 13).SetArgDisplayNames("two points");
        yield return new TestCaseData(2, 1).SetArgDisplayNames("two points in one dimension");
        yield return new TestCaseData(8, 3).SetArgDisplayNames("just enough to compare");
        yield return new TestCaseData(20, 64).SetArgDisplayNames("fewer points than dimensions");
        yield return new TestCaseData(127, 127).SetArgDisplayNames("as many points as dimensions");
    }

    [TestCaseSource(nameof(AwkwardSets))]
    public void AwkwardSetsStillGiveASoundMixture(int count, int size)
    {
        float[] z = new StandardNormalPrior(size).SampleMany(1, 0, count, 1);
        float[] constant = z.Select((value, i) => i % size == 0 ? 3f : value).ToArray();
        float[] same = z.Select((_, i) => (float)(i % size)).ToArray();
        float[] tiny = z.Select(value => 1e-20f * value).ToArray();
        foreach (float[] latents in new[] { z, constant, same, tiny })
        {
            GaussianMixtureFit fit = GaussianMixtureFitter.Fit(latents, count, size);
            Assert.That(fit.Candidates, Has.Count.EqualTo(count < 8 ? 0 : fit.Candidates.Count).And.All.Matches<GaussianMixtureCandidate>(
                candidate => double.IsFinite(candidate.HeldOutLogLikelihood)));
            float[] samples = fit.Prior.SampleMany(1, 0, 100, 1);
            Assert.That(samples, Is.All.Matches<float>(float.IsFinite));
            Assert.That(samples.Max(Math.Abs), Is.LessThan((10 * latents.Max(Math.Abs)) + 1e-2));
        }
    }

    [Test]
    public void AConstantDimensionStaysConstant()
    {
        float[] z = new StandardNormalPrior(3).SampleMany(1, 0, 500, 1).Select((value, i) => i % 3 == 1 ? 7f : value).ToArray();
        float[] samples = GaussianMixtureFitter.Fit(z, 500, 3).Prior.SampleMany(1, 0, 1000, 1);
        Assert.That(samples.Where((_, i) => i % 3 == 1), Is.All.EqualTo(7).Within(1e-3));
    }

    [Test]
    public void TheSeedDecidesEverything()
    {
        float[] z = Known().SampleMany(1, 0, 900, 1);
        GaussianMixtureFit first = GaussianMixtureFitter.Fit(z, 900, 2, new() { Seed = 4 });
        GaussianMixtureFit again = GaussianMixtureFitter.Fit(z, 900, 2, new() { Seed = 4 });
        GaussianMixtureFit other = GaussianMixtureFitter.Fit(z, 900, 2, new() { Seed = 5 });
        Assert.That(again.Prior.Cholesky.ToArray(), Is.EqualTo(first.Prior.Cholesky.ToArray()));
        Assert.That(again.Candidates, Is.EqualTo(first.Candidates));
        Assert.That(other.Candidates, Is.Not.EqualTo(first.Candidates));
    }

    [Test]
    public void BadInputIsNamed()
    {
        Assert.That(() => GaussianMixtureFitter.Fit(new float[5], 3, 2), Throws.ArgumentException.With.Message.Contains("N = 3"));
        Assert.That(() => GaussianMixtureFitter.Fit(new float[5], 0, 2), Throws.ArgumentException);
        Assert.That(() => GaussianMixtureFitter.Fit(new[] { 0, 0, 0, float.NaN }, 2, 2),
            Throws.ArgumentException.With.Message.Contains("Latent 1 has NaN in dimension 1"));
        Assert.That(() => GaussianMixtureFitter.Fit(new float[4], new[] { 1f, 1, -1, 1 }, 2, 2),
            Throws.ArgumentException.With.Message.Contains("Latent 1 has the variance -1 in dimension 0"));
        Assert.That(() => GaussianMixtureFitter.Fit(new float[4], new float[3], 2, 2), Throws.ArgumentException);
        Assert.That(() => GaussianMixtureFitter.Fit(new float[4], 2, 2, new() { HeldOutFraction = 1 }), Throws.ArgumentException);
    }

    /// <summary>Four well separated components of different weights and shapes.</summary>
    private static GaussianMixturePrior Known() => new(
        new[] { 0.1f, 0.2f, 0.3f, 0.4f },
        new[] { -10f, 0, 10, 0, 0, 8, 0, -8 },
        new[] { 1f, 0, 0.6f, 0.8f, 0.5f, 0, 0, 2, 1, 0, -0.9f, 0.5f, 2, 0, 1, 1 });

    private static int Nearest(GaussianMixturePrior prior, ReadOnlySpan<float> mean)
    {
        (float x, float y) = (mean[0], mean[1]);
        return Enumerable.Range(0, prior.Components)
            .MinBy(k => Math.Pow(prior.Means.Span[2 * k] - x, 2) + Math.Pow(prior.Means.Span[(2 * k) + 1] - y, 2));
    }

    /// <summary>L Lᵀ of component k, [Z, Z].</summary>
    private static double[] Covariance(GaussianMixturePrior prior, int k)
    {
        int size = prior.Size;
        float[] factor = prior.Cholesky.Slice(k * size * size, size * size).ToArray();
        return Enumerable.Range(0, size * size)
            .Select(at => Enumerable.Range(0, size).Sum(j => (double)factor[(at / size * size) + j] * factor[(at % size * size) + j]))
            .ToArray();
    }
}
