using System;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Tests.ModelFile;

[TestFixture]
public sealed class AtomicFileTests
{
    [Test]
    public void WritesANewFileAndReplacesAnOldOne()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.bin");
        AtomicFile.Write(path, stream => stream.Write(new byte[] { 1, 2, 3, 4 }));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
        AtomicFile.Write(path, stream => stream.Write(new byte[] { 5 }));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 5 }));
        Assert.That(folder.Files, Has.Length.EqualTo(1), "no temporary file is left behind");
    }

    [Test]
    public void TheOldFileStaysWhileTheNewOneIsWritten()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.bin");
        File.WriteAllBytes(path, new byte[] { 7 });
        AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            stream.Flush();
            // What a process killed here would leave: the old file whole, and a stray temporary file beside it.
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 7 }));
            Assert.That(folder.Files.Single(file => file != path), Does.StartWith(path).And.EndWith(".tmp"));
        });
        Assert.That(new FileInfo(path).Length, Is.EqualTo(100_000));
    }

    [Test]
    public void AnExceptionInTheMiddleLeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.bin");
        File.WriteAllBytes(path, new byte[] { 7 });
        var error = Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[1000]);
            throw new InvalidOperationException("half way");
        }));
        Assert.That(error!.Message, Is.EqualTo("half way"));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 7 }));
        Assert.That(folder.Files, Has.Length.EqualTo(1));
    }

    [TestCase(28)]
    [TestCase(unchecked((int)0x80070070))]
    public void AFullDiskIsNamed(int code)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.bin");
        File.WriteAllBytes(path, new byte[] { 7 });
        var error = Assert.Throws<ModelFileException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[1000]);
            throw new IOException("No space left on device", code);
        }));
        Assert.That(error!.Message, Does.Contain(path).And.Contain("disk is full"));
        Assert.That(error.InnerException, Is.TypeOf<IOException>());
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 7 }));
        Assert.That(folder.Files, Has.Length.EqualTo(1));
    }

    [Test]
    public void AMissingFolderIsNamed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(Path.Combine("missing", "model.bin"));
        var error = Assert.Throws<ModelFileException>(() => AtomicFile.Write(path, _ => Assert.Fail("nothing to write to")));
        Assert.That(error!.Message, Does.Contain(path).And.Contain("does not exist"));
    }

    [Test]
    public void AFileInPlaceOfTheFolderIsAnError()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("file"), new byte[] { 7 });
        string path = Path.Combine(folder.File("file"), "model.bin");
        var error = Assert.Throws<ModelFileException>(() => AtomicFile.Write(path, _ => Assert.Fail("nothing to write to")));
        Assert.That(error!.Message, Does.Contain(path).And.Contain("Create it, or choose another path"));
        Assert.That(File.ReadAllBytes(folder.File("file")), Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public void AFolderInPlaceOfTheFileIsAnError()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("model.bin"));
        var error = Assert.Throws<ModelFileException>(() =>
            AtomicFile.Write(folder.File("model.bin"), stream => stream.WriteByte(1)));
        Assert.That(error!.Message, Does.Contain("a folder of that name is in the way"));
        Assert.That(folder.Files, Is.Empty);
    }
}
