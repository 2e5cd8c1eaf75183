using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;

namespace VaeProcgen.Tests.Dataset;

public class ProceduralArtTests
{
    [Test]
    public void TheSameSeedDrawsTheSame()
    {
        var set = ProceduralArt.Generate(30, 24, 5);
        Assert.That(ProceduralArt.Generate(30, 24, 5).ContentHash, Is.EqualTo(set.ContentHash));
        Assert.That(ProceduralArt.Generate(30, 24, 6).ContentHash, Is.Not.EqualTo(set.ContentHash));
    }

    [Test]
    public void ALargerSetBeginsWithTheSmaller()
    {
        var small = ProceduralArt.Generate(12, 16, 5);
        var large = ProceduralArt.Generate(40, 16, 5);
        Assert.That(large.Images.Take(12).Select(i => Convert.ToHexString(i.Rgba)),
            Is.EqualTo(small.Images.Select(i => Convert.ToHexString(i.Rgba))));
    }

    [TestCase(12)]
    [TestCase(16)]
    [TestCase(33)]
    [TestCase(128)]
    public void SpritesArePixelArtOnATransparentBackground(int size)
    {
        var set = ProceduralArt.Generate(120, size, 1);
        Assert.That(set.Labels, Is.EqualTo(new[] { "creature", "gem", "mushroom", "potion", "shield", "sword" }));
        foreach (var image in set.Images)
        {
            var pixels = Enumerable.Range(0, size * size).Select(i => BitConverter.ToUInt32(image.Rgba, 4 * i)).ToArray();
            Assert.That(pixels.Select(p => p >> 24).Distinct(), Is.EquivalentTo(new[] { 0u, 255u }), $"{image.Name}: alpha is 0 or 255");
            Assert.That(pixels.Distinct().Count(), Is.InRange(4, 40), $"{image.Name}: colours");
            Assert.That(pixels.Count(p => p >> 24 == 255) / (double)pixels.Length, Is.InRange(0.08, 0.9), $"{image.Name}: coverage");
        }
    }

    [Test]
    public void SpritesDiffer() =>
        Assert.That(ProceduralArt.Generate(600, 32, 1).Images.Select(i => Convert.ToHexString(i.Rgba)).Distinct().Count(), Is.EqualTo(600));

    [Test]
    public void OutOfRangeIsRefused()
    {
        Assert.That(() => ProceduralArt.Generate(0, 32, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => ProceduralArt.Generate(1, 11, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => ProceduralArt.Generate(1, 1025, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
