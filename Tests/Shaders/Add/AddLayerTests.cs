using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class AddLayerTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, 1)]
    [TestCase(3, 5, 7, 13)]
    public void ForwardAndGradients(int n, int h, int w, int c)
    {
        var dims = new Dims(n, h, w, c);
        double[] a = TestData.Uniform(dims.Length, 1), b = TestData.Uniform(dims.Length, 2), dY = TestData.Uniform(dims.Length, 3);
        using var check = new OperatorCheck(Device);
        Tensor first = check.Input("a", dims, a), second = check.Input("b", dims, b);
        Tensor y = check.Graph.Add(new AddLayer("add", first, second));
        check.Run(y, dY);
        Compare.Within(check.Value(y), AddReference.Forward(a, b), AddReference.ForwardBound(a, b), "Y", dims.Locate);
        Assert.That(check.Gradient(first), Is.EqualTo(TestData.ToFloat(dY)));
        Assert.That(check.Gradient(second), Is.EqualTo(TestData.ToFloat(dY)));
    }

    [Test]
    public void OneTensorTwice()
    {
        var dims = new Dims(3, 1, 1, 5);
        double[] x = TestData.Uniform(dims.Length, 1), dY = TestData.Uniform(dims.Length, 2);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("x", dims, x);
        Tensor y = check.Graph.Add(new AddLayer("add", input, input));
        check.Run(y, dY);
        Assert.That(check.Value(y), Is.EqualTo(x.Select(v => (float)(2 * v))));
        Assert.That(check.Gradient(input), Is.EqualTo(dY.Select(v => (float)(2 * v))));
    }

    /// <summary>y = x + conv(x): x has two readers, and the convolution may already have applied an activation.</summary>
    [TestCase(Activation.None)]
    [TestCase(Activation.Relu)]
    public void Residual(Activation activation)
    {
        var dims = new Dims(3, 5, 7, 13);
        LinearMap reference = LinearMap.Of(new Conv2dReference.Geometry(dims, 13, 3, 3, 1, 1));
        double[] x = TestData.Uniform(dims.Length, 1), dY = TestData.Uniform(dims.Length, 4);
        double[] weight = reference.Weight(2), bias = TestData.Uniform(13, 3);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("x", dims, x);
        var conv = new Conv2d("conv", check.Parameters, input, 13, new ConvGeometry(3, 1, 1, PaddingMode.Zero), activation);
        Tensor y = check.Graph.Add(new AddLayer("add", input, check.Graph.Add(conv)));
        check.Run(y, dY, weight, bias);

        float[] branch = check.Value(conv.Output);
        reference.CheckForward(branch, activation, x, weight, bias);
        double[] sum = AddReference.Forward(x, TestData.ToDouble(branch));
        Compare.Within(check.Value(y), sum, AddReference.ForwardBound(x, TestData.ToDouble(branch)), "Y", dims.Locate);
        double[] dV = reference.CheckSlope(branch, activation, dY, check.Gradient(conv.Output));
        reference.CheckGradients(check, conv, x, weight, dV, dX: null);
        (double[] expected, double[] bound) = SumOf(
            (dY, new double[dims.Length]), (reference.Backward(x, weight, dV).dX, reference.BackwardBound(x, weight, dV).dX));
        Compare.Within(check.Gradient(input), expected, bound, "dX", dims.Locate);
    }

    /// <summary>Both branches multiply the gradient that reaches them by a slope of their own, and must not share one copy of it.</summary>
    [Test]
    public void TwoActivatedBranches()
    {
        LinearMap reference = LinearMap.Of(new LinearReference.Geometry(3, 7, 13));
        double[] x = TestData.Uniform(reference.X.Length, 1), dY = TestData.Uniform(reference.Y.Length, 4);
        double[] weight = reference.Weight(2), bias = TestData.Uniform(13, 3);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("x", reference.X, x);
        Operator[] branches =
        [
            new Linear("relu", check.Parameters, input, 13, Activation.Relu),
            new Linear("tanh", check.Parameters, input, 13, Activation.Tanh),
        ];
        Tensor y = check.Graph.Add(new AddLayer("add", check.Graph.Add(branches[0]), check.Graph.Add(branches[1])));
        check.Run(y, dY, weight, bias, weight, bias);

        double[] relu = CheckBranch(branches[0], Activation.Relu), tanh = CheckBranch(branches[1], Activation.Tanh);
        (double[] expected, double[] bound) = SumOf(
            (reference.Backward(x, weight, relu).dX, reference.BackwardBound(x, weight, relu).dX),
            (reference.Backward(x, weight, tanh).dX, reference.BackwardBound(x, weight, tanh).dX));
        Compare.Within(check.Gradient(input), expected, bound, "dX", reference.X.Locate);

        double[] CheckBranch(Operator branch, Activation activation)
        {
            float[] value = check.Value(branch.Output);
            reference.CheckForward(value, activation, x, weight, bias);
            double[] dV = reference.CheckSlope(value, activation, dY, check.Gradient(branch.Output));
            reference.CheckGradients(check, branch, x, weight, dV, dX: null);
            return dV;
        }
    }

    /// <summary>
    /// x = relu(conv(input)) is read three times: out = conv(x) + (tanh(x) + x). The gradient of x must be complete before the slope
    /// of its relu multiplies it, once.
    /// </summary>
    [Test]
    public void ThreeReaders()
    {
        var dims = new Dims(3, 5, 3, 5);
        var geometry = new ConvGeometry(3, 1, 1, PaddingMode.Circular);
        LinearMap reference = LinearMap.Of(new Conv2dReference.Geometry(dims, 5, 3, 3, 1, 1, Circular: true));
        double[] values = TestData.Uniform(dims.Length, 1), dY = TestData.Uniform(dims.Length, 5);
        double[] first = reference.Weight(2), second = reference.Weight(3), bias = TestData.Uniform(5, 4);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("input", dims, values);
        var head = new Conv2d("head", check.Parameters, input, 5, geometry, Activation.Relu);
        Tensor x = check.Graph.Add(head);
        var conv = new Conv2d("conv", check.Parameters, x, 5, geometry);
        Tensor branch = check.Graph.Add(conv);
        Tensor side = check.Graph.Add(new AddLayer("side", check.Graph.Add(new ActivationLayer("tanh", x, Activation.Tanh)), x));
        check.Run(check.Graph.Add(new AddLayer("out", branch, side)), dY, first, bias, second, bias);

        double[] xValues = TestData.ToDouble(check.Value(x));
        reference.CheckGradients(check, conv, xValues, second, dY, dX: null);
        (double[] total, double[] bound) = SumOf(
            (reference.Backward(xValues, second, dY).dX, reference.BackwardBound(xValues, second, dY).dX),
            (ActivationReference.Backward(ActivationReference.Kind.Tanh, xValues, dY),
                ActivationReference.BackwardBound(ActivationReference.Kind.Tanh, xValues, dY)));
        (total, bound) = SumOf((total, bound), (dY, new double[dims.Length]));
        double[] slope = xValues.Select(v => v > 0 ? 1.0 : 0.0).ToArray();
        float[] dV = check.Gradient(x);
        Compare.Within(dV, total.Zip(slope, (t, s) => t * s).ToArray(), bound, "dX", dims.Locate);
        reference.CheckGradients(check, head, values, first, TestData.ToDouble(dV), check.Gradient(input));
    }

    [Test]
    public void RefusesTwoShapes() => Assert.That(
        () => new AddLayer("add", new Tensor("a", Shape.Matrix(2, 4)), new Tensor("b", Shape.Matrix(2, 5))),
        Throws.ArgumentException.With.Message.Contains("a [2, 1, 1, 4]").And.Message.Contains("b [2, 1, 1, 5]"));

    /// <summary>A float32 sum of two results, each with its own error.</summary>
    internal static (double[] Expected, double[] Bound) SumOf((double[] Value, double[] Bound) a, (double[] Value, double[] Bound) b)
    {
        double[] sum = AddReference.Forward(a.Value, b.Value);
        double[] operands = a.Bound.Zip(b.Bound, (x, y) => ErrorBound.SecondOrder * (x + y)).ToArray();
        return (sum, operands.Zip(AddReference.ForwardBound(a.Value, b.Value), (x, y) => x + y).ToArray());
    }
}
