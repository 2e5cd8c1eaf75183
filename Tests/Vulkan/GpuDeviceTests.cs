using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Vulkan;

[NonParallelizable]
public sealed class GpuDeviceTests : VulkanTest
{
    [Test]
    public void OpensTheDeviceThatIsListed()
    {
        var listed = GpuDevice.List();
        Assert.That(listed, Does.Contain(Device.Info));
        Assert.That(listed.Select(info => info.Index), Is.EqualTo(Enumerable.Range(0, listed.Count)));
        Assert.That(Device.Info.IsUsable, Is.True);
        Assert.That(Device.Info.MemoryBytes, Is.GreaterThan(0));
        Assert.That(Device.Info.Driver, Is.Not.Empty);
    }

    [Test]
    public void KnowsItsLimits()
    {
        // The least that Vulkan requires of every device.
        var limits = Device.Limits;
        Assert.That(limits.MaxTexelBufferElements, Is.GreaterThanOrEqualTo(65536));
        Assert.That(limits.MaxStorageBufferRange, Is.GreaterThanOrEqualTo(1 << 27));
        Assert.That(limits.MaxAllocationBytes, Is.GreaterThanOrEqualTo(1 << 30));
        Assert.That(limits.SharedMemoryBytes, Is.GreaterThanOrEqualTo(16384));
        Assert.That(limits.MaxWorkgroupInvocations, Is.GreaterThanOrEqualTo(128));
        Assert.That(limits.MaxWorkgroupCount.Z, Is.GreaterThanOrEqualTo(65535));
        Assert.That(limits.MaxWorkgroupSize.Z, Is.GreaterThanOrEqualTo(64));
        Assert.That(limits.SubgroupSize, Is.GreaterThanOrEqualTo(1));
        Assert.That(limits.BufferOffsetAlignment, Is.GreaterThanOrEqualTo(256));
        Assert.That(limits.BufferOffsetAlignment & (limits.BufferOffsetAlignment - 1), Is.Zero);
    }

    [Test]
    public void IsFoundByIndexAndByAPartOfItsName()
    {
        var name = Device.Info.Name;
        using var byName = GpuDevice.Create(new GpuDeviceOptions { Device = name[1..5].ToUpperInvariant(), Validation = true });
        using var byIndex = GpuDevice.Create(new GpuDeviceOptions { Device = $"{Device.Info.Index}", Validation = true });
        Assert.That((byName.Info.Name, byIndex.Info.Name), Is.EqualTo((name, name)));
        Assert.That(byName.ValidationMessages.Concat(byIndex.ValidationMessages), Is.Empty);
    }

    [Test]
    public void AnUnknownNameIsAnErrorThatListsTheDevices()
    {
        var error = Assert.Throws<GpuException>(() => GpuDevice.Create(new GpuDeviceOptions { Device = "no such device" }));
        Assert.That(error!.Message, Does.Contain("'no such device'").And.Contain(Device.Info.Name));
    }

    [TestCase("VAEPROCGEN_DEVICE", "no such device")]
    [TestCase("VAEPROCGEN_PATH", "no such path")]
    [TestCase("VAEPROCGEN_TUNING", "no such tuning")]
    public void TheEnvironmentIsRead(string variable, string value)
    {
        using var _ = new EnvironmentVariable(variable, value);
        Assert.That(() => GpuDevice.Create(), Throws.InstanceOf<GpuException>().With.Message.Contains(value));
    }

    [Test]
    public void TheEnvironmentTurnsValidationOn()
    {
        using var _ = new EnvironmentVariable("VAEPROCGEN_VALIDATION", "1");
        using var device = GpuDevice.Create();
        using var buffer = device.CreateBuffer(64, MemoryKind.Device, "raced");
        using var list = device.CreateCommandList("race");
        list.Fill(buffer.Range, 1);
        list.Fill(buffer.Range, 2);
        list.End();
        Assert.That(device.ValidationMessages, Has.Some.Contains("SYNC-HAZARD"));
    }

    [TestCase(OperandPath.Shared, null, ExpectedResult = OperandPath.Shared)]
    [TestCase(OperandPath.Shared, "texel", ExpectedResult = OperandPath.Shared)]
    [TestCase(null, "shared", ExpectedResult = OperandPath.Shared)]
    public OperandPath ThePathIsTheOneAskedFor(OperandPath? option, string? variable)
    {
        using var _ = new EnvironmentVariable("VAEPROCGEN_PATH", variable);
        using var device = GpuDevice.Create(new GpuDeviceOptions { Path = option });
        return device.Path;
    }

    [Test]
    public void DisposesWhatIsLeft()
    {
        // The teardown finds it in the validation messages when anything leaks.
        var buffer = Upload("left", MemoryKind.Device, 1f, 2, 3, 4);
        var output = Device.CreateBuffer(16, MemoryKind.HostVisible, "left too");
        var list = Device.CreateCommandList("left", timestampSlots: Device.Limits.TimestampPeriodNs > 0 ? 2 : 0);
        list.Dispatch(CreateAffine(BindingKind.TexelRead, 1, 0), [buffer.Range, output.Range], 1, 1, 1);
        list.End();
        Device.Submit(list);
        Device.Dispose();
        Device.Dispose();
        buffer.Dispose();
        list.Dispose();
        Assert.That(() => Device.WaitIdle(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Device.Submit(list), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Device.CreateBuffer(16, MemoryKind.Device, "late"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => Download<float>(buffer), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void RefusesCodeThatIsNoSpirv()
    {
        Assert.That(
            () => Device.CreatePipeline("text", "#version 450 void main"u8, [], []),
            Throws.ArgumentException.With.Message.Contains("'text'").And.Message.Contains("SPIR-V"));
    }
}
