using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;
using Kind = VaeProcgen.Tests.Support.Reference.ActivationReference.Kind;

namespace VaeProcgen.Tests.Shaders;

public sealed class ActivationLayerTests(OperandPath path) : GpuTest(path)
{
    [Test]
    public void ForwardAndGradient([Values] Activation activation)
    {
        var dims = new Dims(3, 5, 7, 13);
        double[] x = TestData.Uniform(dims.Length, 1, -6, 6), dY = TestData.Uniform(dims.Length, 2);
        double[] special = [0, 1e-6f, -1e-6f, 1e-3f, 0.149f, 0.151f, -0.15f, 30, -30, 80, -80, 1000, -1000];
        special.CopyTo(x, 0);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("x", dims, x);
        Tensor y = check.Graph.Add(new ActivationLayer("activation", input, activation));
        check.Run(y, dY);

        Kind kind = FusedActivation.KindOf(activation);
        Compare.Within(check.Value(y), ActivationReference.Forward(kind, x), ActivationReference.ForwardBound(kind, x), "Y", dims.Locate);
        Compare.Within(check.Gradient(input), ActivationReference.Backward(kind, x, dY),
            ActivationReference.BackwardBound(kind, x, dY), "dX", dims.Locate);
    }

    /// <summary>The grid of elementwise kernels is folded into two dimensions past 32,768 workgroups.</summary>
    [Test]
    public void MoreWorkgroupsThanOneDimensionTakes()
    {
        var dims = new Dims(3, 1024, 1024, 4);
        double[] x = new double[dims.Length];
        for (int i = 0; i < x.Length; i++)
            x[i] = i % 8191 - 4000;
        using var check = new OperatorCheck(Device);
        var op = new ActivationLayer("relu", check.Input("x", dims, x), Activation.Relu);
        Assert.That(op.Forward().Single().Grid.Y, Is.EqualTo(2));
        check.RunKernels([.. op.Forward()]);
        Assert.That(check.Value(op.Output).SequenceEqual(x.Select(v => v > 0 ? (float)v : 0f)));
    }
}
