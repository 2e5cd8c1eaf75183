using System;
using System.Collections.Generic;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>A physical device and all that is read from it once.</summary>
internal sealed unsafe class PhysicalAdapter
{
    private PhysicalAdapter(
        PhysicalDevice handle, GpuDeviceInfo info, GpuLimits limits, uint queueFamily, int timestampBits, MemoryType[] memoryTypes,
        byte[] pipelineCacheUuid, MatrixShape? matrices)
    {
        (Handle, Info, Limits, QueueFamily, TimestampBits, Matrices) = (handle, info, limits, queueFamily, timestampBits, matrices);
        (MemoryTypes, PipelineCacheUuid) = (memoryTypes, pipelineCacheUuid);
    }

    public PhysicalDevice Handle { get; }

    public GpuDeviceInfo Info { get; }

    public GpuLimits Limits { get; }

    /// <summary>The first family with compute; transfer is implied. Meaningless unless the device is usable.</summary>
    public uint QueueFamily { get; }

    public int TimestampBits { get; }

    /// <summary>Null where the device has no matrix units, or a host engine has not asked for them.</summary>
    public MatrixShape? Matrices { get; }

    public MemoryType[] MemoryTypes { get; }

    public byte[] PipelineCacheUuid { get; }

    /// <summary>Host and device share their memory, so mapping device memory costs nothing.</summary>
    public bool HasUnifiedMemory => Info.Type is "cpu" or "integrated";

    public static IReadOnlyList<PhysicalAdapter> Enumerate(VulkanInstance instance)
    {
        uint count = 0;
        VulkanResult.Check(
            instance.Api.EnumeratePhysicalDevices(instance.Handle, &count, null), "vkEnumeratePhysicalDevices", "the Vulkan instance");
        var handles = new PhysicalDevice[count];
        fixed (PhysicalDevice* first = handles)
        {
            VulkanResult.Check(
                instance.Api.EnumeratePhysicalDevices(instance.Handle, &count, first), "vkEnumeratePhysicalDevices", "the Vulkan instance");
        }

        var adapters = new PhysicalAdapter[count];
        for (var i = 0; i < count; i++)
        {
            adapters[i] = Read(instance.Api, handles[i], i);
        }

        return adapters;
    }

