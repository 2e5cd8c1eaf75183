using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;
using static VaeProcgen.Tests.Support.Reference.GatherAugmentReference;

namespace VaeProcgen.Tests.References;

public sealed class GatherAugmentReferenceTests
{
    public static IEnumerable<TestCaseData> NamedPictures()
    {
        // The picture  a b c / d e f / g h i.
        yield return Case("identity", new(), "abc def ghi");
        yield return Case("flip", new(FlipX: true), "cba fed ihg");
        yield return Case("one clockwise turn", new(Turns: 1), "gda heb ifc");
        yield return Case("two turns", new(Turns: 2), "ihg fed cba");
        yield return Case("three turns", new(Turns: 3), "cfi beh adg");
        yield return Case("vertical flip", new(FlipX: true, Turns: 2), "ghi def abc");
        yield return Case("right by one", new(ShiftX: 1), "cab fde igh");
        yield return Case("up by one, around", new(ShiftY: -4), "def ghi abc");
        yield return Case("flipped, then turned", new(FlipX: true, Turns: 1), "ifc heb gda");
        yield return Case("flipped, then turned, then moved down", new(FlipX: true, Turns: 1, ShiftY: 1), "gda ifc heb");

        static TestCaseData Case(string name, Augmentation augmentation, string expected) =>
            new TestCaseData(augmentation, expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(NamedPictures))]
    public void MovesThePictureAsDocumented(Augmentation augmentation, string expected)
    {
        const string picture = "abcdefghi";
        var moved = new char[9];
        for (int i = 0; i < 9; i++)
        {
            (int y, int x) = Source(augmentation, 3, 3, i / 3, i % 3);
            moved[i] = picture[y * 3 + x];
        }

        Assert.That(new string(moved), Is.EqualTo(expected.Replace(" ", "", StringComparison.Ordinal)));
    }

    [Test]
    public void EveryAugmentationIsAPermutation()
    {
        foreach (bool flip in new[] { false, true })
        {
            for (int turns = 0; turns < 4; turns++)
            {
                var augmentation = new Augmentation(flip, turns, ShiftX: -9, ShiftY: 3);
                var sources = Enumerable.Range(0, 25).Select(i => Source(augmentation, 5, 5, i / 5, i % 5));
                Assert.That(sources.Distinct().Count(), Is.EqualTo(25), augmentation.ToString());
            }
        }
    }

    [Test]
    public void OddTurnsOfANonSquarePictureAreRefused() => Assert.That(
        () => Source(new(Turns: 1), 3, 5, 0, 0), Throws.ArgumentException.With.Message.Contains("non-square 3x5"));

    [Test]
    public void GathersByIndexAndPremultiplies()
    {
        byte[] images = [1, 2, 3, 4, 5, 6, 7, 8, 255, 51, 0, 255, 255, 51, 0, 51];
        double[] batch = GatherAugmentReference.Forward(images, 1, 2, [1, 1], [new(), new(FlipX: true)]);
        double[] opaque = [1, 0.2, 0, 1];
        double[] faint = [0.2, 0.04, 0, 0.2];
        Assert.That(batch, Is.EqualTo(opaque.Concat(faint).Concat(faint).Concat(opaque)).Within(1e-15));
    }

    [Test]
    public void Float32StaysWithinTheBounds()
    {
        byte[] images = TestData.Bytes(3 * 7 * 5 * 4, 1);
        double[] expected = GatherAugmentReference.Forward(images, 7, 5, [2], [new()]);
        float[] actual = Enumerable.Range(0, expected.Length)
            .Select(i => (pixel: 2 * 140 + i / 4 * 4, channel: i % 4))
            .Select(p => images[p.pixel + p.channel] * (1 / 255f) * (p.channel == 3 ? 1 : images[p.pixel + 3] * (1 / 255f)))
            .ToArray();
        Compare.Within(actual, expected, ForwardBound(expected), "batch", new Dims(1, 7, 5, 4).Locate);
    }
}
