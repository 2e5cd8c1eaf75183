using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class GaussianLogRatioTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 4, 1)]
    [TestCase(3, 12, 1)]
    [TestCase(3, 12, 5)]
    [TestCase(13, 260, 3, Description = "more columns than lanes; several workgroups")]
    [TestCase(127, 4, 2)]
    public void ForwardAndGradients(int n, int latent, int samples)
    {
        foreach (bool detach in new[] { false, true })
        {
            Check(n, latent, samples, 0, detach);
            Check(n, latent, samples, n, detach);
            Check(n, latent, samples, n * samples, detach);
        }
    }

    /// <summary>The ratio of a Gaussian to itself is 0, and so is z's gradient.</summary>
    [Test]
    public void ThePosteriorAsItsOwnPrior()
    {
        double[] head = PosteriorHead.Make(3, 12, 1);
        using var check = new OperatorCheck(Device);
        Tensor z = check.Input("z", new Dims(6, 1, 1, 12), TestData.Normal(72, 2));
        Tensor input = check.Input("head", new Dims(3, 1, 1, 24), head);
        Tensor output = check.Graph.Add(new GaussianLogRatio("ratio", z, input, input, detachPosterior: true));
        check.Run(output, TestData.Uniform(6, 3));
        Assert.That(check.Value(output), Is.All.Zero);
        Assert.That(check.Gradient(z), Is.All.Zero);
    }

    [Test]
    public void RefusesWhatCannotBe()
    {
        Tensor z = new("z", Shape.Matrix(6, 8)), head = new("head", Shape.Matrix(3, 16));
        Assert.That(() => new GaussianLogRatio("ratio", new Tensor("z", Shape.Matrix(6, 4)), head),
            Throws.ArgumentException.With.Message.Contains("8 latents").And.Message.Contains("z [6, 1, 1, 4]"));
        Assert.That(() => new GaussianLogRatio("ratio", new Tensor("z", Shape.Matrix(7, 8)), head),
            Throws.ArgumentException.With.Message.Contains("3 images"));
        Assert.That(() => new GaussianLogRatio("ratio", z, head, new Tensor("prior", Shape.Matrix(1, 16))),
            Throws.ArgumentException.With.Message.Contains("one shape").And.Message.Contains("prior [1, 1, 1, 16]"));
        Assert.That(new GaussianLogRatio("ratio", z, head).Samples, Is.EqualTo(2));
    }

    private void Check(int n, int latent, int samples, int priors, bool detach)
    {
        int rows = n * samples;
        double[] head = PosteriorHead.Make(n, latent, 1), z = TestData.Normal(rows * latent, 2), d = TestData.Uniform(rows, 3);
        double[]? prior = priors > 0 ? PosteriorHead.Make(priors, latent, 4) : null;
        Dims zDims = new(rows, 1, 1, latent), headDims = new(n, 1, 1, 2 * latent), priorDims = new(Math.Max(1, priors), 1, 1, 2 * latent);
        using var check = new OperatorCheck(Device);
        Tensor zInput = check.Input("z", zDims, z), headInput = check.Input("head", headDims, head);
        Tensor? priorInput = prior == null ? null : check.Input("prior", priorDims, prior);
        Tensor output = check.Graph.Add(new GaussianLogRatio("ratio", zInput, headInput, priorInput, detach));
        check.Run(output, d);

        Compare.Within(check.Value(output), GaussianLogRatioReference.Forward(latent, z, head, prior), "ratio", i => $"[r={i}]");
        (Rounded[] dZ, Rounded[] dHead, Rounded[]? dPrior) =
            GaussianLogRatioReference.Backward(latent, z, head, prior, [.. d.Select(v => (Rounded)v)]);
        Compare.Within(check.Gradient(zInput), dZ, "dz", zDims.Locate);
        if (priorInput != null)
            Compare.Within(check.Gradient(priorInput), dPrior!, "dprior", priorDims.Locate);
        if (detach)
            Assert.That(() => check.Gradient(headInput), Throws.InvalidOperationException, "a detached posterior has no gradient");
        else
            Compare.Within(check.Gradient(headInput), dHead, "dhead", headDims.Locate);
    }
}
