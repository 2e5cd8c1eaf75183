using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class LinearTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, Activation.None)]
    [TestCase(3, 13, 5, Activation.Sigmoid)]
    [TestCase(5, 127, 33, Activation.Tanh)]
    [TestCase(13, 5, 3, Activation.LeakyRelu)]
    [TestCase(127, 33, 127, Activation.Relu)]
    public void ForwardAndGradients(int n, int c, int k, Activation activation) =>
        LinearMap.Of(new LinearReference.Geometry(n, c, k))
            .Check(Device, activation, (parameters, x) => new Linear("linear", parameters, x, k, activation));
}
