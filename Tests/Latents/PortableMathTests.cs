using System;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Latents;

/// <summary>Against the platform's functions, which are good to about an ulp (1.1e-16); the bound leaves room for both.</summary>
[TestFixture]
public sealed class PortableMathTests
{
    private const double Relative = 2e-15;

    [Test]
    public void ExpIsAccurate()
    {
        for (double x = -699.9; x < 700; x += 0.0137)
        {
            double expected = Math.Exp(x);
            Assert.That(PortableMath.Exp(x), Is.EqualTo(expected).Within(Relative * expected), $"x = {x}");
        }
        Assert.That(PortableMath.Exp(0), Is.EqualTo(1));
        Assert.That(PortableMath.Exp(1e9), Is.EqualTo(PortableMath.Exp(700)));
        Assert.That(PortableMath.Exp(-1e9), Is.EqualTo(PortableMath.Exp(-700)).And.GreaterThan(0));
    }

    [Test]
    public void LogIsAccurate()
    {
        for (double x = 1e-12; x < 1e12; x *= 1.00371)
        {
            double expected = Math.Log(x);
            Assert.That(PortableMath.Log(x), Is.EqualTo(expected).Within(Relative * Math.Abs(expected)), $"x = {x}");
        }
        Assert.That(PortableMath.Log(1), Is.EqualTo(0));
        Assert.That(PortableMath.Log(1 - Math.Pow(2, -24)), Is.EqualTo(Math.Log(1 - Math.Pow(2, -24))).Within(1e-22));
    }

    [Test]
    public void SinesAndCosinesAreAccurate()
    {
        for (double turns = -3; turns < 9; turns += 0.000731)
        {
            (double sin, double cos) = PortableMath.SinCosOfTurns(turns);
            // The platform is given an angle rounded to about 1e-16 of itself.
            double tolerance = Relative * (1 + (2 * Math.PI * Math.Abs(turns)));
            Assert.That(sin, Is.EqualTo(Math.Sin(2 * Math.PI * turns)).Within(tolerance), $"{turns} turns");
            Assert.That(cos, Is.EqualTo(Math.Cos(2 * Math.PI * turns)).Within(tolerance), $"{turns} turns");
        }
    }

    [TestCase(0.0, 0.0, 1.0)]
    [TestCase(0.25, 1.0, 0.0)]
    [TestCase(0.5, 0.0, -1.0)]
    [TestCase(-0.25, -1.0, 0.0)]
    [TestCase(4.0, 0.0, 1.0)]
    public void QuarterTurnsAreExact(double turns, double sin, double cos) =>
        Assert.That(PortableMath.SinCosOfTurns(turns), Is.EqualTo((sin, cos)));

    [Test]
    public void ArcTangentsAreAccurate()
    {
        for (double turns = -0.4999; turns < 0.5; turns += 0.000317)
        {
            foreach (double length in new[] { 1e-8, 1, 3e5 })
            {
                (double y, double x) = (length * Math.Sin(2 * Math.PI * turns), length * Math.Cos(2 * Math.PI * turns));
                double expected = Math.Atan2(y, x);
                Assert.That(PortableMath.Atan2(y, x), Is.EqualTo(expected).Within(Relative * Math.Abs(expected)), $"{turns} turns");
            }
        }
    }

    [TestCase(0.0, 0.0, 0.0)]
    [TestCase(0.0, 2.0, 0.0)]
    [TestCase(0.0, -2.0, Math.PI)]
    public void ArcTangentsOnTheAxisAreExact(double y, double x, double expected) =>
        Assert.That(PortableMath.Atan2(y, x), Is.EqualTo(expected));
}
