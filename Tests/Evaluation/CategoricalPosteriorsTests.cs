using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Evaluation;

public class CategoricalPosteriorsTests
{
    private const int Variables = 2, Classes = 3, Size = Variables * Classes, Values = 4;

    private static readonly double[] Columns = TestData.Normal(Values * Size, 8);

    private static readonly ImageLikelihood Likelihood =
        new(new LikelihoodOptions(LikelihoodKind.Gaussian, LikelihoodLink.Identity), 0.7);

    private static CategoricalPosteriors Posteriors(int count, int variables = Variables, int classes = Classes) =>
        new(TestData.ToFloat(TestData.Normal(count * variables * classes, 3)), variables * classes, classes);

    /// <summary>softmax of the logits of image n, written out.</summary>
    private static double[] Probabilities(int n, int variables = Variables, int classes = Classes)
    {
        double[] logits = TestData.Normal((n + 1) * variables * classes, 3)[(n * variables * classes)..];
        return [.. logits.Chunk(classes).SelectMany(v => v.Select(l => Math.Exp(l) / v.Sum(Math.Exp)))];
    }

    private static float[] Decode(float[] z) => [.. z.Chunk(Size).SelectMany(row =>
        Enumerable.Range(0, Values).Select(i => (float)row.Select((v, j) => v * Columns[(i * Size) + j]).Sum()))];

    private static float[] OneHot(int first, int second) =>
        [.. Enumerable.Range(0, Size).Select(j => j == first || j == Classes + second ? 1f : 0f)];

    private static ScoredImages Images(int count)
    {
        CategoricalPosteriors q = Posteriors(count);
        return new ScoredImages(TestData.ToFloat(TestData.Normal(count * Values, 4)), q, Decode(q.Centres));
    }

    /// <summary>Of every latent that there is: its latent, q(z|x_n), and log p(x_n|z).</summary>
    private static (float[] Z, double Q, double LogLikelihood)[] Enumerate(ScoredImages images, int n)
    {
        double[] p = Probabilities(n);
        return [.. from a in Enumerable.Range(0, Classes)
            from b in Enumerable.Range(0, Classes)
            let z = OneHot(a, b)
            select (z, p[a] * p[Classes + b], Likelihood.LogDensity(images.Image(n), Decode(z)))];
    }

    [TestCase(1, 1, 2)]
    [TestCase(3, 5, 4)]
    [TestCase(13, 3, 7)]
    public void DensitiesAndDivergencesAreThoseOfTheDefinition(int count, int variables, int classes)
    {
        CategoricalPosteriors q = Posteriors(count, variables, classes);
        float[] z = q.SampleAll(5, 2);
        var kl = new double[variables];
        for (int n = 0; n < count; n++)
        {
            double[] p = Probabilities(n, variables, classes);
            float[] row = z[(n * q.Size)..((n + 1) * q.Size)];
            Assert.That(row.Chunk(classes).Select(v => (v.Sum(), v.Max())), Is.All.EqualTo((1f, 1f)), "one-hot");
            Assert.That(q.LogDensity(n, row), Is.EqualTo(p.Zip(row, (a, hot) => hot * Math.Log(a)).Sum()).Within(1e-6));
            Assert.That(q.LogPrior(n, row), Is.EqualTo(variables * Math.Log(1.0 / classes)).Within(1e-12));
            double[] each = [.. p.Chunk(classes).Select(v => v.Sum(a => a * Math.Log(a * classes)))];
            Assert.That(q.KlOf(n), Is.EqualTo(each).Within(1e-6));
            kl = [.. kl.Zip(each, (a, b) => a + (b / count))];
        }

        Assert.That(q.KlPerDimension(), Is.EqualTo(kl).Within(1e-6));
        double[][] all = [.. Enumerable.Range(0, count).Select(n => Probabilities(n, variables, classes))];
        double[] variance = [.. Enumerable.Range(0, variables).Select(d => Enumerable.Range(d * classes, classes).Sum(j =>
            all.Average(p => p[j] * p[j]) - Math.Pow(all.Average(p => p[j]), 2)))];
        Assert.That(q.MeanVariance(), Is.EqualTo(variance).Within(1e-6));
        Assert.That((q.Count, q.Variables, q.HasDensities, q.HasAggregate), Is.EqualTo((count, variables, true, true)));
    }

    [Test]
    public void DrawsFollowTheProbabilitiesAndDependOnSeedImageAndNumberOnly()
    {
        CategoricalPosteriors q = Posteriors(2);
        const int draws = 20_000;
        var frequency = new double[Size];
        var z = new float[Size];
        for (int k = 0; k < draws; k++)
        {
            q.Sample(1, 1, k, z);
            frequency = [.. frequency.Zip(z, (f, v) => f + (v / draws))];
        }

        Assert.That(frequency, Is.EqualTo(Probabilities(1)).Within(5 * 0.5 / Math.Sqrt(draws)));
        q.Sample(1, 1, 7, z);
        Assert.That(q.SampleAll(1, 7)[Size..], Is.EqualTo(z));
        float[][] others = [.. Enumerable.Range(0, 20).Select(k => q.SampleAll(1, k))];
        Assert.That(others.Select(o => string.Join(' ', o)).Distinct().Count(), Is.GreaterThan(5));
    }

