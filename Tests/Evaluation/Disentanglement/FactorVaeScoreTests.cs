using NUnit.Framework;
using VaeProcgen.Editor.Evaluation.Disentanglement;

namespace VaeProcgen.Tests.Evaluation.Disentanglement;

public class FactorVaeScoreTests
{
    private static double Score(FactorPosteriors posteriors, ulong seed = 1) =>
        FactorVaeScore.Measure(posteriors, votes: 800, batch: 32, seed);

    [Test]
    public void OneDimensionForEachFactorGivesOne() => Assert.That(Score(SyntheticEncoder.Perfect()), Is.EqualTo(1));

    // 400 scored votes of chance 1/4: five deviations are 0.11.
    [Test]
    public void DimensionsThatKnowNothingScoreAsChance() => Assert.That(Score(SyntheticEncoder.Blind()), Is.InRange(0.14, 0.36));

    [Test]
    public void ARotationOfPerfectDimensionsScoresWorse() => Assert.That(Score(SyntheticEncoder.Rotated()), Is.LessThan(0.7));

    [Test]
    public void CollapsedDimensionsDoNotVote()
    {
        Assert.That(Score(SyntheticEncoder.Collapsed()), Is.EqualTo(0.25));
        // The collapsed dimension varies by far less than the others, which would win it every vote if it had one.
        FactorPosteriors mostlyCollapsed = SyntheticEncoder.Make(
            2000, 5, -8, (v, r) => [v[0], v[1], v[2], v[3], r.NextDouble() < 0.01 ? 0.5 : 0]);
        Assert.That(Score(mostlyCollapsed), Is.EqualTo(1));
    }

    [Test]
    public void DependsOnTheSeedAlone()
    {
        FactorPosteriors blind = SyntheticEncoder.Blind();
        Assert.That(Score(blind), Is.EqualTo(Score(blind)));
        Assert.That(Score(blind, 2), Is.Not.EqualTo(Score(blind)));
        Assert.That(() => FactorVaeScore.Measure(blind, 1, 32, 1), Throws.ArgumentException);
    }
}
