using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Tests.Making;

public class BlendingTests
{
    private static readonly float[] A = [1, 0], B = [0, 3], C = [-1, 2], D = [4, 4];

    [TestCase(BlendMode.Lerp)]
    [TestCase(BlendMode.Slerp)]
    public void AStripGoesFromOneEndToTheOther(BlendMode mode)
    {
        float[] strip = Blending.Strip(A, B, 5, mode);
        Assert.That(strip, Has.Length.EqualTo(10));
        Assert.That(strip[..2], Is.EqualTo(A).Within(1e-6));
        Assert.That(strip[8..], Is.EqualTo(B).Within(1e-6));
    }

    [Test]
    public void LerpIsStraight() => Assert.That(Blending.Strip(A, B, 3, BlendMode.Lerp)[2..4], Is.EqualTo(new[] { 0.5f, 1.5f }));

    [Test]
    public void SlerpKeepsToTheCircle()
    {
        float[] middle = Blending.Strip(A, B, 3, BlendMode.Slerp)[2..4];
        Assert.That(middle, Is.EqualTo(new[] { Math.Sqrt(2), Math.Sqrt(2) }).Within(1e-6), "norm 2, between 1 and 3, at 45°");
    }

    [Test]
    public void ASquareIsBilinear()
    {
        const int steps = 4;
        float[] square = Blending.Square(A, B, C, D, steps, BlendMode.Lerp);
        Assert.That(square, Has.Length.EqualTo(steps * steps * 2));
        for (int row = 0; row < steps; row++)
        {
            for (int column = 0; column < steps; column++)
            {
                double u = column / 3.0, v = row / 3.0;
                for (int j = 0; j < 2; j++)
                {
                    double expected = ((1 - u) * (1 - v) * A[j]) + (u * (1 - v) * B[j]) + ((1 - u) * v * C[j]) + (u * v * D[j]);
                    Assert.That(square[(((row * steps) + column) * 2) + j], Is.EqualTo(expected).Within(1e-6), $"row {row}, column {column}");
                }
            }
        }
    }

    [Test]
    public void ASphericalSquareHasTheSameCorners()
    {
        float[] square = Blending.Square(A, B, C, D, 3, BlendMode.Slerp);
        Assert.That(new[] { square[..2], square[4..6], square[12..14], square[16..] }, Is.EqualTo(new[] { A, B, C, D }).Within(1e-5));
    }

    [Test]
    public void OneStepIsNoBlend() =>
        Assert.That(() => Blending.Strip(A, B, 1, BlendMode.Lerp), Throws.ArgumentException.With.Message.Contains("at least 2"));

    [Test]
    public void PairsAreNearDistinctAndReproducible()
    {
        AssetLatent[] assets = Enumerable.Range(0, 9).Select(i => new AssetLatent($"{i}", "", [i])).ToArray();
        var pairs = Blending.PickPairs(assets, 10, 3);
        Assert.That(pairs, Has.Count.EqualTo(4), "nine assets make four pairs");
        Assert.That(pairs.SelectMany(p => new[] { p.From.Name, p.To.Name }), Is.Unique);
        Assert.That(Blending.PickPairs(assets, 10, 3), Is.EqualTo(pairs));
        Assert.That(Blending.PickPairs(assets, 10, 4), Is.Not.EqualTo(pairs));
        Assert.That(Math.Abs(pairs[0].From.Mean[0] - pairs[0].To.Mean[0]), Is.EqualTo(1), "all others are candidates: the nearest is 1 away");
    }

    [Test]
    public void OneAssetMakesNoPair() => Assert.That(Blending.PickPairs([new AssetLatent("a", "", [0])], 3, 0), Is.Empty);
}
