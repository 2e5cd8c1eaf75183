using System;
using System.Linq;
using System.Threading.Tasks;
using NUnit.Framework;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Tests.Vulkan;

[TestFixture(true)]
[TestFixture(false)]
public sealed class CommandListTests(bool mapDeviceMemory) : VulkanTest(mapDeviceMemory)
{
    [Test]
    public void RunsAKernelWithItsConstants(
        [Values] BindingKind input, [Values] MemoryKind inputMemory, [Values] MemoryKind outputMemory)
    {
        using var x = Upload("x", inputMemory, Ramp(16));
        using var y = Device.CreateBuffer(64, outputMemory, "y");
        using var affine = CreateAffine(input, 2, 0.5f);
        using var list = Device.CreateCommandList("affine");
        list.Dispatch(affine, [x.Range, y.Range], 1, 1, 1);
        list.End();
        Device.Submit(list);
        Device.WaitIdle();

        // The constant says that there are 3 vec4s: the fourth stays zero.
        Assert.That(Download<float>(y), Is.EqualTo(Ramp(16).Select(v => v < 12 ? (2 * v) + 0.5f : 0)));
    }

    [Test]
    public void RunsAgainOnWhatItLeft()
    {
        using var x = Upload("x", MemoryKind.Device, Ramp(12));
        using var y = Device.CreateBuffer(48, MemoryKind.Device, "y");
        using var twice = CreateAffine(BindingKind.TexelRead, 2, 0);
        using var list = Device.CreateCommandList("doubling");
        list.Dispatch(twice, [x.Range, y.Range], 1, 1, 1);
        list.Barrier();
        list.Dispatch(twice, [y.Range, x.Range], 1, 1, 1);
        list.Barrier();
        list.Copy(x.Range, y.Range);
        list.Barrier();
        list.Fill(new BufferRange(y, 0, 4), 0x40490FDB);
        list.End();

        Device.Submit([list, list]);
        Device.Submit(list);
        Device.WaitIdle();

        var expected = Ramp(12).Select(v => 64 * v).ToArray();
        Assert.That(Download<float>(x), Is.EqualTo(expected));
        expected[0] = MathF.PI;
        Assert.That(Download<float>(y), Is.EqualTo(expected));
    }

    [Test]
    public void BindsPartsOfOneBuffer()
    {
        // More parts than one descriptor pool has sets; each is bound twice, the second time by the same set.
        const int parts = 100;
        var alignment = (int)Device.Limits.BufferOffsetAlignment;
        using var arena = Device.CreateBuffer(parts * alignment, MemoryKind.Device, "arena");
        arena.Upload<float>(Ramp(12));
        using var increment = CreateAffine(BindingKind.TexelRead, 1, 1);
        using var list = Device.CreateCommandList("parts");
        BufferRange Part(int i) => new(arena, i * alignment, 48);
        for (var i = 0; i < 2 * (parts - 1); i++)
        {
            var part = i % (parts - 1);
            list.Dispatch(increment, [Part(part), Part(part + 1)], 1, 1, 1);
            list.Barrier();
        }

        list.End();
        Device.Submit(list);
        Device.WaitIdle();
        var last = new float[12];
        arena.Download<float>(last, (parts - 1) * alignment);
        Assert.That(last, Is.EqualTo(Ramp(12).Select(v => v + parts - 1)));
    }

    [Test]
    public void ListsAreRecordedAndRunByManyThreads()
    {
        using var x = Upload("x", MemoryKind.Device, Ramp(12));
        using var affine = CreateAffine(BindingKind.TexelRead, 3, 0);
        Parallel.For(0, 4, thread =>
        {
            for (var i = 0; i < 5; i++)
            {
                using var y = Device.CreateBuffer(48, MemoryKind.HostVisible, $"y of thread {thread}");
                using var list = Device.CreateCommandList($"list of thread {thread}");
                list.Dispatch(affine, [x.Range, y.Range], 1, 1, 1);
                list.End();
                Device.Wait(Device.Submit(list));
                Assert.That(y.Map<float>().ToArray(), Is.EqualTo(Ramp(12).Select(v => 3 * v)));
            }
        });
    }

    [Test]
    public void SaysWhenASubmissionHasRun()
    {
        using var buffer = Device.CreateBuffer(16, MemoryKind.HostVisible, "target");
        using var list = Device.CreateCommandList("fill");
        list.Fill(buffer.Range, 7);
        list.End();
        var first = Device.Submit(list);
        var second = Device.Submit(list);
        Device.Wait(second);
        Assert.That(second, Is.GreaterThan(first));
        Assert.That((Device.IsComplete(first), Device.IsComplete(second), Device.IsComplete(second + 1)), Is.EqualTo((true, true, false)));
        Assert.That(buffer.Map<uint>().ToArray(), Is.EqualTo(new uint[] { 7, 7, 7, 7 }));
    }

