using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class CategoricalKlTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 4, 3)]
    [TestCase(3, 4, 3, 3)]
    [TestCase(13, 6, 2, 1)]
    [TestCase(5, 12, 5, 8)]
    [TestCase(2, 4, 127, 3)]
    [TestCase(127, 2, 6, 60, Description = "nearly certain classes")]
    public void ForwardAndGradients(int n, int d, int c, double range) =>
        Check(n, d, c, TestData.Uniform(n * d * c, 1, -range, range));

    [Test]
    public void ExtremeLogitsStayFinite()
    {
        double[] logits = [60, -60, -60, -60, -60, 60, 60, 60, 0, 0, 0, 0, 1e30, -1e30, 0, 1];
        (float[] kl, float[] dLogits) = Check(2, 2, 4, logits);
        Assert.That(kl, Is.All.InRange(0, (float)Math.Log(4) + 1e-6f));
        Assert.That(dLogits.Select(float.IsFinite), Is.All.True);
        Assert.That(kl[2], Is.EqualTo(0).Within(1e-6));
    }

    [Test]
    public void RefusesLogitsThatAreNoVariables() => Assert.That(
        () => new CategoricalKl("kl", new Tensor("logits", Shape.Matrix(3, 12)), classes: 5),
            Throws.ArgumentException.With.Message.Contains("C = 5"));

    private (float[] Kl, float[] DLogits) Check(int n, int d, int c, double[] logits)
    {
        double[] dKl = TestData.Uniform(n * d, 2);
        using var check = new OperatorCheck(Device);
        var dims = new Dims(n, 1, 1, d * c);
        Tensor input = check.Input("logits", dims, logits);
        Tensor output = check.Graph.Add(new CategoricalKl("kl", input, c));
        check.Run(output, dKl);

        Assert.That(output.Shape, Is.EqualTo(Shape.Matrix(n, d)));
        float[] kl = check.Value(output), dLogits = check.Gradient(input);
        Compare.Within(kl, CategoricalKlReference.Forward(c, logits), CategoricalKlReference.ForwardBound(c, logits), "KL",
            new Dims(n, 1, 1, d).Locate);
        Compare.Within(dLogits, CategoricalKlReference.Backward(c, logits, dKl), CategoricalKlReference.BackwardBound(c, logits, dKl),
            "dLogits", dims.Locate);
        return (kl, dLogits);
    }
}