    /// <summary>The device that a host engine uses, with its queue family.</summary>
    /// <exception cref="GpuException">It can't run the kernels.</exception>
    public static PhysicalAdapter Join(VulkanInstance instance, PhysicalDevice handle, uint queueFamily)
    {
        var adapter = Read(instance.Api, handle, 0, queueFamily);
        return adapter.Info.IsUsable ? adapter : throw new GpuException(
            $"{adapter.Info.Name} can't be joined: Vulkan {GpuDeviceInfo.VersionText(GpuDeviceInfo.RequiredApiVersion)} or newer and a queue "
            + $"family with compute are needed; found Vulkan {GpuDeviceInfo.VersionText(adapter.Info.ApiVersion)} and family {queueFamily}"
            + $"{(adapter.Info.HasComputeQueue ? "" : ", which can't compute")}. Give a queue that can.");
    }

    private static PhysicalAdapter Read(Vk api, PhysicalDevice handle, int index, uint? queueFamily = null)
    {
        PhysicalDeviceProperties properties;
        api.GetPhysicalDeviceProperties(handle, &properties);
        var driver = new PhysicalDeviceDriverProperties { SType = StructureType.PhysicalDeviceDriverProperties };
        var core11 = new PhysicalDeviceVulkan11Properties { SType = StructureType.PhysicalDeviceVulkan11Properties, PNext = &driver };
        if (properties.ApiVersion >= GpuDeviceInfo.RequiredApiVersion)
        {
            var properties2 = new PhysicalDeviceProperties2 { SType = StructureType.PhysicalDeviceProperties2, PNext = &core11 };
            api.GetPhysicalDeviceProperties2(handle, &properties2);
        }

        PhysicalDeviceMemoryProperties memory;
        api.GetPhysicalDeviceMemoryProperties(handle, &memory);
        var (family, timestampBits) = ComputeFamily(api, handle, queueFamily);

        var info = new GpuDeviceInfo(
            index,
            SilkMarshal.PtrToString((nint)properties.DeviceName) ?? "",
            TypeText(properties.DeviceType),
            $"{SilkMarshal.PtrToString((nint)driver.DriverName)} {SilkMarshal.PtrToString((nint)driver.DriverInfo)}".Trim(),
            properties.ApiVersion,
            properties.VendorID,
            properties.DeviceID,
            properties.DriverVersion,
            LargestLocalHeap(memory),
            core11.SubgroupSize,
            (core11.SubgroupSupportedStages & ShaderStageFlags.ComputeBit) != 0
                && (core11.SubgroupSupportedOperations & SubgroupFeatureFlags.ShuffleBit) != 0,
            family != null);
        return new PhysicalAdapter(
            handle,
            info,
            ReadLimits(properties.Limits, core11, timestampBits > 0),
            family ?? 0,
            timestampBits,
            memory.MemoryTypes.AsSpan()[..(int)memory.MemoryTypeCount].ToArray(),
            new ReadOnlySpan<byte>(properties.PipelineCacheUuid, (int)Vk.UuidSize).ToArray(),
            queueFamily == null ? MatrixShape.Read(api, handle, properties) : null);
    }

    private static GpuLimits ReadLimits(PhysicalDeviceLimits limits, PhysicalDeviceVulkan11Properties core11, bool timestamps) => new(
        MaxTexelBufferElements: limits.MaxTexelBufferElements,
        MaxStorageBufferRange: limits.MaxStorageBufferRange,
        MaxAllocationBytes: (long)Math.Min(core11.MaxMemoryAllocationSize, long.MaxValue),
        // All three are powers of two, so the greatest is a multiple of each.
        BufferOffsetAlignment: (long)Math.Max(
            256, Math.Max(limits.MinTexelBufferOffsetAlignment, limits.MinStorageBufferOffsetAlignment)),
        MaxWorkgroupCount: (limits.MaxComputeWorkGroupCount[0], limits.MaxComputeWorkGroupCount[1], limits.MaxComputeWorkGroupCount[2]),
        MaxWorkgroupSize: (limits.MaxComputeWorkGroupSize[0], limits.MaxComputeWorkGroupSize[1], limits.MaxComputeWorkGroupSize[2]),
        MaxWorkgroupInvocations: limits.MaxComputeWorkGroupInvocations,
        SharedMemoryBytes: limits.MaxComputeSharedMemorySize,
        SubgroupSize: core11.SubgroupSize,
        TimestampPeriodNs: timestamps ? limits.TimestampPeriod : 0,
        MaxImageSide: (int)Math.Min(limits.MaxImageDimension2D, int.MaxValue),
        MaxImageLayers: (int)Math.Min(limits.MaxImageArrayLayers, int.MaxValue));

    private static (uint? Family, int TimestampBits) ComputeFamily(Vk api, PhysicalDevice handle, uint? wanted)
    {
        uint count = 0;
        api.GetPhysicalDeviceQueueFamilyProperties(handle, &count, null);
        var families = new QueueFamilyProperties[count];
        fixed (QueueFamilyProperties* first = families)
        {
            api.GetPhysicalDeviceQueueFamilyProperties(handle, &count, first);
        }

        var index = Array.FindIndex(families, family => (family.QueueFlags & QueueFlags.ComputeBit) != 0);
        if (wanted is { } family)
        {
            index = family < count && (families[family].QueueFlags & QueueFlags.ComputeBit) != 0 ? (int)family : -1;
        }

        return index < 0 ? (null, 0) : ((uint)index, (int)families[index].TimestampValidBits);
    }

    private static long LargestLocalHeap(PhysicalDeviceMemoryProperties memory)
    {
        ulong largest = 0;
        foreach (var heap in memory.MemoryHeaps.AsSpan()[..(int)memory.MemoryHeapCount])
        {
            largest = (heap.Flags & MemoryHeapFlags.DeviceLocalBit) != 0 ? Math.Max(largest, heap.Size) : largest;
        }

        return (long)largest;
    }

    private static string TypeText(PhysicalDeviceType type) => type switch
    {
        PhysicalDeviceType.DiscreteGpu => "discrete",
        PhysicalDeviceType.IntegratedGpu => "integrated",
        PhysicalDeviceType.VirtualGpu => "virtual",
        PhysicalDeviceType.Cpu => "cpu",
        _ => "other",
    };
}
