using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Images;

public sealed class AnimatedPngTests
{
    private TemporaryFolder folder = new();

    private string Target => folder.File("a.png");

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [TestCase(1, 1)]
    [TestCase(13, 7)]
    [TestCase(64, 33)]
    public void EveryFrameIsReadBack(int width, int height)
    {
        PixelImage[] frames = Frames(width, height);
        AnimatedPng.Save(Target, frames.Select((image, i) => new AnimationFrame(image, 10 * i)), loops: 3);
        Animation read = Read(File.ReadAllBytes(Target));
        Assert.That((read.Frames.Count, read.Loops), Is.EqualTo((frames.Length, 3)));
        for (int i = 0; i < frames.Length; i++)
        {
            Assert.That(read.Frames[i].Image.Rgba, Is.EqualTo(frames[i].Rgba), $"frame {i}");
            Assert.That(read.Frames[i].DelayMilliseconds, Is.EqualTo(10 * i));
        }
    }

    [Test]
    public void AnyReaderShowsTheFirstFrame()
    {
        PixelImage[] frames = Frames(13, 7);
        AnimatedPng.Save(Target, frames, 40);
        Assert.That(Png.Load(Target).Rgba, Is.EqualTo(frames[0].Rgba));
        if (StbDecoder.IsAvailable)
            Assert.That(new StbDecoder().Decode(File.ReadAllBytes(Target), "a.png").Rgba, Is.EqualTo(frames[0].Rgba));
        Assert.That(Read(File.ReadAllBytes(Target)).Loops, Is.Zero, "for ever");
    }

    [Test]
    public void OnlyWhatChangedIsStored()
    {
        var image = new PixelImage(40, 30);
        IEnumerable<PixelImage> Drawn()
        {
            yield return image;
            image[7, 20] = new Rgba8(1, 2, 3, 4);
            image[9, 11] = new Rgba8(0, 0, 0, 1);
            yield return image;
            yield return image;
            image[39, 29] = new Rgba8(255, 0, 0, 0);
            yield return image;
        }

        AnimatedPng.Save(Target, Drawn(), 20);
        Animation read = Read(File.ReadAllBytes(Target));
        Assert.That(read.Rectangles, Is.EqualTo(new[] { (0, 0, 40, 30), (7, 11, 3, 10), (0, 0, 1, 1), (39, 29, 1, 1) }));
        Assert.That(read.Frames[^1].Image.Rgba, Is.EqualTo(image.Rgba), "one image drawn anew is enough");
    }

    [Test]
    public void EqualFramesGiveEqualBytesWhereverTheyAreWritten()
    {
        AnimatedPng.Save(Target, Frames(13, 7), 40);
        using var stream = new MemoryStream();
        stream.Write([1, 2, 3]);
        AnimatedPng.Write(stream, Frames(13, 7).Select(image => new AnimationFrame(image, 40)));
        Assert.That(stream.Position, Is.EqualTo(stream.Length));
        Assert.That(stream.ToArray().Skip(3), Is.EqualTo(File.ReadAllBytes(Target)));
    }

    [Test]
    public void WhatIsWrongLeavesTheOldFile()
    {
        File.WriteAllText(Target, "as before");
        PixelImage one = new(4, 4), other = new(4, 5);
        Refused("at least one frame", []);
        Refused("4×4; found 4×5 at frame 1", [new(one, 1), new(other, 1)]);
        Refused("Frame 1 must have a delay of 0 to 65535 ms; found 65536", [new(one, 1), new(one, 65536)]);
        Refused("Frame 0 must have a delay", [new(one, -1)]);
        Refused("found -1", [new(one, 1)], loops: -1);
        Assert.That(File.ReadAllText(Target), Is.EqualTo("as before"));
        Assert.That(folder.Files, Has.Length.EqualTo(1));
        Assert.That(() => AnimatedPng.Save(folder.File("no/a.png"), [one], 1), Throws.TypeOf<ModelFileException>());

        void Refused(string said, AnimationFrame[] frames, int loops = 0) =>
            Assert.That(() => AnimatedPng.Save(Target, frames, loops), Throws.ArgumentException.With.Message.Contains(said));
    }

    private static PixelImage[] Frames(int width, int height)
    {
        var random = new Random(3);
        var noise = new PixelImage(width, height);
        random.NextBytes(noise.Rgba);
        var moved = new PixelImage(width, height);
        moved.Paste(noise, 1, 2);
        var faded = new PixelImage(width, height, (byte[])moved.Rgba.Clone());
        faded[width - 1, height - 1] = default;
        return [noise, moved, faded, faded, new PixelImage(width, height), noise];
    }

    /// <summary>Reads as the standard says, and checks every length, checksum and sequence number on the way.</summary>
    private static Animation Read(byte[] file)
    {
        Assert.That(file.Take(8), Is.EqualTo(PngBuilder.Signature));
        var read = new Animation();
        byte[] header = [];
        uint declared = 0, sequence = 0;
        PixelImage? canvas = null;
        string order = "";
        int at = 8;
        while (at < file.Length)
        {
            int length = Int(at);
            byte[] body = file[(at + 4)..(at + 8 + length)], data = body[4..];
            Assert.That(PngBuilder.Crc(body), Is.EqualTo((uint)Int(at + 8 + length)), $"checksum at {at}");
            string type = Encoding.ASCII.GetString(body[..4]);
            order += type + " ";
            switch (type)
            {
                case "IHDR":
                    header = data;
                    canvas = new PixelImage(Of(data, 0), Of(data, 4));
                    break;
                case "acTL":
                    Assert.That(length, Is.EqualTo(8));
                    (declared, read.Loops) = ((uint)Of(data, 0), Of(data, 4));
                    break;
                case "fcTL":
                    Assert.That((length, (uint)Of(data, 0)), Is.EqualTo((26, sequence++)));
                    read.Rectangles.Add((Of(data, 12), Of(data, 16), Of(data, 4), Of(data, 8)));
                    read.Delays.Add((data[20] << 8) + data[21]);
                    Assert.That((data[22] << 8) + data[23], Is.EqualTo(1000));
                    Assert.That(data[24] + data[25], Is.Zero, "nothing is disposed of, nothing blended");
                    break;
                case "IDAT":
                    Show(data);
                    break;
                case "fdAT":
                    Assert.That((uint)Of(data, 0), Is.EqualTo(sequence++));
                    Show(data[4..]);
                    break;
            }

            at += 12 + length;
        }

        Assert.That(order, Does.Match("^IHDR acTL fcTL IDAT (fcTL fdAT )*IEND $"));
        Assert.That(declared, Is.EqualTo(read.Frames.Count));
        return read;

        int Int(int offset) => Of(file, offset);

        static int Of(byte[] bytes, int offset) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(offset));

        void Show(byte[] pixels)
        {
            (int x, int y, int width, int height) = read.Rectangles[^1];
            byte[] own = PngBuilder.Header((uint)width, (uint)height, header[8], header[9]);
            byte[] still = new PngBuilder().Chunk("IHDR", own).Chunk("IDAT", pixels).End();
            canvas!.Paste(Png.Default.Decode(still, "frame"), x, y);
            read.Frames.Add(new(new PixelImage(canvas.Width, canvas.Height, (byte[])canvas.Rgba.Clone()), read.Delays[^1]));
        }
    }

    private sealed class Animation
    {
        public List<AnimationFrame> Frames { get; } = [];

        public List<(int X, int Y, int Width, int Height)> Rectangles { get; } = [];

        public List<int> Delays { get; } = [];

        public int Loops { get; set; }
    }
}
