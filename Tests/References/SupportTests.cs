using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

/// <summary>The judges judged: each must accept what is right and reject what is slightly wrong.</summary>
public sealed class SupportTests
{
    [Test]
    public void FiniteDifferencesRejectAGradientThatIsOffByAMillionth()
    {
        static double Cubes(double[] v) => v.Sum(a => a * a * a);
        double[] x = TestData.Uniform(13, 1);
        double[] gradient = x.Select(a => 3 * a * a).ToArray();
        FiniteDifference.Check(Cubes, x, gradient, "cubes");
        gradient[7] += 1e-6;
        Assert.That(
            () => FiniteDifference.Check(Cubes, x, gradient, "cubes"),
            Throws.TypeOf<AssertionException>().With.Message.Contains("cubes: at [7]"));
    }

    [Test]
    public void FiniteDifferencesRefuseToJudgeAtAKink() => Assert.That(
        () => FiniteDifference.Check(v => Math.Abs(v[0] - 3e-6), [0], [-1], "kink"),
        Throws.TypeOf<AssertionException>().With.Message.Contains("too large to judge by"));

    [Test]
    public void CompareNamesTheWorstElement()
    {
        double[] bound = [0.1, 0.1, 0.001];
        Assert.That(Compare.Within([1.05f, 2, 3], [1, 2, 3], bound, "fine", i => $"[{i}]"), Is.EqualTo(0.5).Within(1e-6));
        Assert.That(
            () => Compare.Within([1.2f, 2, 3.5f], [1, 2, 3], bound, "Y", i => $"[place {i}]"),
            Throws.TypeOf<AssertionException>().With.Message.Contains("Y: 2 of 3 values").And.Message.Contains("at [place 2] (index 2)"));
    }

    [TestCase(float.NaN, 0, 1)]
    [TestCase(float.PositiveInfinity, 0, 1)]
    [TestCase(1f, 1.0000001, 0)]
    [TestCase(1f, 2, double.NaN)]
    [TestCase(1f, 2, double.PositiveInfinity)]
    public void CompareNeverPassesWhatIsNotANumberOrNotBounded(float actual, double expected, double bound) => Assert.That(
        () => Compare.Within([actual], [expected], [bound], "Y", _ => ""), Throws.TypeOf<AssertionException>());

    [Test]
    public void CompareRefusesAnotherLength() => Assert.That(
        () => Compare.Within([1], [1, 2], [0, 0], "Y", _ => ""),
        Throws.TypeOf<AssertionException>().With.Message.Contains("expected 2 values, found 1"));

    [TestCase(1.0)]
    [TestCase(-3.7)]
    [TestCase(1e-30)]
    [TestCase(65504.0)]
    public void AnUlpIsTheDistanceToTheNextFloat(double value) =>
        Assert.That(ErrorBound.Ulp(value), Is.EqualTo((double)MathF.BitIncrement(MathF.Abs((float)value)) - MathF.Abs((float)value)));

    [Test]
    public void GammaIsTheAccumulatedRoundoff()
    {
        Assert.That(ErrorBound.Gamma(1), Is.EqualTo(Math.Pow(2, -24)).Within(1e-14));
        Assert.That(ErrorBound.Gamma(1000), Is.GreaterThan(1000 * Math.Pow(2, -24)).And.LessThan(1001 * Math.Pow(2, -24)));
    }

    [Test]
    public void Float32FunctionsStayWithinTheirBounds()
    {
        foreach (double x in TestData.Uniform(1000, 1, 1e-3, 20))
        {
            float v = (float)x;
            Assert.That(Math.Abs(MathF.Exp(v) - Math.Exp(x)), Is.LessThanOrEqualTo(ErrorBound.Exp(x)), "exp");
            Assert.That(Math.Abs(MathF.Log(v) - Math.Log(x)), Is.LessThanOrEqualTo(ErrorBound.Log(x)), "log");
            Assert.That(Math.Abs(MathF.Sqrt(v) - Math.Sqrt(x)), Is.LessThanOrEqualTo(ErrorBound.Sqrt(x)), "sqrt");
            Assert.That(Math.Abs(1 / MathF.Sqrt(v) - 1 / Math.Sqrt(x)), Is.LessThanOrEqualTo(ErrorBound.InverseSqrt(x)), "inversesqrt");
            Assert.That(Math.Abs(3 / v - 3 / x), Is.LessThanOrEqualTo(ErrorBound.Divide(3 / x)), "divide");
        }
    }

    [Test]
    public void BoxMullerInFloat32StaysWithinItsBound()
    {
        double[] u1 = TestData.Uniform(1000, 1, 1e-6, 1);
        double[] u2 = TestData.Uniform(1000, 2, -0.5, 0.5);
        for (int i = 0; i < u1.Length; i++)
        {
            double expected = Math.Sqrt(-2 * Math.Log(u1[i])) * Math.Cos(2 * Math.PI * u2[i]);
            float actual = MathF.Sqrt(-2 * MathF.Log((float)u1[i])) * MathF.Cos(2 * MathF.PI * (float)u2[i]);
            Assert.That(Math.Abs(actual - expected), Is.LessThanOrEqualTo(ErrorBound.BoxMuller(u1[i])));
        }

        Assert.That(ErrorBound.BoxMuller(1), Is.InRange(0, 2e-3));
    }

    [Test]
    public void TestDataIsReproducibleExactInFloat32AndSpread()
    {
        double[] values = TestData.Normal(10_001, 7);
        Assert.That(TestData.Normal(10_001, 7), Is.EqualTo(values));
        Assert.That(TestData.Normal(10_001, 8), Is.Not.EqualTo(values));
        Assert.That(TestData.ToDouble(TestData.ToFloat(values)), Is.EqualTo(values));
        Assert.That(values.Average(), Is.EqualTo(0).Within(0.05));
        Assert.That(values.Average(v => v * v), Is.EqualTo(1).Within(0.05));
        double[] uniform = TestData.Uniform(10_000, 9, 2, 4);
        Assert.That(uniform.Min(), Is.GreaterThanOrEqualTo(2).And.LessThan(2.01));
        Assert.That(uniform.Max(), Is.LessThanOrEqualTo(4).And.GreaterThan(3.99));
        Assert.That(TestData.Bytes(10_000, 1).Distinct().Count(), Is.EqualTo(256));
        Assert.That(TestData.AwayFrom([0.001, -0.001, 1], 0, 0.01), Is.EqualTo(new[] { 0.01, -0.01, 1 }).Within(1e-9));
    }

    [Test]
    public void AFlatIndexIsLocated()
    {
        var dims = new Dims(2, 3, 5, 7);
        Assert.That(dims.Locate(dims.Index(1, 2, 4, 6)), Is.EqualTo("[n=1, h=2, w=4, c=6]"));
        Assert.That(dims.Index(1, 2, 4, 6), Is.EqualTo(dims.Length - 1));
        var convolution = new Conv2dReference.Geometry(dims, K: 4, R: 3, S: 2);
        Assert.That(convolution.LocateWeight(convolution.WeightIndex(2, 1, 6, 3)), Is.EqualTo("[r=2, s=1, c=6, k=3]"));
        var transposed = new ConvTranspose2dReference.Geometry(dims, K: 4, R: 3, S: 2);
        Assert.That(transposed.LocateWeight(transposed.WeightIndex(2, 1, 3, 6)), Is.EqualTo("[r=2, s=1, k=3, c=6]"));
    }
}
