using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Tuning;

/// <summary>How tiles are chosen, with made-up times.</summary>
[TestFixture]
public sealed class TileTunerTests
{
    private const OperandPath Path = OperandPath.Shared;

    private static readonly GpuDeviceInfo Device = new(0, "card", "discrete", "driver", GpuDeviceInfo.RequiredApiVersion, 1, 2, 3, 1 << 30, 32, true, true);

    private readonly List<string> measured = new();
    private TileMemory memory = null!;

    [SetUp]
    public void Forget()
    {
        memory = new TileMemory(Device, "1.0", "abc", path: null);
        measured.Clear();
    }

    [Test]
    public void TheFastestIsChosenAndRemembered()
    {
        KernelSpec kernel = Convolution("conv");
        Assert.That(Choose(TileTuning.FirstUse, Times(("32064", 5e-4)), kernel), Is.EqualTo(new[] { "conv_gather.TILE=32064" }));
        Assert.That(measured.Distinct(), Is.EquivalentTo(kernel.On(Path).Select(k => k.Kernel)));
        measured.Clear();
        Assert.That(Choose(TileTuning.FirstUse, Times(), Convolution("another of the same problem")), Is.EqualTo(new[] { "conv_gather.TILE=32064" }));
        Assert.That(Choose(TileTuning.Remembered, Times(), kernel), Is.EqualTo(new[] { "conv_gather.TILE=32064" }));
        Assert.That(Choose(TileTuning.Off, Times(), kernel), Is.EqualTo(new[] { "conv_gather.TILE=64064" }));
        Assert.That(measured, Is.Empty);
    }

    [Test]
    public void ALittleFasterIsNotEnough()
    {
        Assert.That(Choose(TileTuning.FirstUse, Times(("128064", 0.97e-3)), Convolution("conv")), Is.EqualTo(new[] { "conv_gather.TILE=64064" }));
        Assert.That(memory.Count, Is.EqualTo(1));
    }

    [Test]
    public void NoiseDoesNotDecide()
    {
        // Every measurement of the usual tile after its first looks is disturbed, but one.
        int turn = 0;
        double Time(KernelSpec kernel) => kernel.Kernel.EndsWith("=64064", StringComparison.Ordinal) && turn++ is not (0 or 1 or 3) ? 5e-3 : 1e-3;
        Assert.That(Choose(TileTuning.FirstUse, Time, Convolution("conv")), Is.EqualTo(new[] { "conv_gather.TILE=64064" }));
    }

