using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Evaluation;

public class KlDecompositionTests
{
    private const ulong Seed = 4;

    private static double LogMean(double[] densities) => Math.Log(densities.Average());

    /// <summary>Straight from the definitions, with densities instead of their logarithms.</summary>
    private static double[] Naive(GaussianPosteriors q)
    {
        int n = q.Count, z = q.Size;
        float[] draws = q.SampleAll(Seed, 0);
        double Density(int i, int m, int j)
        {
            double variance = Math.Exp(q.LogVariance(m)[j]);
            return Math.Exp(-Math.Pow((double)draws[(i * z) + j] - q.Mean(m)[j], 2) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);
        }

        var parts = new double[3];
        for (int i = 0; i < n; i++)
        {
            double own = Enumerable.Range(0, z).Sum(j => Math.Log(Density(i, i, j)));
            double joint = LogMean([.. Enumerable.Range(0, n).Select(m =>
                Enumerable.Range(0, z).Aggregate(1.0, (p, j) => p * Density(i, m, j)))]);
            double product = Enumerable.Range(0, z).Sum(j => LogMean([.. Enumerable.Range(0, n).Select(m => Density(i, m, j))]));
            double prior = draws.Skip(i * z).Take(z).Sum(v => -0.5 * (Math.Log(2 * Math.PI) + ((double)v * v)));
            parts[0] += (own - joint) / n;
            parts[1] += (joint - product) / n;
            parts[2] += (product - prior) / n;
        }

        return parts;
    }

    private static double[] Parts(KlDecomposition d) => [d.MutualInformation.Value, d.TotalCorrelation.Value, d.DimensionWise.Value];

    [TestCase(1, 1)]
    [TestCase(3, 2)]
    [TestCase(4, 5)]
    [TestCase(13, 3)]
    [TestCase(127, 4)]
    public void IsWhatTheDefinitionsGive(int count, int size)
    {
        GaussianPosteriors q = EvaluationData.Posteriors(count, size, 3);
        KlDecomposition found = KlDecomposition.Of(q, Seed);
        Assert.That(Parts(found), Is.EqualTo(Naive(q)).Within(1e-9));
        Assert.That(found.Images, Is.EqualTo(count));
    }

    [Test]
    public void ThePartsAddUpToTheKlOfTheSameDraws()
    {
        GaussianPosteriors q = EvaluationData.Posteriors(300, 6, 7);
        KlDecomposition found = KlDecomposition.Of(q, Seed);
        Assert.That(Parts(found).Sum(), Is.EqualTo(found.Kl.Value).Within(1e-12 * found.Kl.Value));
        Assert.That(found.Kl.Value, Is.EqualTo(q.KlPerDimension().Sum()).Within(4 * found.Kl.StandardError), "the closed form");
        Assert.That(found.MutualInformation.Value, Is.InRange(0, Math.Log(300)));
    }

    /// <summary>Many narrow posteriors around draws of N(0, Σ): q(z) is nearly N(0, Σ + σ²I), of TC −½ log(1 − ρ²).</summary>
    [TestCase(0.8)]
    [TestCase(-0.5)]
    public void TotalCorrelationOfACorrelatedGaussian(double slope)
    {
        const int count = 4000;
        const double variance = 0.05;
        double[] normals = TestData.Normal(2 * count, 9);
        var means = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            means[2 * i] = (float)normals[2 * i];
            means[(2 * i) + 1] = (float)((slope * normals[2 * i]) + (Math.Sqrt(1 - (slope * slope)) * normals[(2 * i) + 1]));
        }

        var q = new GaussianPosteriors(means, Enumerable.Repeat((float)Math.Log(variance), 2 * count).ToArray(), 2);
        KlDecomposition found = KlDecomposition.Of(q, Seed);
        double correlation = slope / (1 + variance);
        double expected = -0.5 * Math.Log(1 - (correlation * correlation));
        Assert.That(found.TotalCorrelation.Value, Is.EqualTo(expected).Within(3 * found.TotalCorrelation.StandardError));
        // q(z_j) = N(0, 1 + σ²) in both dimensions.
        Assert.That(found.DimensionWise.Value, Is.EqualTo(variance - Math.Log(1 + variance)).Within(3 * found.DimensionWise.StandardError));
    }

    [Test]
    public void IndependentDimensionsHaveNoTotalCorrelation()
    {
        // Every pair of 23 and 17 values: q(z) is exactly the product of its margins.
        var pairs = Enumerable.Range(0, 23 * 17).Select(i => (Row: i / 17, Column: i % 17)).ToArray();
        float[] means = [.. pairs.SelectMany(p => new[] { p.Row * 0.2f, MathF.Sqrt(p.Column) })];
        float[] logVariances = [.. pairs.SelectMany(p => new[] { -2 + (0.1f * p.Row), -1 - (0.05f * p.Column) })];
        KlDecomposition found = KlDecomposition.Of(new GaussianPosteriors(means, logVariances, 2), Seed);
        Assert.That(found.TotalCorrelation.Value, Is.Zero.Within(1e-12));
        Assert.That(found.TotalCorrelation.StandardError, Is.Zero.Within(1e-12));
    }

    [Test]
    public void FarPosteriorsDoNotUnderflow()
    {
        // Each draw is thousands of deviations from the other posterior: q(z) = ½ q(z|x).
        var q = new GaussianPosteriors([0, 0, 500, 500], [-12, -12, -12, -12], 2);
        KlDecomposition found = KlDecomposition.Of(q, Seed);
        Assert.That(found.MutualInformation.Value, Is.EqualTo(Math.Log(2)).Within(1e-9));
        Assert.That(found.TotalCorrelation.Value, Is.EqualTo(Math.Log(2)).Within(1e-9));
    }

    [Test]
    public void PosteriorsAtThePriorHaveNothing()
    {
        KlDecomposition found = KlDecomposition.Of(new GaussianPosteriors(new float[40], new float[40], 4), Seed);
        Assert.That(Parts(found).Append(found.Kl.Value), Is.All.Zero.Within(1e-12));
    }

    [Test]
    public void OfManyImagesASubsetIsTaken()
    {
        GaussianPosteriors q = EvaluationData.Posteriors(50, 3, 5);
        KlDecomposition some = KlDecomposition.Of(q, Seed, most: 20);
        Assert.That(some.Images, Is.EqualTo(20));
        Assert.That(KlDecomposition.Of(q, Seed, most: 20), Is.EqualTo(some), "the same seed");
        Assert.That(KlDecomposition.Of(q, Seed + 1, most: 20), Is.Not.EqualTo(some));
        Assert.That(KlDecomposition.Of(q, Seed, most: 50), Is.EqualTo(KlDecomposition.Of(q, Seed)));
    }
}
