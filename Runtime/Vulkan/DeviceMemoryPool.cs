using System;
using System.Threading;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>Chooses memory types, allocates, and counts. One allocation a buffer: callers make few and large ones.</summary>
internal sealed unsafe class DeviceMemoryPool
{
    private const MemoryPropertyFlags Local = MemoryPropertyFlags.DeviceLocalBit;
    private const MemoryPropertyFlags Visible = MemoryPropertyFlags.HostVisibleBit;
    private const MemoryPropertyFlags Mappable = MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit;
    private const MemoryPropertyFlags Cached = MemoryPropertyFlags.HostCachedBit;

    private readonly VulkanContext context;
    private readonly bool mapDeviceMemory;
    private readonly long limitBytes;
    private long allocated;
    private long peak;

    public DeviceMemoryPool(VulkanContext context, GpuDeviceOptions options) =>
        (this.context, mapDeviceMemory, limitBytes) = (context, options.MapDeviceMemory, options.MemoryLimitBytes ?? long.MaxValue);

    public long AllocatedBytes => Interlocked.Read(ref allocated);

    public long PeakAllocatedBytes => Interlocked.Read(ref peak);

    /// <inheritdoc cref="GpuDevice.AvailableBytes"/>
    public long AvailableBytes
    {
        get
        {
            GpuDeviceInfo device = context.Adapter.Info;
            long whole = device.MemoryBytes;
#if !NETSTANDARD
            // Mesa's lavapipe states 2 GiB of it, whatever the host has. .NET Standard can't ask.
            if (device.Type == "cpu")
                whole = Math.Max(whole, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3);
#endif
            return Math.Max(0, Math.Min(whole, limitBytes) - AllocatedBytes);
        }
    }

    /// <summary>Allocates for a buffer or an image, named as errors name it; gives whether the host is to map the memory, which then needs no flushes.</summary>
    public DeviceMemory Allocate(MemoryRequirements need, MemoryKind kind, string name, out bool map)
    {
        var type = FindType(need.MemoryTypeBits, kind, name);
        map = (mapDeviceMemory || kind == MemoryKind.HostVisible)
            && (context.Adapter.MemoryTypes[type].PropertyFlags & Mappable) == Mappable;
        var limit = context.Adapter.Limits.MaxAllocationBytes;
        if (need.Size > (ulong)limit)
        {
            throw new OutOfGpuMemoryException(
                $"{name} needs {need.Size} bytes; {context.Adapter.Info.Name} allows {limit} in one allocation. "
                + "Use a smaller batch, image or model.", (int)Result.ErrorOutOfDeviceMemory, "vkAllocateMemory", name);
        }

        if ((long)need.Size > limitBytes - AllocatedBytes)
        {
            throw new OutOfGpuMemoryException(
                $"{name} needs {need.Size} bytes, and {AllocatedBytes} are allocated; GpuDeviceOptions.MemoryLimitBytes allows {limitBytes}. "
                + "Raise it, or use a smaller batch, image or model.", (int)Result.ErrorOutOfDeviceMemory, "vkAllocateMemory", name);
        }

        var info = new MemoryAllocateInfo
        {
            SType = StructureType.MemoryAllocateInfo,
            AllocationSize = need.Size,
            MemoryTypeIndex = (uint)type,
        };
        DeviceMemory memory;
        VulkanResult.Check(
            context.Api.AllocateMemory(context.Device, &info, null, &memory),
            "vkAllocateMemory",
            $"{name} ({need.Size} bytes, with {AllocatedBytes} allocated before)");
        Count((long)need.Size);
        return memory;
    }

    public void Free(DeviceMemory memory, ulong size)
    {
        context.Api.FreeMemory(context.Device, memory, null);
        Interlocked.Add(ref allocated, -(long)size);
    }

    private void Count(long bytes)
    {
        var now = Interlocked.Add(ref allocated, bytes);
        for (var seen = PeakAllocatedBytes; now > seen; seen = PeakAllocatedBytes)
        {
            Interlocked.CompareExchange(ref peak, now, seen);
        }
    }

    private int FindType(uint allowed, MemoryKind kind, string name)
    {
        // Mappable memory of a discrete device is a small window, slow for the host to read: it is taken for device buffers last.
        var type = kind == MemoryKind.HostVisible
            ? First(allowed, Mappable | Cached, 0) ?? First(allowed, Mappable, 0)
            : context.Adapter.HasUnifiedMemory
                ? First(allowed, Local | Mappable | Cached, 0) ?? First(allowed, Local | Mappable, 0) ?? First(allowed, Local, 0)
                : First(allowed, Local, Visible) ?? First(allowed, Local, 0);
        return type ?? throw new GpuException(
            $"{context.Adapter.Info.Name} has no {(kind == MemoryKind.Device ? "device-local" : "host-visible coherent")} memory type "
            + $"for {name}; Vulkan requires one: update the driver.");
    }

    private int? First(uint allowed, MemoryPropertyFlags required, MemoryPropertyFlags forbidden)
    {
        for (var i = 0; i < context.Adapter.MemoryTypes.Length; i++)
        {
            var flags = context.Adapter.MemoryTypes[i].PropertyFlags;
            if ((allowed & (1u << i)) != 0 && (flags & required) == required && (flags & forbidden) == 0)
            {
                return i;
            }
        }

        return null;
    }
}
