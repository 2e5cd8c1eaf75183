using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

/// <summary>
/// Products of half operands. Of operands that are exact in half precision they are held to the bound of float sums alone; of others, to one that
/// follows from rounding each operand once, to nearest or to zero.
/// </summary>
[TestFixtureSource(typeof(GpuTestDevice), nameof(GpuTestDevice.MixedPaths))]
public sealed class MixedPrecisionTests(OperandPath path) : GpuTest(path)
{
    private const double HalfEpsilon = 1.0 / 1024;
    private const double HalfSubnormal = 1.0 / (1 << 24);
    private const float LossScale = 1024;

    private static readonly (string Name, LinearMap Map, Func<ParameterSet, Tensor, Operator> Make)[] Maps =
    [
        Linear(1, 4, 8), Linear(13, 5, 9), Linear(127, 33, 127), Linear(70, 130, 66),
        Conv(3, 7, 5, 3, 13, 3, 1, 1, PaddingMode.Zero), Conv(2, 10, 8, 33, 37, 4, 2, 1, PaddingMode.Zero), Conv(1, 6, 6, 8, 64, 4, 2, 1, PaddingMode.Circular),
        Transposed(3, 5, 3, 6, 12, 3, 2, 1, PaddingMode.Zero), Transposed(2, 5, 3, 33, 37, 4, 2, 1, PaddingMode.Zero), Transposed(9, 4, 4, 32, 64, 4, 2, 1, PaddingMode.Circular),
    ];

    private static string[] Names => Maps.Select(m => m.Name).ToArray();

    [TestCaseSource(nameof(Names))]
    public void OfExactOperandsNothingIsLost(string name)
    {
        (_, LinearMap map, Func<ParameterSet, Tensor, Operator> make) = Maps.Single(m => m.Name == name);
        // Eighths of small whole numbers; gradients are exact after scaling too.
        double[] x = Eighths(map.X.Length, 1), weight = Eighths(map.WeightLength, 2), dY = Eighths(map.Y.Length, 4), bias = TestData.Uniform(map.Y.C, 3);
        using OperatorCheck check = Run(map, make, x, weight, bias, dY, out Operator op, out Tensor input);
        map.CheckForward(check.Value(op.Output), Activation.None, x, weight, bias);
        map.CheckGradients(check, op, x, weight, dY, check.Gradient(input));
    }

    [TestCaseSource(nameof(Names))]
    public void EachOperandIsRoundedOnce(string name)
    {
        (_, LinearMap map, Func<ParameterSet, Tensor, Operator> make) = Maps.Single(m => m.Name == name);
        double[] x = TestData.Uniform(map.X.Length, 1), weight = map.Weight(2), dY = TestData.Uniform(map.Y.Length, 4, -1e-4, 1e-4), bias = TestData.Uniform(map.Y.C, 3);
        using OperatorCheck check = Run(map, make, x, weight, bias, dY, out Operator op, out Tensor input);
        float[] y = check.Value(op.Output), dX = check.Gradient(input), dWeight = check.Gradient(check.Parameters.Parameters[0]);
        double[] none = new double[map.Y.C];
        double[] ForwardOf(double[] a, double[] b) => map.Forward(a, b, none);
        double[] Dx(double[] d, double[] w) => map.Backward(x, w, d).dX;
        double[] Dw(double[] d, double[] a) => map.Backward(a, weight, d).dWeight;
        double[] exact = map.Forward(x, weight, bias), floatBound = map.ForwardBound(x, weight, bias);
        Compare.Within(y, exact, Bound(floatBound, x, 1, weight, 1, ForwardOf), "Y", map.Y.Locate);
        (double[] dX, double[] dWeight, double[] dBias) expected = map.Backward(x, weight, dY), bound = map.BackwardBound(x, weight, dY);
        Compare.Within(dX, expected.dX, Bound(bound.dX, dY, LossScale, weight, 1, Dx), "dX", map.X.Locate);
        Compare.Within(dWeight, expected.dWeight, Bound(bound.dWeight, dY, LossScale, x, 1, Dw), "dWeight", map.LocateWeight);
        Assert.That(FarOff(y, exact, ForwardOf(Abs(x), Abs(weight))), Is.GreaterThan(0.8), "results show that operands were rounded");
        if (map.X.C > 4)   // else they are computed in float
            Assert.That(FarOff(dX, expected.dX, Dx(Abs(dY), Abs(weight))), Is.GreaterThan(0.8), "gradients too");
        Assert.That(FarOff(dWeight, expected.dWeight, Dw(Abs(dY), Abs(x))), Is.GreaterThan(0.8), "those of weights too");
    }

