using System;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class ElementwiseReferenceTests
{
    [Test]
    public void ActivationBackwardAgreesWithFiniteDifferences([Values] ActivationReference.Kind kind)
    {
        double[] x = TestData.AwayFrom(TestData.Uniform(127, 1, -6, 6), kink: 0, distance: 0.01);
        double[] dY = TestData.Uniform(127, 2);
        double[] dX = ActivationReference.Backward(kind, x, dY);
        FiniteDifference.CheckBackward(v => ActivationReference.Forward(kind, v), x, dY, dX, kind.ToString());
    }

    [TestCase(ActivationReference.Kind.Identity, -2, -2)]
    [TestCase(ActivationReference.Kind.ReLU, -2, 0)]
    [TestCase(ActivationReference.Kind.ReLU, 2, 2)]
    [TestCase(ActivationReference.Kind.LeakyReLU, -2, -0.4)]
    [TestCase(ActivationReference.Kind.SiLU, 1, 0.7310585786300049)]
    [TestCase(ActivationReference.Kind.Sigmoid, 0, 0.5)]
    [TestCase(ActivationReference.Kind.Sigmoid, -800, 0)]
    [TestCase(ActivationReference.Kind.Tanh, 0.5, 0.46211715726000976)]
    public void ActivationKnownValues(ActivationReference.Kind kind, double x, double expected) =>
        Assert.That(ActivationReference.Value(kind, x), Is.EqualTo(expected).Within(1e-8));

    [Test]
    public void TheDerivativeAtAKinkIsTheOneFromBelow()
    {
        Assert.That(ActivationReference.Derivative(ActivationReference.Kind.ReLU, 0), Is.EqualTo(0));
        Assert.That(ActivationReference.Derivative(ActivationReference.Kind.LeakyReLU, 0), Is.EqualTo(ActivationReference.LeakySlope));
    }

    [Test]
    public void NoSlopeExceedsTheLipschitzConstant([Values] ActivationReference.Kind kind)
    {
        foreach (double x in TestData.Uniform(1000, 3, -8, 8))
        {
            Assert.That(Math.Abs(ActivationReference.Derivative(kind, x)), Is.LessThanOrEqualTo(ActivationReference.Lipschitz(kind)));
        }
    }

    [Test]
    public void Float32ActivationsStayWithinTheBounds([Values] ActivationReference.Kind kind)
    {
        double[] x = TestData.Uniform(1000, 4, -20, 20);
        double[] dY = TestData.Normal(1000, 5);
        float[] y = Array.ConvertAll(x, v => Float32(kind, (float)v));
        double[] forward = ActivationReference.Forward(kind, x);
        Compare.Within(y, forward, ActivationReference.ForwardBound(kind, x), "Y", i => $"[{i}], x = {x[i]}");
        var dX = new float[x.Length];
        for (int i = 0; i < dX.Length; i++)
        {
            dX[i] = (float)dY[i] * Float32Derivative(kind, (float)x[i]);
        }

        double[] backward = ActivationReference.Backward(kind, x, dY);
        Compare.Within(dX, backward, ActivationReference.BackwardBound(kind, x, dY), "dX", i => $"[{i}], x = {x[i]}");
    }

    [TestCase(1, 1, 1, 1, 2)]
    [TestCase(2, 3, 5, 7, 2)]
    [TestCase(1, 5, 1, 3, 3)]
    public void UpsampleBackwardAgreesWithFiniteDifferences(int n, int h, int w, int c, int factor)
    {
        var dims = new Dims(n, h, w, c);
        double[] x = TestData.Uniform(dims.Length, 1);
        double[] dY = TestData.Uniform(UpsampleNearestReference.Output(dims, factor).Length, 2);
        double[] dX = UpsampleNearestReference.Backward(dims, factor, dY);
        FiniteDifference.CheckBackward(v => UpsampleNearestReference.Forward(dims, factor, v), x, dY, dX, "dX", dims.Locate);
        double[] bound = UpsampleNearestReference.BackwardBound(dims, factor, dY);
        double[] magnitude = UpsampleNearestReference.BackwardMagnitude(dims, factor, dY);
        Assert.That(bound[0], Is.EqualTo(ErrorBound.Sum(factor * factor, magnitude[0])));
    }

    [Test]
    public void UpsampleRepeatsPixels()
    {
        double[] y = UpsampleNearestReference.Forward(new Dims(1, 1, 2, 2), 2, [1, 2, 3, 4]);
        Assert.That(y, Is.EqualTo(new double[] { 1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4 }));
    }

    [Test]
    public void AddBackwardAgreesWithFiniteDifferences()
    {
        double[] a = TestData.Uniform(13, 1);
        double[] b = TestData.Uniform(13, 2);
        double[] dY = TestData.Uniform(13, 3);
        var (dA, dB) = AddReference.Backward(dY);
        FiniteDifference.CheckBackward(v => AddReference.Forward(v, b), a, dY, dA, "dA");
        FiniteDifference.CheckBackward(v => AddReference.Forward(a, v), b, dY, dB, "dB");
        var sum = new float[13];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = (float)a[i] + (float)b[i];
        }

        Compare.Within(sum, AddReference.Forward(a, b), AddReference.ForwardBound(a, b), "Y", i => $"[{i}]");
    }

    private static float Float32(ActivationReference.Kind kind, float x)
    {
        float sigmoid = 1 / (1 + MathF.Exp(-x));
        float twice = MathF.Exp(-2 * MathF.Abs(x));
        return kind switch
        {
            ActivationReference.Kind.ReLU => MathF.Max(x, 0),
            ActivationReference.Kind.LeakyReLU => x > 0 ? x : 0.2f * x,
            ActivationReference.Kind.SiLU => x * sigmoid,
            ActivationReference.Kind.Sigmoid => sigmoid,
            ActivationReference.Kind.Tanh => MathF.Sign(x) * (1 - twice) / (1 + twice),
            _ => x,
        };
    }

    private static float Float32Derivative(ActivationReference.Kind kind, float x)
    {
        float sigmoid = Float32(ActivationReference.Kind.Sigmoid, x);
        float tanh = Float32(ActivationReference.Kind.Tanh, x);
        return kind switch
        {
            ActivationReference.Kind.ReLU => x > 0 ? 1 : 0,
            ActivationReference.Kind.LeakyReLU => x > 0 ? 1 : 0.2f,
            ActivationReference.Kind.SiLU => sigmoid * (1 + x * (1 - sigmoid)),
            ActivationReference.Kind.Sigmoid => sigmoid * (1 - sigmoid),
            ActivationReference.Kind.Tanh => 1 - tanh * tanh,
            _ => 1,
        };
    }
}
