using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;

namespace VaeProcgen.Tests.Evaluation;

public class CollapseMonitorTests
{
    private static CollapseReport Check(long step, int active, int size, double kl) => CollapseMonitor.Check(
        step, 300, [.. Enumerable.Repeat(kl / size, size)], [.. Enumerable.Range(0, size).Select(j => j < active ? 0.5 : 0.01)]);

    [TestCase(64, 64, 80.0, false, TestName = "all active")]
    [TestCase(2, 64, 5.0, false, TestName = "few, but more than one")]
    [TestCase(1, 64, 5.0, true, TestName = "one of many")]
    [TestCase(1, 4, 5.0, false, TestName = "one of four is a quarter")]
    [TestCase(0, 4, 5.0, true, TestName = "none of four")]
    [TestCase(64, 64, 0.99, true, TestName = "less than a nat")]
    public void WarnsOnceTheKlHasItsWeight(int active, int size, double kl, bool warns)
    {
        Assert.That(Check(299, active, size, kl).Warning, Is.Null, "still warming up");
        CollapseReport report = Check(300, active, size, kl);
        Assert.That(report.Warning != null, Is.EqualTo(warns));
        Assert.That((report.Step, report.ActiveUnits, report.KlPerDimension.Count), Is.EqualTo((300, active, size)));
        Assert.That(report.Kl, Is.EqualTo(kl).Within(1e-12));
    }

    [Test]
    public void TheWarningSaysWhatIsWrongAndWhatToChange() => Assert.That(
        Check(500, 1, 32, 0.25).Warning,
        Does.Contain("1 of 32 latent units is active").And.Contain("0.25 nats").And.Contain("--kl-weight").And.Contain("--kl-warmup")
            .And.Contain("--objective free-bits").And.Contain("--latent"));

    [Test]
    public void AUnitIsActiveAboveAHundredth() =>
        Assert.That(CollapseMonitor.CountActive([0.01, 0.0101, 0, double.NaN, 3]), Is.EqualTo(2));

    [Test]
    public void ListsThatDoNotMatchAreRefused() => Assert.That(
        () => CollapseMonitor.Check(0, 0, [1, 2], [1]), Throws.ArgumentException.With.Message.Contains("found 2 and 1"));
}
