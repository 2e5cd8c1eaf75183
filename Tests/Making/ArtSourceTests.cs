using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Tests.Dataset;

namespace VaeProcgen.Tests.Making;

public class ArtSourceTests
{
    private static readonly ImportOptions Sixteen = new() { Size = 16 };

    [Test]
    public void ANameOfProceduralArtAlwaysMeansTheSame()
    {
        ArtSet set = ArtSource.Load("procedural:7", Sixteen, out ImportReport? report);
        Assert.That((set.Images.Count, set.Width, report), Is.EqualTo((7, 16, (ImportReport?)null)));
        Assert.That(ArtSource.Load("procedural:7", Sixteen, out _).ContentHash, Is.EqualTo(set.ContentHash));
        Assert.That(ArtSource.Describe(set, report), Does.StartWith("7 images of 16×16 from the procedural generator: creature, "));
    }

    [TestCase("procedural")]
    [TestCase("procedural:")]
    [TestCase("procedural:one")]
    [TestCase("procedural:1")]
    [TestCase("procedural:-5")]
    [TestCase("procedural:100000001")]
    public void OtherCountsAreRefused(string source) => Assert.That(
        () => ArtSource.Load(source, Sixteen, out _),
        Throws.ArgumentException.With.Message.EqualTo(
            $"Expected procedural:COUNT with a COUNT from 2 to 100000000, such as procedural:1000; found '{source}'."));

    [Test]
    public void ProceduralArtOfAKindIsThatOfASetOfAll()
    {
        ArtSet gems = ArtSource.Load("procedural:gem:2", Sixteen, out _), all = ArtSource.Load("procedural:9", Sixteen, out _);
        Assert.That(gems.Images.Select(i => i.Name), Is.EqualTo(new[] { "gem/00000", "gem/00001" }));
        Assert.That(gems.Images.Select(i => i.Rgba), Is.EqualTo(all.Images.Where(i => i.Label == "gem").Select(i => i.Rgba)));
    }

    [TestCase("procedural:10:10", "KIND of creature, potion")]
    [TestCase("procedural:gem:few", "Expected procedural:COUNT with a COUNT from 2 to 100000000")]
    public void OtherKindsAreRefused(string source, string said) =>
        Assert.That(() => ArtSource.Load(source, Sixteen, out _), Throws.ArgumentException.With.Message.Contains(said));

    [Test]
    public void DSpritesHaveASizeOfTheirOwn()
    {
        ArtSet set = ArtSource.Load("dsprites:30", Sixteen, out ImportReport? report);
        Assert.That((set.Images.Count, set.Width, report), Is.EqualTo((30, 16, (ImportReport?)null)));
        Assert.That(ArtSource.Describe(set, report), Is.EqualTo("30 images of 16×16 from dSprites: ellipse, heart, square"));
        Assert.That(ArtSource.Load("dsprites:2", Sixteen with { SizeIsGiven = false }, out _).Width, Is.EqualTo(64));
        Assert.That(
            () => ArtSource.Load("dsprites:737281", Sixteen, out _),
            Throws.ArgumentException.With.Message.StartsWith("Expected dsprites:COUNT with a COUNT from 2 to 737280"));
    }

    [Test]
    public void IdxFilesAreReadWhereverTheyLie()
    {
        using var art = new ArtFolder();
        art.File("a:b/train-images-idx3-ubyte", IdxImagesTests.Images(4, 12, 12));
        art.File("a:b/train-labels-idx1-ubyte", IdxImagesTests.Labels(1, 2, 3, 4));
        string folder = System.IO.Path.Combine(art.Path, "a:b");
        ArtSet set = ArtSource.Load($"idx:{folder}", Sixteen, out ImportReport? report);
        Assert.That((set.Images.Count, set.Width), Is.EqualTo((4, 16)));
        Assert.That(ArtSource.Describe(set, report), Does.StartWith($"4 images of 16×16 from {folder}").And.EndWith("-ubyte: 1, 2, 3, 4"));
        Assert.That(ArtSource.Load($"idx:{folder}:3", Sixteen, out _).Images, Has.Count.EqualTo(3));
        Assert.That(ArtSource.Load($"idx:{folder}/train:2", Sixteen, out _).Images, Has.Count.EqualTo(2));
    }

    [TestCase("idx")]
    [TestCase("idx:")]
    [TestCase("idx:mnist:1")]
    [TestCase("idx:mnist:99999999999")]
    public void OtherIdxSourcesAreRefused(string source) => Assert.That(
        () => ArtSource.Load(source, Sixteen, out _),
        Throws.ArgumentException.With.Message.EqualTo(
            $"Expected idx:PATH, or idx:PATH:COUNT with a COUNT of 2 or more, such as idx:mnist:1000; found '{source}'."));

    [Test]
    public void AFolderIsImported()
    {
        using var art = new ArtFolder();
        art.Image("a.png", ArtFolder.Noise(16, 16, 1)).Image("b.png", ArtFolder.Noise(16, 16, 2));
        ArtSet set = ArtSource.Load(art.Path, Sixteen, out ImportReport? report);
        Assert.That(ArtSource.Describe(set, report), Is.EqualTo(report!.ToString()));
        Assert.That(ArtSource.ImagesOf(set).Select(i => i.Rgba), Is.EqualTo(set.Images.Select(i => i.Rgba)));
    }

    [TestCase(3, new[] { 0, 3, 6 })]
    [TestCase(4, new[] { 0, 2, 5, 7 })]
    [TestCase(10, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    [TestCase(99, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    public void SpreadsEvenly(int most, int[] expected) =>
        Assert.That(ArtSource.Evenly(Enumerable.Range(0, 10).ToArray(), most), Is.EqualTo(expected));

    [Test]
    public void OfALargeSetSomeImagesAreShown()
    {
        ArtSet set = ProceduralArt.Generate(10, 12, 1);
        Assert.That(ArtSource.ImagesOf(set, 3).Select(i => i.Rgba), Is.EqualTo(new[] { 0, 3, 6 }.Select(i => set.Images[i].Rgba)));
    }
}
