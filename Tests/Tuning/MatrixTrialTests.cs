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

    [TestCase(OperandPath.Shared, false, true, TileTuning.FirstUse, ExpectedResult = true)]
    [TestCase(OperandPath.Shared, false, true, TileTuning.Remembered, ExpectedResult = true)]
    [TestCase(OperandPath.Shared, true, true, TileTuning.FirstUse, ExpectedResult = false, Description = "a given path stays")]
    [TestCase(OperandPath.Texel, false, true, TileTuning.FirstUse, ExpectedResult = false, Description = "so does that of a processor")]
    [TestCase(OperandPath.Shared, false, false, TileTuning.FirstUse, ExpectedResult = false, Description = "without units")]
    [TestCase(OperandPath.Shared, false, true, TileTuning.Off, ExpectedResult = false)]
    public bool WhereItMayDecide(OperandPath path, bool isPathGiven, bool hasUnits, TileTuning tuning) =>
        MatrixTrial.MayDecide(path, isPathGiven, hasUnits ? new MatrixShape(16, 16, 16) : null, tuning);

    [Test]
    public void BothAreTimedOnTheDevice()
    {
        GpuDevice device = GpuTestDevice.For(OperandPath.Shared);
        if (device.Matrices == null)
            Assert.Ignore($"{device.Info.Name} has no matrix units.");
        (double shared, double matrix) = MatrixTrial.Measure(device);
        Assert.That(shared, Is.Positive.And.LessThan(100));
        Assert.That(matrix, Is.Positive.And.LessThan(100));
    }
}
