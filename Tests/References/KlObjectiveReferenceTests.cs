using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;
using static VaeProcgen.Tests.Support.Reference.KlObjectiveReference;

namespace VaeProcgen.Tests.References;

public sealed class KlObjectiveReferenceTests
{
    [Test]
    public void BackwardAgreesWithFiniteDifferences([Values] Objective objective, [Values(1, 3)] int samples)
    {
        const int n = 5, z = 7;
        double[] nll = TestData.Uniform(n * samples, 1, 10, 20), kl = TestData.Uniform(n * z, 2, 0, 2);
        foreach (double capacity in new[] { 3.0, 30 })
        {
            var settings = new Settings(objective, Weight: 0.75, Capacity: capacity, Level: 0.9);
            (Rounded[] dNll, Rounded[] dKl) = Backward(settings, n, nll, kl);
            FiniteDifference.Check(v => Forward(settings, n, v, kl)[0].Value, nll, Rounded.Values(dNll), "dnll");
            FiniteDifference.Check(v => Forward(settings, n, nll, v)[0].Value, kl, Rounded.Values(dKl), "dkl");
        }
    }

    /// <summary>Two images, two dimensions, by hand: k = (0.25, 3).</summary>
    [TestCase(Objective.Elbo, 10 + 0.5 * 3.25, 0)]
    [TestCase(Objective.FreeBits, 10 + 0.5 * (2 + 3), 1)]
    [TestCase(Objective.Capacity, 10 + 2 * 0.75, 4)]
    public void WorkedExample(Objective objective, double loss, double figure)
    {
        var settings = new Settings(objective, Weight: 0.5, Capacity: 4, Level: 2);
        double[] found = Rounded.Values(Forward(settings, 2, [8, 12], [0, 2, 0.5, 4]));
        Assert.That(found, Is.EqualTo(new[] { loss, 10, 3.25, figure }).Within(1e-14));
    }

    [Test]
    public void AtTheKinksTheSlopeIsZero()
    {
        double[] kl = [1, 2, 3, 2];
        Assert.That(Rounded.Values(Backward(new Settings(Objective.FreeBits, Level: 2), 2, [0, 0], kl).DKl), Is.All.Zero);
        Assert.That(Rounded.Values(Backward(new Settings(Objective.Capacity, Capacity: 4, Level: 9), 2, [0, 0], kl).DKl), Is.All.Zero);
        Assert.That(Rounded.Values(Backward(new Settings(Objective.FreeBits, Level: 1.5), 2, [0, 0], kl).DKl).Sum(), Is.EqualTo(2));
    }
}