    [Test]
    public void RememberedMeasuresNothing()
    {
        Assert.That(Choose(TileTuning.Remembered, Times(("32064", 5e-4)), Convolution("conv")), Is.EqualTo(new[] { "conv_gather.TILE=64064" }));
        Assert.That((measured.Count, memory.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void AgainMeasuresOnceMore()
    {
        using var folder = new TemporaryFolder();
        TileMemory Open() => new(Device, "1.0", "abc", folder.File("tiles.json"));
        KernelSpec kernel = Convolution("conv");
        memory = Open();
        Choose(TileTuning.FirstUse, Times(("32064", 5e-4)), kernel);

        memory = Open();
        Assert.That(Choose(TileTuning.Again, Times(("32032", 5e-4)), kernel), Is.EqualTo(new[] { "conv_gather.TILE=32032" }));
        measured.Clear();
        Assert.That(Choose(TileTuning.Again, Times(), kernel), Is.EqualTo(new[] { "conv_gather.TILE=32032" }), "once for each device that is opened");
        Assert.That(measured, Is.Empty);

        memory = Open();
        Assert.That(Choose(TileTuning.Remembered, Times(), kernel), Is.EqualTo(new[] { "conv_gather.TILE=32032" }));
    }

    [Test]
    public void WhatIsShortIsLeftAlone()
    {
        Assert.That(Choose(TileTuning.FirstUse, _ => TileTuner.LeastSeconds / 2, Convolution("conv")), Is.EqualTo(new[] { "conv_gather.TILE=64064" }));
        Assert.That(measured.Distinct(), Is.EqualTo(new[] { "conv_gather.TILE=64064" }), "other tiles are not even compiled");
        measured.Clear();
        Choose(TileTuning.FirstUse, Times(), Convolution("conv"));
        Assert.That(measured, Is.Empty, "and that is remembered too");
    }

    [Test]
    public void AHopelessOneIsLookedAtAndDropped()
    {
        Choose(TileTuning.FirstUse, Times(("32032", 3e-3)), Convolution("conv"));
        Assert.That(measured.Count(k => k == "conv_gather.TILE=32032"), Is.EqualTo(2));
        Assert.That(measured.Count(k => k == "conv_gather.TILE=32064"), Is.GreaterThan(4));
    }

    [Test]
    public void EachProblemIsMeasuredOnceAndReported()
    {
        var progress = new List<(int, int)>();
        KernelSpec[] kernels = [Convolution("one"), Convolution("two"), Convolution("other", channels: 40), Elementwise()];
        new TileTuner(memory, TileTuning.FirstUse, Path).Choose(kernels, Measure(Times()), (done, total) => progress.Add((done, total)));
        Assert.That(progress, Is.EqualTo(new[] { (1, 2), (2, 2) }));
        Assert.That(measured, Has.None.StartsWith("add"));
    }

    [Test]
    public void WhenTimeIsUpTheRestKeepsTheUsualTiles()
    {
        var tuner = new TileTuner(memory, TileTuning.FirstUse, Path, mostSeconds: 0);
        Assert.That(tuner.Choose([Convolution("conv")], Measure(Times(("32064", 5e-4))))[0].Kernel, Is.EqualTo("conv_gather.TILE=64064"));
        Assert.That((measured.Count, memory.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void AKernelThatReadsWhatItWritesIsNotTried()
    {
        var x = new Tensor("x", new Shape(8, 8, 8, 64));
        KernelSpec inPlace = Elementwise(x);
        KernelSpec kernel = inPlace with { Alternatives = [new(Path, inPlace), new(Path, inPlace with { Kernel = "add.other" })] };
        Assert.That(Choose(TileTuning.FirstUse, Times(), kernel), Is.EqualTo(new[] { "add" }));
        Assert.That(measured, Is.Empty);
    }

    [Test]
    public void TheLabelIsThatOfTheDispatch()
    {
        KernelSpec kernel = Convolution("conv") with { Label = "encoder.conv1 forward" };
        Assert.That(new TileTuner(memory, TileTuning.FirstUse, Path).Choose([kernel], Measure(Times(("32064", 5e-4))))[0].Label, Is.EqualTo("encoder.conv1 forward"));
    }

    private string[] Choose(TileTuning tuning, Func<KernelSpec, double> time, params KernelSpec[] kernels) =>
        new TileTuner(memory, tuning, Path).Choose(kernels, Measure(time)).Select(k => k.Kernel).ToArray();

    private TileTuner.Measurement Measure(Func<KernelSpec, double> time) => (kernel, times) =>
    {
        Assert.That(times, Is.Positive);
        measured.Add(kernel.Kernel);
        return time(kernel);
    };

    /// <summary>A millisecond, but for the tiles named.</summary>
    private static Func<KernelSpec, double> Times(params (string Tile, double Seconds)[] others) => kernel =>
        others.Where(o => kernel.Kernel.EndsWith("=" + o.Tile, StringComparison.Ordinal)).Select(o => o.Seconds).FirstOrDefault(1e-3);

    private static KernelSpec Convolution(string name, int channels = 64)
    {
        var x = new Tensor("x", new Shape(8, 8, 8, 64));
        return new Conv2d(name, new ParameterSet("parameters"), x, channels, new ConvGeometry(3, 1, 1, PaddingMode.Zero)).Forward().Single();
    }

    private static KernelSpec Elementwise(Tensor? tensor = null)
    {
        Tensor x = tensor ?? new Tensor("x", new Shape(8, 8, 8, 64));
        return Kernels.Add(Grid.Elementwise(x.Shape.Count4), a: x, b: x, y: x, count4: x.Shape.Count4);
    }
}
