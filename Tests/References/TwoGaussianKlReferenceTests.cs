using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class TwoGaussianKlReferenceTests
{
    [TestCase(1, 1)]
    [TestCase(3, 5)]
    public void BackwardAgreesWithFiniteDifferences(int n, int latent)
    {
        double[] head = TestData.Uniform(2 * n * latent, 1), prior = TestData.Uniform(2 * n * latent, 2);
        double[] dKl = TestData.Uniform(n * latent, 3);
        if (latent > 1)
            (head[latent], prior[latent + 1]) = (-13, 13);
        foreach (double[]? p in new[] { null, prior })
        {
            (Rounded[] dHead, Rounded[]? dPrior) = TwoGaussianKlReference.Backward(latent, head, p, dKl);
            FiniteDifference.CheckBackward(
                v => Rounded.Values(TwoGaussianKlReference.Forward(latent, v, p)), head, dKl, Rounded.Values(dHead), "dhead");
            if (p != null)
                FiniteDifference.CheckBackward(
                    v => Rounded.Values(TwoGaussianKlReference.Forward(latent, head, v)), p, dKl, Rounded.Values(dPrior!), "dprior");
        }
    }

    [Test]
    public void WorkedExamples()
    {
        double[] head = [2, 0, Math.Log(0.25), Math.Log(4)];
        Assert.That(Rounded.Values(TwoGaussianKlReference.Forward(2, head)).Sum(), Is.EqualTo(3.125).Within(1e-15));
        Assert.That(Rounded.Values(TwoGaussianKlReference.Forward(2, head, head)), Is.All.EqualTo(0).Within(1e-15));

        // ½ (log 4 − log 2 + ½ + 9/4 − 1)
        double[] one = [2, Math.Log(2)], other = [5, Math.Log(4)];
        Assert.That(TwoGaussianKlReference.Forward(1, one, other)[0].Value, Is.EqualTo(0.5 * (Math.Log(2) + 1.75)).Within(1e-15));
    }

    [Test]
    public void AgainstTheStandardNormalItIsTheKlOfTheVae()
    {
        const int n = 7, latent = 5;
        double[] head = TestData.Uniform(2 * n * latent, 1, -15, 15);
        double[] kl = Rounded.Values(TwoGaussianKlReference.Forward(latent, head));
        Assert.That(kl.Sum() / n, Is.EqualTo(GaussianKlReference.Forward(n, latent, head)).Within(1e-13).Percent);
        double[] perImage = [.. Enumerable.Repeat(1.0 / n, n * latent)];
        double[] gradient = Rounded.Values(TwoGaussianKlReference.Backward(latent, head, null, perImage).DHead);
        Assert.That(gradient, Is.EqualTo(GaussianKlReference.Backward(n, latent, head)).Within(1e-12).Percent);
    }

    /// <summary>The mean of log q − log p over 100,000 samples of q lies within four standard errors of the closed form.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void SamplesAgreeWithTheClosedForm(bool withPrior)
    {
        const int latent = 3, draws = 100_000;
        double[] head = [0.5, -1, 2, Math.Log(0.3), Math.Log(1.4), Math.Log(0.05)];
        double[]? prior = withPrior ? [0.2, -0.5, 1, Math.Log(0.8), Math.Log(2), Math.Log(0.4)] : null;
        var noise = new float[draws * latent];
        Philox.FillNormals(7, 1, 0, noise);
        double[] z = [.. noise.Select((e, i) => head[i % latent] + Math.Exp(0.5 * head[latent + i % latent]) * e)];
        var mean = new SampleMean();
        foreach (Rounded ratio in GaussianLogRatioReference.Forward(latent, z, head, prior))
            mean.Add(ratio.Value);
        double closed = TwoGaussianKlReference.Forward(latent, head, prior).Sum(k => k.Value);
        TestContext.Out.WriteLine(
            FormattableString.Invariant($"closed form {closed:F4}, samples {mean.Mean:F4} ± {mean.StandardError:F4}"));
        Assert.That(mean.Mean, Is.EqualTo(closed).Within(4 * mean.StandardError));
    }
}
