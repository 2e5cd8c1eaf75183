using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;

namespace VaeProcgen.Tests.Evaluation;

public class ImportanceWeightedBoundTests
{
    private const ulong Seed = 8;

    private static double[] Bounds(LinearModel model, ScoredImages images, int samples) => [.. ImportanceWeightedBound
        .PerImage(LinearModel.Likelihood, model.Decode, images, samples, Seed, chunk: 4096).Select(w => w.LogMean)];

    [Test]
    public void WithOneDrawItIsTheSampledElboToTheBit()
    {
        var model = new LinearModel(correlated: true);
        ScoredImages images = model.Images(37, widened: 2);
        double[] elbo = ElboEvaluator.Sampled(LinearModel.Likelihood, model.Decode, images, Seed);
        Assert.That(Bounds(model, images, 1), Is.EqualTo(elbo));
        ImportanceWeightedBound bound = ImportanceWeightedBound.Of(LinearModel.Likelihood, model.Decode, images, 5, Seed);
        Assert.That(bound.FirstDraw, Is.EqualTo(Estimate.OfMean(elbo)));
        Assert.That(elbo, Is.Unique);
    }

    [Test]
    public void RisesWithTheDrawsTowardsTheTrueLogLikelihood()
    {
        var model = new LinearModel(correlated: true);
        ScoredImages images = model.Images(1000, widened: 20);
        double[] Gaps(ScoredImages of, int samples) =>
            [.. of.Parts().Single().Values.Chunk(LinearModel.Values).Select(model.LogDensity).Zip(Bounds(model, of, samples), (p, b) => p - b)];
        double[] gaps = [.. new[] { 1, 4, 16, 64 }.Select(k => Gaps(images, k).Average())];
        Assert.That(gaps, Is.Ordered.Descending.And.All.Positive);
        Assert.That(gaps[0], Is.GreaterThan(10));

        double[] last = Gaps(model.Images(100, widened: 4), 4000);
        Assert.That(last.Average(), Is.Zero.Within((4 * Estimate.OfMean(last).StandardError) + 1e-3));
        Assert.That(last.Max(Math.Abs), Is.LessThan(0.2));
    }

    /// <summary>With the exact posterior each weight is p(x): every K gives log p(x), and all draws count.</summary>
    [TestCase(1)]
    [TestCase(7)]
    public void UnderTheExactPosteriorItIsTheLogLikelihood(int samples)
    {
        var model = new LinearModel(correlated: false);
        ScoredImages images = model.Images(20);
        double[] truth = [.. images.Parts().Single().Values.Chunk(LinearModel.Values).Select(model.LogDensity)];
        // Means, latents and log variances are single precision: some 1e-7 of 10 or so, times slopes of about 10.
        Assert.That(Bounds(model, images, samples), Is.EqualTo(truth).Within(2e-5));
        ImportanceWeightedBound bound = ImportanceWeightedBound.Of(LinearModel.Likelihood, model.Decode, images, samples, Seed);
        Assert.That(bound.EffectiveSamples, Is.EqualTo(samples).Within(1e-6));
        Assert.That(bound.Bound.Value, Is.EqualTo(truth.Average()).Within(2e-5));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(64)]
    [TestCase(1000)]
    public void ChunksBoundWhatIsDecodedAndChangeNothing(int chunk)
    {
        var model = new LinearModel(correlated: true);
        ScoredImages images = model.Images(13, widened: 2);
        var asked = new List<int>();
        float[] Decode(float[] z)
        {
            asked.Add(z.Length / 2);
            return model.Decode(z);
        }

        ImportanceWeightedBound bound = ImportanceWeightedBound.Of(LinearModel.Likelihood, Decode, images, 19, Seed, chunk: chunk);
        Assert.That(asked.Max(), Is.EqualTo(Math.Min(chunk, 13 * 19)));
        Assert.That(asked.Sum(), Is.EqualTo(13 * 19));
        Assert.That(bound, Is.EqualTo(ImportanceWeightedBound.Of(LinearModel.Likelihood, model.Decode, images, 19, Seed)));
    }

    [Test]
    public void ALimitTakesImagesEvenlyAndWithTheirOwnDraws()
    {
        var model = new LinearModel(correlated: true);
        ScoredImages images = model.Images(10);
        ImportanceWeights[] all = ImportanceWeightedBound.PerImage(LinearModel.Likelihood, model.Decode, images, 3, Seed);
        ImportanceWeights[] some = ImportanceWeightedBound.PerImage(LinearModel.Likelihood, model.Decode, images, 3, Seed, most: 4);
        Assert.That(some.Select(w => w.LogMean), Is.EqualTo(new[] { 0, 2, 5, 7 }.Select(i => all[i].LogMean)));
        some = ImportanceWeightedBound.PerImage(LinearModel.Likelihood, model.Decode, images, 3, Seed, most: 99);
        Assert.That(some, Has.Length.EqualTo(10));
    }

    [TestCase(0, 1, 1, "'samples' from 1 to 100000; found 0")]
    [TestCase(100001, 1, 1, "'samples' from 1 to 100000; found 100001")]
    [TestCase(1, 0, 1, "'most'")]
    [TestCase(1, 1, 0, "'chunk'")]
    public void NumbersOutOfRangeAreRefusedBeforeAnythingIsDecoded(int samples, int most, int chunk, string said) => Assert.That(
        () => ImportanceWeightedBound.Of(
            LinearModel.Likelihood, _ => throw new InvalidOperationException(), new LinearModel(true).Images(2), samples, Seed, most,
            chunk),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(said));

    [Test]
    public void WeightsFarApartNeitherOverflowNorVanish()
    {
        var weights = new ImportanceWeights();
        foreach (double w in new[] { -3000.0, 1000, 1000 + Math.Log(3), -20000 })
            weights.Add(w);
        Assert.That(weights.First, Is.EqualTo(-3000));
        Assert.That(weights.LogMean, Is.EqualTo(1000).Within(1e-12), "log (1 + 3) / 4");
        Assert.That(weights.EffectiveSamples, Is.EqualTo(1.6).Within(1e-12), "4² / (1 + 9)");
    }
}
