using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;

namespace VaeProcgen.Tests.Dataset;

public class ArtSetTests
{
    private static ArtSet Make(int count) =>
        new(1, 1, Enumerable.Range(0, count).Select(i => new ArtImage($"sprite {i}", "", BitConverter.GetBytes(i))).ToArray());

    private static string[] Names(ArtSet set) => set.Images.Select(i => i.Name).ToArray();

    [TestCase(2, 0.5, 1, 1)]
    [TestCase(2, 0.001, 1, 1)]
    [TestCase(3, 0.99, 1, 1)]
    [TestCase(101, 0.99, 50, 50)]
    [TestCase(10_000, 0.1, 900, 1100)]
    public void HoldsOutBetweenOneAndHalf(int count, double fraction, int least, int most)
    {
        var (train, heldOut) = Make(count).Split(fraction, 7);
        Assert.That(heldOut.Images, Has.Count.InRange(least, most));
        Assert.That(Names(train).Concat(Names(heldOut)), Is.EquivalentTo(Names(Make(count))));
    }

    [Test]
    public void TheSameSeedDividesAlikeAndAnotherDoesNot()
    {
        string[] first = Names(Make(200).Split(0.2, 1).HeldOut);
        Assert.That(Names(Make(200).Split(0.2, 1).HeldOut), Is.EqualTo(first));
        Assert.That(Names(Make(200).Split(0.2, 2).HeldOut), Is.Not.EqualTo(first));
    }

    [Test]
    public void AddingImagesMovesNoOther()
    {
        var before = Names(Make(300).Split(0.15, 3).HeldOut);
        var after = Names(Make(500).Split(0.15, 3).HeldOut);
        Assert.That(after.Where(n => int.Parse(n[7..]) < 300), Is.EqualTo(before));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(-0.1)]
    [TestCase(double.NaN)]
    public void FractionsOutOfRangeAreRefused(double fraction) =>
        Assert.That(() => Make(5).Split(fraction, 1), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void OneImageCannotBeDivided() => Assert.That(() => Make(1).Split(0.5, 1), Throws.InvalidOperationException);

    [Test]
    public void TheHashKnowsNamesLabelsPixelsAndOrder()
    {
        var images = Make(3).Images;
        IReadOnlyList<ArtImage>[] variants =
        [
            images,
            [images[0] with { Name = "other" }, images[1], images[2]],
            [images[0] with { Label = "other" }, images[1], images[2]],
            [images[0] with { Rgba = [9, 9, 9, 9] }, images[1], images[2]],
            [images[1], images[0], images[2]],
            [images[0], images[1]],
        ];
        string[] hashes = variants.Select(v => new ArtSet(1, 1, v).ContentHash).ToArray();
        Assert.That(hashes, Is.Unique);
        Assert.That(hashes, Is.All.Match("^[0-9a-f]{64}$"));
        Assert.That(new ArtSet(1, 1, images).ContentHash, Is.EqualTo(hashes[0]));
    }

    [Test]
    public void PacksInOrder() => Assert.That(Make(4).Pack(1, 2), Is.EqualTo(new byte[] { 1, 0, 0, 0, 2, 0, 0, 0 }));

    [Test]
    public void RefusesImagesThatDoNotBelongTogether()
    {
        var image = new ArtImage("a", "", new byte[4]);
        Assert.That(() => new ArtSet(1, 1, [image, image]), Throws.ArgumentException.With.Message.Contains("a: two images"));
        Assert.That(() => new ArtSet(1, 1, [image, new ArtImage("b", "", new byte[8])]),
            Throws.ArgumentException.With.Message.Contains("b: expected 4"));
        Assert.That(() => new ArtSet(1, 1, []), Throws.ArgumentException);
    }
}
