using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;
using static VaeProcgen.Tests.Support.Reference.TotalCorrelationReference;

namespace VaeProcgen.Tests.References;

public sealed class TotalCorrelationReferenceTests
{
    [TestCase(1, 1)]
    [TestCase(3, 2)]
    [TestCase(5, 3)]
    public void BackwardAgreesWithFiniteDifferences(int n, int latent)
    {
        double[] nll = TestData.Uniform(n, 1, 2, 5), z = TestData.Normal(n * latent, 2), head = TestData.Uniform(2 * n * latent, 3);
        if (n > 1)
            head[latent] = 14;
        var settings = new Settings(DatasetSize: 1000, Alpha: 0.5, Beta: 6, Gamma: 1.5, Weight: 0.75);
        (Rounded[] dNll, Rounded[] dZ, Rounded[] dHead) = Backward(settings, latent, nll, z, head);
        FiniteDifference.Check(v => Forward(settings, latent, v, z, head)[0].Value, nll, Rounded.Values(dNll), "dnll");
        FiniteDifference.Check(v => Forward(settings, latent, nll, v, head)[0].Value, z, Rounded.Values(dZ), "dz");
        FiniteDifference.Check(v => Forward(settings, latent, nll, z, v)[0].Value, head, Rounded.Values(dHead), "dhead");
    }

    /// <summary>The three terms add up to the sampled KL, log q(z_i|x_i) − log p(z_i), whatever the estimate of q(z).</summary>
    [Test]
    public void TheTermsAddUpToTheKl([Values(1L, 50, 100_000_000_000)] long datasetSize)
    {
        const int n = 7, latent = 3;
        double[] z = TestData.Normal(n * latent, 2), head = TestData.Uniform(2 * n * latent, 3);
        double[] found = Rounded.Values(Forward(new Settings(datasetSize, 1, 1, 1), latent, new double[n], z, head));
        double kl = GaussianLogRatioReference.Forward(latent, z, head).Average(r => r.Value);
        Assert.That(found[1] + found[2] + found[3], Is.EqualTo(kl).Within(1e-11));
        Assert.That(found[0], Is.EqualTo(kl).Within(1e-11));
    }

    /// <summary>A set of one image: nothing to tell apart, nothing to correlate.</summary>
    [Test]
    public void OneImageHasNoInformation()
    {
        double[] found = Rounded.Values(Forward(new Settings(1, 1, 1, 1), 3, [0], [0.5, -1, 2], [0, 1, 2, 0.5, -0.5, 0]));
        Assert.That(found[1..3], Is.All.EqualTo(0).Within(1e-14));
    }

    /// <summary>
    /// Two images far apart in both of two dimensions: log q(z) sees ln 2 of information; the dimensions repeat it, so that their total
    /// correlation is ln 2 as well. M = 1: q(z) is the batch's own mixture times N, the same shift in the joint and each marginal.
    /// </summary>
    [Test]
    public void DimensionsThatRepeatEachOtherCorrelate()
    {
        double[] head = [-50, -50, 0, 0, 50, 50, 0, 0], z = [-50, -50, 50, 50];
        double[] found = Rounded.Values(Forward(new Settings(1, 1, 1, 1), 2, [0, 0], z, head));
        Assert.That(found[1], Is.EqualTo(Math.Log(2)).Within(1e-12));
        Assert.That(found[2], Is.EqualTo(Math.Log(2)).Within(1e-12));
    }
}
