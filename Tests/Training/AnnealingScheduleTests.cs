using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Training;

public sealed class AnnealingScheduleTests
{
    private const int Total = 1000;

    private static readonly AnnealingSchedule Cyclical = new() { Kind = KlAnnealing.Cyclical };

    [Test]
    public void LinearRisesOnceOverItsSteps()
    {
        var linear = new AnnealingSchedule { WarmupSteps = 100 };
        Assert.That(Weights(linear, 0, 25, 50, 100, 101, 999), Is.EqualTo(new[] { 0, 0.25, 0.5, 1, 1, 1 }).Within(1e-12));
        Assert.That(linear.WeightAt(5, 50), Is.EqualTo(0.5).Within(1e-12), "at most a fifth of the training");
        Assert.That(linear.WeightAt(0, 4), Is.EqualTo(1));
        Assert.That(Weights(linear with { WarmupSteps = 0 }, 0, 1), Is.All.EqualTo(1), "no annealing");
    }

    [Test]
    public void CyclicalRisesInHalfOfEachOfFourCycles()
    {
        Assert.That(Weights(Cyclical, 0, 25, 124, 125, 249), Is.EqualTo(new[] { 0, 0.2, 0.992, 1, 1 }).Within(1e-12));
        for (int step = 0; step < 250; step++)
            Assert.That(Weights(Cyclical, step + 250, step + 500, step + 750), Is.All.EqualTo(Cyclical.WeightAt(step, Total)),
                $"step {step} of each cycle");
        Assert.That(Enumerable.Range(0, Total).Count(s => Cyclical.WeightAt(s, Total) == 0), Is.EqualTo(4));
        Assert.That(Cyclical.WeightAt(Total - 1, Total), Is.EqualTo(1));
    }

    [Test]
    public void TheWeightIsFullFromThereOn()
    {
        foreach (AnnealingSchedule schedule in new AnnealingSchedule[] { new() { WarmupSteps = 100 }, new() { WarmupSteps = 900 }, Cyclical, new() { WarmupSteps = 0 } })
        {
            long from = schedule.FullFrom(Total);
            Assert.That(schedule.WeightAt(from, Total), Is.EqualTo(1));
            if (from > 0)
                Assert.That(schedule.WeightAt(from - 1, Total), Is.LessThan(1));
        }
    }

    [Test]
    public void CyclesThatDoNotDivideTheTrainingAreRoundedUp()
    {
        AnnealingSchedule three = Cyclical with { Cycles = 3, RisingShare = 1 };
        int[] starts = Enumerable.Range(0, 100).Where(s => three.WeightAt(s, 100) == 0).ToArray();
        Assert.That(starts, Is.EqualTo(new[] { 0, 34, 68 }));
        Assert.That(Enumerable.Range(0, 100).Select(s => three.WeightAt(s, 100)), Is.All.InRange(0, 1));
        Assert.That((Cyclical with { Cycles = 10 }).WeightAt(2, 3), Is.InRange(0, 1), "more cycles than steps");
    }

    [Test]
    public void CapacityRisesLinearlyAndStays()
    {
        var schedule = new AnnealingSchedule { Capacity = 25, CapacityShare = 0.5 };
        Assert.That(new[] { 0, 100, 250, 500, 999 }.Select(s => schedule.CapacityAt(s, Total)),
            Is.EqualTo(new[] { 0, 5, 12.5, 25, 25 }).Within(1e-12));
        Assert.That(new AnnealingSchedule().CapacityAt(10, Total), Is.Zero);
    }

    [Test]
    public void ValuesOutOfRangeAreRefused()
    {
        AnnealingSchedule good = Cyclical.Validate();
        (AnnealingSchedule, string)[] bad =
        [
            (good with { Kind = (KlAnnealing)7 }, "found 7"),
            (good with { WarmupSteps = -1 }, "found -1"),
            (good with { Cycles = 0 }, "at least 1 cycle"),
            (good with { RisingShare = 0 }, "KL weight rises"),
            (good with { RisingShare = double.NaN }, "found NaN"),
            (good with { Capacity = -2 }, "found -2"),
            (good with { Capacity = double.PositiveInfinity }, "0 nats or above"),
            (good with { CapacityShare = 1.5 }, "found 1.5"),
        ];
        foreach ((AnnealingSchedule schedule, string expected) in bad)
            Assert.That(schedule.Validate, Throws.TypeOf<TrainingException>().With.Message.Contains(expected));
    }

    [Test]
    public void ItSurvivesJson()
    {
        var options = new JsonSerializerOptions { Converters = { new JsonStringEnumConverter() } };
        AnnealingSchedule schedule = Cyclical with { Cycles = 7, Capacity = 12 };
        string json = JsonSerializer.Serialize(schedule, options);
        Assert.That(json, Does.Contain("\"Cyclical\""));
        Assert.That(JsonSerializer.Deserialize<AnnealingSchedule>(json, options), Is.EqualTo(schedule));
    }

    private static double[] Weights(AnnealingSchedule schedule, params int[] steps) =>
        steps.Select(s => schedule.WeightAt(s, Total)).ToArray();
}
