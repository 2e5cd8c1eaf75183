using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;
using static VaeProcgen.Tests.Support.Reference.TotalCorrelationReference;

namespace VaeProcgen.Tests.Shaders;

public sealed class TotalCorrelationLossTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 4)]
    [TestCase(3, 12)]
    [TestCase(13, 8)]
    [TestCase(127, 4, Description = "more images than lanes")]
    [TestCase(3, 260, Description = "more columns than lanes")]
    public void ForwardAndGradients(int n, int latent) =>
        Check(n, latent, new Settings(1000, Alpha: 0.5f, Beta: 6, Gamma: 1.5f, Weight: 0.75f));

    [Test]
    public void AllWeightsOneIsTheSampledKl()
    {
        float[] figures = Check(13, 8, new Settings(5_000_000_000, 1, 1, 1));
        Assert.That(figures[0], Is.Not.Zero);
    }

    [Test]
    public void TermsCanBeLeftOut([Values(0, 1)] int alpha, [Values(0, 1)] int beta, [Values(0, 1)] int gamma) =>
        Check(3, 4, new Settings(3, alpha, beta, gamma));

    [Test]
    public void RefusesWhatCannotBe()
    {
        Tensor nll = new("nll", Shape.Matrix(3, 1)), z = new("z", Shape.Matrix(3, 8));
        Tensor head = new("head", Shape.Matrix(3, 16)), step = new("step", Shape.Vector(16));
        Assert.That(() => new TotalCorrelationLoss("loss", nll, new Tensor("z", Shape.Matrix(6, 8)), head, step, 10),
            Throws.ArgumentException.With.Message.Contains("one sample an image").And.Message.Contains("z [6, 1, 1, 8]"));
        Assert.That(() => new TotalCorrelationLoss("loss", nll, z, head, step, 0),
            Throws.ArgumentException.With.Message.Contains("at least 1 image"));
        Assert.That(() => new TotalCorrelationLoss("loss", nll, z, head, step, 10, beta: -1),
            Throws.ArgumentException.With.Message.Contains("total correlation").And.Message.Contains("-1"));
    }

    private float[] Check(int n, int latent, Settings settings)
    {
        // Log variances in [-3, 3), one clamped; each sample from its own posterior, as in training.
        double[] head = [.. TestData.Uniform(2 * n * latent, 1, -2, 2).Select((v, i) => i % (2 * latent) < latent ? v : 1.5 * v)];
        head[latent + 1] = 13;
        double[] nll = TestData.Uniform(n, 2, 500, 560);
        double[] z = [.. ReparameterizeReference.Forward(n, latent, head, TestData.Normal(n * latent, 3)).Select(v => (double)(float)v)];
        Dims rows = new(n, 1, 1, 1);
        using var check = new OperatorCheck(Device);
        Tensor nllInput = check.Input("nll", rows, nll), zInput = check.Input("z", rows with { C = latent }, z);
        Tensor headInput = check.Input("head", rows with { C = 2 * latent }, head);
        Tensor step = check.Step(new StepState(Index: 0, Seed: 1, KlWeight: (float)settings.Weight));
        Tensor output = check.Graph.Add(new TotalCorrelationLoss("loss", nllInput, zInput, headInput, step, settings.DatasetSize,
            (float)settings.Alpha, (float)settings.Beta, (float)settings.Gamma));
        check.Run(output, dOutput: null);

        (Rounded[] dNll, Rounded[] dZ, Rounded[] dHead) = Backward(settings, latent, nll, z, head);
        Compare.Within(check.Value(output), Forward(settings, latent, nll, z, head), "figures", i => $"[{i}]");
        Compare.Within(check.Gradient(nllInput), dNll, "dnll", rows.Locate);
        Compare.Within(check.Gradient(zInput), dZ, "dz", (rows with { C = latent }).Locate);
        Compare.Within(check.Gradient(headInput), dHead, "dhead", (rows with { C = 2 * latent }).Locate);
        return check.Value(output);
    }
}