    [Test]
    public void WhatIsTooLargeBecomesInfinite()
    {
        (_, LinearMap map, Func<ParameterSet, Tensor, Operator> make) = Linear(13, 8, 12);
        double[] x = Eighths(map.X.Length, 1), weight = Array.ConvertAll(Eighths(map.WeightLength, 2), w => w == 0 ? 1 : w), bias = new double[map.Y.C], dY = Eighths(map.Y.Length, 4);
        dY[0] = 65504 / LossScale;
        dY[^1] = 65536 / LossScale;
        using OperatorCheck check = Run(map, make, x, weight, bias, dY, out _, out Tensor input);
        float[] dX = check.Gradient(input);
        Assert.That(dX[..map.X.C], Is.All.Matches<float>(float.IsFinite), "65,504 is the largest half");
        Assert.That(dX[^map.X.C..], Is.All.Matches<float>(v => !float.IsFinite(v)));
    }

    private OperatorCheck Run(
        LinearMap map, Func<ParameterSet, Tensor, Operator> make, double[] x, double[] weight, double[] bias, double[] dY, out Operator op, out Tensor input)
    {
        var check = new OperatorCheck(Device, new MixedPrecision());
        input = check.Input("x", map.X, x);
        op = make(check.Parameters, input);
        check.Run(check.Graph.Add(op), dY, weight, bias);
        return check;
    }

    /// <summary>
    /// Rounding a and b to ã and b̃ moves Σab by at most Σ(|ã−a| |b| + |a| |b̃−b| + |ã−a| |b̃−b|), where |ã−a| ≤ ε|a| + η/scale; the float sum of
    /// products of halves adds its own bound, of slightly larger operands.
    /// </summary>
    private static double[] Bound(double[] sums, double[] a, double scaleA, double[] b, double scaleB, Func<double[], double[], double[]> product)
    {
        double[] absA = Abs(a), absB = Abs(b);
        double[] offA = Array.ConvertAll(absA, v => (HalfEpsilon * v) + (HalfSubnormal / scaleA)), offB = Array.ConvertAll(absB, v => (HalfEpsilon * v) + (HalfSubnormal / scaleB));
        double[][] parts = [product(offA, absB), product(absA, offB), product(offA, offB)];
        return sums.Select((s, i) => ((1 + (3 * HalfEpsilon)) * s) + parts.Sum(p => Math.Abs(p[i]))).ToArray();
    }

    /// <summary>The share of results that are farther off than sums of floats usually get.</summary>
    private static double FarOff(float[] found, double[] exact, double[] magnitude) =>
        found.Select((v, i) => Math.Abs(v - exact[i]) > 4 * ErrorBound.UnitRoundoff * magnitude[i]).Average(off => off ? 1 : 0);

    private static double[] Abs(double[] values) => Array.ConvertAll(values, Math.Abs);

    private static double[] Eighths(int count, int seed) => Array.ConvertAll(TestData.Uniform(count, seed, -16, 16), v => Math.Round(v) / 8);

    private static (string, LinearMap, Func<ParameterSet, Tensor, Operator>) Linear(int n, int c, int k) =>
        ($"linear {n} {c} {k}", LinearMap.Of(new LinearReference.Geometry(n, c, k)), (parameters, x) => new Linear("map", parameters, x, k));

    private static (string, LinearMap, Func<ParameterSet, Tensor, Operator>) Conv(int n, int h, int w, int c, int k, int kernel, int stride, int pad, PaddingMode padding) =>
        ($"conv {n} {h} {w} {c} {k} kernel {kernel} {padding}",
            LinearMap.Of(new Conv2dReference.Geometry(new Dims(n, h, w, c), k, kernel, kernel, stride, pad, padding == PaddingMode.Circular)),
            (parameters, x) => new Conv2d("map", parameters, x, k, new ConvGeometry(kernel, stride, pad, padding)));

    private static (string, LinearMap, Func<ParameterSet, Tensor, Operator>) Transposed(int n, int h, int w, int c, int k, int kernel, int stride, int pad, PaddingMode padding) =>
        ($"transposed {n} {h} {w} {c} {k} kernel {kernel} {padding}",
            LinearMap.Of(new ConvTranspose2dReference.Geometry(new Dims(n, h, w, c), k, kernel, kernel, stride, pad, padding == PaddingMode.Circular)),
            (parameters, x) => new ConvTranspose2d("map", parameters, x, k, new ConvGeometry(kernel, stride, pad, padding)));
}
