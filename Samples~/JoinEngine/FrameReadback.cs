using System;
using Silk.NET.Vulkan;
using VaeProcgen.Runtime.Images;

namespace JoinEngine;

/// <summary>Brings the finished frame to the CPU, to be looked at: the only pixels that ever go there.</summary>
internal sealed unsafe class FrameReadback : IDisposable
{
    private readonly Engine engine;
    private readonly RenderTarget target;
    private readonly HostBuffer pixels;

    public FrameReadback(Engine engine, RenderTarget target)
    {
        (this.engine, this.target) = (engine, target);
        pixels = new HostBuffer(engine, checked((int)(4 * target.Side * target.Side)), BufferUsageFlags.TransferDstBit);
    }

    /// <summary>Copies the frame: the render pass has left it in the layout for that.</summary>
    public void Record(CommandBuffer commands)
    {
        var region = new BufferImageCopy
        {
            ImageSubresource = new ImageSubresourceLayers { AspectMask = ImageAspectFlags.ColorBit, LayerCount = 1 },
            ImageExtent = new Extent3D { Width = target.Side, Height = target.Side, Depth = 1 },
        };
        engine.Api.CmdCopyImageToBuffer(commands, target.Image, ImageLayout.TransferSrcOptimal, pixels.Handle, 1, &region);
        var barrier = new MemoryBarrier
        {
            SType = StructureType.MemoryBarrier,
            SrcAccessMask = AccessFlags.TransferWriteBit,
            DstAccessMask = AccessFlags.HostReadBit,
        };
        engine.Api.CmdPipelineBarrier(
            commands, PipelineStageFlags.TransferBit, PipelineStageFlags.HostBit, 0, 1, &barrier, 0, null, 0, null);
    }

    /// <summary>The frame, once the commands have run.</summary>
    public PixelImage ToImage() => new((int)target.Side, (int)target.Side, pixels.Bytes.ToArray());

    public void Dispose() => pixels.Dispose();
}
