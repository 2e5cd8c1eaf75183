using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class LatentReferenceTests
{
    [TestCase(1, 1)]
    [TestCase(3, 5)]
    [TestCase(2, 13)]
    [TestCase(7, 3)]
    public void BackwardAgreesWithFiniteDifferences(int n, int z)
    {
        // A narrow clamp, so that both sides of it and the inside are all visited.
        const double low = -1;
        const double high = 0.5;
        double[] head = TestData.Uniform(2 * n * z, 1, -2, 2);
        head = TestData.AwayFrom(TestData.AwayFrom(head, low, 0.01), high, 0.01);
        double[] noise = TestData.Normal(n * z, 2);
        double[] dZ = TestData.Uniform(n * z, 3);
        double[] dHead = ReparameterizeReference.Backward(n, z, head, noise, dZ, low, high);
        FiniteDifference.CheckBackward(
            v => ReparameterizeReference.Forward(n, z, v, noise, low, high), head, dZ, dHead, "reparameterize dHead", i => Locate(i, z));
        double[] dKl = GaussianKlReference.Backward(n, z, head, 0.25, low, high);
        FiniteDifference.Check(v => GaussianKlReference.Forward(n, z, v, 0.25, low, high), head, dKl, "KL dHead", i => Locate(i, z));
    }

    [Test]
    public void SamplesAreTheMeanPlusDeviationsOfNoise()
    {
        double[] head = [1, 2, Math.Log(4), Math.Log(9), -1, 0, 100, -100];
        double[] sample = ReparameterizeReference.Forward(2, 2, head, [1, -2, 0.5, 3]);
        Assert.That(sample, Is.EqualTo(new[] { 3, -4, -1 + 0.5 * Math.Exp(6), 3 * Math.Exp(-6) }).Within(1e-12));
        double[] dHead = ReparameterizeReference.Backward(2, 2, head, [1, -2, 0.5, 3], [1, 1, 1, 1]);
        Assert.That(dHead, Is.EqualTo(new double[] { 1, 1, 1, -3, 1, 1, 0, 0 }).Within(1e-12));
    }

    [Test]
    public void TheDivergenceOfTheWorkedExampleIs3125Thousandths()
    {
        double[] head = [2, 0, Math.Log(0.25), Math.Log(4)];
        Assert.That(GaussianKlReference.Forward(1, 2, head), Is.EqualTo(3.125).Within(1e-15));
        Assert.That(GaussianKlReference.Backward(1, 2, head), Is.EqualTo(new[] { 2, 0, -0.375, 1.5 }).Within(1e-15));
    }

    [Test]
    public void TheDivergenceIsAveragedOverTheBatchAndZeroAtThePrior()
    {
        double[] head = [2, 0, Math.Log(0.25), Math.Log(4), 0, 0, 0, 0];
        Assert.That(GaussianKlReference.Forward(2, 2, head, weight: 4), Is.EqualTo(6.25).Within(1e-14));
        Assert.That(GaussianKlReference.Backward(2, 2, head).Skip(4), Is.All.EqualTo(0));
    }

    [Test]
    public void Float32StaysWithinTheBounds()
    {
        const int n = 13;
        const int z = 7;
        double[] head = TestData.Uniform(2 * n * z, 4, -5, 5);
        double[] noise = TestData.Normal(n * z, 5);
        double[] dZ = TestData.Normal(n * z, 6);
        var sample = new float[n * z];
        var dHead = new float[2 * n * z];
        var dKl = new float[2 * n * z];
        float kl = 0;
        for (int i = 0; i < n * z; i++)
        {
            int at = i / z * 2 * z + i % z;
            float mean = (float)head[at], logVariance = (float)head[at + z], deviation = MathF.Exp(0.5f * logVariance);
            sample[i] = mean + deviation * (float)noise[i];
            dHead[at] = (float)dZ[i];
            dHead[at + z] = 0.5f * (float)dZ[i] * (float)noise[i] * deviation;
            dKl[at] = mean * (1f / n);
            dKl[at + z] = 0.5f * (1f / n) * (MathF.Exp(logVariance) - 1);
            kl += 0.5f * (mean * mean + MathF.Exp(logVariance) - logVariance - 1);
        }

        Compare.Within(sample, ReparameterizeReference.Forward(n, z, head, noise),
            ReparameterizeReference.ForwardBound(n, z, head, noise), "z", i => $"[n={i / z}, z={i % z}]");
        Compare.Within(dHead, ReparameterizeReference.Backward(n, z, head, noise, dZ),
            ReparameterizeReference.BackwardBound(n, z, head, noise, dZ), "reparameterize dHead", i => Locate(i, z));
        Compare.Within(dKl, GaussianKlReference.Backward(n, z, head), GaussianKlReference.BackwardBound(n, z, head), "KL dHead",
            i => Locate(i, z));
        Compare.Within([kl / n], [GaussianKlReference.Forward(n, z, head)], [GaussianKlReference.ForwardBound(n, z, head)], "KL", _ => "");
    }

    private static string Locate(int i, int z) => $"[n={i / (2 * z)}, {(i % (2 * z) < z ? "μ" : "log σ²")}, z={i % z}]";
}
