using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class UpsampleNearestTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, 1, 1)]
    [TestCase(3, 5, 7, 13, 2)]
    [TestCase(5, 1, 13, 3, 3)]
    public void ForwardAndGradient(int n, int h, int w, int c, int factor)
    {
        var dims = new Dims(n, h, w, c);
        Dims output = UpsampleNearestReference.Output(dims, factor);
        double[] x = TestData.Uniform(dims.Length, 1), dY = TestData.Uniform(output.Length, 2);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("x", dims, x);
        Tensor y = check.Graph.Add(new UpsampleNearest("upsample", input, factor));
        check.Run(y, dY);
        Compare.Within(check.Value(y), UpsampleNearestReference.Forward(dims, factor, x), new double[output.Length], "Y", output.Locate);
        Compare.Within(check.Gradient(input), UpsampleNearestReference.Backward(dims, factor, dY),
            UpsampleNearestReference.BackwardBound(dims, factor, dY), "dX", dims.Locate);
    }

    [Test]
    public void RefusesAFactorBelowOne() => Assert.That(
        () => new UpsampleNearest("upsample", new Tensor("x", new Shape(1, 2, 2, 4)), 0),
        Throws.InstanceOf<System.ArgumentOutOfRangeException>().With.Message.Contains("found 0"));
}
