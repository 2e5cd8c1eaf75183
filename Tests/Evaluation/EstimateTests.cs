using System;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;

namespace VaeProcgen.Tests.Evaluation;

public class EstimateTests
{
    [Test]
    public void MeanAndStandardError()
    {
        Assert.That(Estimate.OfMean([1, 2, 6]), Is.EqualTo(new Estimate(3, Math.Sqrt(14 / 2.0 / 3))));
        Assert.That(Estimate.OfMean([5]), Is.EqualTo(new Estimate(5, double.NaN)));
    }
}