    [Test]
    public void TakesTimes()
    {
        Assume.That(Device.Limits.TimestampPeriodNs, Is.GreaterThan(0), "this device has timestamps");
        using var buffer = Device.CreateBuffer(1 << 20, MemoryKind.Device, "target");
        using var list = Device.CreateCommandList("timed", timestampSlots: 3);
        list.Timestamp(0);
        list.Fill(buffer.Range, 1);
        list.Timestamp(1);
        Assert.That(() => list.Timestamp(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        list.End();
        Assert.That(() => list.ReadTimestamps(), Throws.InvalidOperationException);
        Device.Submit(list);
        Device.WaitIdle();
        var times = list.ReadTimestamps();
        Assert.That((times[0], double.IsNaN(times[2])), Is.EqualTo((0, true)));
        Assert.That(times[1], Is.GreaterThan(0).And.LessThan(1e10));
    }

    [Test]
    public void RefusesWhatTheDeviceWouldNotDoRight()
    {
        using var buffer = Device.CreateBuffer(1024, MemoryKind.Device, "data");
        using var other = Device.CreateBuffer(64, MemoryKind.Device, "other");
        using var texel = CreateAffine(BindingKind.TexelRead, 1, 0);
        using var list = Device.CreateCommandList("refused");
        void Dispatch(BufferRange x, uint groups = 1) => list.Dispatch(texel, [x, other.Range], groups, 1, 1);

        Assert.That(() => list.Dispatch(texel, [other.Range], 1, 1, 1), Throws.ArgumentException.With.Message.Contains("2 bindings"));
        Assert.That(() => Dispatch(new BufferRange(buffer, 16, 64)), Throws.ArgumentException.With.Message.Contains("multiple of"));
        Assert.That(() => Dispatch(new BufferRange(buffer, 0, 40)), Throws.ArgumentException.With.Message.Contains("multiple of 16"));
        Assert.That(() => Dispatch(new BufferRange(buffer, 768, 512)), Throws.ArgumentException.With.Message.Contains("'data'"));
        Assert.That(() => Dispatch(buffer.Range, 0), Throws.ArgumentException.With.Message.Contains("0 x 1 x 1"));
        Assert.That(() => Dispatch(buffer.Range, uint.MaxValue), Throws.InstanceOf<GpuException>().With.Message.Contains("workgroups"));
        Assert.That(() => list.Copy(buffer.Range, other.Range), Throws.ArgumentException);
        Assert.That(() => list.Copy(new(buffer, 0, 64), new(buffer, 32, 64)), Throws.ArgumentException.With.Message.Contains("overlaps"));
        Assert.That(() => list.Fill(new BufferRange(buffer, 2, 4), 0), Throws.ArgumentException.With.Message.Contains("multiples of 4"));
        Assert.That(() => list.Timestamp(0), Throws.InvalidOperationException.With.Message.Contains("CreateCommandList"));
        Assert.That(() => Device.Submit(list), Throws.InvalidOperationException.With.Message.Contains("End"));
        list.End();
        Assert.That(() => list.Barrier(), Throws.InvalidOperationException);
    }

    [Test]
    public void CannotBeSubmittedWithoutWhatItUses()
    {
        var x = Device.CreateBuffer(64, MemoryKind.Device, "x");
        var affine = CreateAffine(BindingKind.Storage, 1, 0);
        var list = Device.CreateCommandList("orphan");
        list.Dispatch(affine, [x.Range, Device.CreateBuffer(64, MemoryKind.Device, "y").Range], 1, 1, 1);
        list.End();
        affine.Dispose();
        Assert.That(() => Device.Submit(list), Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains("affine"));
        x.Dispose();
        Assert.That(() => Device.Submit(list), Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains("'x'"));
        list.Dispose();
        list.Dispose();
        Assert.That(() => Device.Submit(list), Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains("'orphan'"));
    }

    [Test]
    public void TheValidationLayerListens()
    {
        // Two writes with no barrier between: the messages that every other test here must not have.
        using var x = Device.CreateBuffer(64, MemoryKind.Device, "raced");
        using (var list = Device.CreateCommandList("race"))
        {
            list.Fill(x.Range, 1);
            list.Fill(x.Range, 2);
            list.End();
        }

        Assert.That(Device.ValidationMessages, Has.Some.Contains("SYNC-HAZARD").And.Some.Contains("raced"));
        ForgetDevice();
    }
}
