using System;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>What a <see cref="GpuImage"/> is to be.</summary>
/// <param name="Width">Pixels of level 0.</param>
/// <param name="Height">Pixels of level 0.</param>
/// <param name="Layers">Of the array.</param>
/// <param name="Levels">Mip levels; level l has max(1, side / 2^l) pixels a side.</param>
/// <param name="Srgb">VK_FORMAT_R8G8B8A8_SRGB, for which a sampler gives linear light; else VK_FORMAT_R8G8B8A8_UNORM.</param>
public sealed record GpuImageInfo(int Width, int Height, int Layers = 1, int Levels = 1, bool Srgb = true);

/// <summary>
/// A 2D array image of RGBA8 in optimal tiling: made by <see cref="GpuDevice.CreateImage"/>, or a host engine's, by
/// <see cref="GpuDevice.WrapImage"/>.
/// <para>Layouts: <see cref="CommandList.CopyToImage"/> takes what it writes to TRANSFER_DST_OPTIMAL and leaves it in
/// SHADER_READ_ONLY_OPTIMAL, visible to all later work of the queue; what it does not write stays as it was. Work of the queue that was
/// submitted earlier, such as draws that sample the image, is waited for. So a host that submits to the same queue needs no barrier of
/// its own; one that samples on another queue waits for a semaphore (<see cref="QueueSync"/>) and owns the image on both queues
/// (VK_SHARING_MODE_CONCURRENT).</para>
/// </summary>
public sealed unsafe class GpuImage : IDisposable
{
    private readonly GpuDevice device;
    private readonly bool owned;
    private Image image;
    private ImageView view;
    private DeviceMemory memory;
    private ulong memoryBytes;
    private bool disposed;

    internal GpuImage(GpuDevice device, GpuImageInfo info, string name)
    {
        Require(info, name);
        (this.device, Info, Name, owned, HasContents) = (device, info, name, true, true);
        try
        {
            Allocate();
            device.Staging.Run($"clear image '{name}'", list => list.Clear(this));
        }
        catch
        {
            Destroy();
            throw;
        }
    }

    internal GpuImage(GpuDevice device, ulong handle, GpuImageInfo info, bool hasContents, string name)
    {
        Require(info, name);
        (this.device, Info, Name, image, HasContents) = (device, info, name, new Image { Handle = handle }, hasContents);
    }

    public GpuImageInfo Info { get; }

    /// <summary>The name that errors and validation messages use.</summary>
    public string Name { get; }

    /// <summary>VkImage.</summary>
    public ulong Handle => image.Handle;

    /// <summary>VkImageView of all layers and levels as a 2D array; 0 of a wrapped image, of which the host has its own.</summary>
    public ulong ViewHandle => view.Handle;

    /// <summary>Whether all of it is in SHADER_READ_ONLY_OPTIMAL, so that it can be written in parts.</summary>
    internal bool HasContents { get; }

    internal GpuDevice Device => device;

    internal Image Image => image;

    private VulkanContext Context => device.Context;

    public int WidthOf(int level) => Math.Max(1, Info.Width >> level);

    public int HeightOf(int level) => Math.Max(1, Info.Height >> level);

    /// <summary>
    /// Waits for what was submitted here and, unless it is a host's, destroys the image. What a host has submitted that samples it, the host
    /// waits for first.
    /// </summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        device.Release(this);
        Destroy();
    }

    internal void ThrowIfDisposed()
    {
        if (disposed)
        {
            throw new ObjectDisposedException($"{nameof(GpuImage)} '{Name}'");
        }
    }

    private static void Require(GpuImageInfo info, string name)
    {
        if (info.Width < 1 || info.Height < 1 || info.Layers < 1 || info.Levels < 1 || info.Levels > 32
            || Math.Max(info.Width, info.Height) >> (info.Levels - 1) == 0)
        {
            throw new ArgumentException(
                $"Image '{name}' must have at least one pixel, one layer, and as many levels as its larger side can be halved; found {info}.");
        }
    }

    private void Allocate()
    {
        var format = Info.Srgb ? Format.R8G8B8A8Srgb : Format.R8G8B8A8Unorm;
        var limits = device.Limits;
        if (Math.Max(Info.Width, Info.Height) > limits.MaxImageSide || Info.Layers > limits.MaxImageLayers)
        {
            throw new GpuException(
                $"Image '{Name}' of {Info.Width}×{Info.Height} with {Info.Layers} layers is larger than {device.Info.Name} allows: "
                + $"{limits.MaxImageSide} pixels a side and {limits.MaxImageLayers} layers. Use several images.");
        }

        var info = new ImageCreateInfo
        {
            SType = StructureType.ImageCreateInfo,
            ImageType = ImageType.Type2D,
            Format = format,
            Extent = new Extent3D { Width = (uint)Info.Width, Height = (uint)Info.Height, Depth = 1 },
            MipLevels = (uint)Info.Levels,
            ArrayLayers = (uint)Info.Layers,
            Samples = SampleCountFlags.Count1Bit,
            Tiling = ImageTiling.Optimal,
            Usage = ImageUsageFlags.TransferDstBit | ImageUsageFlags.TransferSrcBit | ImageUsageFlags.SampledBit,
            SharingMode = SharingMode.Exclusive,
            InitialLayout = ImageLayout.Undefined,
        };
        Image created;
        VulkanResult.Check(Context.Api.CreateImage(Context.Device, &info, null, &created), "vkCreateImage", $"image '{Name}'");
        image = created;
        Context.Name(ObjectType.Image, image.Handle, Name);
        MemoryRequirements need;
        Context.Api.GetImageMemoryRequirements(Context.Device, image, &need);
        memory = device.Memory.Allocate(need, MemoryKind.Device, $"image '{Name}'", out _);
        memoryBytes = need.Size;
        VulkanResult.Check(Context.Api.BindImageMemory(Context.Device, image, memory, 0), "vkBindImageMemory", $"image '{Name}'");
        var viewInfo = new ImageViewCreateInfo
        {
            SType = StructureType.ImageViewCreateInfo,
            Image = image,
            ViewType = ImageViewType.Type2DArray,
            Format = format,
            SubresourceRange = new ImageSubresourceRange
            {
                AspectMask = ImageAspectFlags.ColorBit, LevelCount = (uint)Info.Levels, LayerCount = (uint)Info.Layers,
            },
        };
        ImageView createdView;
        VulkanResult.Check(Context.Api.CreateImageView(Context.Device, &viewInfo, null, &createdView), "vkCreateImageView", $"image '{Name}'");
        view = createdView;
    }

    private void Destroy()
    {
        disposed = true;
        if (!owned)
        {
            return;
        }

        Context.Api.DestroyImageView(Context.Device, view, null);
        Context.Api.DestroyImage(Context.Device, image, null);
        if (memory.Handle != 0)
        {
            device.Memory.Free(memory, memoryBytes);
        }
    }
}
