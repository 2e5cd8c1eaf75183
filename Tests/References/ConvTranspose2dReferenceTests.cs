using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class ConvTranspose2dReferenceTests
{
    public static IEnumerable<ConvTranspose2dReference.Geometry> Geometries()
    {
        foreach (bool circular in new[] { false, true })
        {
            yield return new(new Dims(1, 1, 1, 1), K: 1, R: 1, S: 1, Circular: circular);
            yield return new(new Dims(3, 1, 5, 7), K: 13, R: 1, S: 1, Circular: circular);
            yield return new(new Dims(2, 5, 3, 3), K: 5, R: 3, S: 3, Pad: 1, Circular: circular);
            yield return new(new Dims(2, 3, 5, 3), K: 5, R: 4, S: 4, Stride: 2, Pad: 1, Circular: circular);
            yield return new(new Dims(1, 1, 3, 5), K: 3, R: 4, S: 4, Stride: 2, Pad: 1, Circular: circular);
            yield return new(new Dims(1, 3, 5, 13), K: 1, R: 3, S: 3, Stride: 2, Pad: 1, Circular: circular, OutputH: 6, OutputW: 10);
        }

        yield return new(new Dims(1, 3, 5, 3), K: 4, R: 3, S: 3, Stride: 2, Pad: 1);
        yield return new(new Dims(1, 2, 3, 2), K: 3, R: 4, S: 4, Stride: 2, Pad: 1, OutputH: 5, OutputW: 6);
    }

    [TestCaseSource(nameof(Geometries))]
    public void BackwardAgreesWithFiniteDifferences(ConvTranspose2dReference.Geometry g)
    {
        double[] x = TestData.Uniform(g.X.Length, 1);
        double[] weight = TestData.Uniform(g.WeightLength, 2);
        double[] bias = TestData.Uniform(g.K, 3);
        double[] dY = TestData.Uniform(g.Y.Length, 4);
        var (dX, dWeight, dBias) = ConvTranspose2dReference.Backward(g, x, weight, dY);
        FiniteDifference.CheckBackward(v => ConvTranspose2dReference.Forward(g, v, weight, bias), x, dY, dX, "dX", g.X.Locate);
        FiniteDifference.CheckBackward(
            v => ConvTranspose2dReference.Forward(g, x, v, bias), weight, dY, dWeight, "dWeight", g.LocateWeight);
        FiniteDifference.CheckBackward(v => ConvTranspose2dReference.Forward(g, x, weight, v), bias, dY, dBias, "dBias");
    }

    [TestCaseSource(nameof(Geometries))]
    public void IsTheAdjointOfTheConvolutionWithTheSameWeight(ConvTranspose2dReference.Geometry g)
    {
        double[] small = TestData.Uniform(g.X.Length, 1);
        double[] big = TestData.Uniform(g.Y.Length, 2);
        double[] weight = TestData.Uniform(g.WeightLength, 3);
        double[] convolved = Conv2dReference.Forward(g.Adjoint, big, weight, null);
        double[] transposed = ConvTranspose2dReference.Forward(g, small, weight, null);
        Assert.That(Dot(convolved, small), Is.EqualTo(Dot(big, transposed)).Within(1e-13 * g.WeightLength * small.Length));
        Assert.That(transposed, Is.EqualTo(Conv2dReference.Backward(g.Adjoint, big, weight, small).dX).Within(1e-13));
        double[] dX = ConvTranspose2dReference.Backward(g, small, weight, big).dX;
        Assert.That(dX, Is.EqualTo(convolved).Within(1e-12));
    }

    [Test]
    public void OnePixelPaintsItsKernel()
    {
        var g = new ConvTranspose2dReference.Geometry(new Dims(1, 1, 2, 1), K: 1, R: 1, S: 3, Stride: 2);
        double[] y = ConvTranspose2dReference.Forward(g, [1, 10], [1, 2, 3], [100]);
        Assert.That(y, Is.EqualTo(new double[] { 101, 102, 113, 120, 130 }));
    }

    [Test]
    public void CircularPaddingWrapsWhatFallsOff()
    {
        // X[0] = 1 paints columns −1..2 and X[1] = 10 columns 1..4, of which −1 is 3 and 4 is 0; rows have one tap, at h·stride.
        var g = new ConvTranspose2dReference.Geometry(new Dims(1, 2, 2, 1), K: 1, R: 4, S: 4, Stride: 2, Pad: 1, Circular: true);
        Assert.That((g.P, g.Q), Is.EqualTo((4, 4)), "P = H·stride");
        var weight = new double[16];
        new double[] { 1, 2, 3, 4 }.CopyTo(weight, 4);
        double[] y = ConvTranspose2dReference.Forward(g, [1, 10, 0, 0], weight, null);
        Assert.That(y, Is.EqualTo(new double[] { 42, 13, 24, 31, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }));
    }

    [Test]
    public void AnOutputSizeThatTheConvolutionDoesNotMapBackIsRefused()
    {
        var g = new ConvTranspose2dReference.Geometry(new Dims(1, 3, 3, 1), K: 1, R: 4, S: 4, Stride: 2, Pad: 1, OutputH: 9, OutputW: 6);
        Assert.That(
            () => ConvTranspose2dReference.Forward(g, new double[9], new double[16], null),
            Throws.ArgumentException.With.Message.Contains("must give 3x3, but gives 4x3"));
    }

    [TestCaseSource(nameof(Geometries))]
    public void BoundsCountTheTermsOfEachOutput(ConvTranspose2dReference.Geometry g)
    {
        double[] x = TestData.Uniform(g.X.Length, 1);
        double[] weight = TestData.Uniform(g.WeightLength, 2);
        double[] bias = TestData.Uniform(g.K, 3);
        double[] y = ConvTranspose2dReference.Forward(g, x, weight, bias);
        double[] magnitude = ConvTranspose2dReference.ForwardMagnitude(g, x, weight, bias);
        double[] bound = ConvTranspose2dReference.ForwardBound(g, x, weight, bias);
        double most = ErrorBound.Gamma(g.R * g.S * g.X.C * 4 + 1);
        for (int i = 0; i < y.Length; i++)
        {
            Assert.That(magnitude[i], Is.GreaterThanOrEqualTo(Math.Abs(y[i])), g.Y.Locate(i));
            Assert.That(bound[i], Is.InRange(ErrorBound.UnitRoundoff * magnitude[i], most * magnitude[i] + 1e-30), g.Y.Locate(i));
        }
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
