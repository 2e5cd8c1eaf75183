using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class GaussianKlTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 4, 1)]
    [TestCase(3, 12, 1)]
    [TestCase(13, 64, 1, Description = "several workgroups")]
    [TestCase(6, 16, 3, Description = "three Gaussians an image, side by side")]
    public void ForwardAndGradient(int rows, int z, int cells)
    {
        double[] head = PosteriorHead.Make(rows, z, 1), dKl = TestData.Uniform(rows * z, 2);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("head", new Dims(rows, 1, 1, 2 * z), head);
        var op = new GaussianKl("kl", input, cells: cells);
        check.Run(check.Graph.Add(op), dKl);

        Assert.That(op.Output.Shape, Is.EqualTo(Shape.Matrix(rows / cells, z * cells)));
        Compare.Within(check.Value(op.Output), TwoGaussianKlReference.Forward(z, head), "KL", i => $"[{i}]");
        Compare.Within(check.Gradient(input), TwoGaussianKlReference.Backward(z, head, null, dKl).DHead, "dHead", new Dims(rows, 1, 1, 2 * z).Locate);
    }

    [TestCase(3, 12)]
    [TestCase(13, 64)]
    public void AgainstAnotherGaussian(int n, int z)
    {
        double[] head = PosteriorHead.Make(n, z, 1), prior = PosteriorHead.Make(n, z, 3), dKl = TestData.Uniform(n * z, 2);
        using var check = new OperatorCheck(Device);
        Tensor q = check.Input("head", new Dims(n, 1, 1, 2 * z), head), p = check.Input("prior", new Dims(n, 1, 1, 2 * z), prior);
        var op = new GaussianKl("kl", q, p);
        check.Run(check.Graph.Add(op), dKl);

        Compare.Within(check.Value(op.Output), TwoGaussianKlReference.Forward(z, head, prior), "KL", i => $"[{i}]");
        (Rounded[] dHead, Rounded[]? dPrior) = TwoGaussianKlReference.Backward(z, head, prior, dKl);
        Compare.Within(check.Gradient(q), dHead, "dHead", new Dims(n, 1, 1, 2 * z).Locate);
        Compare.Within(check.Gradient(p), dPrior!, "dPrior", new Dims(n, 1, 1, 2 * z).Locate);
    }

    /// <summary>z and the KL term read the same head: their gradients add up.</summary>
    [Test]
    public void GradientsOfBothReadersOfTheHeadAddUp()
    {
        const int n = 3, z = 12;
        double[] head = PosteriorHead.Make(n, z, 1), dZ = TestData.Uniform(n * z, 2), dKl = TestData.Uniform(n * z, 3);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("head", new Dims(n, 1, 1, 2 * z), head);
        Tensor step = check.Step(new StepState(Index: 7, Seed: 9));
        var sample = new Reparameterize("z", input, step);
        var kl = new GaussianKl("kl", input);
        Tensor drawn = check.Graph.Add(sample);
        check.Graph.Add(new GivenGradient(check.Graph.Add(kl), check.Constant("dKl", new Dims(n, 1, 1, z), dKl)));
        check.Run(drawn, dZ);

        double[] epsilon = TestData.ToDouble(check.Value(sample.Epsilon));
        (double[] expected, double[] bound) = AddLayerTests.SumOf(
            (ReparameterizeReference.Backward(n, z, head, epsilon, dZ), ReparameterizeReference.BackwardBound(n, z, head, epsilon, dZ)),
            OfRounded(TwoGaussianKlReference.Backward(z, head, null, dKl).DHead));
        Compare.Within(check.Gradient(input), expected, bound, "dHead", new Dims(n, 1, 1, 2 * z).Locate);
    }

    private static (double[] Value, double[] Bound) OfRounded(Rounded[] values) => (Rounded.Values(values), Rounded.Errors(values));

    [Test]
    public void RefusesGaussiansOfTwoShapes() => Assert.That(
        () => new GaussianKl("kl", new Tensor("head", Shape.Matrix(3, 8)), new Tensor("prior", Shape.Matrix(3, 16))),
        Throws.ArgumentException.With.Message.Contains("head [3, 1, 1, 8]").And.Message.Contains("prior [3, 1, 1, 16]"));
}
