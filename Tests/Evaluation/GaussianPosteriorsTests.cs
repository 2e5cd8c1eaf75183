using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Evaluation;

public class GaussianPosteriorsTests
{
    private static double LogNormal(double z, double mean, double variance) =>
        -0.5 * (Math.Log(2 * Math.PI * variance) + (Math.Pow(z - mean, 2) / variance));

    [TestCase(1, 1)]
    [TestCase(3, 3)]
    [TestCase(5, 4)]
    [TestCase(2, 13)]
    public void DensitiesAreThoseOfIndependentNormals(int count, int size)
    {
        GaussianPosteriors q = EvaluationData.Posteriors(count, size, 1);
        float[] z = q.SampleAll(3, 0);
        for (int n = 0; n < count; n++)
        {
            float[] row = z[(n * size)..((n + 1) * size)];
            double density = Enumerable.Range(0, size).Sum(j => LogNormal(row[j], q.Mean(n)[j], Math.Exp(q.LogVariance(n)[j])));
            Assert.That(q.LogDensity(n, row), Is.EqualTo(density).Within(1e-11));
            Assert.That(GaussianPosteriors.LogPrior(row), Is.EqualTo(row.Sum(v => LogNormal(v, 0, 1))).Within(1e-11));
        }
    }

    [TestCase(4, 4)]
    [TestCase(5, 3)]
    public void ADrawIsTheMeanAndScaledNormals(int count, int size)
    {
        GaussianPosteriors q = EvaluationData.Posteriors(count, size, 2);
        var normals = new float[count * size];
        Philox.FillNormals(11, 0x400, 6, normals);
        float[] expected = [.. normals.Select((e, i) =>
            q.Means[i] + ((float)Math.Exp(0.5 * q.LogVariance(i / size)[i % size]) * e))];
        Assert.That(q.SampleAll(11, 6), Is.EqualTo(expected));
        Assert.That(q.SampleAll(11, 7), Is.Not.EqualTo(expected));
        Assert.That(q.SampleAll(12, 6), Is.Not.EqualTo(expected));
    }

    [Test]
    public void DivergencesAndVariances()
    {
        var q = new GaussianPosteriors([2, 0, 4, 0], [MathF.Log(0.25f), MathF.Log(4), 0, 0], 2);
        // ½(4 + ¼ − log ¼ − 1), ½ · 16; ½(4 − log 4 − 1), 0
        double[] kl = [(1.625 + (0.5 * Math.Log(4)) + 8) / 2, (1.5 - (0.5 * Math.Log(4))) / 2];
        Assert.That(q.KlPerDimension(), Is.EqualTo(kl).Within(1e-7));
        Assert.That(q.MeanVariance(), Is.EqualTo(new[] { 1.0, 0 }));
    }

    [Test]
    public void LogVariancesAreClampedAsInTheKernels()
    {
        var q = new GaussianPosteriors([0, 0], [-40, 40], 2);
        Assert.That(q.LogVariance(0).ToArray(), Is.EqualTo(new[] { -12.0, 12 }));
    }

    [TestCase(0, 0, 2)]
    [TestCase(3, 3, 2)]
    [TestCase(4, 2, 2)]
    public void LengthsThatDoNotFitAreRefused(int means, int logVariances, int size) => Assert.That(
        () => new GaussianPosteriors(new float[means], new float[logVariances], size),
        Throws.ArgumentException.With.Message.Contains($"found {means} means and {logVariances} log variances"));
}