    [Test]
    public void TheLikeliestClassesAreTheCentre()
    {
        var q = new CategoricalPosteriors([-1, 3, 3, 0, -5, 1e6f, -1e6f, 2], 4, 2);
        Assert.That(q.Centres, Is.EqualTo(new float[] { 0, 1, 1, 0, 0, 1, 0, 1 }), "of equals the first");
        Assert.That(q.KlOf(1)![1], Is.EqualTo(Math.Log(2)).Within(1e-12), "certain");
        Assert.That(q.SampleAll(3, 0)[4..], Is.EqualTo(new float[] { 0, 1, 0, 1 }), "what is impossible is never drawn");
    }

    /// <summary>Of a model with 3² latents, the exact ELBO and log p(x) of each image; the estimates come to them.</summary>
    [Test]
    public void EstimatesAgreeWithTheSumOverAllLatents()
    {
        const int count = 5, samples = 3000;
        ScoredImages images = Images(count);
        for (int n = 0; n < count; n++)
        {
            (float[] Z, double Q, double LogLikelihood)[] all = Enumerate(images, n);
            double reconstruction = all.Sum(l => l.Q * l.LogLikelihood);
            double elbo = reconstruction - all.Sum(l => l.Q * Math.Log(l.Q * all.Length));
            double evidence = Math.Log(all.Average(l => Math.Exp(l.LogLikelihood)));
            Assert.That(images.Posteriors.KlOf(n)!.Sum(), Is.EqualTo(reconstruction - elbo).Within(1e-6), "the KL in closed form");

            double[] drawn = [.. Enumerable.Range(0, samples).Select(k =>
            {
                var z = new float[Size];
                images.Posteriors.Sample(9, n, k, z);
                return Likelihood.LogDensity(images.Image(n), Decode(z)) - images.Posteriors.LogRatio(9, n, k, z);
            })];
            Estimate found = Estimate.OfMean(drawn);
            Assert.That(found.Value, Is.EqualTo(elbo).Within(5 * found.StandardError));
            Assert.That(evidence, Is.GreaterThan(elbo));
        }

        ImportanceWeights[] weights = ImportanceWeightedBound.PerImage(Likelihood, Decode, images, samples, 9);
        double[] exact = [.. Enumerable.Range(0, count)
            .Select(n => Math.Log(Enumerate(images, n).Average(l => Math.Exp(l.LogLikelihood))))];
        for (int n = 0; n < count; n++)
        {
            double deviation = 5 / Math.Sqrt(weights[n].EffectiveSamples);
            Assert.That(weights[n].LogMean, Is.EqualTo(exact[n]).Within(deviation), "importance sampling sums to p(x)");
        }
    }

    [TestCase(1, 1, 2)]
    [TestCase(3, 2, 3)]
    [TestCase(13, 5, 4)]
    public void ThePartsOfTheKlAreWhatTheDefinitionsGive(int count, int variables, int classes)
    {
        CategoricalPosteriors q = Posteriors(count, variables, classes);
        float[] draws = q.SampleAll(4, 0);
        double[][] p = [.. Enumerable.Range(0, count).Select(n => Probabilities(n, variables, classes))];
        var parts = new double[3];
        for (int i = 0; i < count; i++)
        {
            int[] hot = [.. Enumerable.Range(0, q.Size).Where(j => draws[(i * q.Size) + j] == 1)];
            double own = hot.Sum(j => Math.Log(p[i][j]));
            double joint = Math.Log(p.Average(of => hot.Aggregate(1.0, (product, j) => product * of[j])));
            double marginals = hot.Sum(j => Math.Log(p.Average(of => of[j])));
            parts[0] += (own - joint) / count;
            parts[1] += (joint - marginals) / count;
            parts[2] += (marginals + (variables * Math.Log(classes))) / count;
        }

        KlDecomposition found = KlDecomposition.Of(q, 4);
        Assert.That(
            new[] { found.MutualInformation.Value, found.TotalCorrelation.Value, found.DimensionWise.Value },
            Is.EqualTo(parts).Within(1e-6));
    }

    [TestCase(0, 4, 2)]
    [TestCase(6, 4, 2)]
    [TestCase(8, 4, 3)]
    [TestCase(4, 4, 1)]
    public void WhatIsNoWholeVariablesIsRefused(int logits, int size, int classes) =>
        Assert.That(() => new CategoricalPosteriors(new float[logits], size, classes), Throws.ArgumentException);

    [Test]
    public void LogitsThatAreNotFiniteAreRefused() => Assert.That(
        () => new CategoricalPosteriors([0, 1, float.NaN, 1], 4, 2), Throws.ArgumentException.With.Message.Contains("NaN at place 2"));
}
