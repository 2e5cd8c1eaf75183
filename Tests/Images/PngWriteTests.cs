using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Images;

public class PngWriteTests
{
    private static PixelImage Make(int width, int height, Func<int, int, Rgba8> pixel)
    {
        var image = new PixelImage(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                image[x, y] = pixel(x, y);
        }
        return image;
    }

    private static PixelImage[] Images()
    {
        var random = new Random(3);
        byte Any() => (byte)random.Next(256);
        return
        [
            Make(1, 1, (_, _) => new Rgba8(1, 2, 3, 0)),
            Make(13, 7, (_, _) => new Rgba8(Any(), Any(), Any(), Any())),
            Make(127, 65, (x, y) => new Rgba8((byte)(x + y), (byte)(2 * x), (byte)(255 - y), (byte)(x * y))),
            Make(64, 64, (x, y) => (x / 8 + y / 8) % 2 == 0 ? new Rgba8(200, 0, 90, 255) : default),
        ];
    }

    [Test]
    public void WhatIsWrittenIsReadBack()
    {
        foreach (var image in Images())
            Assert.That(Png.Default.Decode(Png.Default.Encode(image), "x.png").Rgba, Is.EqualTo(image.Rgba));
    }

    // Where libstb is not installed there is no such decoder, and so no case.
    private static IEnumerable<StbDecoder> OtherDecoders() => StbDecoder.IsAvailable ? [new StbDecoder()] : [];

    [TestCaseSource(nameof(OtherDecoders))]
    public void AnotherDecoderReadsTheSame(StbDecoder other)
    {
        foreach (var image in Images())
            Assert.That(other.Decode(Png.Default.Encode(image), "x.png").Rgba, Is.EqualTo(image.Rgba));
    }

    [Test]
    public void EqualPixelsGiveEqualBytes()
    {
        foreach (var (first, second) in Images().Zip(Images()))
            Assert.That(Png.Default.Encode(first), Is.EqualTo(Png.Default.Encode(second)));
    }

    [Test]
    public void CompressesFlatAndSmoothImages()
    {
        Assert.That(Png.Default.Encode(Images()[3]), Has.Length.LessThan(300), "a checkerboard of 16,384 bytes");
        Assert.That(Png.Default.Encode(Make(256, 256, (x, y) => new Rgba8((byte)x, (byte)y, (byte)(x + y), 255))),
            Has.Length.LessThan(4000), "a gradient of 262,144 bytes");
    }

    [Test]
    public void SavesAndLoadsAFile()
    {
        string path = Path.GetTempFileName();
        try
        {
            Png.Save(path, Images()[1]);
            Assert.That(Png.Load(path).Rgba, Is.EqualTo(Images()[1].Rgba));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
