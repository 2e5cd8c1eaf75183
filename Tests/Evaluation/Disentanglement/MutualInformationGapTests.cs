using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation.Disentanglement;

namespace VaeProcgen.Tests.Evaluation.Disentanglement;

public class MutualInformationGapTests
{
    // What a sample of 4,000 adds to the information of two independent lists: (20 − 1)(values − 1) / 8000 nats.
    private static double Bias(int values) => 19 * (values - 1) / 8000.0;

    [Test]
    public void OneDimensionForEachFactorGivesNearlyOne()
    {
        MutualInformationGap mig = MutualInformationGap.OfMeans(SyntheticEncoder.Perfect());
        Assert.That(mig.Score, Is.InRange(0.97, 1));
        Assert.That(mig.Factors.Select(f => f.Latent), Is.EqualTo(new[] { 1, 4, 0, 3 }));
        foreach ((FactorGap factor, int values) in mig.Factors.Zip(SyntheticEncoder.Sizes))
        {
            Assert.That(factor.Entropy, Is.EqualTo(Math.Log(values)).Within(0.01));
            Assert.That(factor.Information, Is.EqualTo(factor.Entropy).Within(1e-9));
            Assert.That(factor.Second, Is.LessThan(3 * Bias(values)));
            Assert.That(factor.Gap, Is.EqualTo((factor.Information - factor.Second) / factor.Entropy));
        }
    }

    [Test]
    public void DimensionsThatKnowNothingGiveNearlyZero()
    {
        MutualInformationGap mig = MutualInformationGap.OfMeans(SyntheticEncoder.Blind());
        Assert.That(mig.Score, Is.InRange(0, 0.02));
        foreach ((FactorGap factor, int values) in mig.Factors.Zip(SyntheticEncoder.Sizes))
            Assert.That(factor.Information, Is.LessThan(3 * Bias(values)));
        Assert.That(MutualInformationGap.OfMeans(SyntheticEncoder.Collapsed()).Score, Is.Zero);
    }

    [Test]
    public void ARotationOfPerfectDimensionsIsEntangled() =>
        Assert.That(MutualInformationGap.OfMeans(SyntheticEncoder.Rotated()).Score, Is.InRange(0, 0.05));

    [Test]
    public void AFactorTwiceOverHasNoGap()
    {
        FactorPosteriors twice = SyntheticEncoder.Make(2000, 2, -8, (v, _) => [v[0], -v[0]]);
        FactorGap gap = MutualInformationGap.OfMeans(twice).Factors[0];
        Assert.That((gap.Gap, gap.Information), Is.EqualTo((0, gap.Entropy)));
    }

    [Test]
    public void BinsLimitWhatADimensionCanKnow()
    {
        MutualInformationGap mig = MutualInformationGap.OfMeans(SyntheticEncoder.Perfect(), bins: 2);
        Assert.That(mig.Factors[3].Information, Is.EqualTo(Math.Log(2)).Within(0.01));
        Assert.That(() => MutualInformationGap.OfMeans(SyntheticEncoder.Collapsed(), 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void NoiseAboutTheMeansCountsForSamplesOnly()
    {
        FactorPosteriors sharp = SyntheticEncoder.Perfect(-12), noisy = SyntheticEncoder.Perfect(logVariance: 6);
        Assert.That(MutualInformationGap.OfSamples(sharp, 1).Score, Is.GreaterThan(0.9));
        Assert.That(MutualInformationGap.OfSamples(noisy, 1).Score, Is.LessThan(0.05));
        Assert.That(MutualInformationGap.OfMeans(noisy).Score, Is.EqualTo(MutualInformationGap.OfMeans(sharp).Score));
        Assert.That(MutualInformationGap.OfSamples(noisy, 1).Score, Is.EqualTo(MutualInformationGap.OfSamples(noisy, 1).Score));
        Assert.That(MutualInformationGap.OfSamples(noisy, 2).Score, Is.Not.EqualTo(MutualInformationGap.OfSamples(noisy, 1).Score));
    }
}
