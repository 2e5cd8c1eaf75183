using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Tests.Vulkan;

[TestFixture(true)]
[TestFixture(false)]
[NonParallelizable]
public sealed class GpuBufferTests(bool mapDeviceMemory) : VulkanTest(mapDeviceMemory)
{
    [TestCase(MemoryKind.Device)]
    [TestCase(MemoryKind.HostVisible)]
    public void IsZeroFilledAndKeepsWhatIsUploaded(MemoryKind kind)
    {
        using var buffer = Device.CreateBuffer(13 * sizeof(float), kind, "numbers");
        Assert.That(Download<float>(buffer), Is.EqualTo(new float[13]));

        var data = Ramp(13);
        buffer.Upload<float>(data);
        buffer.Upload<float>([100, 200], offsetBytes: 5 * sizeof(float));
        (data[5], data[6]) = (100, 200);
        Assert.That(Download<float>(buffer), Is.EqualTo(data));

        var part = new float[3];
        buffer.Download<float>(part, offsetBytes: 4 * sizeof(float));
        Assert.That(part, Is.EqualTo(new float[] { 4, 100, 200 }));

        buffer.Clear();
        Assert.That(Download<float>(buffer), Is.EqualTo(new float[13]));
    }

    [Test]
    public void MapsHostVisibleMemoryOnly()
    {
        using var visible = Device.CreateBuffer(8, MemoryKind.HostVisible, "visible");
        visible.Map<int>()[1] = 7;
        Assert.That(Download<int>(visible), Is.EqualTo(new[] { 0, 7 }));

        using var local = Device.CreateBuffer(8, MemoryKind.Device, "local");
        Assert.That(() => local.Map<int>(), Throws.InvalidOperationException.With.Message.Contains("'local'"));
    }

    [Test]
    public void MovesMoreThanOneStagingBufferHolds()
    {
        // More than one piece of 16 MiB, and no whole number of them.
        var data = new int[(40 << 20) / sizeof(int) + 3];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = i * 31;
        }

        using var buffer = Upload("large", MemoryKind.Device, data);
        Assert.That(Download<int>(buffer).AsSpan().SequenceEqual(data), Is.True);
    }

    [Test]
    public void CountsItsBytes()
    {
        var before = Device.AllocatedBytes;
        var buffer = Device.CreateBuffer(1 << 20, MemoryKind.Device, "counted");
        Assert.That(Device.AllocatedBytes - before, Is.GreaterThanOrEqualTo(1 << 20));
        var peak = Device.PeakAllocatedBytes;
        buffer.Dispose();
        Assert.That((Device.AllocatedBytes, Device.PeakAllocatedBytes), Is.EqualTo((before, peak)));
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        using var buffer = Device.CreateBuffer(16, MemoryKind.Device, "small");
        Assert.That(() => buffer.Upload<float>(new float[5]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => buffer.Download<float>(new float[1], offsetBytes: 16), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => buffer.Upload<float>([1], offsetBytes: -4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Device.CreateBuffer(0, MemoryKind.Device, "empty"), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => Device.CreateBuffer(Device.Limits.MaxAllocationBytes / 16 * 16 + 16, MemoryKind.Device, "giant"),
            Throws.InstanceOf<OutOfGpuMemoryException>().With.Message.Contains("'giant'"));
    }

    [Test]
    public void IsGoneAfterDispose()
    {
        var buffer = Device.CreateBuffer(16, MemoryKind.HostVisible, "gone");
        buffer.Dispose();
        buffer.Dispose();
        Assert.That(() => buffer.Map<int>(), Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains("'gone'"));
        Assert.That(() => buffer.Clear(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => buffer.Upload<int>([1]), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => buffer.Download(new int[1].AsSpan()), Throws.InstanceOf<ObjectDisposedException>());
    }
}
