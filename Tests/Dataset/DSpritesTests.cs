using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Dataset;

public class DSpritesTests
{
    private static readonly DSpriteFactors[] Poses =
    [
        .. from shape in Enumerable.Range(0, 3)
           from scale in Enumerable.Range(0, 6)
           from orientation in Enumerable.Range(0, 40)
           select new DSpriteFactors(shape, scale, orientation, 15, 16),
    ];

    private static bool[] White(PixelImage image) =>
        Enumerable.Range(0, image.Width * image.Height).Select(i => image.Rgba[4 * i] == 255).ToArray();

    [Test]
    public void ImagesAreBlackAndWhiteAndOpaque()
    {
        foreach (DSpriteFactors pose in Poses.Where((_, i) => i % 7 == 0))
        {
            byte[] rgba = DSprites.Render(pose).Rgba;
            Assert.That(rgba.Chunk(4).Select(p => Convert.ToHexString(p)).Distinct(), Is.EquivalentTo(new[] { "000000FF", "FFFFFFFF" }));
        }
    }

    [Test]
    public void PosesDifferAsFarAsTheShapesSymmetriesAllow()
    {
        string[] images = Poses.Select(p => Convert.ToHexString(DSprites.Render(p).Rgba)).ToArray();
        Assert.That(images.Distinct().Count(), Is.EqualTo(6 * (10 + 20 + 40)));
        foreach ((DSpriteFactors pose, int i) in Poses.Select((p, i) => (p, i)))
        {
            int period = new[] { 10, 20, 40 }[pose.Shape];
            if (pose.Orientation >= period)
                Assert.That(images[i], Is.EqualTo(images[i - period]), $"{pose}");
        }
    }

    [Test]
    public void AStepOfXOrYMovesTheSpriteByOnePixel()
    {
        foreach (DSpriteFactors pose in Poses.Where((_, i) => i % 31 == 0))
        {
            bool[] first = White(DSprites.Render(pose with { X = 0, Y = 0 }));
            foreach ((int x, int y) in new[] { (1, 0), (0, 1), (31, 0), (17, 31), (31, 31) })
            {
                bool[] moved = White(DSprites.Render(pose with { X = x, Y = y }));
                int Count(bool[] image) => image.Count(w => w);
                Assert.That(Count(moved), Is.EqualTo(Count(first)), "nothing is cut off");
                Assert.That(Enumerable.Range(0, 64 * 64).All(i => !first[i] || moved[i + (64 * y) + x]));
            }
        }
    }

    [Test]
    public void SpritesKeepClearOfTheBorder()
    {
        foreach (DSpriteFactors pose in Poses.Where(p => p.Scale == 5))
        {
            foreach ((int x, int y) in new[] { (0, 0), (31, 31) })
            {
                bool[] white = White(DSprites.Render(pose with { X = x, Y = y }));
                int[] border = [.. Enumerable.Range(0, 64).SelectMany(i => new[] { i, (63 * 64) + i, 64 * i, (64 * i) + 63 })];
                Assert.That(border.Any(i => white[i]), Is.False);
            }
        }
    }

    // Exact areas in pixels at scale 1: 21², π · 15.5 · 9.06, and 3.66 (the heart's area, by quadrature) · 11².
    [TestCase(0, 441.0)]
    [TestCase(1, 441.17)]
    [TestCase(2, 442.9)]
    public void AreasAgreeAndGrowAsTheSquareOfTheScale(int shape, double area)
    {
        for (int scale = 0; scale < 6; scale++)
        {
            double expected = area * Math.Pow(0.5 + (0.1 * scale), 2);
            int AreaAt(int orientation) => White(DSprites.Render(new DSpriteFactors(shape, scale, orientation, 3, 9))).Count(w => w);
            double mean = Enumerable.Range(0, 40).Average(AreaAt);
            Assert.That(mean, Is.EqualTo(expected).Within(0.03 * expected), $"scale {scale}");
        }
    }

