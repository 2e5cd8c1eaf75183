using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Cli;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Tests.ModelFile;
using ConditionalTinyModel = VaeProcgen.Tests.Making.ConditionalTinyModel;
using TinyModel = VaeProcgen.Tests.Making.TinyModel;

namespace VaeProcgen.Tests.Cli;

/// <summary>Models made smaller for a game.</summary>
public sealed class ExportCommandTests
{
    private TemporaryFolder folder = null!;
    private VaeModel original = null!;

    private string Whole => folder.File("whole.safetensors");

    private string Small => folder.File("small.safetensors");

    [SetUp]
    public void SaveModel()
    {
        folder = new TemporaryFolder();
        using var device = GpuDevice.Create();
        original = TinyModel.Create(device, [.. Enumerable.Range(0, 10).Select(i => $"{i}.png")]);
        original.Save(Whole);
    }

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void TheBestPriorStaysAndAssetsGo()
    {
        ToolResult result = Tool.Run("export", Whole, "--out", Small);
        Assert.That(result.Code, Is.Zero, result.Error);
        long before = new FileInfo(Whole).Length, after = new FileInfo(Small).Length;
        Assert.That(result.Output, Does.StartWith($"{Small}: {after:N0} bytes, before {before:N0} (").And.Not.Contain("PSNR"));
        Assert.That(after, Is.LessThan(before));
        VaeModel model = VaeModel.Load(Small);
        Assert.That(model.Hash, Is.EqualTo(original.Hash));
        Assert.That(model.Assets, Is.Empty);
        Assert.That(model.Priors.Select(p => p.Kind), Is.EqualTo(new[] { "mixture", "normal" }));
        Assert.That(model.Sample(3), Is.EqualTo(original.Sample(3)));
    }

    [Test]
    public void PriorsAndAssetsAreThoseAskedFor()
    {
        Assert.That(Tool.Run("export", Whole, "--out", Small, "--prior", "normal", "--assets", "5").Code, Is.Zero);
        VaeModel model = VaeModel.Load(Small);
        Assert.That(model.Priors.Select(p => p.Kind), Is.EqualTo(new[] { "normal" }));
        Assert.That(model.Assets.Select(a => a.Name), Is.EqualTo(new[] { "0.png", "2.png", "4.png", "6.png", "8.png" }));
        Assert.That(Tool.Run("export", Whole, "--out", Small, "--prior", "mixture", "normal", "--assets", "all").Code, Is.Zero);
        Assert.That(File.ReadAllBytes(Small), Is.EqualTo(File.ReadAllBytes(Whole)));
    }

    [Test]
    public void HalvesAreComparedOnTheDevice()
    {
        ToolResult result = Tool.Run("export", Whole, "--out", Small, "--half");
        Assert.That(result.Code, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Match(@"64 images decoded with both: PSNR \d{2,3}\.\d dB, and at most 0\.\d\d/255 apart"));
        VaeModel model = VaeModel.Load(Small);
        Assert.That(model.Hash, Is.Not.EqualTo(original.Hash));
        IEnumerable<TensorEntry> weights = SafetensorsFile.Read(Small).Tensors.Values
            .Where(t => t.Name.StartsWith("weight.", StringComparison.Ordinal));
        Assert.That(weights.Select(t => t.DType), Is.All.EqualTo(DType.F16));
        ToolResult again = Tool.Run("export", Small, "--out", folder.File("again.safetensors"), "--half");
        Assert.That(again.Output, Does.Contain("64 images decoded with both: the same to the bit"), "what is rounded already stays");
    }

    [Test]
    public void ConditionalModelsAndModelsWithoutPriorsAreComparedToo()
    {
        using (var device = GpuDevice.Create())
        {
            ConditionalTinyModel.Create(device, "red/a.png").Save(Whole);
            Assert.That(Tool.Run("export", Whole, "--out", Small, "--half").Output, Does.Contain("64 images decoded"));
            VaeModel tiny = TinyModel.Create(device, "a.png", "b.png");
            new VaeModel(tiny.Architecture, tiny.Weights) { Priors = [], Assets = tiny.Assets }.Save(Whole);
        }

        Assert.That(Tool.Run("export", Whole, "--out", Small, "--half").Output, Does.Contain("images decoded"));
    }

    [Test]
    public void WhatIsWrongIsSaidBeforeAnythingIsWritten()
    {
        byte[] before = File.ReadAllBytes(Whole);
        AssertFails("the model itself", "--out", Path.Combine(Path.GetDirectoryName(Whole)!, ".", "whole.safetensors"));
        AssertFails("no prior 'flow'; it has mixture, normal", "--out", Small, "--prior", "flow");
        AssertFails("does not exist", "--out", folder.File("nowhere/small.safetensors"), "--half");
        Assert.That(File.ReadAllBytes(Whole), Is.EqualTo(before));
        Assert.That(File.Exists(Small), Is.False);

        void AssertFails(string said, params string[] rest)
        {
            ToolResult result = Tool.Run(["export", Whole, .. rest]);
            Assert.That(result.Code, Is.EqualTo(ExitCode.Failure), result.Output);
            Assert.That(result.Error, Does.StartWith("vae: ").And.Contain(said));
        }
    }
}
