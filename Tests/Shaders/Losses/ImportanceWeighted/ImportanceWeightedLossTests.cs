using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class ImportanceWeightedLossTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1)]
    [TestCase(1, 5)]
    [TestCase(3, 13)]
    [TestCase(13, 127, Description = "more samples than lanes")]
    [TestCase(127, 3)]
    public void ForwardAndGradients(int n, int samples)
    {
        double[] nll = TestData.Uniform(n * samples, 1, 500, 504), ratio = TestData.Uniform(n * samples, 2, -3, 12);
        Check(samples, nll, ratio);
    }

    /// <summary>Weights e^±500 apart: neither infinite nor lost.</summary>
    [Test]
    public void WeightsFarApart()
    {
        (float[] figures, float[] weights) = Check(2, [0, 1000, 600, -400], [3, 3, 3, 3]);
        Assert.That(weights, Is.EqualTo(new[] { 1f, 0, 0, 1 }));
        Assert.That(figures[3], Is.EqualTo(1f));
    }

    /// <summary>With one sample an image, the loss has the bits of the mean of nll + logRatio that the ELBO would take.</summary>
    [Test]
    public void OneSampleIsTheElboToTheLastBit([Values(1, 13, 127)] int n)
    {
        double[] nll = TestData.Uniform(n, 1, 500, 700), ratio = TestData.Uniform(n, 2, -3, 30);
        double[] sum = [.. nll.Zip(ratio, (a, b) => (double)((float)a + (float)b))];
        (float[] figures, float[] weights) = Check(1, nll, ratio);
        using var check = new OperatorCheck(Device);
        Tensor step = check.Step(new StepState(Index: 0, Seed: 1)), kl = check.Input("kl", new Dims(n, 1, 1, 4), new double[4 * n]);
        Tensor elbo = check.Graph.Add(new ElboLoss("elbo", check.Input("nll", new Dims(n, 1, 1, 1), sum), kl, step));
        check.Run(elbo, dOutput: null);
        Assert.That(BitConverter.SingleToInt32Bits(figures[0]), Is.EqualTo(BitConverter.SingleToInt32Bits(check.Value(elbo)[0])));
        Assert.That(weights, Is.All.EqualTo(1f));
        Assert.That(figures[3], Is.EqualTo(1f).Within(1e-6f));
    }

    [Test]
    public void RefusesWhatCannotBe()
    {
        Tensor nll = new("nll", Shape.Matrix(6, 1)), ratio = new("ratio", Shape.Matrix(5, 1));
        Assert.That(() => new ImportanceWeightedLoss("loss", nll, ratio, 2),
            Throws.ArgumentException.With.Message.Contains("nll [6, 1, 1, 1]").And.Message.Contains("ratio [5, 1, 1, 1]"));
        Assert.That(() => new ImportanceWeightedLoss("loss", nll, nll, 4), Throws.ArgumentException.With.Message.Contains("found 4"));
        Assert.That(() => new ImportanceWeightedLoss("loss", nll, nll, 0), Throws.ArgumentException.With.Message.Contains("found 0"));
    }

    private (float[] Figures, float[] Weights) Check(int samples, double[] nll, double[] ratio)
    {
        var dims = new Dims(nll.Length, 1, 1, 1);
        using var check = new OperatorCheck(Device);
        Tensor nllInput = check.Input("nll", dims, nll), ratioInput = check.Input("ratio", dims, ratio);
        var loss = new ImportanceWeightedLoss("loss", nllInput, ratioInput, samples);
        check.Run(check.Graph.Add(loss), dOutput: null);
        (Rounded[] figures, Rounded[] weights) = ImportanceWeightedReference.Forward(
            samples, [.. nll.Select(v => (Rounded)v)], [.. ratio.Select(v => (Rounded)v)]);
        Rounded[] gradient = ImportanceWeightedReference.Backward(samples, weights);
        Compare.Within(check.Value(loss.Output), figures, "figures", i => $"[{i}]");
        Compare.Within(check.Value(loss.Weights), weights, "weights", dims.Locate);
        Compare.Within(check.Gradient(nllInput), gradient, "dnll", dims.Locate);
        Compare.Within(check.Gradient(ratioInput), gradient, "dlogRatio", dims.Locate);
        return (check.Value(loss.Output), check.Value(loss.Weights));
    }
}
