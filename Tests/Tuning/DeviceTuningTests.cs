using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using NUnit.Framework;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;
using VaeProcgen.Tests.Vulkan;

namespace VaeProcgen.Tests.Tuning;

/// <summary>Programs on a device that measures or remembers tiles.</summary>
[TestFixtureSource(typeof(GpuTestDevice), nameof(GpuTestDevice.Paths)), NonParallelizable]
public sealed class DeviceTuningTests(OperandPath path)
{
    private EmptyCacheHome cache = null!;

    [SetUp]
    public void UseAnEmptyFolder() => cache = new EmptyCacheHome();

    [TearDown]
    public void DeleteTheFolder() => cache.Dispose();

    [Test]
    public void ProblemsAreMeasuredAtFirstUseAndNeverChangeABit()
    {
        Outcome usual = Run(TileTuning.Off), first = Run(TileTuning.FirstUse), second = Run(TileTuning.FirstUse), again = Run(TileTuning.Again);
        Assert.That((usual.Measured, usual.Remembered), Is.EqualTo((0, 0)));
        Assert.That((first.Measured, first.Remembered), Is.EqualTo((1, 1)));
        Assert.That((second.Measured, second.Remembered, second.Kernel), Is.EqualTo((0, 1, first.Kernel)));
        Assert.That((again.Measured, again.Remembered), Is.EqualTo((1, 1)));
        foreach (Outcome tuned in new[] { first, second, again })
            Assert.That(tuned.Bits, Is.EqualTo(usual.Bits));
    }

    [Test]
    public void WhatIsRememberedIsUsedAndNothingIsMeasuredUnasked()
    {
        Outcome nothing = Run(tuning: null);
        Assert.That((nothing.Measured, nothing.Remembered), Is.EqualTo((0, 0)));
        Assert.That(TileFiles(), Is.Empty);
        Run(TileTuning.FirstUse);

        // As if another tile had won.
        string file = TileFiles().Single(), other = path == OperandPath.Texel ? "conv_gather.TILE=8" : "conv_gather.TILE=32064";
        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        json["tiles"]!.AsObject().Single().Value!["kernel"] = other;
        File.WriteAllText(file, json.ToJsonString());
        Outcome remembered = Run(tuning: null);
        Assert.That((remembered.Measured, remembered.Kernel), Is.EqualTo((0, other)));
        Assert.That(remembered.Bits, Is.EqualTo(nothing.Bits));

        // A tile that is not there any more is as good as nothing.
        json["tiles"]!.AsObject().Single().Value!["kernel"] = "conv_gather.TILE=7";
        File.WriteAllText(file, json.ToJsonString());
        Assert.That(Run(tuning: null).Kernel, Is.EqualTo(nothing.Kernel));
        Assert.That(Run(TileTuning.FirstUse).Measured, Is.EqualTo(1));
    }

    private string[] TileFiles() => cache.Files.Select(f => f.FullName).Where(f => f.EndsWith(".json", StringComparison.Ordinal)).ToArray();

    /// <summary>A convolution on a device of its own.</summary>
    /// <param name="tuning">Null: what a library's user gets who asks for nothing.</param>
    private Outcome Run(TileTuning? tuning)
    {
        using var none = new EnvironmentVariable("VAEPROCGEN_TUNING", null);
        using GpuDevice device = GpuDevice.Create(new GpuDeviceOptions { Path = path, Validation = true, Tuning = tuning });
        int measured = 0;
        using var workspace = new Workspace(device) { TuningProgress = (_, _) => measured++ };
        var parameters = new ParameterSet("parameters");
        var x = new Tensor("x", new Shape(4, 8, 8, 40));
        var conv = new Conv2d("conv", parameters, x, 44, new ConvGeometry(3, 1, 1, PaddingMode.Zero));
        using var program = new GpuProgram(workspace, "convolution", conv.Forward());
        workspace.Upload<float>(x, Padded.Store(x.Shape, TestData.Uniform((int)x.Shape.Count, 1)));
        workspace.Upload<float>(parameters.Values, TestData.ToFloat(TestData.Uniform((int)parameters.Count, 2)));
        program.Run();
        uint[] bits = workspace.Download<uint>(conv.Output);
        Assert.That(device.ValidationMessages, Is.Empty);
        return new Outcome(program.Kernels.Single().Kernel, measured, device.Tiles.Count, bits);
    }

    private sealed record Outcome(string Kernel, int Measured, int Remembered, uint[] Bits);
}
