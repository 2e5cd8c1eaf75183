using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Training;

namespace VaeProcgen.Tests.Training;

public sealed class RateScheduleTests
{
    private const long Epoch = 3000;

    private static readonly RateSchedule Staged = new() { Kind = RateKind.Stages };

    /// <summary>The paper's: stage i takes 3^(i−1) epochs at 1e-4 · round(10^(1 − (i−1)/7), 1).</summary>
    [Test]
    public void EightStagesAreThoseOfThePaper()
    {
        double[] rates = [1e-3, 7.2e-4, 5.2e-4, 3.7e-4, 2.7e-4, 1.9e-4, 1.4e-4, 1e-4];
        long start = 0, length = Epoch, total = 3280 * Epoch;
        foreach (double rate in rates)
        {
            Assert.That(1e-3 * Staged.ShareAt(start, total), Is.EqualTo(rate).Within(1e-12));
            Assert.That(1e-3 * Staged.ShareAt(start + length - 1, total), Is.EqualTo(rate).Within(1e-12));
            (start, length) = (start + length, 3 * length);
        }

        Assert.That(start, Is.EqualTo(total));
    }

    [TestCase(1, 10, "10")]
    [TestCase(2, 4, "1 3")]
    [TestCase(3, 13, "1 3 9")]
    [TestCase(3, 100, "8 23 69")]
    public void FewerStagesAreTheFirstOnes(int stages, long total, string lengths)
    {
        RateSchedule few = Staged with { Stages = stages };
        double[] shares = Enumerable.Range(0, (int)total).Select(step => few.ShareAt(step, total)).ToArray();
        Assert.That(shares.Distinct(), Is.EqualTo(new[] { 1, 0.72, 0.52 }.Take(stages)).Within(1e-12));
        Assert.That(shares.GroupBy(s => s).Select(g => g.Count()), Is.EqualTo(lengths.Split(' ').Select(int.Parse)));
    }

    [Test]
    public void AConstantRateStays() => Assert.That(
        Enumerable.Range(0, 50).Select(step => new RateSchedule { Kind = RateKind.Constant }.ShareAt(step, 50)), Is.All.EqualTo(1));

    [TestCase(0, 0.1)]
    [TestCase(9, 0.98014684283847)]
    [TestCase(50, 0.5)]
    public void ACosineWarmsUpAndFalls(long step, double share) =>
        Assert.That(new RateSchedule().ShareAt(step, 100), Is.EqualTo(share).Within(1e-9));

    [TestCase(RateKind.Stages, 0, "1 to 8; found 0")]
    [TestCase(RateKind.Stages, 9, "1 to 8; found 9")]
    [TestCase((RateKind)7, 8, "cosine, constant or stages; found 7")]
    public void RefusesWhatIsOutOfRange(RateKind kind, int stages, string said) => Assert.That(
        () => new RateSchedule { Kind = kind, Stages = stages }.Validate(), Throws.TypeOf<TrainingException>().With.Message.Contains(said));
}
