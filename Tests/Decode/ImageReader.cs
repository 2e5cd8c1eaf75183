using System.Collections.Generic;
using Silk.NET.Vulkan;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Tests.Decode;

/// <summary>What an engine would sample: reads an image in SHADER_READ_ONLY_OPTIMAL back, by commands of its own.</summary>
internal static unsafe class ImageReader
{
    /// <summary>All levels of a layer, largest first.</summary>
    public static byte[] ReadChain(GpuDevice device, GpuImage image, int layer)
    {
        var bytes = new List<byte>();
        for (int level = 0; level < image.Info.Levels; level++)
            bytes.AddRange(Read(device, image, layer, level));
        return bytes.ToArray();
    }

    private static byte[] Read(GpuDevice device, GpuImage image, int layer, int level)
    {
        int width = image.WidthOf(level), height = image.HeightOf(level);
        using GpuBuffer buffer = device.CreateBuffer(4L * width * height, MemoryKind.HostVisible, "read image");
        using CommandList list = device.CreateCommandList("read image");
        Vk api = device.Context.Api;
        var region = new BufferImageCopy
        {
            ImageSubresource = new ImageSubresourceLayers { AspectMask = ImageAspectFlags.ColorBit, MipLevel = (uint)level, BaseArrayLayer = (uint)layer, LayerCount = 1 },
            ImageExtent = new Extent3D { Width = (uint)width, Height = (uint)height, Depth = 1 },
        };
        Transition(ImageLayout.ShaderReadOnlyOptimal, ImageLayout.TransferSrcOptimal);
        api.CmdCopyImageToBuffer(list.Handle, image.Image, ImageLayout.TransferSrcOptimal, buffer.Handle, 1, &region);
        Transition(ImageLayout.TransferSrcOptimal, ImageLayout.ShaderReadOnlyOptimal);
        list.End();
        device.Wait(device.Submit(list));
        return buffer.Map<byte>().ToArray();

        void Transition(ImageLayout from, ImageLayout to)
        {
            var barrier = new ImageMemoryBarrier
            {
                SType = StructureType.ImageMemoryBarrier,
                SrcAccessMask = AccessFlags.MemoryReadBit | AccessFlags.MemoryWriteBit,
                DstAccessMask = AccessFlags.MemoryReadBit | AccessFlags.MemoryWriteBit,
                OldLayout = from,
                NewLayout = to,
                SrcQueueFamilyIndex = Vk.QueueFamilyIgnored,
                DstQueueFamilyIndex = Vk.QueueFamilyIgnored,
                Image = image.Image,
                SubresourceRange = new ImageSubresourceRange { AspectMask = ImageAspectFlags.ColorBit, BaseMipLevel = (uint)level, LevelCount = 1, BaseArrayLayer = (uint)layer, LayerCount = 1 },
            };
            api.CmdPipelineBarrier(list.Handle, PipelineStageFlags.AllCommandsBit, PipelineStageFlags.AllCommandsBit, DependencyFlags.None, 0, null, 0, null, 1, &barrier);
        }
    }
}
