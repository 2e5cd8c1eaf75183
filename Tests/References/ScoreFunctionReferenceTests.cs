using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class ScoreFunctionReferenceTests
{
    /// <summary>The score is the gradient of log q with z held: a weight of 1 on each row.</summary>
    [TestCase(1, 3, 1)]
    [TestCase(3, 5, 4)]
    public void TheScoreAgreesWithFiniteDifferences(int n, int latent, int samples)
    {
        double[] z = TestData.Normal(n * samples * latent, 1), head = TestData.Uniform(2 * n * latent, 2);
        double[] weights = TestData.Uniform(n * samples, 3);
        head[latent] = 14;
        Rounded[] score = GaussianDensityReference.Score(latent, z, head, [.. weights.Select(w => (Rounded)w)], 1);
        double[] LogDensities(double[] h) =>
        [
            .. Enumerable.Range(0, n * samples).Select(r => Enumerable.Range(0, latent).Sum(j =>
            {
                (double mean, double logVariance, _) = GaussianDensityReference.At(h, latent, r / samples, j);
                return GaussianDensityReference.Log(z[r * latent + j], mean, logVariance).Value;
            })),
        ];
        FiniteDifference.CheckBackward(LogDensities, head, weights, Rounded.Values(score), "dhead");
    }

    [Test]
    public void TheBaselineLeavesItsOwnRowOut()
    {
        (Rounded[] ofSamples, Rounded[] figures) = ScoreFunctionReference.Forward(3, [1, 2, 6, 0, 0, 3], leaveOneOut: true);
        Assert.That(Rounded.Values(ofSamples), Is.EqualTo(new[] { -3, -1.5, 4.5, -1.5, -1.5, 3 }).Within(1e-14));
        Assert.That(Rounded.Values(figures), Is.EqualTo(new[] { 0, 2, 45.0 / 6, 0 }).Within(1e-14));
        (Rounded[] ofImages, _) = ScoreFunctionReference.Forward(1, [1, 2, 6], leaveOneOut: true);
        Assert.That(Rounded.Values(ofImages), Is.EqualTo(new[] { -3, -1.5, 4.5 }));
        Assert.That(Rounded.Values(ScoreFunctionReference.Forward(1, [7], leaveOneOut: true).Advantages), Is.EqualTo(new[] { 7.0 }));
        (Rounded[] without, _) = ScoreFunctionReference.Forward(3, [1, 2, 6], leaveOneOut: false);
        Assert.That(Rounded.Values(without), Is.EqualTo(new[] { 1.0, 2, 6 }));
    }

    /// <summary>
    /// f(z) = 10 + Σ (z_j − c_j)² under q: over 100,000 draws, four samples an estimate, score function and pathwise gradient have one
    /// mean, and it is the exact one, dμ = 2 (μ − c), dlog σ² = σ². The baseline makes the variance smaller.
    /// </summary>
    [Test]
    public void TheScoreFunctionGradientIsUnbiased()
    {
        const int latent = 2, samples = 4, estimates = 25_000;
        double[] head = [0.5, -1, Math.Log(0.6), Math.Log(1.7)], c = [1.5, 0.25];
        double[] exact = [2 * (head[0] - c[0]), 2 * (head[1] - c[1]), 0.6, 1.7];
        var noise = new float[estimates * samples * latent];
        Philox.FillNormals(6, 1, 0, noise);
        double[] epsilon = TestData.ToDouble(noise), f = new double[samples];
        SampleMean[] plain = Means(), baseline = Means(), pathwise = Means(), difference = Means();
        for (int e = 0; e < estimates; e++)
        {
            double[] own = epsilon[(e * samples * latent)..((e + 1) * samples * latent)];
            double[] z = [.. own.Select((v, i) => head[i % latent] + Math.Exp(0.5 * head[latent + i % latent]) * v)];
            double[] path = new double[2 * latent];
            Array.Fill(f, 10);
            for (int i = 0; i < z.Length; i++)
            {
                double d = z[i] - c[i % latent];
                f[i / latent] += d * d;
                path[i % latent] += 2 * d / samples;
                path[latent + i % latent] += d * Math.Exp(0.5 * head[latent + i % latent]) * own[i] / samples;
            }

            Rounded[] Gradient(bool leaveOneOut) =>
                ScoreFunctionReference.Backward(latent, z, head, ScoreFunctionReference.Forward(samples, f, leaveOneOut).Advantages);
            Rounded[] without = Gradient(false), with = Gradient(true);
            for (int i = 0; i < 2 * latent; i++)
            {
                plain[i].Add(without[i].Value);
                baseline[i].Add(with[i].Value);
                pathwise[i].Add(path[i]);
                difference[i].Add(with[i].Value - path[i]);
            }
        }

        for (int i = 0; i < 2 * latent; i++)
        {
            TestContext.Out.WriteLine(FormattableString.Invariant(
                $"parameter {i}: exact {exact[i]:F3}, score {baseline[i].Mean:F3}, pathwise {pathwise[i].Mean:F3}; ")
                + FormattableString.Invariant($"variance over the pathwise {plain[i].Variance / pathwise[i].Variance:F1}, ")
                + FormattableString.Invariant($"with the baseline {baseline[i].Variance / pathwise[i].Variance:F1}"));
            Assert.That(plain[i].Mean, Is.EqualTo(exact[i]).Within(4 * plain[i].StandardError), $"without a baseline, parameter {i}");
            Assert.That(baseline[i].Mean, Is.EqualTo(exact[i]).Within(4 * baseline[i].StandardError), $"with the baseline, parameter {i}");
            Assert.That(difference[i].Mean, Is.EqualTo(0).Within(4 * difference[i].StandardError), $"against pathwise, parameter {i}");
            Assert.That(baseline[i].Variance, Is.LessThan(plain[i].Variance), $"parameter {i}");
        }

        static SampleMean[] Means() => [.. Enumerable.Range(0, 2 * latent).Select(_ => new SampleMean())];
    }
}
