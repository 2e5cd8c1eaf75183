using NUnit.Framework;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.ModelFile;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Tuning;

/// <summary>When matrix units are used, with made-up times.</summary>
[TestFixture]
public sealed class MatrixTrialTests
{
    private static readonly GpuDeviceInfo Device = new(0, "card", "discrete", "driver", GpuDeviceInfo.RequiredApiVersion, 1, 2, 3, 1 << 30, 32, true, true);

    [TestCase(4e-3, 1e-3, true)]
    [TestCase(1.1e-3, 1e-3, false, Description = "a little faster is noise")]
    [TestCase(1e-3, 4e-3, false, Description = "a driver that offers them and is slow")]
    public void TheyHaveToBeFaster(double shared, double matrix, bool expected)
    {
        using var folder = new TemporaryFolder();
        TileMemory Open() => new(Device, "1.0", "abc", folder.File("tiles.json"));
        int measured = 0;
        (double, double) Measure()
        {
            measured++;
            return (shared, matrix);
        }

        Assert.That(MatrixTrial.IsFaster(Open(), mayMeasure: false, isAgain: false, Measure), Is.False, "what is not known is not used");
        Assert.That(MatrixTrial.IsFaster(Open(), mayMeasure: true, isAgain: false, Measure), Is.EqualTo(expected));
        Assert.That(MatrixTrial.IsFaster(Open(), mayMeasure: true, isAgain: false, Measure), Is.EqualTo(expected));
        Assert.That(MatrixTrial.IsFaster(Open(), mayMeasure: false, isAgain: false, Measure), Is.EqualTo(expected));
        Assert.That(measured, Is.EqualTo(1), "it is remembered");
        TileMemory again = Open();
        Assert.That(MatrixTrial.IsFaster(again, mayMeasure: true, isAgain: true, Measure), Is.EqualTo(expected));
        Assert.That(MatrixTrial.IsFaster(again, mayMeasure: true, isAgain: true, Measure), Is.EqualTo(expected));
        Assert.That(measured, Is.EqualTo(2), "once for each device that is opened");
    }

    [Test]
    public void AGivenPathStays()
    {
        GpuDevice device = GpuTestDevice.For(OperandPath.Shared);
        MatrixTrial.Apply(device);
        Assert.That(device.Path, Is.EqualTo(OperandPath.Shared));
    }

    [Test]
    public void BothAreTimedOnTheDevice()
    {
        GpuDevice device = GpuTestDevice.For(OperandPath.Shared);
        if (device.Matrices == null)
            Assert.Ignore($"{device.Info.Name} has no matrix units.");
        (double shared, double matrix) = MatrixTrial.Measure(device);
        Assert.That((shared, matrix), Is.EqualTo((shared, matrix)).And.Matches<(double, double)>(t => t.Item1 > 0 && t.Item2 > 0 && t.Item2 < 100));
    }
}
