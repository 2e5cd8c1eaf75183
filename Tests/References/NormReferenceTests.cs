using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class NormReferenceTests
{
    private const double Epsilon = 1e-5f;

    [TestCase(1, 1, 3, 1, 1)]
    [TestCase(2, 3, 5, 6, 3)]
    [TestCase(1, 5, 1, 7, 7)]
    [TestCase(3, 1, 1, 13, 1)]
    [TestCase(2, 5, 3, 4, 2)]
    public void GroupNormBackwardAgreesWithFiniteDifferences(int n, int h, int w, int c, int groups)
    {
        var dims = new Dims(n, h, w, c);
        double[] x = TestData.Normal(dims.Length, 1);
        double[] gamma = TestData.Uniform(c, 2, 0.5, 1.5);
        double[] beta = TestData.Uniform(c, 3);
        double[] dY = TestData.Uniform(dims.Length, 4);
        var (dX, dGamma, dBeta) = GroupNormReference.Backward(dims, groups, Epsilon, x, gamma, dY);
        FiniteDifference.CheckBackward(
            v => GroupNormReference.Forward(dims, groups, Epsilon, v, gamma, beta), x, dY, dX, "dX", dims.Locate);
        FiniteDifference.CheckBackward(v => GroupNormReference.Forward(dims, groups, Epsilon, x, v, beta), gamma, dY, dGamma, "dGamma");
        FiniteDifference.CheckBackward(v => GroupNormReference.Forward(dims, groups, Epsilon, x, gamma, v), beta, dY, dBeta, "dBeta");
    }

    [TestCase(1, 1, 1, 3)]
    [TestCase(2, 3, 1, 5)]
    [TestCase(1, 1, 7, 13)]
    public void LayerNormBackwardAgreesWithFiniteDifferences(int n, int h, int w, int c)
    {
        var dims = new Dims(n, h, w, c);
        double[] x = TestData.Normal(dims.Length, 1);
        double[] gamma = TestData.Uniform(c, 2, 0.5, 1.5);
        double[] beta = TestData.Uniform(c, 3);
        double[] dY = TestData.Uniform(dims.Length, 4);
        var (dX, dGamma, dBeta) = LayerNormReference.Backward(dims, Epsilon, x, gamma, dY);
        FiniteDifference.CheckBackward(v => LayerNormReference.Forward(dims, Epsilon, v, gamma, beta), x, dY, dX, "dX", dims.Locate);
        FiniteDifference.CheckBackward(v => LayerNormReference.Forward(dims, Epsilon, x, v, beta), gamma, dY, dGamma, "dGamma");
        FiniteDifference.CheckBackward(v => LayerNormReference.Forward(dims, Epsilon, x, gamma, v), beta, dY, dBeta, "dBeta");
    }

    [Test]
    public void GroupNormGivesEachGroupMeanZeroAndVarianceOne()
    {
        // Two groups of two channels on two pixels: group 0 holds 1, 3, 5, 7 (mean 4, variance 5), group 1 holds 10 four times.
        double[] y = GroupNormReference.Forward(
            new Dims(1, 1, 2, 4), 2, 0, [1, 3, 10, 10, 5, 7, 10, 20], [1, 1, 1, 1], [0, 0, 0, 0]);
        double unit = 1 / Math.Sqrt(5);
        Assert.That(new[] { y[0], y[1], y[4], y[5] }, Is.EqualTo(new[] { -3 * unit, -unit, unit, 3 * unit }).Within(1e-15));
        Assert.That(y[2] + y[3] + y[6] + y[7], Is.EqualTo(0).Within(1e-14));
        Assert.That(y[2] * y[2] + y[3] * y[3] + y[6] * y[6] + y[7] * y[7], Is.EqualTo(4).Within(1e-14));
    }

    [Test]
    public void LayerNormNormalisesEachPositionAlone()
    {
        double[] y = LayerNormReference.Forward(new Dims(1, 1, 2, 2), 0, [1, 3, 100, 300], [2, 2], [10, 20]);
        Assert.That(y, Is.EqualTo(new double[] { 8, 22, 8, 22 }).Within(1e-14));
    }

    [Test]
    public void GroupsThatDoNotDivideTheChannelsAreRefused() => Assert.That(
        () => GroupNormReference.Statistics(new Dims(1, 1, 1, 7), 3, 0, new double[7]),
        Throws.ArgumentException.With.Message.Contains("must divide the 7 channels"));

    [TestCase(0.0)]
    [TestCase(30.0)]
    public void TwoPassFloat32StaysWithinTheBounds(double offset)
    {
        var dims = new Dims(2, 7, 5, 13);
        double[] x = TestData.Normal(dims.Length, 1).Select(v => (double)(float)(v + offset)).ToArray();
        double[] gamma = TestData.Uniform(13, 2);
        double[] beta = TestData.Uniform(13, 3);
        double[] dY = TestData.Normal(dims.Length, 4);
        var (y, dX) = Float32GroupNorm(dims, x, gamma, beta, dY);
        double[] bound = GroupNormReference.ForwardBound(dims, 1, Epsilon, x, gamma, beta);
        Compare.Within(y, GroupNormReference.Forward(dims, 1, Epsilon, x, gamma, beta), bound, "Y", dims.Locate);
        double[] bounds = GroupNormReference.BackwardBound(dims, 1, Epsilon, x, gamma, dY).dX;
        Compare.Within(dX, GroupNormReference.Backward(dims, 1, Epsilon, x, gamma, dY).dX, bounds, "dX", dims.Locate);
    }

    private static (float[] y, float[] dX) Float32GroupNorm(Dims dims, double[] x, double[] gamma, double[] beta, double[] dY)
    {
        int m = dims.Length / dims.N;
        var y = new float[dims.Length];
        var dX = new float[dims.Length];
        for (int n = 0; n < dims.N; n++)
        {
            float mean = 0, variance = 0, meanG = 0, meanGx = 0;
            for (int i = n * m; i < (n + 1) * m; i++)
            {
                mean += (float)x[i];
            }

            mean /= m;
            for (int i = n * m; i < (n + 1) * m; i++)
            {
                variance += ((float)x[i] - mean) * ((float)x[i] - mean);
            }

            float inverse = 1 / MathF.Sqrt(variance / m + (float)Epsilon);
            for (int i = n * m; i < (n + 1) * m; i++)
            {
                float normalised = ((float)x[i] - mean) * inverse;
                float g = (float)gamma[i % dims.C] * (float)dY[i];
                y[i] = (float)gamma[i % dims.C] * normalised + (float)beta[i % dims.C];
                meanG += g;
                meanGx += g * normalised;
            }

            for (int i = n * m; i < (n + 1) * m; i++)
            {
                float normalised = ((float)x[i] - mean) * inverse;
                dX[i] = inverse * ((float)gamma[i % dims.C] * (float)dY[i] - meanG / m - normalised * (meanGx / m));
            }
        }

        return (y, dX);
    }
}
