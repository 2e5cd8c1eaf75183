using NUnit.Framework;
using VaeProcgen.Editor.Evaluation.Disentanglement;

namespace VaeProcgen.Tests.Evaluation.Disentanglement;

public class BetaVaeScoreTests
{
    private static double Score(FactorPosteriors posteriors, ulong seed = 1) =>
        BetaVaeScore.Measure(posteriors, points: 800, batch: 32, seed);

    [Test]
    public void OneDimensionForEachFactorGivesOne() => Assert.That(Score(SyntheticEncoder.Perfect()), Is.EqualTo(1));

    // 400 scored points of chance 1/4: five deviations are 0.11.
    [Test]
    public void DimensionsThatKnowNothingScoreAsChance()
    {
        Assert.That(Score(SyntheticEncoder.Blind()), Is.InRange(0.14, 0.36));
        Assert.That(Score(SyntheticEncoder.Collapsed()), Is.InRange(0.14, 0.36));
    }

    [Test]
    public void ARotationStaysBelowThePerfectScore() => Assert.That(Score(SyntheticEncoder.Rotated()), Is.LessThan(0.9));

    [Test]
    public void DependsOnTheSeedAlone()
    {
        FactorPosteriors blind = SyntheticEncoder.Blind();
        Assert.That(Score(blind), Is.EqualTo(Score(blind)));
        Assert.That(Score(blind, 2), Is.Not.EqualTo(Score(blind)));
        Assert.That(() => BetaVaeScore.Measure(blind, 1, 32, 1), Throws.ArgumentException);
    }
}
