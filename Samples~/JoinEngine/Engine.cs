using System;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;
using Silk.NET.Vulkan.Extensions.EXT;

namespace JoinEngine;

/// <summary>An engine's Vulkan at its smallest: an instance, a device, one queue that draws and computes, and memory.</summary>
internal sealed unsafe class Engine : IDisposable
{
    private readonly Validation? validation;
    private readonly CommandPool pool;

    /// <param name="validation">Collects the validation layer's messages; null: the layer stays off.</param>
    public Engine(Validation? validation)
    {
        this.validation = validation;
        Api = Vk.GetApi();
        Instance = CreateInstance();
        Api.CurrentInstance = Instance;
        validation?.Attach(Api, Instance);
        (PhysicalDevice, QueueFamily) = ChooseDevice();
        Device = CreateDevice();
        Api.CurrentDevice = Device;
        Queue queue;
        Api.GetDeviceQueue(Device, QueueFamily, 0, &queue);
        Queue = queue;
        pool = CreatePool();
    }

    public Vk Api { get; }

    public Instance Instance { get; }

    public PhysicalDevice PhysicalDevice { get; }

    public Device Device { get; }

    public Queue Queue { get; }

    public uint QueueFamily { get; }

    /// <summary>Whoever submits to <see cref="Queue"/> holds this meanwhile: Vulkan allows one thread at a time.</summary>
    public object QueueLock { get; } = new();

    public static void Check(Result result, string call)
    {
        if (result != Result.Success)
        {
            throw new InvalidOperationException($"{call} returned {result} ({(int)result}).");
        }
    }

    /// <summary>Records commands, submits them, and waits until they have run.</summary>
    public void Run(Action<CommandBuffer> record)
    {
        var allocation = new CommandBufferAllocateInfo
        {
            SType = StructureType.CommandBufferAllocateInfo,
            CommandPool = pool,
            Level = CommandBufferLevel.Primary,
            CommandBufferCount = 1,
        };
        CommandBuffer commands;
        Check(Api.AllocateCommandBuffers(Device, &allocation, &commands), "vkAllocateCommandBuffers");
        var begin = new CommandBufferBeginInfo
        {
            SType = StructureType.CommandBufferBeginInfo,
            Flags = CommandBufferUsageFlags.OneTimeSubmitBit,
        };
        Check(Api.BeginCommandBuffer(commands, &begin), "vkBeginCommandBuffer");
        record(commands);
        Check(Api.EndCommandBuffer(commands), "vkEndCommandBuffer");

        var fenceInfo = new FenceCreateInfo { SType = StructureType.FenceCreateInfo };
        Fence fence;
        Check(Api.CreateFence(Device, &fenceInfo, null, &fence), "vkCreateFence");
        var submit = new SubmitInfo { SType = StructureType.SubmitInfo, CommandBufferCount = 1, PCommandBuffers = &commands };
        lock (QueueLock)
        {
            Check(Api.QueueSubmit(Queue, 1, &submit, fence), "vkQueueSubmit");
        }

        Check(Api.WaitForFences(Device, 1, &fence, true, ulong.MaxValue), "vkWaitForFences");
        Api.DestroyFence(Device, fence, null);
        Api.FreeCommandBuffers(Device, pool, 1, &commands);
    }

    /// <summary>Makes an image of RGBA8 pixels in sRGB and gives it memory of the device.</summary>
    public (Image Image, DeviceMemory Memory) CreateImage(uint side, uint layers, ImageUsageFlags usage)
    {
        var info = new ImageCreateInfo
        {
            SType = StructureType.ImageCreateInfo,
            ImageType = ImageType.Type2D,
            Format = Format.R8G8B8A8Srgb,
            Extent = new Extent3D { Width = side, Height = side, Depth = 1 },
            MipLevels = 1,
            ArrayLayers = layers,
            Samples = SampleCountFlags.Count1Bit,
            Tiling = ImageTiling.Optimal,
            Usage = usage,
            SharingMode = SharingMode.Exclusive,
            InitialLayout = ImageLayout.Undefined,
        };
        Image image;
        Check(Api.CreateImage(Device, &info, null, &image), "vkCreateImage");
        MemoryRequirements needs;
        Api.GetImageMemoryRequirements(Device, image, &needs);
        var memory = Allocate(needs, MemoryPropertyFlags.DeviceLocalBit);
        Check(Api.BindImageMemory(Device, image, memory, 0), "vkBindImageMemory");
        return (image, memory);
    }

    public ImageView CreateView(Image image, ImageViewType type, uint layers)
    {
        var info = new ImageViewCreateInfo
        {
            SType = StructureType.ImageViewCreateInfo,
            Image = image,
            ViewType = type,
            Format = Format.R8G8B8A8Srgb,
            SubresourceRange = new ImageSubresourceRange { AspectMask = ImageAspectFlags.ColorBit, LevelCount = 1, LayerCount = layers },
        };
        ImageView view;
        Check(Api.CreateImageView(Device, &info, null, &view), "vkCreateImageView");
        return view;
    }

