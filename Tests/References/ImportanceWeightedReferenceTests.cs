using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class ImportanceWeightedReferenceTests
{
    [TestCase(1, 1, 1)]
    [TestCase(3, 5, 1)]
    [TestCase(2, 3, 4)]
    public void LogRatioAgreesWithFiniteDifferences(int n, int latent, int samples)
    {
        double[] z = TestData.Normal(n * samples * latent, 1), d = TestData.Uniform(n * samples, 4);
        double[] head = TestData.Uniform(2 * n * latent, 2), prior = TestData.Uniform(2 * n * latent, 3);
        if (latent > 1)
            (head[latent], prior[latent]) = (13, -13);
        Rounded[] dRows = [.. d.Select(v => (Rounded)v)];
        foreach (double[]? p in new[] { null, prior })
        {
            (Rounded[] dZ, Rounded[] dHead, Rounded[]? dPrior) = GaussianLogRatioReference.Backward(latent, z, head, p, dRows);
            double[] At(double[] z, double[] head, double[]? p) => Rounded.Values(GaussianLogRatioReference.Forward(latent, z, head, p));
            FiniteDifference.CheckBackward(v => At(v, head, p), z, d, Rounded.Values(dZ), "dz");
            FiniteDifference.CheckBackward(v => At(z, v, p), head, d, Rounded.Values(dHead), "dhead");
            if (p != null)
                FiniteDifference.CheckBackward(v => At(z, head, v), p, d, Rounded.Values(dPrior!), "dprior");
        }
    }

    [Test]
    public void TheBoundAgreesWithFiniteDifferences([Values(1, 2, 7)] int samples)
    {
        const int n = 3;
        double[] nll = TestData.Uniform(n * samples, 1, 2, 5), ratio = TestData.Uniform(n * samples, 2);
        static Rounded[] Exact(double[] values) => [.. values.Select(v => (Rounded)v)];
        double Loss(double[] a, double[] b) => ImportanceWeightedReference.Forward(samples, Exact(a), Exact(b)).Figures[0].Value;
        Rounded[] weights = ImportanceWeightedReference.Forward(samples, Exact(nll), Exact(ratio)).Weights;
        double[] gradient = Rounded.Values(ImportanceWeightedReference.Backward(samples, weights));
        FiniteDifference.Check(v => Loss(v, ratio), nll, gradient, "dnll");
        FiniteDifference.Check(v => Loss(nll, v), ratio, gradient, "dlogRatio");
    }

    /// <summary>Weights 3 : 1 of one image: log of their mean 2, effective sample size 16 / 10.</summary>
    [Test]
    public void WorkedExample()
    {
        (Rounded[] figures, Rounded[] weights) = ImportanceWeightedReference.Forward(2, [1000, 1000], [-Math.Log(3), 0]);
        Assert.That(Rounded.Values(weights), Is.EqualTo(new[] { 0.75, 0.25 }).Within(1e-12));
        Assert.That(Rounded.Values(figures), Is.EqualTo(new[] { 1000 - Math.Log(2), 1000, -Math.Log(3) / 2, 1.6 }).Within(1e-12));
    }

    /// <summary>
    /// p(z) = N(0, I), p(x|z) = N(z, ¼ I), q off the posterior: over 10,000 draws of 64 samples both estimates have one mean, and the
    /// doubly reparameterized one varies less in every parameter.
    /// </summary>
    [Test]
    public void TheDoublyReparameterizedGradientIsUnbiasedAndVariesLess()
    {
        const int latent = 2, samples = 64, draws = 10_000;
        double[] head = [0.3, -0.5, Math.Log(0.35), Math.Log(0.15)], x = [1.0, -0.4];
        double[] plain = new double[4], doubly = new double[4];
        var noise = new float[draws * samples * latent];
        Philox.FillNormals(5, 1, 0, noise);
        double[] epsilon = TestData.ToDouble(noise);
        var (difference, ofPlain, ofDoubly) = (Means(), Means(), Means());
        for (int draw = 0; draw < draws; draw++)
        {
            ReadOnlySpan<double> own = epsilon.AsSpan(draw * samples * latent, samples * latent);
            DoublyReparameterizedReference.Estimate(head, own, LogJoint, plain, doubly);
            for (int i = 0; i < 4; i++)
            {
                difference[i].Add(plain[i] - doubly[i]);
                ofPlain[i].Add(plain[i]);
                ofDoubly[i].Add(doubly[i]);
            }
        }

        for (int i = 0; i < 4; i++)
        {
            TestContext.Out.WriteLine(FormattableString.Invariant(
                $"parameter {i}: mean {ofPlain[i].Mean:F4} and {ofDoubly[i].Mean:F4}, ")
                + FormattableString.Invariant($"variance ratio {ofPlain[i].Variance / ofDoubly[i].Variance:F1}"));
            Assert.That(Math.Abs(difference[i].Mean), Is.LessThan(4 * difference[i].StandardError), $"parameter {i}");
            Assert.That(ofDoubly[i].Variance, Is.LessThan(ofPlain[i].Variance), $"parameter {i}");
        }

        static SampleMean[] Means() => [.. Enumerable.Range(0, 4).Select(_ => new SampleMean())];

        double LogJoint(ReadOnlySpan<double> z, Span<double> gradient)
        {
            double log = 0;
            for (int j = 0; j < latent; j++)
            {
                double d = x[j] - z[j];
                log -= 0.5 * (z[j] * z[j] + 4 * d * d);
                gradient[j] = 4 * d - z[j];
            }

            return log;
        }
    }
}
