using NUnit.Framework;
using VaeProcgen.Runtime.Decode;

namespace VaeProcgen.Tests.Decode;

public sealed class CostMeterTests
{
    [Test]
    public void TheMedianOfTheLastFive()
    {
        var meter = new CostMeter();
        Assert.That(meter.Median, Is.EqualTo(double.PositiveInfinity));
        double[] added = [3, 1, 2, 90, 4, 5, 6, 7];
        double[] expected = [3, 3, 2, 3, 3, 4, 5, 6];
        for (int i = 0; i < added.Length; i++)
        {
            meter.Add(added[i]);
            Assert.That(meter.Median, Is.EqualTo(expected[i]), $"after {i + 1}");
        }
    }
}
