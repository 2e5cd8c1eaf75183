using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Decode;

public class PaletteTests
{
    [Test]
    public void ReadsTextAndWritesIt()
    {
        Palette palette = Palette.Parse("#ff8000, 00FF10;\n#010203\r\n#ff8000");
        Assert.That(palette.Colors, Is.EqualTo(new Rgba8[] { new(255, 128, 0, 255), new(0, 255, 16, 255), new(1, 2, 3, 255) }));
        Assert.That(palette.ToString(), Is.EqualTo("#ff8000 #00ff10 #010203"));
        Assert.That(Palette.Parse(palette.ToString()), Is.EqualTo(palette));
    }

    [Test]
    public void EqualColoursInEqualOrderAreEqual()
    {
        Palette one = Palette.Parse("000000 ffffff"), turned = Palette.Parse("ffffff 000000");
        Palette same = Palette.FromColors([new(0, 0, 0, 255), new(255, 255, 255, 255)]);
        Assert.That(one, Is.EqualTo(same));
        Assert.That(one.GetHashCode(), Is.EqualTo(same.GetHashCode()));
        Assert.That(one, Is.Not.EqualTo(turned));
    }

    [Test]
    public void AnImageGivesTheColoursThatShow()
    {
        var image = new PixelImage(2, 2);
        image[0, 0] = new Rgba8(9, 8, 7, 255);
        image[1, 0] = new Rgba8(1, 1, 1, 0);
        image[0, 1] = new Rgba8(4, 5, 6, 1);
        image[1, 1] = new Rgba8(9, 8, 7, 100);
        Assert.That(Palette.FromImage(image).Colors, Is.EqualTo(new Rgba8[] { new(9, 8, 7, 255), new(4, 5, 6, 255) }));
    }

    /// <summary>Values of the post that defines Oklab: white is (1, 0, 0); red, green and blue as CSS Color 4 rounds them.</summary>
    [TestCase("#ffffff", 1, 0, 0)]
    [TestCase("#000000", 0, 0, 0)]
    [TestCase("#ff0000", 0.6280, 0.2249, 0.1258)]
    [TestCase("#00ff00", 0.8664, -0.2339, 0.1795)]
    [TestCase("#0000ff", 0.4520, -0.0325, -0.3115)]
    public void TheTableHoldsOklab(string colour, double l, double a, double b)
    {
        float[] row = Palette.Parse(colour + " #123456").Table[..4].ToArray();
        Assert.That(row[0], Is.EqualTo(l).Within(1e-4));
        Assert.That(row[1], Is.EqualTo(a).Within(1e-4));
        Assert.That(row[2], Is.EqualTo(b).Within(1e-4));
        Assert.That((int)row[3], Is.EqualTo(RgbOf(colour)));
    }

    [Test]
    public void TheSpreadIsTheMeanDistanceToTheNearestColour()
    {
        // Greys of lightness 0, 1/2 and 1 nearly: #636363 has L = 0.4990.
        ReadOnlySpan<float> table = Palette.Parse("#000000 #636363 #ffffff").Table;
        Assert.That(table[^4..].ToArray(), Is.EqualTo(new[] { (2 * table[4] + (1 - table[4])) / 3, 0f, 0f, 0f }).Within(1e-6f));
    }

    [Test]
    public void BadPalettesAreRefused()
    {
        Assert.That(() => Palette.Parse("#ff80"), Throws.ArgumentException.With.Message.Contains("#ff80"));
        Assert.That(() => Palette.Parse("#gg0000 #000000"), Throws.ArgumentException.With.Message.Contains("hexadecimal"));
        Assert.That(() => Palette.Parse("#"), Throws.ArgumentException);
        Assert.That(() => Palette.Parse("#000000 #000000"), Throws.ArgumentException.With.Message.Contains("found 1"));
        Assert.That(
            () => Palette.FromColors([new(1, 2, 3, 4), new(0, 0, 0, 255)]), Throws.ArgumentException.With.Message.Contains("alpha 4"));
        Assert.That(() => Palette.FromImage(new PixelImage(3, 3)), Throws.ArgumentException.With.Message.Contains("found 0"));
        Assert.That(() => Palette.FromColors(Enumerable.Range(0, 257).Select(i => new Rgba8((byte)i, (byte)(i >> 8), 0, 255))),
            Throws.ArgumentException.With.Message.Contains("found more"));
    }

    private static int RgbOf(string colour)
    {
        Rgba8 c = Palette.Parse(colour + " #123456").Colors[0];
        return c.R + (256 * c.G) + (65536 * c.B);
    }
}
