using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;

namespace VaeProcgen.Tests.Dataset;

public class IdxImagesTests
{
    private ArtFolder folder = null!;

    private string this[string name] => Path.Combine(folder.Path, name);

    [SetUp]
    public void MakeFolder() => folder = new ArtFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    /// <summary>Pixel p of image i is 7 i + p.</summary>
    internal static byte[] Images(int count, int width, int height, int magic = 0x803) =>
    [
        .. Word(magic), .. Word(count), .. Word(height), .. Word(width),
        .. Enumerable.Range(0, count * width * height).Select(p => (byte)((7 * (p / (width * height))) + (p % (width * height)))),
    ];

    internal static byte[] Labels(params byte[] labels) => [.. Word(0x801), .. Word(labels.Length), .. labels];

    private static byte[] Word(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Gzip(byte[] bytes)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return result.ToArray();
    }

    [TestCase(false)]
    [TestCase(true)]
    public void AFolderGivesItsTrainingPartWithLabels(bool compressed)
    {
        byte[] Packed(byte[] bytes) => compressed ? Gzip(bytes) : bytes;
        string ending = compressed ? ".gz" : "";
        folder.File("train-images-idx3-ubyte" + ending, Packed(Images(3, 4, 4)));
        folder.File("train-labels-idx1-ubyte" + ending, Packed(Labels(5, 0, 5)));
        folder.File("t10k-images-idx3-ubyte" + ending, Packed(Images(2, 4, 4)));
        ArtSet set = IdxImages.Load(folder.Path, 4);
        Assert.That(set.Images.Select(i => i.Name), Is.EqualTo(new[] { "train-00000", "train-00001", "train-00002" }));
        Assert.That(set.Images.Select(i => i.Label), Is.EqualTo(new[] { "5", "0", "5" }));
        Assert.That(set.Labels, Is.EqualTo(new[] { "0", "5" }));
        Assert.That(set.Images[2].Rgba[..8], Is.EqualTo(new byte[] { 14, 14, 14, 255, 15, 15, 15, 255 }));
        ArtSet test = IdxImages.Load(this["t10k"], 4);
        Assert.That(test.Images.Select(i => (i.Name, i.Label)), Is.EqualTo(new[] { ("t10k-00000", ""), ("t10k-00001", "") }));
        Assert.That(IdxImages.Load(this["train-images-idx3-ubyte" + ending], 4).ContentHash, Is.EqualTo(set.ContentHash));
        Assert.That(IdxImages.Load(folder.Path, 4, 2).Images.Select(i => i.Label), Is.EqualTo(new[] { "5", "0" }));
    }

    [Test]
    public void SmallerImagesAreCentredOnBlack()
    {
        folder.File("a.idx", Images(1, 2, 3));
        byte[] rgba = IdxImages.Load(this["a.idx"], 6).Images[0].Rgba;
        byte[] grey = rgba.Chunk(4).Select(p => p[0]).ToArray();
        Assert.That(grey, Is.EqualTo(new byte[]
        {
            0, 0, 0, 0, 0, 0,
            0, 0, 0, 1, 0, 0,
            0, 0, 2, 3, 0, 0,
            0, 0, 4, 5, 0, 0,
            0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0,
        }));
        Assert.That(rgba.Where((_, i) => i % 4 == 3), Is.All.EqualTo(255));
    }

    [Test]
    public void WhatIsWrongIsSaid()
    {
        byte[] whole = Images(3, 4, 4);
        AssertRefused(folder.Path, "Expected a file of IDX images, or a folder with train-images-idx3-ubyte");
        folder.File("magic", Images(3, 4, 4, magic: 0x801)).File("short", whole[..^1]).File("long", [.. whole, 1]).File("tiny", whole[..3]);
        AssertRefused(this["magic"], "expected a file of IDX images, which begins with 0x00000803; found 0x00000801");
        AssertRefused(this["short"], "truncated; expected 48 bytes for the pixels of 3 images of 4×4, found 47");
        AssertRefused(this["long"], "expected the file to end after 3 images");
        AssertRefused(this["tiny"], "truncated; expected 4 bytes for its header, found 3");
        folder.File("flat", Images(0, 4, 4)).File("wide", Images(1, 2000, 1)).File("good", whole);
        AssertRefused(this["flat"], "expected at least 1 images; found 0");
        AssertRefused(this["wide"], "found 2000×1");
        AssertRefused(this["good"], "are 4×4, which do not fit into 3×3", size: 3);
        AssertRefused(this["good"], "expected at least 4 images; found 3", count: 4);
        folder.File("claim", [.. whole[..4], 0x7F, 0xFF, 0xFF, 0xFF, .. whole[8..]]);
        AssertRefused(this["claim"], "truncated; expected 34359738352 bytes for the pixels of 2147483647 images of 4×4, found 48");
        byte[] damaged = Gzip(whole);
        damaged[20] ^= 0xFF;
        folder.File("damaged.gz", damaged).File("half.gz", Gzip(whole)[..20]);
        AssertRefused(this["damaged.gz"], "damaged.gz: ");
        AssertRefused(this["half.gz"], "half.gz: ");
    }

    [Test]
    public void LabelsMustFitTheImages()
    {
        folder.File("train-images-idx3-ubyte", Images(3, 4, 4)).File("train-labels-idx1-ubyte", Labels(1, 2));
        AssertRefused(folder.Path, "expected 3 labels, one for each image of ", "found 2");
        folder.File("train-labels-idx1-ubyte", [.. Labels(1, 2, 3), 4]);
        AssertRefused(folder.Path, "end after 3 labels");
        folder.File("train-labels-idx1-ubyte", Images(3, 4, 4));
        AssertRefused(folder.Path, "IDX labels, which begins with 0x00000801; found 0x00000803");
    }

    private static void AssertRefused(string path, string said, string? alsoSaid = null, int size = 4, int? count = null) => Assert.That(
        () => IdxImages.Load(path, size, count),
        Throws.TypeOf<ArtImportException>().With.Message.Contains(said).And.Message.Contains(alsoSaid ?? ""));
}
