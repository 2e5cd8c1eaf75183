using System;
using System.IO;
using NUnit.Framework;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Tests.Vulkan;

[NonParallelizable]
public sealed class PipelineCacheTests : VulkanTest
{
    private DirectoryInfo folder = null!;
    private EnvironmentVariable variable = null!;

    private FileInfo[] Files => folder.GetFiles("*", SearchOption.AllDirectories);

    [SetUp]
    public void UseAnEmptyFolder()
    {
        folder = Directory.CreateTempSubdirectory("vaeprocgen-");
        variable = new EnvironmentVariable("XDG_CACHE_HOME", folder.FullName);
    }

    [TearDown]
    public void DeleteTheFolder()
    {
        variable.Dispose();
        folder.Delete(recursive: true);
    }

    [Test]
    public void IsWrittenOnceAndReadAgain()
    {
        CompileAndClose();
        Assert.That(Files, Has.Length.EqualTo(1));
        var written = File.ReadAllBytes(Files[0].FullName);

        CompileAndClose();
        Assert.That(Files, Has.Length.EqualTo(1));
        Assert.That(File.ReadAllBytes(Files[0].FullName), Is.EqualTo(written));
    }

    [TestCase(0)]
    [TestCase(7)]
    [TestCase(45)]
    public void ADamagedFileIsReplaced(int lengthLeft)
    {
        CompileAndClose();
        var path = Files[0].FullName;
        var written = File.ReadAllBytes(path);
        File.WriteAllBytes(path, written.AsSpan(0, Math.Min(lengthLeft, written.Length)));
        CompileAndClose();
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(written));

        written[^1] ^= 1;
        File.WriteAllBytes(path, written);
        CompileAndClose();
        written[^1] ^= 1;
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(written));
    }

    [Test]
    public void AFolderThatCannotBeWrittenIsNoError()
    {
        // A file where the folder should be.
        File.WriteAllText(Path.Combine(folder.FullName, "VaeProcgen"), "");
        CompileAndClose();
        Assert.That(Files, Has.Length.EqualTo(1));
    }

    private void CompileAndClose()
    {
        CreateAffine(BindingKind.Storage, 1, 0);
        CloseDevice();
    }
}
