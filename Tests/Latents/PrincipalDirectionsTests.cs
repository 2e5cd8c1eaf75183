using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Latents;

namespace VaeProcgen.Tests.Latents;

public class PrincipalDirectionsTests
{
    private static readonly double Half = Math.Sqrt(0.5);

    /// <summary>m ± 3 v_1 and m ± v_2 with v_1 = (1, 1, 0 …)/√2 and v_2 = (−1, 1, 0 …)/√2: variances 18/4 and 2/4.</summary>
    private static float[] Cross(int z) => new[] { (3.0, 0.0), (-3, 0), (0, 1), (0, -1) }.SelectMany(at =>
    {
        var point = new float[z];
        Array.Fill(point, 7);
        point[0] += (float)((at.Item1 - at.Item2) * Half);
        point[1] += (float)((at.Item1 + at.Item2) * Half);
        return point;
    }).ToArray();

    [TestCase(2, TestName = "By the covariance")]
    [TestCase(9, TestName = "By the dot products, as there are fewer latents than dimensions")]
    public void AKnownCovariance(int z)
    {
        PrincipalDirections found = PrincipalDirections.Compute(Cross(z), z, 2);
        Assert.That(found.Mean, Is.EqualTo(Enumerable.Repeat(7f, z)).Within(1e-6));
        Assert.That(found.Deviations, Is.EqualTo(new[] { Math.Sqrt(4.5), Math.Sqrt(0.5) }).Within(1e-6));
        Assert.That(found.Explained, Is.EqualTo(new[] { 0.9, 0.1 }).Within(1e-6));
        Assert.That(found.Vectors[0][..2], Is.EqualTo(new[] { Half, Half }).Within(1e-6));
        Assert.That(found.Vectors[1][..2].Select(Math.Abs), Is.EqualTo(new[] { Half, Half }).Within(1e-6));
        Assert.That(found.Vectors[1][0] * found.Vectors[1][1], Is.Negative);
        Assert.That(found.Vectors.SelectMany(v => v[2..]), Is.All.EqualTo(0).Within(1e-6));
        Assert.That(found.Scaled(0)[0], Is.EqualTo(1.5).Within(1e-6), "√4.5 / √2");
    }

    [Test]
    public void MoreDirectionsThanThereAreAreRefused()
    {
        Assert.That(() => PrincipalDirections.Compute(Cross(2), 2, 3),
            Throws.ArgumentException.With.Message.Contains("at most; asked for 3"));
        Assert.That(() => PrincipalDirections.Compute(new float[2], 2, 1), Throws.ArgumentException.With.Message.Contains("0 principal"));
        Assert.That(() => PrincipalDirections.Compute(Cross(9), 9, 3),
            Throws.ArgumentException.With.Message.Contains("in 2 directions only"));
        Assert.That(() => PrincipalDirections.Compute(new float[6], 2, 1),
            Throws.ArgumentException.With.Message.Contains("in 0 directions"));
    }

    [TestCase("principal-1", true)]
    [TestCase("principal-", false)]
    [TestCase("principal-x", false)]
    [TestCase("my principal-1", false)]
    public void Names(string name, bool isOne) => Assert.That(PrincipalDirections.IsName(name), Is.EqualTo(isOne));

    [Test]
    public void NamesCountFromOne() => Assert.That(PrincipalDirections.NameOf(0), Is.EqualTo("principal-1"));
}
