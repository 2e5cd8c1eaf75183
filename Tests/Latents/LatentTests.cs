using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Latents;

[TestFixture]
public sealed class LatentTests
{
    private static readonly Latent A = new([1f, -2f, 0.5f, 3f]);
    private static readonly Latent B = new([0f, 4f, 0.25f, -1f]);

    [Test]
    public void ItIsACopyThatStaysAsItIs()
    {
        float[] values = [1, 2, 3];
        var latent = new Latent(values, 2);
        values[0] = 9;
        Assert.That(latent.Values.ToArray(), Is.EqualTo(new[] { 1f, 2, 3 }));
        Assert.That((latent.Label, latent.Size, latent.IsEmpty), Is.EqualTo((2, 3, false)));
        Assert.That(latent.ToString(), Is.EqualTo($"Latent (3 values, label 2, {latent.ContentHash:x16})"));
        Assert.That(A.Label, Is.EqualTo(-1));
    }

    [Test]
    public void TheDefaultValueIsEmpty()
    {
        Latent empty = default;
        Assert.That((empty.Label, empty.Size, empty.IsEmpty, empty.ContentHash), Is.EqualTo((-1, 0, true, 0ul)));
        Assert.That(empty.Values.IsEmpty && empty == default && empty != A);
        Assert.That(empty.ToString(), Is.EqualTo("Latent (empty)"));
        Assert.That(() => empty.WithLabel(1), Throws.ArgumentException.With.Message.Contains("empty"));
        Assert.That(() => empty.Move([], 1), Throws.ArgumentException.With.Message.Contains("empty"));
        Assert.That(() => empty.ToJson(), Throws.ArgumentException.With.Message.Contains("empty"));
        Assert.That(() => empty.ToBase64(), Throws.ArgumentException.With.Message.Contains("empty"));
        Assert.That(() => Latent.Lerp(A, empty, 0.5f), Throws.ArgumentException.With.Message.Contains("found 4 and 0 values"));
        Assert.That(() => Latent.Blend([empty], [1]), Throws.ArgumentException.With.Message.Contains("none that is empty"));
    }

    [TestCase(new float[0], -1, "at least one value")]
    [TestCase(new[] { 1, float.NaN }, -1, "NaN at 1 of 2")]
    [TestCase(new[] { float.NegativeInfinity, 1 }, -1, "infinity at 0 of 2")]
    [TestCase(new[] { 1f }, -2, "found -2")]
    public void WhatCannotBeDecodedIsRefused(float[] values, int label, string said) =>
        Assert.That(() => new Latent(values, label), Throws.ArgumentException.With.Message.Contains(said));

    [Test]
    public void EqualityIsThatOfBitsAndLabel()
    {
        var same = new Latent(A.Values);
        Assert.That(same == A && same.Equals((object)A) && same.GetHashCode() == A.GetHashCode() && same.ContentHash == A.ContentHash);
        Assert.That(A.WithLabel(-1), Is.EqualTo(A));
        Assert.That(A.WithLabel(3).WithLabel(-1), Is.EqualTo(A));
        Latent[] others =
        [
            A.WithLabel(0), A.WithLabel(1), new([1f, -2f, 0.5f]), new([1f, -2f, 0.5f, 3f, 0f]), new([-2f, 1f, 0.5f, 3f]),
            new([1f, -2f, 0.5f, MathF.BitIncrement(3f)]), B,
        ];
        Assert.That(others, Has.None.EqualTo(A));
        Assert.That(new Latent([0f]), Is.Not.EqualTo(new Latent([-0f])));
        Assert.That(A.Equals("latent"), Is.False);
    }

    /// <summary>Stored in save games and caches: it must not change.</summary>
    [Test]
    public void TheContentHashIsTheSameOnEveryMachine()
    {
        Assert.That(A.ContentHash, Is.EqualTo(0x3e68531a7a3d2558));
        Assert.That(A.ToBase64(), Is.EqualTo("Af////9YJT16AACAPwAAAMAAAAA/AABAQA=="));
    }

    [Test]
    public void ContentHashesOfNeighboursDoNotCollide()
    {
        var hashes = new HashSet<ulong>();
        for (int i = 0; i < 4096; i++)
        {
            var values = new float[16];
            values[i % 16] = i / 16;
            for (int label = -1; label < 3; label++)
                hashes.Add(new Latent(values, label).ContentHash);
        }

        Assert.That(hashes, Has.Count.EqualTo((4096 - 15) * 4), "all zeroes come 16 times");
    }

