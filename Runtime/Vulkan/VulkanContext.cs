using System;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;
using Silk.NET.Vulkan.Extensions.KHR;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The one owner of the instance and the logical device: all else here borrows their handles from it. One that has joined a host
/// engine's device owns, and destroys, nothing.</summary>
internal sealed unsafe class VulkanContext : IDisposable
{
    private readonly VulkanInstance instance;
    private bool disposed;

    private readonly bool owned;

    private VulkanContext(VulkanInstance instance, PhysicalAdapter adapter, Device device, Queue queue, object queueLock, bool owned)
    {
        (this.instance, Adapter, Device, Queue, QueueLock, this.owned) = (instance, adapter, device, queue, queueLock, owned);
    }

    public Vk Api => instance.Api;

    /// <summary>VkInstance.</summary>
    public nint Instance => instance.Handle.Handle;

    public PhysicalAdapter Adapter { get; }

    public Device Device { get; }

    public Queue Queue { get; }

    /// <summary>Held while anything is submitted to the queue.</summary>
    public object QueueLock { get; }

    /// <summary>Null without validation; its messages outlive the context.</summary>
    public ValidationMessenger? Messenger => instance.Messenger;

    /// <summary>Creates the device and takes over the instance, which stays with the caller when this throws.</summary>
    public static VulkanContext Create(VulkanInstance instance, PhysicalAdapter adapter)
    {
        var priority = 1f;
        var queueInfo = new DeviceQueueCreateInfo
        {
            SType = StructureType.DeviceQueueCreateInfo,
            QueueFamilyIndex = adapter.QueueFamily,
            QueueCount = 1,
            PQueuePriorities = &priority,
        };
        var info = new DeviceCreateInfo
        {
            SType = StructureType.DeviceCreateInfo,
            QueueCreateInfoCount = 1,
            PQueueCreateInfos = &queueInfo,
        };
        var matrices = new PhysicalDeviceCooperativeMatrixFeaturesKHR { SType = StructureType.PhysicalDeviceCooperativeMatrixFeaturesKhr, CooperativeMatrix = true };
        var core12 = new PhysicalDeviceVulkan12Features
        {
            SType = StructureType.PhysicalDeviceVulkan12Features, PNext = &matrices, ShaderFloat16 = true, VulkanMemoryModel = true,
        };
        var core13 = new PhysicalDeviceVulkan13Features { SType = StructureType.PhysicalDeviceVulkan13Features, PNext = &core12, ComputeFullSubgroups = true };
        var extension = (byte*)SilkMarshal.StringToPtr(KhrCooperativeMatrix.ExtensionName);
        if (adapter.Matrices != null)
        {
            info.PNext = &core13;
            info.EnabledExtensionCount = 1;
            info.PpEnabledExtensionNames = &extension;
        }

        Device device;
        var result = instance.Api.CreateDevice(adapter.Handle, &info, null, &device);
        SilkMarshal.Free((nint)extension);
        VulkanResult.Check(result, "vkCreateDevice", adapter.Info.Name);
        instance.Api.CurrentDevice = device;
        Queue queue;
        instance.Api.GetDeviceQueue(device, adapter.QueueFamily, 0, &queue);
        return new VulkanContext(instance, adapter, device, queue, new object(), owned: true);
    }

    /// <summary>Borrows a host engine's device.</summary>
    /// <exception cref="GpuException">The device is older than Vulkan 1.2, or the queue's family can't compute.</exception>
    public static VulkanContext Join(GpuHost host)
    {
        var instance = VulkanInstance.Join(new Instance { Handle = host.Instance });
        var adapter = PhysicalAdapter.Join(instance, new PhysicalDevice { Handle = host.PhysicalDevice }, host.QueueFamily);
        var device = new Device { Handle = host.Device };
        instance.Api.CurrentDevice = device;
        return new VulkanContext(instance, adapter, device, new Queue { Handle = host.Queue }, host.QueueLock, owned: false);
    }

    /// <summary>Names an object for validation messages and debuggers; nothing without validation.</summary>
    public void Name(ObjectType type, ulong handle, string name) => Messenger?.Name(Device, type, handle, name);

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        if (owned)
        {
            Api.DestroyDevice(Device, null);
        }

        instance.Dispose();
    }
}
