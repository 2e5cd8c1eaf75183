using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;
using static VaeProcgen.Tests.Support.Reference.KlObjectiveReference;

namespace VaeProcgen.Tests.Shaders;

public sealed class KlObjectiveTests(OperandPath path) : GpuTest(path)
{
    [Test]
    public void ForwardAndGradients(
        [Values] Objective objective, [Values(1, 3, 127)] int n, [Values(1, 13)] int z, [Values(1, 5)] int samples)
    {
        double[] nll = TestData.Uniform(n * samples, 1, 10, 2000), kl = TestData.Uniform(n * z, 2, 0, 2);
        double total = kl.Sum() / n;
        foreach (float capacity in new[] { 0.5f, 1.5f }.Select(f => (float)(f * total)))
            Check(new Settings(objective, Weight: 0.75f, Capacity: capacity, Level: 0.9f), n, nll, kl);
    }

    [TestCase(Objective.FreeBits, Description = "several workgroups of sums; more columns than lanes")]
    [TestCase(Objective.Capacity)]
    public void ManyImagesAndDimensions(Objective objective)
    {
        const int n = 300, z = 260;
        double[] kl = TestData.Uniform(n * z, 2, 0, 2).Select((v, i) => (double)(float)(i % z % 2 == 0 ? v : v / 8)).ToArray();
        Check(new Settings(objective, Weight: 0.25f, Capacity: 25, Level: 0.5f), n, TestData.Uniform(n, 1, 10, 20), kl);
    }

    /// <summary>At k_j = λ and at KL = C: no slope. These sums are exact.</summary>
    [Test]
    public void AtTheKinksTheSlopeIsZero()
    {
        double[] kl = [1, 2, 1.5, 2, 3, 2, 2.5, 2], nll = [4, 8];
        (_, float[] freeBits) = Check(new Settings(Objective.FreeBits, Level: 2), 2, nll, kl);
        (_, float[] capacity) = Check(new Settings(Objective.Capacity, Capacity: 8, Level: 9), 2, nll, kl);
        Assert.That(freeBits, Is.All.Zero);
        Assert.That(capacity, Is.All.Zero);
    }

    /// <summary>λ = 0 presses every dimension as the ELBO does.</summary>
    [Test]
    public void WithoutFreeBitsItIsTheElbo()
    {
        double[] nll = TestData.Uniform(13, 1, 10, 20), kl = TestData.Uniform(13 * 12, 2, 0, 2);
        (float[] free, float[] dFree) = Check(new Settings(Objective.FreeBits, Weight: 0.5), 13, nll, kl);
        (float[] elbo, float[] dElbo) = Check(new Settings(Objective.Elbo, Weight: 0.5), 13, nll, kl);
        Assert.That(free[..3], Is.EqualTo(elbo[..3]));
        Assert.That(dFree, Is.EqualTo(dElbo));
    }

    [Test]
    public void RefusesWhatCannotBe()
    {
        Tensor nll = new("nll", Shape.Matrix(6, 1)), kl = new("kl", Shape.Matrix(3, 8)), step = new("step", Shape.Vector(16));
        Assert.That(() => new ElboLoss("loss", kl, kl, step),
            Throws.ArgumentException.With.Message.Contains("one number a row").And.Message.Contains("kl [3, 1, 1, 8]"));
        Assert.That(() => new ElboLoss("loss", nll, new Tensor("kl", Shape.Matrix(4, 8)), step),
            Throws.ArgumentException.With.Message.Contains("4 images"));
        Assert.That(() => new ElboLoss("loss", nll, new Tensor("kl", new Shape(3, 2, 1, 8)), step),
            Throws.ArgumentException.With.Message.Contains("[N, 1, 1, Z]"));
        Assert.That(() => new FreeBitsLoss("loss", nll, kl, step, -1), Throws.ArgumentException.With.Message.Contains("0 or more"));
        Assert.That(() => new CapacityLoss("loss", nll, kl, step, float.NaN), Throws.ArgumentException.With.Message.Contains("0 or more"));
    }

    private (float[] Figures, float[] DKl) Check(Settings settings, int n, double[] nll, double[] kl)
    {
        var (rows, images) = (new Dims(nll.Length, 1, 1, 1), new Dims(n, 1, 1, kl.Length / n));
        using var check = new OperatorCheck(Device);
        Tensor nllInput = check.Input("nll", rows, nll), klInput = check.Input("kl", images, kl);
        Tensor step = check.Step(new StepState(Index: 0, Seed: 1, KlWeight: (float)settings.Weight, Capacity: (float)settings.Capacity));
        float level = (float)settings.Level;
        Tensor output = check.Graph.Add(settings.Objective switch
        {
            Objective.Elbo => new ElboLoss("loss", nllInput, klInput, step),
            Objective.FreeBits => new FreeBitsLoss("loss", nllInput, klInput, step, level),
            Objective.Capacity => new CapacityLoss("loss", nllInput, klInput, step, level),
            _ => throw new ArgumentOutOfRangeException(nameof(settings)),
        });
        check.Run(output, dOutput: null);
        settings = settings with { Level = level };
        (Rounded[] dNll, Rounded[] dKl) = Backward(settings, n, nll, kl);
        Compare.Within(check.Value(output), Forward(settings, n, nll, kl), "figures", i => $"[{i}]");
        Compare.Within(check.Gradient(nllInput), dNll, "dnll", rows.Locate);
        Compare.Within(check.Gradient(klInput), dKl, "dkl", images.Locate);
        return (check.Value(output), check.Gradient(klInput));
    }
}
