using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class LayerNormTests(OperandPath path) : GpuTest(path)
{
    [TestCase(3, 1, 1, 13)]
    [TestCase(127, 1, 1, 64)]
    [TestCase(3, 3, 5, 33, Description = "pixels")]
    public void ForwardAndGradients(int n, int h, int w, int c)
    {
        const float epsilon = 1e-5f;
        var dims = new Dims(n, h, w, c);
        double[] x = TestData.Uniform(dims.Length, 1), gamma = TestData.Uniform(c, 2, 0.5, 1.5), beta = TestData.Uniform(c, 3);
        double[] dY = TestData.Uniform(dims.Length, 4);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("x", dims, x);
        var norm = new LayerNorm("norm", check.Parameters, input, epsilon);
        check.Run(check.Graph.Add(norm), dY, gamma, beta);

        Compare.Within(check.Value(norm.Output), LayerNormReference.Forward(dims, epsilon, x, gamma, beta),
            LayerNormReference.ForwardBound(dims, epsilon, x, gamma, beta), "Y", dims.Locate);
        var expected = LayerNormReference.Backward(dims, epsilon, x, gamma, dY);
        var bound = LayerNormReference.BackwardBound(dims, epsilon, x, gamma, dY);
        Compare.Within(check.Gradient(norm.Gamma), expected.dGamma, bound.dGamma, "dGamma", k => $"[{k}]");
        Compare.Within(check.Gradient(norm.Beta), expected.dBeta, bound.dBeta, "dBeta", k => $"[{k}]");
        Compare.Within(check.Gradient(input), expected.dX, bound.dX, "dX", dims.Locate);
    }
}
