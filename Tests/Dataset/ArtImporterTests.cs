using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Dataset;

public class ArtImporterTests
{
    private static readonly ImportOptions Eight = new() { Size = 8 };

    private static ArtFolder Everything() => new ArtFolder()
        .Image("zebra.png", ArtFolder.Noise(8, 8, 1))
        .Image("Ant.png", ArtFolder.Noise(8, 8, 2))
        .Image("monsters/slime.png", ArtFolder.Noise(4, 4, 3))
        .Image("monsters/deep/er/bat.PNG", ArtFolder.Noise(8, 5, 4))
        .Image("items/copy of ant.png", ArtFolder.Noise(8, 8, 2))
        .Image("items/air.png", ArtFolder.Flat(8, 8, 50, alpha: 0))
        .Image(".hidden/secret.png", ArtFolder.Noise(8, 8, 9))
        .File("items/note.png", Encoding.UTF8.GetBytes("buy milk"))
        .File("items/nothing.png", [])
        .File("items/cut.png", Png.Default.Encode(ArtFolder.Noise(8, 8, 5))[..60])
        .File("items/layers.psd", [1, 2, 3])
        .File("readme.txt", [1]);

    [Test]
    public void ReadsATreeWithEverythingInIt()
    {
        using var folder = Everything();
        var set = ArtImporter.Import(folder.Path, Eight, out var report);

        Assert.That(set.Images.Select(i => i.Name),
            Is.EqualTo(new[] { "Ant.png", "monsters/deep/er/bat.PNG", "monsters/slime.png", "zebra.png" }));
        Assert.That(set.Labels, Is.EqualTo(new[] { "", "monsters" }));
        Assert.That(set.Images[0].Rgba, Is.EqualTo(ArtFolder.Noise(8, 8, 2).Rgba));
        Assert.That(report.Labels, Is.EquivalentTo(new[] { ("", 2), ("monsters", 2) }.ToDictionary(p => p.Item1, p => p.Item2)));
        Assert.That(report.Duplicates, Is.EqualTo(new[] { new DuplicateImage("items/copy of ant.png", "Ant.png") }));
        Assert.That(report.Empty, Is.EqualTo(new[] { "items/air.png" }));
        Assert.That(report.Skipped.Select(s => s.Name),
            Is.EqualTo(new[] { "items/cut.png", "items/layers.psd", "items/note.png", "items/nothing.png" }));
        Assert.That(report.Fitted, Is.EquivalentTo(
            new[] { (FitKind.AsIs, 2), (FitKind.Enlarged, 1), (FitKind.Centred, 1) }.ToDictionary(p => p.Item1, p => p.Item2)));
        Assert.That((report.ImageFiles, report.OtherFiles, report.Accepted), Is.EqualTo((10, 1, 4)));
    }

