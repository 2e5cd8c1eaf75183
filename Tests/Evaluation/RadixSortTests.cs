using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Evaluation;

public class RadixSortTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(127)]
    [TestCase(5000)]
    public void SortsAsComparingDoes(int count)
    {
        double[] values = [.. TestData.Normal(count, 3).Select((v, i) => i % 5 == 0 ? Math.Round(v) : v * Math.Pow(10, (i % 40) - 20))];
        double[] expected = [.. values.Order()];
        RadixSort.Sort(values);
        Assert.That(values, Is.EqualTo(expected));
    }

    [Test]
    public void SortsTheExtremes()
    {
        double[] values =
        [
            double.MaxValue, 0, -double.Epsilon, double.NegativeInfinity, -1, 1, double.Epsilon, double.PositiveInfinity,
            double.MinValue, -0.0,
        ];
        RadixSort.Sort(values);
        Assert.That(values, Is.EqualTo(new[]
        {
            double.NegativeInfinity, double.MinValue, -1, -double.Epsilon, -0.0, 0, double.Epsilon, 1, double.MaxValue,
            double.PositiveInfinity,
        }));
        Assert.That((double.IsNegative(values[4]), double.IsNegative(values[5])), Is.EqualTo((true, false)));
    }
}
