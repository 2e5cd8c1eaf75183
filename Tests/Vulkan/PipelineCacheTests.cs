using System;
using System.IO;
using NUnit.Framework;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Tests.Vulkan;

[NonParallelizable]
public sealed class PipelineCacheTests : VulkanTest
{
    private EmptyCacheHome cache = null!;

    [SetUp]
    public void UseAnEmptyFolder() => cache = new EmptyCacheHome();

    [TearDown]
    public void DeleteTheFolder() => cache.Dispose();

    [Test]
    public void IsWrittenOnceAndReadAgain()
    {
        CompileAndClose();
        Assert.That(cache.Files, Has.Length.EqualTo(1));
        var written = File.ReadAllBytes(cache.Files[0].FullName);

        CompileAndClose();
        Assert.That(cache.Files, Has.Length.EqualTo(1));
        Assert.That(File.ReadAllBytes(cache.Files[0].FullName), Is.EqualTo(written));
    }

    [TestCase(0)]
    [TestCase(7)]
    [TestCase(45)]
    public void ADamagedFileIsReplaced(int lengthLeft)
    {
        CompileAndClose();
        var path = cache.Files[0].FullName;
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
        File.WriteAllText(Path.Combine(cache.FullName, "VaeProcgen"), "");
        CompileAndClose();
        Assert.That(cache.Files, Has.Length.EqualTo(1));
    }

    private void CompileAndClose()
    {
        CreateAffine(BindingKind.Storage, 1, 0);
        CloseDevice();
    }
}
