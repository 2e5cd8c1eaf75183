using System;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Training;

namespace VaeProcgen.Tests.Training;

public sealed class TemperatureScheduleTests
{
    private const int Total = 1000;

    private static readonly TemperatureSchedule Schedule = new() { Start = 2, End = 0.5, Share = 0.8 };

    [Test]
    public void ItFallsExponentiallyAndStays()
    {
        double[] taus = Enumerable.Range(0, Total).Select(s => Schedule.At(s, Total)).ToArray();
        Assert.That(taus[0], Is.EqualTo(2));
        Assert.That(taus[400], Is.EqualTo(1).Within(1e-12), "half-way in the logarithm");
        Assert.That(taus[799], Is.GreaterThan(0.5));
        Assert.That(taus[800..], Is.All.EqualTo(0.5).Within(1e-12));
        Assert.That(taus[..800].Zip(taus[1..], (a, b) => b / a), Is.All.EqualTo(Math.Exp(-Schedule.RateFor(Total))).Within(1e-12));
        Assert.That(taus.Min(), Is.EqualTo(0.5), "never below");
    }

    [Test]
    public void TheDefaultEndsAtHalfAfterThreeQuarters()
    {
        var schedule = new TemperatureSchedule().Validate();
        Assert.That(schedule.At(0, 1), Is.EqualTo(1));
        Assert.That(schedule.At(749, Total), Is.GreaterThan(0.5));
        Assert.That(schedule.At(750, Total), Is.EqualTo(0.5).Within(1e-12));
        Assert.That((schedule with { Start = 0.5 }).At(10, Total), Is.EqualTo(0.5), "constant");
    }

    [TestCase(1, 0, 0.5, "above 0; found 0")]
    [TestCase(1, double.NaN, 0.5, "found NaN")]
    [TestCase(0.4, 0.5, 0.5, "found 0.4")]
    [TestCase(double.PositiveInfinity, 0.5, 0.5, "start at")]
    [TestCase(1, 0.5, 0, "found 0")]
    [TestCase(1, 0.5, 1.5, "found 1.5")]
    public void ValuesOutOfRangeAreRefused(double start, double end, double share, string expected) => Assert.That(
        () => new TemperatureSchedule { Start = start, End = end, Share = share }.Validate(),
            Throws.TypeOf<TrainingException>().With.Message.Contains(expected));

    [Test]
    public void ItSurvivesJson() =>
        Assert.That(JsonSerializer.Deserialize<TemperatureSchedule>(JsonSerializer.Serialize(Schedule)), Is.EqualTo(Schedule));
}
