using System;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class GroupNormTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, 4, 1, 0)]
    [TestCase(3, 5, 7, 12, 3, 0)]
    [TestCase(5, 3, 5, 13, 13, 0, Description = "each channel a group")]
    [TestCase(3, 13, 7, 33, 3, 0, Description = "groups that no vec4 boundary divides")]
    [TestCase(1, 7, 7, 127, 1, 0)]
    [TestCase(65, 1, 3, 5, 1, 0, Description = "parameter gradients in several chunks")]
    [TestCase(3, 5, 7, 12, 3, 1000, Description = "a mean far larger than the deviation")]
    public void ForwardAndGradients(int n, int h, int w, int c, int groups, double mean)
    {
        const float epsilon = 1e-5f;
        var dims = new Dims(n, h, w, c);
        double[] x = TestData.Uniform(dims.Length, 1, mean - 1, mean + 1), dY = TestData.Uniform(dims.Length, 4);
        double[] gamma = TestData.Uniform(c, 2, 0.5, 1.5), beta = TestData.Uniform(c, 3);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("x", dims, x);
        var norm = new GroupNorm("norm", check.Parameters, input, groups, epsilon);
        check.Run(check.Graph.Add(norm), dY, gamma, beta);

        Compare.Within(check.Value(norm.Output), GroupNormReference.Forward(dims, groups, epsilon, x, gamma, beta),
            GroupNormReference.ForwardBound(dims, groups, epsilon, x, gamma, beta), "Y", dims.Locate);
        var expected = GroupNormReference.Backward(dims, groups, epsilon, x, gamma, dY);
        var bound = GroupNormReference.BackwardBound(dims, groups, epsilon, x, gamma, dY);
        Compare.Within(check.Gradient(norm.Gamma), expected.dGamma, bound.dGamma, "dGamma", k => $"[{k}]");
        Compare.Within(check.Gradient(norm.Beta), expected.dBeta, bound.dBeta, "dBeta", k => $"[{k}]");
        Compare.Within(check.Gradient(input), expected.dX, bound.dX, "dX", dims.Locate);
    }

    [TestCase(3, 5, 7, 12, 3, Activation.Silu)]
    [TestCase(5, 3, 5, 13, 13, Activation.Silu)]
    [TestCase(3, 5, 7, 13, 1, Activation.LeakyRelu)]
    [TestCase(3, 3, 5, 13, 1, Activation.Sigmoid, Description = "padding stays zero, though sigmoid(0) is not")]
    [TestCase(2, 3, 5, 12, 4, Activation.Tanh)]
    public void AppliesAnActivation(int n, int h, int w, int c, int groups, Activation activation)
    {
        const float epsilon = 1e-5f;
        var dims = new Dims(n, h, w, c);
        double[] x = TestData.Uniform(dims.Length, 1), dY = TestData.Uniform(dims.Length, 4);
        double[] gamma = TestData.Uniform(c, 2, 0.5, 1.5), beta = TestData.Uniform(c, 3);
        ActivationReference.Kind kind = FusedActivation.KindOf(activation);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("x", dims, x);
        var norm = new GroupNorm("norm", check.Parameters, input, groups, epsilon, activation);
        check.Run(check.Graph.Add(norm), dY, gamma, beta);

        double[] v = GroupNormReference.Forward(dims, groups, epsilon, x, gamma, beta);
        double[] vError = GroupNormReference.ForwardBound(dims, groups, epsilon, x, gamma, beta);
        Compare.Within(check.Value(norm.Output), ActivationReference.Forward(kind, v), ActivationReference.ForwardBound(kind, v, vError), "Y", dims.Locate);
        double[] dV = ActivationReference.Backward(kind, v, dY), dVError = ActivationReference.BackwardBound(kind, v, dY, vError);
        var expected = GroupNormReference.Backward(dims, groups, epsilon, x, gamma, dV);
        var bound = GroupNormReference.BackwardBound(dims, groups, epsilon, x, gamma, dV, dVError);
        Compare.Within(check.Gradient(norm.Gamma), expected.dGamma, bound.dGamma, "dGamma", k => $"[{k}]");
        Compare.Within(check.Gradient(norm.Beta), expected.dBeta, bound.dBeta, "dBeta", k => $"[{k}]");
        Compare.Within(check.Gradient(input), expected.dX, bound.dX, "dX", dims.Locate);
    }

    [TestCase(5)]
    [TestCase(0)]
    public void RefusesGroupsThatDoNotDivideTheChannels(int groups) => Assert.That(
        () => new GroupNorm("norm", new ParameterSet("parameters"), new Tensor("x", new Shape(1, 2, 2, 12)), groups),
        Throws.ArgumentException.With.Message.Contains($"12 channels don't make {groups} groups"));
}