    [Test]
    public void OperationsAreThoseOfLatentMath()
    {
        var expected = new float[4];
        LatentMath.Lerp(A.Values, B.Values, 0.3f, expected);
        Assert.That(Latent.Lerp(A, B, 0.3f), Is.EqualTo(new Latent(expected)));
        LatentMath.Slerp(A.Values, B.Values, 0.3f, expected);
        Assert.That(Latent.Slerp(A, B, 0.3f), Is.EqualTo(new Latent(expected)));
        LatentMath.Move(A.Values, B.Values, -1.5f, expected);
        Assert.That(A.Move(B.Values, -1.5f), Is.EqualTo(new Latent(expected)));
        LatentMath.Blend((float[])[.. A.Values, .. B.Values, .. A.Values], [1, 2, -0.5f], expected);
        Assert.That(Latent.Blend([A, B, A], [1, 2, -0.5f]), Is.EqualTo(new Latent(expected)));
        Assert.That(Latent.Lerp(A.WithLabel(5), B.WithLabel(5), 1), Is.EqualTo(B.WithLabel(5)), "the label stays");
        Assert.That(Latent.Blend([B.WithLabel(1)], [3]), Is.EqualTo(B.WithLabel(1)));
    }

    [Test]
    public void BlendsThatCannotBeAreRefused()
    {
        var three = new Latent([1f, 2, 3]);
        Assert.That(() => Latent.Lerp(A, three, 0), Throws.ArgumentException.With.Message.Contains("found 4 and 3 values"));
        Assert.That(
            () => Latent.Slerp(A.WithLabel(1), A.WithLabel(2), 0),
            Throws.ArgumentException.With.Message.Contains("1 and 2. Choose one").And.Message.Contains("WithLabel(1)"));
        Assert.That(() => Latent.Blend([], []), Throws.ArgumentException.With.Message.Contains("0 latents"));
        Assert.That(() => Latent.Blend([A, B], [1]), Throws.ArgumentException.With.Message.Contains("2 latents and 1 weights"));
        Assert.That(() => Latent.Blend([A, B], [1, -1]), Throws.ArgumentException.With.Message.Contains("other than 0; found 0"));
        Assert.That(() => Latent.Blend([A, B], [1, float.NaN]), Throws.ArgumentException.With.Message.Contains("other than 0; found NaN"));
        Assert.That(() => Latent.Blend([A, B], [1, 1], new float[3]), Throws.ArgumentException.With.Message.Contains("4"));
        Assert.That(() => Latent.Lerp(A, B, float.NaN), Throws.ArgumentException.With.Message.Contains("NaN"));
        Assert.That(() => A.Move([1, 2, 3], 1), Throws.ArgumentException.With.Message.Contains("found 3"));
        Assert.That(() => A.Move([float.MaxValue, 0, 0, 0], 10), Throws.ArgumentException.With.Message.Contains("infinity at 0"));
        Assert.That(() => Latent.CrossOver(A, B, 1, part: 3), Throws.ArgumentException.With.Message.Contains("divides its 4; found 3"));
    }

    /// <summary>The frame loop of a game blends thousands: into spans of its own.</summary>
    [Test]
    public void ABlendIntoASpanAllocatesNothing()
    {
        Latent[] latents = [A, B];
        float[] weights = [1, 3], result = new float[4];
        long Once()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Latent.Blend(latents, weights, result);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(Enumerable.Range(0, 50).Select(_ => Once()).Min(), Is.Zero);
    }

    [Test]
    public void ACrossingTakesEachPartFromOneParent()
    {
        float[] ones = Enumerable.Repeat(1f, 4096).ToArray();
        Latent mother = new(ones.Select(x => -x).ToArray()), father = new(ones);
        float[] child = Latent.CrossOver(mother, father, 7).Values.ToArray();
        Assert.That(child.Select(Math.Abs), Is.All.EqualTo(1f));
        // 2048 are expected of the father; the deviation is 32.
        Assert.That(child.Count(x => x > 0), Is.InRange(2048 - 160, 2048 + 160));
        Assert.That(Latent.CrossOver(mother, father, 7).Values.ToArray(), Is.EqualTo(child));
        Assert.That(Latent.CrossOver(mother, father, 8).Values.ToArray(), Is.Not.EqualTo(child));
        Assert.That(Latent.CrossOver(mother, mother, 9), Is.EqualTo(mother));
        float[] byFour = Latent.CrossOver(mother, father, 7, part: 4).Values.ToArray();
        for (int i = 0; i < byFour.Length; i++)
            Assert.That(byFour[i], Is.EqualTo(child[i / 4]));
    }
}