    [Test]
    public void AQuarterTurnClockwiseTurnsThePicture()
    {
        bool[] upright = White(DSprites.Render(new DSpriteFactors(2, 5, 0, 15, 15)));
        bool[] turned = White(DSprites.Render(new DSpriteFactors(2, 5, 10, 15, 15)));
        const int centre = 31;
        for (int y = -15; y <= 15; y++)
        {
            for (int x = -15; x <= 15; x++)
                Assert.That(turned[((centre + x) * 64) + centre - y], Is.EqualTo(upright[((centre + y) * 64) + centre + x]));
        }

        int Width(int row) => Enumerable.Range(0, 64).Count(x => upright[(row * 64) + x]);
        Assert.That(Width(centre - 6), Is.GreaterThan(2 * Width(centre + 12)), "an upright heart has its tip below");
    }

    [TestCase(16)]
    [TestCase(32)]
    [TestCase(127)]
    public void OtherSizesAreDrawnNotScaled(int size)
    {
        foreach (DSpriteFactors pose in Poses.Where((_, i) => i % 41 == 0))
        {
            PixelImage image = DSprites.Render(pose, size);
            Assert.That((image.Width, image.Height), Is.EqualTo((size, size)));
            double area = White(DSprites.Render(pose)).Count(w => w) * Math.Pow(size / 64.0, 2);
            Assert.That(White(image).Count(w => w), Is.EqualTo(area).Within(Math.Max(4, 0.2 * area)), $"{pose}");
        }
    }

    [Test]
    public void AnIndexIsItsFactors()
    {
        Assert.That(DSprites.FactorSizes.Aggregate((a, b) => a * b), Is.EqualTo(DSprites.Count));
        Assert.That(DSprites.Factors(0), Is.EqualTo(new DSpriteFactors(0, 0, 0, 0, 0)));
        Assert.That(DSprites.Factors(33), Is.EqualTo(new DSpriteFactors(0, 0, 0, 1, 1)));
        Assert.That(DSprites.Factors(DSprites.Count - 1), Is.EqualTo(new DSpriteFactors(2, 5, 39, 31, 31)));
        foreach (int index in new[] { 1, 1023, 1024, 40_960, 245_759, 500_123 })
        {
            DSpriteFactors f = DSprites.Factors(index);
            Assert.That((((((((f.Shape * 6) + f.Scale) * 40) + f.Orientation) * 32) + f.X) * 32) + f.Y, Is.EqualTo(index));
        }
    }

    [Test]
    public void ASubsetHasDifferentImagesAndBeginsWithSmallerOnes()
    {
        int[] subset = DSprites.Subset(5000, 3);
        Assert.That(subset.Distinct().Count(), Is.EqualTo(5000));
        Assert.That(DSprites.Subset(100, 3), Is.EqualTo(subset[..100]));
        Assert.That(DSprites.Subset(100, 4), Is.Not.EqualTo(subset[..100]));
        int[] perShape = subset.GroupBy(i => DSprites.Factors(i).Shape).Select(g => g.Count()).ToArray();
        Assert.That(perShape, Has.All.InRange(1500, 1835), "a third each, within five deviations of 33");
    }

    [Test]
    public void ASetNamesTheFactorsOfEachImage()
    {
        ArtSet set = DSprites.Generate(40, 32, 1);
        Assert.That(set.Labels, Is.EqualTo(new[] { "ellipse", "heart", "square" }));
        Assert.That(DSprites.Generate(40, 32, 1).ContentHash, Is.EqualTo(set.ContentHash));
        foreach ((ArtImage image, int index) in set.Images.Zip(DSprites.Subset(40, 1)))
        {
            DSpriteFactors f = DSprites.Factors(index);
            string shape = new[] { "square", "ellipse", "heart" }[f.Shape];
            Assert.That(image.Label, Is.EqualTo(shape));
            Assert.That(image.Name, Is.EqualTo($"{shape}/s{f.Scale}-o{f.Orientation:D2}-x{f.X:D2}-y{f.Y:D2}"));
            Assert.That(image.Rgba, Is.EqualTo(DSprites.Render(f, 32).Rgba));
        }
    }

    [Test]
    public void OutOfRangeIsRefused()
    {
        Assert.That(() => DSprites.Factors(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => DSprites.Factors(DSprites.Count), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => DSprites.Render(default, 15), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => DSprites.Render(default(DSpriteFactors) with { Scale = 6 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => DSprites.Generate(0, 64, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => DSprites.Generate(737_281, 64, 0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("1 to 737280"));
    }
}
