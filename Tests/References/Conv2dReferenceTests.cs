using System.Collections.Generic;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class Conv2dReferenceTests
{
    /// <summary>Kernel 1, 3 and 4, stride 1 and 2, both paddings, at sizes that nothing divides.</summary>
    public static IEnumerable<Conv2dReference.Geometry> Geometries()
    {
        foreach (bool circular in new[] { false, true })
        {
            yield return new(new Dims(1, 1, 1, 1), K: 1, R: 1, S: 1, Circular: circular);
            yield return new(new Dims(3, 1, 5, 7), K: 13, R: 1, S: 1, Circular: circular);
            yield return new(new Dims(2, 5, 7, 3), K: 5, R: 3, S: 3, Pad: 1, Circular: circular);
            yield return new(new Dims(1, 5, 3, 1), K: 3, R: 3, S: 1, Circular: circular);
            yield return new(new Dims(1, 7, 5, 3), K: 1, R: 3, S: 3, Stride: 2, Pad: 1, Circular: circular);
            yield return new(new Dims(2, 6, 8, 3), K: 5, R: 4, S: 4, Stride: 2, Pad: 1, Circular: circular);
            yield return new(new Dims(1, 5, 7, 1), K: 3, R: 4, S: 4, Stride: 2, Pad: 1, Circular: circular);
            yield return new(new Dims(1, 3, 13, 5), K: 1, R: 3, S: 3, Pad: 1, Circular: circular);
            yield return new(new Dims(1, 1, 3, 3), K: 3, R: 3, S: 3, Pad: 1, Circular: circular);
        }
    }

    [TestCaseSource(nameof(Geometries))]
    public void BackwardAgreesWithFiniteDifferences(Conv2dReference.Geometry g)
    {
        double[] x = TestData.Uniform(g.X.Length, 1);
        double[] weight = TestData.Uniform(g.WeightLength, 2);
        double[] bias = TestData.Uniform(g.K, 3);
        double[] dY = TestData.Uniform(g.Y.Length, 4);
        var (dX, dWeight, dBias) = Conv2dReference.Backward(g, x, weight, dY);
        FiniteDifference.CheckBackward(v => Conv2dReference.Forward(g, v, weight, bias), x, dY, dX, "dX", g.X.Locate);
        FiniteDifference.CheckBackward(v => Conv2dReference.Forward(g, x, v, bias), weight, dY, dWeight, "dWeight", g.LocateWeight);
        FiniteDifference.CheckBackward(v => Conv2dReference.Forward(g, x, weight, v), bias, dY, dBias, "dBias");
    }

    [Test]
    public void OneByThreeRowIsTheSlidingSum()
    {
        double[] x = [1, 2, 3, 4];
        double[] weight = [1, 10, 100];
        var zero = new Conv2dReference.Geometry(new Dims(1, 1, 4, 1), K: 1, R: 1, S: 3);
        Assert.That(Conv2dReference.Forward(zero, x, weight, [1000]), Is.EqualTo(new[] { 1321.0, 1432.0 }));
    }

    [Test]
    public void PaddingReadsZeroOrTheOppositeEdge()
    {
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        double[] weight = [1, 0, 0, 0, 0, 0, 0, 0, 0];
        var zero = new Conv2dReference.Geometry(new Dims(1, 3, 3, 1), K: 1, R: 3, S: 3, Pad: 1);
        Assert.That(Conv2dReference.Forward(zero, x, weight, null), Is.EqualTo(new double[] { 0, 0, 0, 0, 1, 2, 0, 4, 5 }));
        double[] rolled = Conv2dReference.Forward(zero with { Circular = true }, x, weight, null);
        Assert.That(rolled, Is.EqualTo(new double[] { 9, 7, 8, 3, 1, 2, 6, 4, 5 }));
    }

    [Test]
    public void CircularConvolutionOfARolledInputIsTheRolledOutput()
    {
        var g = new Conv2dReference.Geometry(new Dims(1, 5, 7, 3), K: 2, R: 3, S: 3, Pad: 1, Circular: true);
        double[] x = TestData.Uniform(g.X.Length, 1);
        double[] weight = TestData.Uniform(g.WeightLength, 2);
        double[] y = Conv2dReference.Forward(g, x, weight, null);
        double[] rolledY = Conv2dReference.Forward(g, Roll(g.X, x, 2, 3), weight, null);
        Assert.That(rolledY, Is.EqualTo(Roll(g.Y, y, 2, 3)));
    }

    [Test]
    public void AWrongLengthIsRefusedByName()
    {
        var g = new Conv2dReference.Geometry(new Dims(1, 3, 3, 1), K: 1, R: 3, S: 3);
        Assert.That(
            () => Conv2dReference.Forward(g, new double[9], new double[8], null),
            Throws.ArgumentException.With.Message.Contains("weight must hold 9 values"));
    }

    [TestCaseSource(nameof(Geometries))]
    public void Float32SumsStayWithinTheBounds(Conv2dReference.Geometry g)
    {
        double[] x = TestData.Normal(g.X.Length, 5);
        double[] weight = TestData.Normal(g.WeightLength, 6);
        double[] bias = TestData.Normal(g.K, 7);
        double[] expected = Conv2dReference.Forward(g, x, weight, bias);
        double[] bound = Conv2dReference.ForwardBound(g, x, weight, bias);
        Compare.Within(Float32Forward(g, x, weight, bias), expected, bound, "Y", g.Y.Locate);
    }

    private static float[] Float32Forward(Conv2dReference.Geometry g, double[] x, double[] weight, double[] bias)
    {
        var y = new float[g.Y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int k = i % g.K, q = i / g.K % g.Q, p = i / g.K / g.Q % g.P, n = i / g.K / g.Q / g.P;
            float sum = 0;
            for (int r = 0; r < g.R; r++)
            for (int s = 0; s < g.S; s++)
            for (int c = 0; c < g.X.C; c++)
            {
                int h = g.Source(p, r, g.X.H), w = g.Source(q, s, g.X.W);
                sum += h < 0 || w < 0 ? 0 : (float)x[g.X.Index(n, h, w, c)] * (float)weight[g.WeightIndex(r, s, c, k)];
            }

            y[i] = sum + (float)bias[k];
        }

        return y;
    }

    private static double[] Roll(Dims dims, double[] values, int down, int right)
    {
        var rolled = new double[values.Length];
        for (int n = 0; n < dims.N; n++)
        for (int h = 0; h < dims.H; h++)
        for (int w = 0; w < dims.W; w++)
        for (int c = 0; c < dims.C; c++)
        {
            rolled[dims.Index(n, (h + down) % dims.H, (w + right) % dims.W, c)] = values[dims.Index(n, h, w, c)];
        }

        return rolled;
    }
}
