using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class GaussianKlTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 4, 1f)]
    [TestCase(3, 12, 0.25f)]
    [TestCase(13, 64, 4f, Description = "several workgroups")]
    [TestCase(272, 64, 0f, Description = "more partial sums than a workgroup adds at once; no weight")]
    public void ForwardAndGradient(int n, int z, float weight)
    {
        double[] head = PosteriorHead.Make(n, z, 1);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("head", new Dims(n, 1, 1, 2 * z), head);
        Tensor output = check.Graph.Add(new GaussianKl("kl", input, check.Step(new StepState(Index: 0, Seed: 1, KlWeight: weight))));
        check.Run(output, dOutput: null);

        // The kernel leaves the sum over the batch; the reference is the mean.
        Compare.Within(check.Value(output), [n * GaussianKlReference.Forward(n, z, head), 0, 0, 0],
            [n * GaussianKlReference.ForwardBound(n, z, head), 0, 0, 0], "KL", i => $"[{i}]");
        Compare.Within(check.Gradient(input), GaussianKlReference.Backward(n, z, head, weight),
            GaussianKlReference.BackwardBound(n, z, head, weight), "dHead", new Dims(n, 1, 1, 2 * z).Locate);
    }

    /// <summary>z and the KL term read the same head: their gradients add up.</summary>
    [Test]
    public void GradientsOfBothReadersOfTheHeadAddUp()
    {
        const int n = 3, z = 12;
        double[] head = PosteriorHead.Make(n, z, 1), dZ = TestData.Uniform(n * z, 2);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("head", new Dims(n, 1, 1, 2 * z), head);
        Tensor step = check.Step(new StepState(Index: 7, Seed: 9, KlWeight: 0.5f));
        var sample = new Reparameterize("z", input, step);
        check.Graph.Add(new GaussianKl("kl", input, step));
        check.Run(check.Graph.Add(sample), dZ);

        double[] epsilon = TestData.ToDouble(check.Value(sample.Epsilon));
        (double[] expected, double[] bound) = AddLayerTests.SumOf(
            (ReparameterizeReference.Backward(n, z, head, epsilon, dZ), ReparameterizeReference.BackwardBound(n, z, head, epsilon, dZ)),
            (GaussianKlReference.Backward(n, z, head, 0.5), GaussianKlReference.BackwardBound(n, z, head, 0.5)));
        Compare.Within(check.Gradient(input), expected, bound, "dHead", new Dims(n, 1, 1, 2 * z).Locate);
    }
}
