using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Tests.Dataset;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Making;

public class SheetFileTests
{
    [Test]
    public void MakesTheFolder()
    {
        using var folder = new TemporaryFolder();
        SheetFile.Write(folder.File("a/b/sheet.png"), ArtFolder.Noise(3, 2, 1));
        Assert.That(Png.Load(folder.File("a/b/sheet.png")).Rgba, Is.EqualTo(ArtFolder.Noise(3, 2, 1).Rgba));
    }

    [Test]
    public void EachImageHasItsNumber()
    {
        using var folder = new TemporaryFolder();
        SheetFile.WriteEach(folder.File("each"), [ArtFolder.Noise(2, 2, 1), ArtFolder.Noise(2, 2, 2)]);
        Assert.That(Directory.GetFiles(folder.File("each")).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "0000.png", "0001.png" }));
    }

    [Test]
    public void AFolderInTheWayIsSaidSo()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("sheet.png"));
        Assert.That(() => SheetFile.Write(folder.File("sheet.png"), new PixelImage(1, 1)),
            Throws.TypeOf<ModelFileException>().With.Message.Contains("a folder of that name is in the way"));
    }
}
