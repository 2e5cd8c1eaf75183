using System;
using System.Linq;
using System.Text;
using NUnit.Framework;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Images;

/// <summary>Damaged, foreign and lying files are refused with what was expected and found, and cost little memory.</summary>
public class PngRefusalTests
{
    private static byte[] Rgba(uint width, uint height, byte[] idat) =>
        new PngBuilder().Chunk("IHDR", PngBuilder.Header(width, height, 8, 6)).Chunk("IDAT", idat).End();

    private static byte[] Good() => Rgba(2, 2, PngBuilder.Zlib([0, .. new byte[8], 0, .. new byte[8]]));

    private static void Refuses(byte[] file, params string[] parts)
    {
        var error = Assert.Throws<ImageFormatException>(() => Png.Default.Decode(file, "hero.png"))!;
        Assert.That(error.Message, Does.StartWith("hero.png: expected ").And.Contains("found"));
        foreach (string part in parts)
            Assert.That(error.Message, Does.Contain(part));
    }

    [Test]
    public void GoodIsGood() => Assert.That(Png.Default.Decode(Good(), "hero.png").Rgba, Is.EqualTo(new byte[16]));

    [Test]
    public void EmptyFile() => Refuses([], "0 bytes");

    [Test]
    public void TextFile() => Refuses(Encoding.UTF8.GetBytes("just a note about a sprite"), "signature", "6A 75 73 74");

    [Test]
    public void EveryTruncation()
    {
        byte[] good = Good();
        for (int length = 0; length < good.Length; length++)
            Refuses(good[..length]);
    }

