using System;
using NUnit.Framework;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;
using Kind = VaeProcgen.Tests.Support.Reference.ActivationReference.Kind;

namespace VaeProcgen.Tests.Shaders;

/// <summary>
/// The reference of an operator with weight, bias and fused activation: linear layer, convolution, transposed convolution.
/// </summary>
internal sealed record LinearMap(
    Dims X,
    Dims Y,
    int WeightLength,
    Func<int, string> LocateWeight,
    Func<double[], double[], double[]?, double[]> Forward,
    Func<double[], double[], double[]?, double[]> ForwardBound,
    Func<double[], double[], double[], (double[] dX, double[] dWeight, double[] dBias)> Backward,
    Func<double[], double[], double[], (double[] dX, double[] dWeight, double[] dBias)> BackwardBound)
{
    public static LinearMap Of(LinearReference.Geometry g) => new(
        g.X, g.Y, g.WeightLength, g.LocateWeight,
        (x, w, b) => LinearReference.Forward(g, x, w, b),
        (x, w, b) => LinearReference.ForwardBound(g, x, w, b),
        (x, w, dY) => LinearReference.Backward(g, x, w, dY),
        (x, w, dY) => LinearReference.BackwardBound(g, x, w, dY));

    public static LinearMap Of(Conv2dReference.Geometry g) => new(
        g.X, g.Y, g.WeightLength, g.LocateWeight,
        (x, w, b) => Conv2dReference.Forward(g, x, w, b),
        (x, w, b) => Conv2dReference.ForwardBound(g, x, w, b),
        (x, w, dY) => Conv2dReference.Backward(g, x, w, dY),
        (x, w, dY) => Conv2dReference.BackwardBound(g, x, w, dY));

    public static LinearMap Of(ConvTranspose2dReference.Geometry g) => new(
        g.X, g.Y, g.WeightLength, g.LocateWeight,
        (x, w, b) => ConvTranspose2dReference.Forward(g, x, w, b),
        (x, w, b) => ConvTranspose2dReference.ForwardBound(g, x, w, b),
        (x, w, dY) => ConvTranspose2dReference.Backward(g, x, w, dY),
        (x, w, dY) => ConvTranspose2dReference.BackwardBound(g, x, w, dY));

    /// <summary>Weights of the size that initialisation gives them, so that activations see sums of about 1.</summary>
    public double[] Weight(int seed)
    {
        double bound = Math.Sqrt(3.0 * Y.C / WeightLength);
        return TestData.Uniform(WeightLength, seed, -bound, bound);
    }

    /// <summary>
    /// Checks forward and every gradient of the operator that <paramref name="make"/> builds. Backward starts from the Y that the
    /// device has stored, so each stage is held to its own bound: Y, then dV = dY · activation', then the three gradients of dV.
    /// </summary>
    public void Check(GpuDevice device, Activation activation, Func<ParameterSet, Tensor, Operator> make)
    {
        double[] x = TestData.Uniform(X.Length, 1), weight = Weight(2), bias = TestData.Uniform(Y.C, 3), dY = TestData.Uniform(Y.Length, 4);
        using var check = new OperatorCheck(device);
        Tensor input = check.Input("x", X, x);
        Operator op = make(check.Parameters, input);
        check.Run(check.Graph.Add(op), dY, weight, bias);
        CheckForward(check.Value(op.Output), activation, x, weight, bias);
        double[] dV = CheckSlope(check.Value(op.Output), activation, dY, check.Gradient(op.Output));
        CheckGradients(check, op, x, weight, dV, check.Gradient(input));
    }

    public void CheckForward(float[] y, Activation activation, double[] x, double[] weight, double[] bias)
    {
        Kind kind = FusedActivation.KindOf(activation);
        double[] v = Forward(x, weight, bias);
        double[] bound = ActivationReference.ForwardBound(kind, v, ForwardBound(x, weight, bias));
        Compare.Within(y, ActivationReference.Forward(kind, v), bound, "Y", Y.Locate);
    }

    /// <summary>dV = dY · activation' of the stored Y; returns the device's own dV.</summary>
    public double[] CheckSlope(float[] y, Activation activation, double[] dY, float[] dV)
    {
        (double[] expected, double[] bound) = FusedActivation.Slope(activation, TestData.ToDouble(y), dY);
        Compare.Within(dV, expected, bound, "dV", Y.Locate);
        return TestData.ToDouble(dV);
    }

    /// <summary>dX, dWeight and dBias of the operator's first two parameters, from the device's own dV.</summary>
    public void CheckGradients(OperatorCheck check, Operator op, double[] x, double[] weight, double[] dV, float[]? dX)
    {
        (double[] dX, double[] dWeight, double[] dBias) expected = Backward(x, weight, dV), bound = BackwardBound(x, weight, dV);
        float[] GradientOf(string which) => check.Gradient(FindParameter(check.Parameters, op.Name + which));
        Compare.Within(GradientOf(".weight"), expected.dWeight, bound.dWeight, "dWeight", LocateWeight);
        Compare.Within(GradientOf(".bias"), expected.dBias, bound.dBias, "dBias", k => $"[k={k}]");
        if (dX != null)
            Compare.Within(dX, expected.dX, bound.dX, "dX", X.Locate);
    }

    private static Parameter FindParameter(ParameterSet set, string name)
    {
        foreach (Parameter parameter in set.Parameters)
        {
            if (parameter.Name == name)
                return parameter;
        }

        throw new AssertionException($"There is no parameter '{name}'.");
    }
}
