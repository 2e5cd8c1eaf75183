using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class ReparameterizeTests(OperandPath path) : GpuTest(path)
{
    private static readonly StepState Step = new(Index: 41, Seed: 0x0123_4567_89AB_CDEF);

    [TestCase(1, 4)]
    [TestCase(3, 12)]
    [TestCase(13, 64)]
    public void ForwardAndGradients(int n, int z)
    {
        double[] head = PosteriorHead.Make(n, z, 1), dZ = TestData.Uniform(n * z, 2);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("head", new Dims(n, 1, 1, 2 * z), head);
        var op = new Reparameterize("z", input, check.Step(Step));
        check.Run(check.Graph.Add(op), dZ);

        var dims = new Dims(n, 1, 1, z);
        double[] epsilon = TestData.ToDouble(check.Value(op.Epsilon));
        Compare.Within(check.Value(op.Output), ReparameterizeReference.Forward(n, z, head, epsilon),
            ReparameterizeReference.ForwardBound(n, z, head, epsilon), "z", dims.Locate);
        Compare.Within(check.Gradient(input), ReparameterizeReference.Backward(n, z, head, epsilon, dZ),
            ReparameterizeReference.BackwardBound(n, z, head, epsilon, dZ), "dHead", (dims with { C = 2 * z }).Locate);
        GpuNormals expected = GpuNormals.Draw(n * z, Step, GpuNormals.Posterior);
        Compare.Within(check.Value(op.Epsilon), expected.Values, expected.Bound, "epsilon", dims.Locate);
    }

    /// <summary>Moments of 65,536 draws lie within 5 standard errors of those of N(0, 1).</summary>
    [Test]
    public void EpsilonIsStandardNormal()
    {
        const int n = 1024, z = 64, count = n * z;
        using var check = new OperatorCheck(Device);
        var op = new Reparameterize("z", check.Input("head", new Dims(n, 1, 1, 2 * z), new double[2 * count]), check.Step(Step));
        check.RunKernels([.. op.Forward()]);
        double[] epsilon = TestData.ToDouble(check.Value(op.Epsilon));
        double Moment(int power) => epsilon.Average(v => Math.Pow(v, power));
        double tolerance = 5 / Math.Sqrt(count);
        Assert.Multiple(() =>
        {
            Assert.That(Moment(1), Is.EqualTo(0).Within(tolerance));
            Assert.That(Moment(2), Is.EqualTo(1).Within(tolerance * Math.Sqrt(2)));
            Assert.That(Moment(3), Is.EqualTo(0).Within(tolerance * Math.Sqrt(15)));
            Assert.That(Moment(4), Is.EqualTo(3).Within(tolerance * Math.Sqrt(96)));
            Assert.That(epsilon.Zip(epsilon.Skip(1), (a, b) => a * b).Average(), Is.EqualTo(0).Within(tolerance));
        });
    }

    [TestCase(6)]
    [TestCase(12)]
    public void RefusesALatentSizeThatIsNoMultipleOfFour(int channels) => Assert.That(
        () => new Reparameterize("z", new Tensor("head", Shape.Matrix(3, channels)), new Tensor("step", Shape.Vector(16))),
        Throws.ArgumentException.With.Message.Contains("multiple of 4").And.Message.Contains($"head [3, 1, 1, {channels}]"));
}