    [Test]
    public void EveryFlippedBitIsNoticed()
    {
        byte[] good = Good();
        for (int bit = 0; bit < 8 * good.Length; bit++)
        {
            byte[] bad = (byte[])good.Clone();
            bad[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.That(() => Png.Default.Decode(bad, "hero.png"), Throws.TypeOf<ImageFormatException>(), $"bit {bit}");
        }
    }

    [Test]
    public void BadCrc()
    {
        byte[] file = Good();
        file[^1] ^= 1;
        Refuses(file, "CRC", "IEND");
    }

    [Test]
    public void BadAdler()
    {
        byte[] zlib = PngBuilder.Zlib([0, 1, 2, 3, 4]);
        zlib[^1] ^= 1;
        Refuses(Rgba(1, 1, zlib), "Adler-32");
    }

    [Test]
    public void TooFewPixels() => Refuses(Rgba(2, 2, PngBuilder.Zlib([0, 1, 2, 3, 4])), "18 bytes", "2×2", "found 5");

    [Test]
    public void TooManyPixels() => Refuses(Rgba(1, 1, PngBuilder.Zlib(new byte[6])), "5 bytes", "found more");

    [Test]
    public void CompressedDataCutShortInsideGoodChunks()
    {
        byte[] noise = new byte[5 * 400];
        new Random(1).NextBytes(noise);
        byte[] zlib = PngBuilder.Zlib(noise.Select((b, i) => i % 2000 == 0 ? (byte)0 : b).ToArray());
        Refuses(Rgba(1, 400, zlib[..(zlib.Length / 2)]));
    }

    [Test]
    public void NoZlibStream() => Refuses(Rgba(1, 1, [1, 2, 3, 4, 5, 6, 7]), "zlib", "01 02");

    [Test]
    public void NonsenseInsideZlib() => Refuses(Rgba(1, 1, [0x78, 0x9C, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]));

    [Test]
    public void NoImageData() => Refuses(new PngBuilder().Chunk("IHDR", PngBuilder.Header(1, 1, 8, 6)).End(), "IDAT");

    [Test]
    public void NoHeader() => Refuses(new PngBuilder().Chunk("IDAT", 1).End(), "IHDR");

    [Test]
    public void ShortHeader() => Refuses(new PngBuilder().Chunk("IHDR", 0, 0, 0, 1).End(), "13 bytes", "found 4");

    [TestCase(0u, 5u)]
    [TestCase(5u, 0u)]
    [TestCase(uint.MaxValue, 1u)]
    public void ImpossibleSides(uint width, uint height) => Refuses(Rgba(width, height, PngBuilder.Zlib([0])), $"{width}×{height}");

    [TestCase(5, 8)]
    [TestCase(2, 4)]
    [TestCase(3, 16)]
    [TestCase(0, 3)]
    public void UnknownColourType(int colour, int depth) =>
        Refuses(new PngBuilder().Chunk("IHDR", PngBuilder.Header(1, 1, depth, colour)).End(), $"type {colour} with {depth} bits");

    [TestCase(10)]
    [TestCase(11)]
    [TestCase(12)]
    public void UnknownMethod(int place)
    {
        byte[] header = PngBuilder.Header(1, 1, 8, 6);
        header[place] = 2;
        Refuses(new PngBuilder().Chunk("IHDR", header).End(), "compression 0");
    }

    [Test]
    public void UnknownCriticalChunk() =>
        Refuses(new PngBuilder().Chunk("IHDR", PngBuilder.Header(1, 1, 8, 6)).Chunk("ABCD").End(), "ABCD", "byte 33");

    [Test]
    public void ChunkTypeThatIsNoText() =>
        Refuses(new PngBuilder().Chunk("IHDR", PngBuilder.Header(1, 1, 8, 6)).Chunk("\u0001\u0002ab").End(), "4 letters");

    [Test]
    public void PartedImageData()
    {
        byte[] zlib = PngBuilder.Zlib([0, 1, 2, 3, 4]);
        Refuses(new PngBuilder().Chunk("IHDR", PngBuilder.Header(1, 1, 8, 6))
            .Chunk("IDAT", zlib[..4]).Chunk("tEXt").Chunk("IDAT", zlib[4..]).End(), "in a row");
    }

    [Test]
    public void RowFilterOutOfRange() => Refuses(Rgba(1, 1, PngBuilder.Zlib([5, 1, 2, 3, 4])), "filter", "found 5");

    private static byte[] Indexed(byte[] palette, byte[]? alphas, byte index)
    {
        var png = new PngBuilder().Chunk("IHDR", PngBuilder.Header(1, 1, 8, 3));
        if (palette.Length > 0)
            png.Chunk("PLTE", palette);
        if (alphas != null)
            png.Chunk("tRNS", alphas);
        return png.Chunk("IDAT", PngBuilder.Zlib([0, index])).End();
    }

    [Test]
    public void PaletteIndexOutOfRange() => Refuses(Indexed([1, 2, 3, 4, 5, 6], null, 2), "below 2", "found 2");

    [Test]
    public void NoPalette() => Refuses(Indexed([], null, 0), "PLTE");

    [Test]
    public void PaletteOfNoWholeColours() => Refuses(Indexed([1, 2, 3, 4], null, 0), "PLTE", "4 bytes");

    [Test]
    public void MoreAlphasThanColours() => Refuses(Indexed([1, 2, 3], [1, 2], 0), "tRNS");

    [Test]
    public void VastImageIsRefusedBeforeAnyAllocation()
    {
        CostsLittle(Rgba(60_000, 60_000, PngBuilder.Zlib(new byte[100])), "60000×60000");
        Assert.That(() => new Png(3).Decode(Good(), "hero.png"), Throws.TypeOf<ImageFormatException>());
    }

    [Test]
    public void SmallFileThatDeclaresALargeImageIsRefusedBeforeAnyAllocation() =>
        CostsLittle(Rgba(8000, 8000, PngBuilder.Zlib(new byte[100])), "8000×8000", "too short");

    [Test]
    public void ZlibBombIsBoundedByTheDeclaredSize() => CostsLittle(Rgba(1, 1, PngBuilder.Zlib(new byte[1 << 24])), "found more");

    [Test]
    public void ChunkThatDeclaresMoreThanTheFile()
    {
        byte[] file = Good();
        PngBuilder.BigEndian(0x7FFFFFFF).CopyTo(file, 33);
        CostsLittle(file, "2147483647 bytes of IDAT", "cut short");
    }

    private static void CostsLittle(byte[] file, params string[] parts)
    {
        Refuses(Good()[..20]);      // so that what is allocated once is not counted
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuses(file, parts);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(256 * 1024 + 4 * file.Length));
    }

    [Test]
    public void DamageWithRepairedChecksumsNeverCrashes()
    {
        var random = new Random(7);
        for (int round = 0; round < 3000; round++)
        {
            int colour = new[] { 0, 2, 3, 4, 6 }[random.Next(5)];
            byte[] raw = new byte[random.Next(60)], palette = new byte[3 * random.Next(1, 4)], alphas = new byte[random.Next(4)];
            random.NextBytes(raw);
            byte[] header = PngBuilder.Header((uint)random.Next(6), (uint)random.Next(6), 1 << random.Next(5), colour, random.Next(2) == 0);
            for (int i = 0; i < raw.Length; i++)
                raw[i] = (byte)(random.Next(3) == 0 ? raw[i] : random.Next(5));
            var png = new PngBuilder().Chunk("IHDR", header);
            string[] order = ["PLTE", "tRNS", "IDAT"];
            if (random.Next(5) == 0)
                random.Shuffle(order);
            foreach (string type in order)
                png.Chunk(type, type == "PLTE" ? palette : type == "tRNS" ? alphas : PngBuilder.Zlib(raw));
            try
            {
                Png.Default.Decode(png.End(), "hero.png");
            }
            catch (ImageFormatException e)
            {
                Assert.That(e.Message, Does.Contain("found"));
            }
        }
    }
}
