using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class LinearReferenceTests
{
    [TestCase(1, 1, 1)]
    [TestCase(3, 5, 7)]
    [TestCase(13, 1, 3)]
    [TestCase(1, 13, 5)]
    [TestCase(2, 127, 3)]
    public void BackwardAgreesWithFiniteDifferences(int n, int c, int k)
    {
        var g = new LinearReference.Geometry(n, c, k);
        double[] x = TestData.Uniform(n * c, 1);
        double[] weight = TestData.Uniform(c * k, 2);
        double[] bias = TestData.Uniform(k, 3);
        double[] dY = TestData.Uniform(n * k, 4);
        var (dX, dWeight, dBias) = LinearReference.Backward(g, x, weight, dY);
        FiniteDifference.CheckBackward(v => LinearReference.Forward(g, v, weight, bias), x, dY, dX, "dX", g.X.Locate);
        FiniteDifference.CheckBackward(v => LinearReference.Forward(g, x, v, bias), weight, dY, dWeight, "dWeight", g.LocateWeight);
        FiniteDifference.CheckBackward(v => LinearReference.Forward(g, x, weight, v), bias, dY, dBias, "dBias");
    }

    [Test]
    public void KnownValues()
    {
        double[] y = LinearReference.Forward(new(2, 2, 3), [1, 2, 3, 4], [1, 2, 3, 10, 20, 30], [100, 200, 300]);
        Assert.That(y, Is.EqualTo(new double[] { 121, 242, 363, 143, 286, 429 }));
    }

    [Test]
    public void IsTheOneByOneConvolutionOfOnePixel()
    {
        var g = new LinearReference.Geometry(3, 5, 7);
        var convolution = new Conv2dReference.Geometry(g.X, g.K, R: 1, S: 1);
        double[] x = TestData.Uniform(15, 1);
        double[] weight = TestData.Uniform(35, 2);
        double[] bias = TestData.Uniform(7, 3);
        Assert.That(LinearReference.Forward(g, x, weight, bias), Is.EqualTo(Conv2dReference.Forward(convolution, x, weight, bias)));
        Assert.That(
            LinearReference.ForwardBound(g, x, weight, bias), Is.EqualTo(Conv2dReference.ForwardBound(convolution, x, weight, bias)));
    }

    [Test]
    public void Float32SumsInReverseOrderStayWithinTheBounds()
    {
        var g = new LinearReference.Geometry(3, 127, 13);
        double[] x = TestData.Normal(g.X.Length, 1);
        double[] weight = TestData.Normal(g.WeightLength, 2);
        double[] dY = TestData.Normal(g.Y.Length, 3);
        var actual = new float[g.X.Length];
        for (int i = 0; i < actual.Length; i++)
        {
            for (int k = g.K - 1; k >= 0; k--)
            {
                actual[i] += (float)dY[i / g.C * g.K + k] * (float)weight[i % g.C * g.K + k];
            }
        }

        double[] expected = LinearReference.Backward(g, x, weight, dY).dX;
        double used = Compare.Within(actual, expected, LinearReference.BackwardBound(g, x, weight, dY).dX, "dX", g.X.Locate);
        Assert.That(used, Is.GreaterThan(0.005), "a bound that rounding never comes near would judge nothing");
    }

    [Test]
    public void BackwardMagnitudeSumsAbsoluteValues()
    {
        var magnitude = LinearReference.BackwardMagnitude(new(2, 1, 2), [1, -2], [3, -4], [1, -1, 1, -1]);
        Assert.That(magnitude.dX, Is.EqualTo(new double[] { 7, 7 }));
        Assert.That(magnitude.dWeight, Is.EqualTo(new double[] { 3, 3 }));
        Assert.That(magnitude.dBias.Sum(), Is.EqualTo(4));
    }
}