    public DeviceMemory Allocate(MemoryRequirements needs, MemoryPropertyFlags wanted)
    {
        PhysicalDeviceMemoryProperties properties;
        Api.GetPhysicalDeviceMemoryProperties(PhysicalDevice, &properties);
        for (var i = 0; i < properties.MemoryTypeCount; i++)
        {
            if ((needs.MemoryTypeBits & (1u << i)) != 0 && properties.MemoryTypes[i].PropertyFlags.HasFlag(wanted))
            {
                var info = new MemoryAllocateInfo
                {
                    SType = StructureType.MemoryAllocateInfo,
                    AllocationSize = needs.Size,
                    MemoryTypeIndex = (uint)i,
                };
                DeviceMemory memory;
                Check(Api.AllocateMemory(Device, &info, null, &memory), "vkAllocateMemory");
                return memory;
            }
        }

        throw new InvalidOperationException($"The device has no memory that is {wanted}.");
    }

    public void Dispose()
    {
        Api.DestroyCommandPool(Device, pool, null);
        Api.DestroyDevice(Device, null);
        validation?.Detach(Instance);
        Api.DestroyInstance(Instance, null);
    }

    private Instance CreateInstance()
    {
        var layers = SilkMarshal.StringArrayToPtr(validation is null ? [] : [Validation.Layer]);
        var extensions = SilkMarshal.StringArrayToPtr(validation is null ? [] : [ExtDebugUtils.ExtensionName, Validation.Features]);
        var count = validation is null ? 0u : 1u;
        var messages = validation?.CreateInfo ?? default;
        var synchronization = ValidationFeatureEnableEXT.SynchronizationValidationExt;
        var features = new ValidationFeaturesEXT
        {
            SType = StructureType.ValidationFeaturesExt,
            PNext = &messages,
            EnabledValidationFeatureCount = 1,
            PEnabledValidationFeatures = &synchronization,
        };
        var application = new ApplicationInfo { SType = StructureType.ApplicationInfo, ApiVersion = Vk.Version12 };
        var info = new InstanceCreateInfo
        {
            SType = StructureType.InstanceCreateInfo,
            PNext = validation is null ? null : &features,
            PApplicationInfo = &application,
            EnabledLayerCount = count,
            PpEnabledLayerNames = (byte**)layers,
            EnabledExtensionCount = 2 * count,
            PpEnabledExtensionNames = (byte**)extensions,
        };
        Instance instance;
        var result = Api.CreateInstance(&info, null, &instance);
        SilkMarshal.Free(extensions);
        SilkMarshal.Free(layers);
        if (result == Result.ErrorLayerNotPresent)
        {
            throw new InvalidOperationException($"{Validation.Layer} is not installed (Debian: vulkan-validationlayers).");
        }

        Check(result, "vkCreateInstance");
        return instance;
    }

    /// <summary>The first of the fastest kind that has Vulkan 1.2 and a queue family for both drawing and computing.</summary>
    private (PhysicalDevice Device, uint QueueFamily) ChooseDevice()
    {
        uint count = 0;
        Check(Api.EnumeratePhysicalDevices(Instance, &count, null), "vkEnumeratePhysicalDevices");
        var devices = new PhysicalDevice[count];
        fixed (PhysicalDevice* first = devices)
        {
            Check(Api.EnumeratePhysicalDevices(Instance, &count, first), "vkEnumeratePhysicalDevices");
        }

        (int Rank, PhysicalDevice Device, uint Family) best = (int.MaxValue, default, 0);
        foreach (var device in devices)
        {
            PhysicalDeviceProperties properties;
            Api.GetPhysicalDeviceProperties(device, &properties);
            var rank = properties.DeviceType switch
            {
                PhysicalDeviceType.DiscreteGpu => 0,
                PhysicalDeviceType.IntegratedGpu => 1,
                PhysicalDeviceType.VirtualGpu => 2,
                _ => 3,
            };
            if (rank < best.Rank && properties.ApiVersion >= Vk.Version12 && FindFamily(device) is { } family)
            {
                best = (rank, device, family);
            }
        }

        return best.Rank < int.MaxValue
            ? (best.Device, best.Family)
            : throw new InvalidOperationException(
                "No device draws and computes with Vulkan 1.2 (Debian: mesa-vulkan-drivers has one for the CPU).");
    }

    private uint? FindFamily(PhysicalDevice device)
    {
        uint count = 0;
        Api.GetPhysicalDeviceQueueFamilyProperties(device, &count, null);
        var families = new QueueFamilyProperties[count];
        fixed (QueueFamilyProperties* first = families)
        {
            Api.GetPhysicalDeviceQueueFamilyProperties(device, &count, first);
        }

        var index = Array.FindIndex(families, f => f.QueueFlags.HasFlag(QueueFlags.GraphicsBit | QueueFlags.ComputeBit));
        return index < 0 ? null : (uint)index;
    }

    private Device CreateDevice()
    {
        var priority = 1f;
        var queueInfo = new DeviceQueueCreateInfo
        {
            SType = StructureType.DeviceQueueCreateInfo,
            QueueFamilyIndex = QueueFamily,
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
        Check(Api.CreateDevice(PhysicalDevice, &info, null, &device), "vkCreateDevice");
        return device;
    }

    private CommandPool CreatePool()
    {
        var info = new CommandPoolCreateInfo { SType = StructureType.CommandPoolCreateInfo, QueueFamilyIndex = QueueFamily };
        CommandPool created;
        Check(Api.CreateCommandPool(Device, &info, null, &created), "vkCreateCommandPool");
        return created;
    }
}
