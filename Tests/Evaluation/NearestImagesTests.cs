using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Evaluation;

public class NearestImagesTests
{
    // At most 1024 squares are summed in single precision: 1024 · 2⁻²⁴ relative, and half of it after the root.
    private const double Tolerance = 3.1e-5;

    private static ArtSet Noise(int width, int height, int count, int seed)
    {
        var random = new Random(seed);
        return new ArtSet(width, height, Enumerable.Range(0, count).Select(i =>
        {
            var rgba = new byte[4 * width * height];
            random.NextBytes(rgba);
            return new ArtImage($"{i}", "", rgba);
        }).ToArray());
    }

    private static double Reference(byte[] a, byte[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double Value(byte[] rgba) => rgba[i] / 255.0 * (i % 4 == 3 ? 1 : rgba[i | 3] / 255.0);
            sum += Math.Pow(Value(a) - Value(b), 2);
        }

        return Math.Sqrt(sum / a.Length);
    }

    [TestCase(1, 1)]
    [TestCase(3, 1)]
    [TestCase(3, 5)]
    [TestCase(16, 16)]
    public void FindsWhatAnExhaustiveSearchInDoublePrecisionFinds(int width, int height)
    {
        ArtSet set = Noise(width, height, 20, 1), others = Noise(width, height, 6, 2);
        PixelImage[] wanted = Enumerable.Range(0, 6).Select(others.Image).ToArray();
        Neighbour[] found = new NearestImages(set).Find(wanted);
        for (int i = 0; i < wanted.Length; i++)
        {
            double[] distances = set.Images.Select(image => Reference(image.Rgba, wanted[i].Rgba)).ToArray();
            Assert.That(found[i].Index, Is.EqualTo(Array.IndexOf(distances, distances.Min())));
            Assert.That(found[i].Distance, Is.EqualTo(distances.Min()).Within(Tolerance * distances.Min()));
            Assert.That(NearestImages.Distance(wanted[i], set.Image(0)), Is.EqualTo(distances[0]).Within(Tolerance * distances[0]));
        }
    }

    [Test]
    public void AnImageOfTheSetIsItsOwnNeighbour()
    {
        ArtSet set = Noise(5, 5, 9, 3);
        Neighbour[] found = new NearestImages(set).Find([set.Image(7), set.Image(2)]);
        Assert.That(found, Is.EqualTo(new[] { new Neighbour(7, 0), new Neighbour(2, 0) }));
    }

    [Test]
    public void InvisibleColourCountsForNothing() =>
        Assert.That(NearestImages.Distance(new PixelImage(1, 1, [9, 9, 9, 0]), new PixelImage(1, 1, [255, 0, 80, 0])), Is.Zero);

    [Test]
    public void BlackAndWhiteAreAsFarAsOpaquePixelsCanBe() => Assert.That(
        NearestImages.Distance(new PixelImage(1, 1, [0, 0, 0, 255]), new PixelImage(1, 1, [255, 255, 255, 255])),
        Is.EqualTo(Math.Sqrt(0.75)).Within(1e-7));

    [Test]
    public void AnotherSizeIsRefused() => Assert.That(
        () => new NearestImages(Noise(2, 2, 2, 4)).Find([new PixelImage(3, 2)]),
        Throws.ArgumentException.With.Message.Contains("4 pixels like the set's; found 6"));
}
