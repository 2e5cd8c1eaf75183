using System;
using NUnit.Framework;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Images;

public class PixelImageTests
{
    private static PixelImage Numbered(int width, int height)
    {
        var image = new PixelImage(width, height);
        for (int i = 0; i < width * height; i++)
            image[i % width, i / width] = new Rgba8((byte)i, 0, 0, 255);
        return image;
    }

    [Test]
    public void CropTakesTheRectangle()
    {
        var crop = Numbered(5, 4).Crop(2, 1, 3, 2);
        Assert.That((crop.Width, crop.Height, crop[0, 0].R, crop[2, 0].R, crop[2, 1].R), Is.EqualTo((3, 2, (byte)7, (byte)9, (byte)14)));
    }

    [TestCase(-1, 0, 1, 1)]
    [TestCase(0, 0, 6, 1)]
    [TestCase(4, 3, 1, 2)]
    [TestCase(0, 0, 0, 1)]
    [TestCase(int.MaxValue, 0, 1, 1)]
    public void CropOutsideIsRefused(int x, int y, int width, int height) =>
        Assert.That(() => Numbered(5, 4).Crop(x, y, width, height), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void PasteCutsOffWhatLiesOutside()
    {
        var image = new PixelImage(3, 3);
        image.Paste(Numbered(2, 2), 2, -1);
        image.Paste(Numbered(2, 2), 9, 9);
        image.Paste(Numbered(2, 2), -2, 0);
        Assert.That(image[2, 0], Is.EqualTo(new Rgba8(2, 0, 0, 255)));
        Assert.That(image[0, 0].A + image[1, 0].A + image[2, 1].A, Is.Zero);
    }

    [Test]
    public void SizesAndPixelsMustAgree()
    {
        Assert.That(() => new PixelImage(2, 2, new byte[15]), Throws.ArgumentException.With.Message.Contains("16"));
        Assert.That(() => new PixelImage(0, 2), Throws.ArgumentException);
        Assert.That(() => new PixelImage(-2, -2), Throws.ArgumentException);
        Assert.That(() => new PixelImage(100_000, 100_000), Throws.ArgumentException.With.Message.Contains("2 GiB"));
        Assert.That(() => Numbered(2, 2)[2, 0], Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
