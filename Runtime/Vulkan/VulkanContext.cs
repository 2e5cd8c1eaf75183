using System;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The one owner of the instance and the logical device: all else here borrows their handles from it. A device of a
/// host engine is joined by a second way to make one of these, which destroys nothing.</summary>
internal sealed unsafe class VulkanContext : IDisposable
{
    private readonly VulkanInstance instance;
    private bool disposed;

    private VulkanContext(VulkanInstance instance, PhysicalAdapter adapter, Device device, Queue queue)
    {
        (this.instance, Adapter, Device, Queue) = (instance, adapter, device, queue);
    }

    public Vk Api => instance.Api;

    public PhysicalAdapter Adapter { get; }

    public Device Device { get; }

    public Queue Queue { get; }

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
        Device device;
        VulkanResult.Check(instance.Api.CreateDevice(adapter.Handle, &info, null, &device), "vkCreateDevice", adapter.Info.Name);
        instance.Api.CurrentDevice = device;
        Queue queue;
        instance.Api.GetDeviceQueue(device, adapter.QueueFamily, 0, &queue);
        return new VulkanContext(instance, adapter, device, queue);
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
        Api.DestroyDevice(Device, null);
        instance.Dispose();
    }
}