    [Test]
    public void TheReportReadsWell()
    {
        using var folder = Everything();
        ArtImporter.Import(folder.Path, Eight, out var report);
        string text = report.ToString();
        Assert.That(text, Does.StartWith($"4 images of 8×8 from 10 files in {folder.Path}\n"));
        Assert.That(text, Does.Contain("1 exact duplicate, such as items/copy of ant.png (same as Ant.png)"));
        Assert.That(text, Does.Contain("items/note.png: expected the PNG signature"));
        Assert.That(text, Does.Contain("items/layers.psd: .psd files cannot be read; export it as PNG."));
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.That(json.RootElement.GetProperty("skipped").GetArrayLength(), Is.EqualTo(4));
        Assert.That(json.RootElement.GetProperty("fitted").GetProperty("asIs").GetInt32(), Is.EqualTo(2));
        Assert.That(json.RootElement.GetProperty("labels").GetProperty("monsters").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public void TheSameFilesGiveTheSameSet()
    {
        using var folder = Everything();
        using var again = Everything();
        var first = ArtImporter.Import(folder.Path, Eight);
        for (int round = 0; round < 5; round++)
        {
            var second = ArtImporter.Import(again.Path, Eight);
            Assert.That(second.ContentHash, Is.EqualTo(first.ContentHash));
            Assert.That(second.Images.Select(i => i.Name), Is.EqualTo(first.Images.Select(i => i.Name)));
        }
    }

    [Test]
    public void CutsAnAtlasIntoCells()
    {
        var atlas = new PixelImage(24, 16);
        atlas.Paste(ArtFolder.Noise(8, 8, 1), 0, 0);
        atlas.Paste(ArtFolder.Noise(8, 8, 2), 16, 0);
        atlas.Paste(ArtFolder.Noise(8, 8, 3), 8, 8);
        using var folder = new ArtFolder().Image("tiles/a.png", atlas).Image("odd.png", ArtFolder.Noise(12, 8, 1));
        var set = ArtImporter.Import(folder.Path, Eight with { Slice = CellSize.Parse("8x8") }, out var report);
        Assert.That(set.Images.Select(i => i.Name), Is.EqualTo(new[] { "tiles/a.png#0,0", "tiles/a.png#2,0", "tiles/a.png#1,1" }));
        Assert.That(set.Images.Select(i => i.Label), Is.All.EqualTo("tiles"));
        Assert.That(set.Images[2].Rgba, Is.EqualTo(ArtFolder.Noise(8, 8, 3).Rgba));
        Assert.That(report.Empty, Is.EqualTo(new[] { "tiles/a.png#1,0", "tiles/a.png#0,1", "tiles/a.png#2,1" }));
        Assert.That(report.Skipped, Is.EqualTo(new[] { new SkippedFile("odd.png", "expected an atlas made of 8×8 cells, found 12×8.") }));
    }

    [Test]
    public void OtherFormatsAreReadWhereLibstbIsAndListedWhereNot()
    {
        // A bitmap of 1×1: file header, BITMAPINFOHEADER, one BGR pixel padded to 4 bytes.
        byte[] bmp =
        [
            0x42, 0x4D, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0,
            40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[24],
            30, 20, 10, 0,
        ];
        using var folder = new ArtFolder().File("dot.bmp", bmp).File("really a bitmap.png", bmp).File("bad.jpg", [1, 2, 3])
            .Image("a.png", ArtFolder.Noise(8, 8, 1)).Image("really a png.jpg", ArtFolder.Noise(8, 8, 2));
        var set = ArtImporter.Import(folder.Path, Eight, out var report);
        var names = report.Skipped.Select(s => s.Name);
        if (StbDecoder.IsAvailable)
        {
            Assert.That(set.Images.Select(i => i.Name), Is.EqualTo(new[] { "a.png", "dot.bmp", "really a png.jpg" }));
            Assert.That(set.Images[1].Rgba[..4], Is.EqualTo(new byte[] { 10, 20, 30, 255 }));
            Assert.That(report.Duplicates.Single().Name, Is.EqualTo("really a bitmap.png"));
            Assert.That(names, Is.EqualTo(new[] { "bad.jpg" }));
        }
        else
        {
            Assert.That(names, Is.EqualTo(new[] { "bad.jpg", "dot.bmp", "really a bitmap.png" }));
            Assert.That(report.Skipped[1].Reason, Does.Contain("libstb"));
        }
    }

    [Test]
    public void AMissingFolderIsNamed()
    {
        string missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());
        var error = Assert.Throws<ArtImportException>(() => ArtImporter.Import(missing))!;
        Assert.That(error.Message, Does.Contain(missing).And.Contains("nothing there"));
    }

    [Test]
    public void AFileInPlaceOfAFolderIsNamed()
    {
        using var folder = new ArtFolder().Image("a.png", ArtFolder.Noise(8, 8, 1));
        var error = Assert.Throws<ArtImportException>(() => ArtImporter.Import(Path.Combine(folder.Path, "a.png")))!;
        Assert.That(error.Message, Does.Contain("found the file"));
    }

    [Test]
    public void TooFewImagesAreRefusedWithTheReasons()
    {
        using var empty = new ArtFolder();
        Assert.That(Refusal(empty, Eight), Does.Contain("at least 2 different images").And.Contains("an empty folder"));

        using var text = new ArtFolder().File("a.txt", [1]);
        Assert.That(Refusal(text, Eight), Does.Contain("no image file"));

        using var broken = new ArtFolder().File("a.png", []).File("b.png", [1, 2, 3]);
        Assert.That(Refusal(broken, Eight), Does.Contain("none that can be used").And.Contains("a.png: expected a PNG file, found 0 bytes")
            .And.Contains("b.png: expected the PNG signature"));

        using var one = new ArtFolder().Image("a.png", ArtFolder.Noise(8, 8, 1)).Image("b.png", ArtFolder.Noise(8, 8, 1));
        Assert.That(Refusal(one, Eight), Does.Contain("only one").And.Contains("1 exact duplicate"));
        Assert.That(ArtImporter.Import(one.Path, Eight with { MinimumImages = 1 }).Images, Has.Count.EqualTo(1));
        Assert.That(Refusal(one, Eight with { MinimumImages = 9 }), Does.Contain("at least 9"));
    }

    [Test]
    public void LargeImagesAreSkipped()
    {
        using var folder = new ArtFolder().Image("a.png", ArtFolder.Noise(8, 8, 1)).Image("b.png", ArtFolder.Noise(8, 8, 2))
            .Image("big.png", ArtFolder.Noise(100, 100, 3));
        ArtImporter.Import(folder.Path, Eight with { MaxPixels = 1000 }, out var report);
        Assert.That(report.Skipped.Single().Reason, Does.Contain("100×100"));
    }

    [Test]
    public void LinksToFoldersAreNotFollowed()
    {
        using var folder = new ArtFolder().Image("in/a.png", ArtFolder.Noise(8, 8, 1)).Image("in/b.png", ArtFolder.Noise(8, 8, 2));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "in", "up"), folder.Path);
        Assert.That(ArtImporter.Import(folder.Path, Eight).Images, Has.Count.EqualTo(2));
    }

    [TestCase("32x48", 32, 48)]
    [TestCase("16", 16, 16)]
    [TestCase("8×4", 8, 4)]
    public void CellSizesAreRead(string text, int width, int height) =>
        Assert.That(CellSize.Parse(text), Is.EqualTo(new CellSize(width, height)));

    [TestCase("")]
    [TestCase("0x8")]
    [TestCase("-8x8")]
    [TestCase("8x8x8")]
    [TestCase("eight")]
    [TestCase("99999999999")]
    public void OtherCellSizesAreRefused(string text) =>
        Assert.That(() => CellSize.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("32x32"));

    private static string Refusal(ArtFolder folder, ImportOptions options)
    {
        var error = Assert.Throws<ArtImportException>(() => ArtImporter.Import(folder.Path, options))!;
        Assert.That(error.Report, Is.Not.Null);
        return error.Message;
    }
}
