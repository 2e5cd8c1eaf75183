using System;
using System.Linq;
using System.Numerics;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Latents;

[TestFixture]
public sealed class PhiloxTests
{
    /// <summary>The known answers that Salmon et al. publish with their Random123 library (philox4x32, 10 rounds).</summary>
    [TestCase(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [TestCase(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu,
        0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [TestCase(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u,
        0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void KnownAnswers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x, uint y, uint z, uint w) =>
        Assert.That(Philox.Draw(((ulong)k1 << 32) | k0, c0, c1, c2, c3), Is.EqualTo((x, y, z, w)));

    [Test]
    public void UniformsLieAboveZeroAndUpToOne()
    {
        Assert.That(Philox.Uniform(0), Is.EqualTo(MathF.Pow(2, -25)));
        Assert.That(Philox.Uniform(0x80000000), Is.EqualTo(0.5f).Within(MathF.Pow(2, -24)));
        Assert.That(Philox.Uniform(uint.MaxValue), Is.EqualTo(1f));
    }

    [Test]
    public void NormalsAreThoseOfBoxAndMuller()
    {
        for (uint index = 0; index < 1000; index++)
        {
            (uint a, uint b, uint c, uint d) = Philox.Draw(99, index, 7, 3, 0);
            Vector4 expected = new(Pair(a, b).X, Pair(a, b).Y, Pair(c, d).X, Pair(c, d).Y);
            Vector4 actual = Philox.Normal4(99, 3, 7, index);
            // Both round a result accurate to about 1e-15 once, to single precision.
            Assert.That((expected - actual).Length(), Is.LessThan(1e-6f), $"index {index}");
        }

        static Vector2 Pair(uint a, uint b)
        {
            double radius = Math.Sqrt(-2 * Math.Log(Philox.Uniform(a)));
            double angle = 2 * Math.PI * Philox.Uniform(b);
            return new Vector2((float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)));
        }
    }

    [Test]
    public void FillNormalsStringsDrawsTogether()
    {
        var values = new float[7];
        Philox.FillNormals(5, 2, 1, values);
        Vector4 first = Philox.Normal4(5, 2, 1, 0);
        Vector4 second = Philox.Normal4(5, 2, 1, 1);
        Assert.That(values, Is.EqualTo(new[] { first.X, first.Y, first.Z, first.W, second.X, second.Y, second.Z }));
    }

    /// <summary>Moments and tails of 400,000 normals lie within 5 standard errors of those of N(0, 1).</summary>
    [Test]
    public void NormalsHaveTheRightDistribution()
    {
        var values = new float[400_000];
        Philox.FillNormals(2024, 0, 0, values);
        double n = values.Length;
        Assert.That(values.Average(x => (double)x), Is.EqualTo(0).Within(5 / Math.Sqrt(n)), "mean");
        Assert.That(values.Average(x => Math.Pow(x, 2)), Is.EqualTo(1).Within(5 * Math.Sqrt(2 / n)), "variance");
        Assert.That(values.Average(x => Math.Pow(x, 3)), Is.EqualTo(0).Within(5 * Math.Sqrt(15 / n)), "third moment");
        Assert.That(values.Average(x => Math.Pow(x, 4)), Is.EqualTo(3).Within(5 * Math.Sqrt(96 / n)), "fourth moment");
        foreach ((double bound, double share) in new[] { (1.0, 0.682689492), (2.0, 0.954499736), (3.0, 0.997300204) })
        {
            double within = values.Count(x => Math.Abs(x) < bound) / n;
            Assert.That(within, Is.EqualTo(share).Within(5 * Math.Sqrt(share * (1 - share) / n)), $"share within {bound}");
        }
        for (int lag = 1; lag <= 4; lag++)
        {
            double correlation = Enumerable.Range(0, values.Length - lag).Average(i => (double)values[i] * values[i + lag]);
            Assert.That(correlation, Is.EqualTo(0).Within(5 / Math.Sqrt(n)), $"correlation at lag {lag}");
        }
    }

    [Test]
    public void SeedStepAndStreamAreIndependent()
    {
        (ulong Seed, uint Stream, uint Step)[] sequences = { (1, 0, 0), (2, 0, 0), (1UL << 32, 0, 0), (1, 1, 0), (1, 0, 1) };
        const int Count = 40_000;
        float[][] values = sequences.Select(at =>
        {
            var normals = new float[Count];
            Philox.FillNormals(at.Seed, at.Stream, at.Step, normals);
            return normals;
        }).ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double correlation = values[i].Zip(values[j], (x, y) => (double)x * y).Average();
                Assert.That(correlation, Is.EqualTo(0).Within(5 / Math.Sqrt(Count)), $"{sequences[i]} and {sequences[j]}");
            }
        }
    }
}
