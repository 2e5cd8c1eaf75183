using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;

namespace VaeProcgen.Tests.Dataset;

public class PixelStoreTests
{
    private ArtFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new ArtFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    private PixelStorage Beyond(long bytes) => new(bytes, folder.Path);

    private static byte[] Pixels(int i) => [.. Enumerable.Range(0, 16).Select(p => (byte)((7 * i) + p))];

    [TestCase(48, false)]
    [TestCase(47, true)]
    [TestCase(0, true)]
    public void ASetStaysInMemoryUpToItsLimit(long hostBytes, bool isOnDisk)
    {
        foreach (int told in new[] { 0, 3 })
        {
            var store = new PixelStore(Beyond(hostBytes), 2, 2, told);
            foreach (int i in new[] { 2, 0, 1 })
                store.Put(i, Pixels(i));
            var set = new ArtSet(2, 2, [.. Enumerable.Range(0, 3).Select(i => store.Image(i, $"{i}", "label"))]);
            Assert.That(set.Images.Select(i => i.IsOnDisk), Is.All.EqualTo(isOnDisk));
            Assert.That(set.Images.Select(i => (i.Name, i.Label, i.Length)), Is.EqualTo(new[] { ("0", "label", 16), ("1", "label", 16), ("2", "label", 16) }));
            Assert.That(set.Images.Select(i => i.Rgba), Is.EqualTo(Enumerable.Range(0, 3).Select(Pixels)));
            Assert.That(set.Pack(1, 2), Is.EqualTo((byte[])[.. Pixels(1), .. Pixels(2)]));
            Assert.That((set.Bytes, set.Image(2).Rgba), Is.EqualTo((48, Pixels(2))));
            Assert.That(set.Images[1] with { Rgba = Pixels(9) }, Has.Property("Rgba").EqualTo(Pixels(9)));
        }
    }

    /// <summary>While threads put images, what was in memory moves to the file.</summary>
    [Test]
    public void ManyThreadsMayPutImages()
    {
        const int count = 3000;
        var store = new PixelStore(Beyond(16 * 700), 2, 2);
        Parallel.For(0, count, i => store.Put(i, Pixels(i)));
        Assert.That(Enumerable.Range(0, count).Select(i => store.Image(i, "", "").Rgba), Is.EqualTo(Enumerable.Range(0, count).Select(Pixels)));
        Assert.That(store.Image(0, "", "").IsOnDisk);
    }

    /// <summary>So nothing can be left behind, however the program ends; Windows takes the file away with the program.</summary>
    [Test, Platform(Exclude = "Win")]
    public void TheFileHasNoName()
    {
        ArtSet set = ProceduralArt.Generate(20, 16, 1, storage: Beyond(0));
        Assert.That(set.Images[3].IsOnDisk);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void EverySourceGivesTheSameSetFromDisk()
    {
        byte[] idx = [0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 3, .. Enumerable.Range(1, 30).Select(i => (byte)i)];
        folder.File("some.idx", idx).Image("art/a.png", ArtFolder.Noise(4, 4, 1)).Image("art/sub/b.png", ArtFolder.Noise(4, 4, 2))
            .Image("art/again.png", ArtFolder.Noise(4, 4, 1)).Image("art/c.png", ArtFolder.Noise(2, 2, 3));
        Func<PixelStorage, ArtSet>[] sources =
        [
            storage => ProceduralArt.Generate(9, 12, 1, storage: storage), storage => ProceduralArt.Generate(5, 12, 1, "gem", storage),
            storage => DSprites.Generate(9, 16, 1, storage), storage => IdxImages.Load(Path.Combine(folder.Path, "some.idx"), 4, storage: storage),
            storage => ArtImporter.Import(Path.Combine(folder.Path, "art"), new ImportOptions { Size = 4, Storage = storage }),
        ];
        foreach (Func<PixelStorage, ArtSet> source in sources)
        {
            ArtSet expected = source(Beyond(long.MaxValue)), found = source(Beyond(0));
            Assert.That(expected.Images.Any(i => i.IsOnDisk), Is.False);
            Assert.That(found.Images.All(i => i.IsOnDisk));
            Assert.That(found.ContentHash, Is.EqualTo(expected.ContentHash));
            Assert.That(found.Split(0.3, 1).HeldOut.ContentHash, Is.EqualTo(expected.Split(0.3, 1).HeldOut.ContentHash));
        }
    }

    [Test]
    public void ADiskWithoutRoomIsRefusedBeforehandAndNothingIsLeft()
    {
        Assert.That(() => new PixelStore(Beyond(0), 1024, 1024, 1L << 32), Throws.TypeOf<ArtImportException>()
            .With.Message.Contains("need 16777216.0 GiB of room on disk; " + folder.Path + " has ").And.Message.Contains("--scratch"));
        Assert.That(() => ProceduralArt.Generate(2, 16, 1, storage: new PixelStorage(0, Path.Combine(folder.Path, "none"))),
            Throws.TypeOf<ArtImportException>().With.Message.Contains("found none there. Make it"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void WhatCannotBeReadBackIsSaid()
    {
        var store = new PixelStore(Beyond(0), 2, 2);
        store.Put(0, Pixels(0));
        Assert.That(() => store.Image(1, "", "").Rgba, Throws.InstanceOf<IOException>().With.Message.Contains("can't be read back"));
    }
}
