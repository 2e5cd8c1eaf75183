using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class GraphTests(OperandPath path) : GpuTest(path)
{
    private static readonly ConvGeometry Halve = new(4, 2, 1, PaddingMode.Zero);

    /// <summary>conv with activation → conv: the second one's input gradient comes multiplied by the slope of the first.</summary>
    [TestCase(Activation.Relu, 5, Description = "wide input gradient")]
    [TestCase(Activation.Tanh, 3, Description = "narrow input gradient")]
    public void AnActivationBetweenConvolutionsCostsNoKernel(Activation activation, int middle)
    {
        var dims = new Dims(3, 6, 10, 7);
        LinearMap first = LinearMap.Of(new Conv2dReference.Geometry(dims, middle, 3, 3, 1, 1));
        LinearMap second = LinearMap.Of(new Conv2dReference.Geometry(first.Y, 13, 4, 4, 2, 1));
        using var check = new OperatorCheck(Device);
        Tensor x = check.Input("x", dims, TestData.Uniform(dims.Length, 1));
        var conv1 = new Conv2d("conv1", check.Parameters, x, middle, new ConvGeometry(3, 1, 1, PaddingMode.Zero), activation);
        check.Graph.Add(conv1);
        var conv2 = new Conv2d("conv2", check.Parameters, conv1.Output, 13, Halve);
        check.Graph.Add(conv2);
        CheckPair(check, conv1, first, activation, conv2, second, TestData.Uniform(dims.Length, 1));
    }

    /// <summary>linear with activation → seen as pixels → transposed convolution: the head of a decoder.</summary>
    [Test]
    public void AnActivationBeforeAReshape()
    {
        LinearMap first = LinearMap.Of(new LinearReference.Geometry(3, 13, 3 * 5 * 8));
        LinearMap second = LinearMap.Of(new ConvTranspose2dReference.Geometry(new Dims(3, 3, 5, 8), 4, 4, 4, 2, 1));
        double[] x = TestData.Uniform(first.X.Length, 1);
        using var check = new OperatorCheck(Device);
        var linear = new Linear("linear", check.Parameters, check.Input("x", first.X, x), 3 * 5 * 8, Activation.LeakyRelu);
        check.Graph.Add(linear);
        var deconv = new ConvTranspose2d("deconv", check.Parameters, linear.Output.Reshaped(new Shape(3, 3, 5, 8)), 4, Halve);
        check.Graph.Add(deconv);
        CheckPair(check, linear, first, Activation.LeakyRelu, deconv, second, x);
    }

    /// <summary>convolution with activation → linear over the pixels as one vector: the head of an encoder.</summary>
    [Test]
    public void AnActivationBeforeFlattening()
    {
        var dims = new Dims(3, 6, 10, 5);
        LinearMap first = LinearMap.Of(new Conv2dReference.Geometry(dims, 8, 4, 4, 2, 1));
        LinearMap second = LinearMap.Of(new LinearReference.Geometry(3, 3 * 5 * 8, 13));
        double[] x = TestData.Uniform(dims.Length, 1);
        using var check = new OperatorCheck(Device);
        var conv = new Conv2d("conv", check.Parameters, check.Input("x", dims, x), 8, Halve, Activation.Relu);
        var linear = new Linear("linear", check.Parameters, check.Graph.Add(conv), 13);
        check.Graph.Add(linear);
        CheckPair(check, conv, first, Activation.Relu, linear, second, x);
    }

    [Test]
    public void ConstantsGetNoGradient()
    {
        using var check = new OperatorCheck(Device);
        var dims = new Dims(1, 4, 4, 4);
        Tensor x = check.Constant("images", dims, TestData.Uniform(dims.Length, 1));
        var conv = new Conv2d("conv", check.Parameters, x, 4, Halve);
        check.Graph.Add(conv);
        (IReadOnlyList<KernelSpec> kernels, Gradients gradients) = GraphWithLoss(check, conv.Output).Backward(x);
        Assert.That(gradients.IsWanted(x), Is.False);
        Assert.That(kernels.Select(k => k.Kernel), Has.None.Contains("conv_gather"));
        Assert.That(() => gradients.Of(x), Throws.InvalidOperationException.With.Message.Contains("'images'"));
    }

    [Test]
    public void WhatLeadsToNoLossHasNoGradient()
    {
        var graph = new Graph();
        Tensor y = graph.Add(new ActivationLayer("dangling", new Tensor("x", Shape.Matrix(1, 4)), Activation.Relu));
        Assert.That(() => graph.Backward(), Throws.InvalidOperationException.With.Message.Contains($"'{y.Name}'"));
    }

    private static Graph GraphWithLoss(OperatorCheck check, Tensor output)
    {
        check.Graph.Add(new GivenGradient(output, new Tensor("dOutput", output.Shape)));
        return check.Graph;
    }

    /// <summary>
    /// Two maps in a row: the second from what the device has stored between them, the first from the gradient that the second has
    /// left there.
    /// </summary>
    private static void CheckPair(
        OperatorCheck check, Operator op1, LinearMap first, Activation activation, Operator op2, LinearMap second, double[] x)
    {
        double[] weight1 = first.Weight(2), bias1 = TestData.Uniform(first.Y.C, 3);
        double[] weight2 = second.Weight(4), bias2 = TestData.Uniform(second.Y.C, 5), dY = TestData.Uniform(second.Y.Length, 6);
        check.Run(op2.Output, dY, weight1, bias1, weight2, bias2);
        float[] middle = check.Value(op1.Output);
        double[] h = TestData.ToDouble(middle);
        first.CheckForward(middle, activation, x, weight1, bias1);
        second.CheckForward(check.Value(op2.Output), Activation.None, h, weight2, bias2);
        second.CheckGradients(check, op2, h, weight2, dY, dX: null);

        double[] dH = second.Backward(h, weight2, dY).dX, dHBound = second.BackwardBound(h, weight2, dY).dX;
        (double[] dV, double[] rounding) = FusedActivation.Slope(activation, h, dH);
        double[] carried = FusedActivation.Slope(activation, h, dHBound).Expected;
        double[] bound = carried.Zip(rounding, (c, r) => ErrorBound.SecondOrder * (c + r)).ToArray();
        float[] actual = check.Gradient(op1.Output);
        Compare.Within(actual, dV, bound, "masked dX of the second", first.Y.Locate);
        first.CheckGradients(check, op1, x, weight1, TestData.ToDouble(actual), check.Gradient(op1.Inputs[0]));
    }
}
