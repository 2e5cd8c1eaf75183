using System;
using Silk.NET.Vulkan;

namespace JoinEngine;

/// <summary>Fills the layers with patterns, through a buffer of the CPU.</summary>
internal static unsafe class Patterns
{
    public static void Fill(Engine engine, ArrayTexture texture)
    {
        int side = (int)texture.Side, layers = (int)texture.Layers;
        using var pixels = new HostBuffer(engine, 4 * side * side * layers, BufferUsageFlags.TransferSrcBit);
        for (var i = 0; i < side * side * layers; i++)
        {
            int layer = i / side / side, y = i / side % side, x = i % side;
            pixels.Bytes[4 * i] = (byte)layer;
            pixels.Bytes[(4 * i) + 1] = (byte)(x * 255 / side);
            pixels.Bytes[(4 * i) + 2] = (byte)(y * 255 / side);
            pixels.Bytes[(4 * i) + 3] = (byte)(((x ^ y ^ layer) & 8) == 0 ? 255 : 96);
        }

        engine.Run(commands =>
        {
            Move(engine, commands, texture, ImageLayout.Undefined, ImageLayout.TransferDstOptimal);
            var region = new BufferImageCopy
            {
                ImageSubresource = new ImageSubresourceLayers { AspectMask = ImageAspectFlags.ColorBit, LayerCount = texture.Layers },
                ImageExtent = new Extent3D { Width = texture.Side, Height = texture.Side, Depth = 1 },
            };
            engine.Api.CmdCopyBufferToImage(commands, pixels.Handle, texture.Image, ImageLayout.TransferDstOptimal, 1, &region);
            Move(engine, commands, texture, ImageLayout.TransferDstOptimal, ImageLayout.ShaderReadOnlyOptimal);
        });
    }

    private static void Move(Engine engine, CommandBuffer commands, ArrayTexture texture, ImageLayout from, ImageLayout to)
    {
        var first = from == ImageLayout.Undefined;
        var barrier = new ImageMemoryBarrier
        {
            SType = StructureType.ImageMemoryBarrier,
            SrcAccessMask = first ? AccessFlags.None : AccessFlags.TransferWriteBit,
            DstAccessMask = first ? AccessFlags.TransferWriteBit : AccessFlags.ShaderReadBit,
            OldLayout = from,
            NewLayout = to,
            SrcQueueFamilyIndex = Vk.QueueFamilyIgnored,
            DstQueueFamilyIndex = Vk.QueueFamilyIgnored,
            Image = texture.Image,
            SubresourceRange = new ImageSubresourceRange { AspectMask = ImageAspectFlags.ColorBit, LevelCount = 1, LayerCount = texture.Layers },
        };
        engine.Api.CmdPipelineBarrier(
            commands,
            first ? PipelineStageFlags.TopOfPipeBit : PipelineStageFlags.TransferBit,
            first ? PipelineStageFlags.TransferBit : PipelineStageFlags.FragmentShaderBit,
            0, 0, null, 0, null, 1, &barrier);
    }
}
