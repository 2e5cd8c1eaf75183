using System.Collections.Generic;
using System.IO;
using NUnit.Framework;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Tuning;

/// <summary>The file of tiles: whole, or as good as none.</summary>
[TestFixture]
public sealed class TileMemoryTests
{
    private const string Problem = "shared conv_gather(1,2,3)";

    private static readonly GpuDeviceInfo Device = new(0, "card", "discrete", "driver 1.2", GpuDeviceInfo.RequiredApiVersion, 1, 2, 3, 1 << 30, 32, true, true);
    private static readonly TileChoice Choice = new("conv_gather.TILE=32064", new Dictionary<string, double> { ["conv_gather.TILE=32064"] = 12.5 });

    private TemporaryFolder folder = null!;

    private string FilePath => folder.File("tiles.json");

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void WhatIsKeptIsThereTheNextTime()
    {
        Remember(Problem);
        TileMemory memory = Open();
        Assert.That(memory.Count, Is.EqualTo(1));
        Assert.That(memory.Find(Problem)!.Kernel, Is.EqualTo(Choice.Kernel));
        Assert.That(memory.Find(Problem)!.Microseconds, Is.EqualTo(Choice.Microseconds));
        Assert.That(memory.Find("shared conv_gather(3,2,1)"), Is.Null);
        Assert.That(memory.IsNew(Problem), Is.False, "it was found by another");
        Assert.That(folder.Files, Has.Length.EqualTo(1), "no temporary file is left");
    }

    [Test]
    public void WhatOthersHaveWrittenMeanwhileStays()
    {
        TileMemory first = Open(), second = Open();
        Assert.That((first.Count, second.Count), Is.EqualTo((0, 0)));
        first.Keep(Problem, Choice);
        first.Save();
        second.Keep("another", Choice);
        second.Save();
        Assert.That((second.Count, Open().Count), Is.EqualTo((2, 2)));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("[1, 2]")]
    [TestCase("{ \"of\": null, \"tiles\": null }")]
    [TestCase("{ \"of\": { \"format\": \"vaeprocgen-tiles-1\" }, \"tiles\": { \"a\": null } }")]
    [TestCase("{ \"of\": { \"format\": \"vaeprocgen-tiles-1\" }, \"tiles\": { \"a\": { \"kernel\": 5 } } }")]
    public void ADamagedFileIsIgnoredAndWrittenAnew(string text)
    {
        File.WriteAllText(FilePath, text);
        Assert.That(Open().Count, Is.Zero);
        Remember(Problem);
        Assert.That(Open().Find(Problem), Is.Not.Null);
    }

    [Test]
    public void ACutFileIsIgnoredAndWrittenAnew()
    {
        Remember(Problem);
        byte[] whole = File.ReadAllBytes(FilePath);
        File.WriteAllBytes(FilePath, whole[..(whole.Length / 2)]);
        Assert.That(Open().Count, Is.Zero);
        Remember(Problem);
        Assert.That(File.ReadAllBytes(FilePath), Is.EqualTo(whole));
    }

    [Test]
    public void AFileOfAnotherDeviceDriverVersionOrOfOtherKernelsIsIgnoredAndWrittenAnew()
    {
        foreach (TileMemory other in new[]
        {
            new TileMemory(Device with { Name = "another card" }, "1.0", "abc", FilePath), new TileMemory(Device with { Driver = "driver 1.3" }, "1.0", "abc", FilePath),
            new TileMemory(Device, "1.1", "abc", FilePath), new TileMemory(Device, "1.0", "abd", FilePath),
        })
        {
            Remember(Problem);
            Assert.That(other.Count, Is.Zero);
            other.Keep("another", Choice);
            other.Save();
            Assert.That((other.Count, Open().Count), Is.EqualTo((1, 0)));
        }
    }

    [Test]
    public void APlaceThatCannotBeWrittenIsNoError()
    {
        File.WriteAllText(folder.File("no folder"), "");
        foreach (string? path in new[] { Path.Combine(folder.File("no folder"), "tiles.json"), null })
        {
            var memory = new TileMemory(Device, "1.0", "abc", path);
            memory.Keep(Problem, Choice);
            memory.Save();
            Assert.That(memory.Find(Problem), Is.EqualTo(Choice));
        }
    }

    [Test]
    public void EachDeviceAndDriverHasAFileOfItsOwn()
    {
        string?[] paths =
        [
            TileMemory.For(Device).FilePath, TileMemory.For(Device with { DeviceId = 9 }).FilePath, TileMemory.For(Device with { DriverVersion = 9 }).FilePath,
            TileMemory.For(Device with { Driver = "driver 1.3" }).FilePath,
        ];
        Assert.That(paths, Is.Unique.And.All.Contain("VaeProcgen").And.All.EndsWith(".json"));
    }

    private TileMemory Open() => new(Device, "1.0", "abc", FilePath);

    private void Remember(string problem)
    {
        TileMemory memory = Open();
        memory.Keep(problem, Choice);
        memory.Save();
    }
}
