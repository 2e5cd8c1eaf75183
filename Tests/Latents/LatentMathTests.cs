using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Latents;

[TestFixture]
public sealed class LatentMathTests
{
    /// <summary>A few roundings to single precision of values of order 1.</summary>
    private const double Tolerance = 1e-6;

    [Test]
    public void LerpIsLinear()
    {
        Assert.That(Lerp(new[] { 0f, 2 }, new[] { 4f, -2 }, 0.25f), Is.EqualTo(new[] { 1f, 1 }));
        Assert.That(Lerp(new[] { 0.1f, 2 }, new[] { 4f, -2 }, 0), Is.EqualTo(new[] { 0.1f, 2 }));
        Assert.That(Lerp(new[] { 0.1f, 2 }, new[] { 4f, -2.3f }, 1), Is.EqualTo(new[] { 4f, -2.3f }));
    }

    [Test]
    public void SlerpTurnsAtConstantSpeed()
    {
        for (int i = 0; i <= 10; i++)
        {
            double angle = Math.PI / 2 * i / 10;
            Assert.That(Slerp(new[] { 1f, 0 }, new[] { 0f, 1 }, i / 10f),
                Is.EqualTo(new[] { Math.Cos(angle), Math.Sin(angle) }).Within(Tolerance));
        }
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(127)]
    public void SlerpEndsWhereItShould(int size)
    {
        (float[] a, float[] b) = Pair(size);
        Assert.That(Slerp(a, b, 0), Is.EqualTo(a).Within(Tolerance));
        Assert.That(Slerp(a, b, 1), Is.EqualTo(b).Within(Tolerance));
        float[] there = Slerp(a, b, 0.3f);
        Assert.That(Slerp(b, a, 0.7f), Is.EqualTo(there).Within(Tolerance), "the way back is the same");
    }

    [Test]
    public void SlerpTakesTheNormLinearly()
    {
        (float[] a, float[] b) = Pair(64);
        b = b.Select(x => 5 * x).ToArray();
        for (float t = 0; t <= 1; t += 0.125f)
        {
            Assert.That(Norm(Slerp(a, b, t)), Is.EqualTo(((1 - t) * Norm(a)) + (t * Norm(b))).Within(1e-5 * Norm(b)));
        }
        double half = 3 / Math.Sqrt(2);
        Assert.That(Slerp(new[] { 2f, 0 }, new[] { 0f, 4 }, 0.5f), Is.EqualTo(new[] { half, half }).Within(Tolerance));
    }

    [Test]
    public void SlerpOfParallelOppositeOrZeroVectorsIsLerp()
    {
        float[] a = { 1, 2, 3 };
        foreach (float[] b in new[] { a, new[] { 2f, 4, 6 }, new[] { 1, 2, 3.00001f }, new[] { -1f, -2, -3 }, new float[3] })
        {
            Assert.That(Slerp(a, b, 0.3f), Is.EqualTo(Lerp(a, b, 0.3f)));
        }
        Assert.That(Slerp(new float[3], new float[3], 0.5f), Is.EqualTo(new float[3]));
    }

    [Test]
    public void SlerpJoinsLerpSmoothly()
    {
        float[] a = { 1, 0 };
        float[] b = { 1, 2e-4f };
        Assert.That(Slerp(a, b, 0.3f), Is.EqualTo(Lerp(a, b, 0.3f)).Within(1e-7));
    }

    [Test]
    public void BlendIsTheWeightedMean()
    {
        float[] latents = { 1, 10, 2, 20, 4, 40 };
        Assert.That(Blend(latents, new[] { 1f, 1, 2 }, 2), Is.EqualTo(new[] { 2.75f, 27.5f }));
        Assert.That(Blend(latents, new[] { 0f, 3, 0 }, 2), Is.EqualTo(new[] { 2f, 20 }));
        Assert.That(Blend(latents, new[] { 2f, -1, 0 }, 2), Is.EqualTo(new[] { 0f, 0 }));
        (float[] a, float[] b) = Pair(13);
        Assert.That(Blend(a.Concat(b).ToArray(), new[] { 0.75f, 0.25f }, 13), Is.EqualTo(Lerp(a, b, 0.25f)).Within(Tolerance));
    }

    [Test]
    public void BlendRefusesWeightsWithoutASum()
    {
        foreach (float[] weights in new[] { new float[2], new[] { 1f, -1 }, new[] { 1, float.NaN }, new[] { 1, float.PositiveInfinity } })
        {
            Assert.That(() => Blend(new float[4], weights, 2), Throws.ArgumentException.With.Message.Contains("add up to a finite number"));
        }
        Assert.That(() => Blend(new float[5], new[] { 1f, 1 }, 2), Throws.ArgumentException.With.Message.Contains("4 elements, found 5"));
    }

    [Test]
    public void StandardiseCentresAndScales()
    {
        var result = new float[3];
        LatentMath.Standardise(new[] { 3f, -1, 5 }, new[] { 1f, -1, 5 }, new[] { 2f, 4, 0 }, result);
        Assert.That(result, Is.EqualTo(new[] { 1f, 0, 0 }));
    }

    [Test]
    public void ResultsMayReplaceInputs()
    {
        (float[] a, float[] b) = Pair(13);
        float[] expected = Slerp(a, b, 0.4f);
        LatentMath.Slerp(a, b, 0.4f, b);
        Assert.That(b, Is.EqualTo(expected));
    }

    [Test]
    public void LengthsMustAgree() =>
        Assert.That(() => LatentMath.Lerp(new float[3], new float[4], 0, new float[3]), Throws.ArgumentException);

    private static (float[] A, float[] B) Pair(int size)
    {
        var a = new float[size];
        var b = new float[size];
        Philox.FillNormals(1, 0, 0, a);
        Philox.FillNormals(1, 0, 1, b);
        return (a, b);
    }

    private static double Norm(float[] z) => Math.Sqrt(z.Sum(x => (double)x * x));

    private static float[] Lerp(float[] a, float[] b, float t)
    {
        var result = new float[a.Length];
        LatentMath.Lerp(a, b, t, result);
        return result;
    }

    private static float[] Slerp(float[] a, float[] b, float t)
    {
        var result = new float[a.Length];
        LatentMath.Slerp(a, b, t, result);
        return result;
    }

    private static float[] Blend(float[] latents, float[] weights, int size)
    {
        var result = new float[size];
        LatentMath.Blend(latents, weights, result);
        return result;
    }
}
