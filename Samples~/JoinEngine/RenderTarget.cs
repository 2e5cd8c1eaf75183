using System;
using Silk.NET.Vulkan;

namespace JoinEngine;

/// <summary>What is drawn into: a square image, and the render pass that clears it and leaves it ready to be copied.</summary>
internal sealed unsafe class RenderTarget : IDisposable
{
    private readonly Engine engine;
    private readonly DeviceMemory memory;
    private readonly ImageView view;

    public RenderTarget(Engine engine, uint side)
    {
        this.engine = engine;
        Side = side;
        (Image, memory) = engine.CreateImage(side, 1, ImageUsageFlags.ColorAttachmentBit | ImageUsageFlags.TransferSrcBit);
        view = engine.CreateView(Image, ImageViewType.Type2D, 1);
        RenderPass = CreateRenderPass();
        Framebuffer = CreateFramebuffer();
    }

    public uint Side { get; }

    public Image Image { get; }

    public RenderPass RenderPass { get; }

    public Framebuffer Framebuffer { get; }

    public void Dispose()
    {
        engine.Api.DestroyFramebuffer(engine.Device, Framebuffer, null);
        engine.Api.DestroyRenderPass(engine.Device, RenderPass, null);
        engine.Api.DestroyImageView(engine.Device, view, null);
        engine.Api.DestroyImage(engine.Device, Image, null);
        engine.Api.FreeMemory(engine.Device, memory, null);
    }

    private RenderPass CreateRenderPass()
    {
        var attachment = new AttachmentDescription
        {
            Format = Format.R8G8B8A8Srgb,
            Samples = SampleCountFlags.Count1Bit,
            LoadOp = AttachmentLoadOp.Clear,
            StoreOp = AttachmentStoreOp.Store,
            StencilLoadOp = AttachmentLoadOp.DontCare,
            StencilStoreOp = AttachmentStoreOp.DontCare,
            InitialLayout = ImageLayout.Undefined,
            FinalLayout = ImageLayout.TransferSrcOptimal,
        };
        var reference = new AttachmentReference { Attachment = 0, Layout = ImageLayout.ColorAttachmentOptimal };
        var subpass = new SubpassDescription
        {
            PipelineBindPoint = PipelineBindPoint.Graphics,
            ColorAttachmentCount = 1,
            PColorAttachments = &reference,
        };
        // What is drawn is there before the copy reads it, and an earlier copy has read before the next frame clears.
        var dependencies = stackalloc SubpassDependency[]
        {
            new()
            {
                SrcSubpass = Vk.SubpassExternal,
                DstSubpass = 0,
                SrcStageMask = PipelineStageFlags.TransferBit,
                DstStageMask = PipelineStageFlags.ColorAttachmentOutputBit,
                SrcAccessMask = AccessFlags.TransferReadBit,
                DstAccessMask = AccessFlags.ColorAttachmentWriteBit,
            },
            new()
            {
                SrcSubpass = 0,
                DstSubpass = Vk.SubpassExternal,
                SrcStageMask = PipelineStageFlags.ColorAttachmentOutputBit,
                DstStageMask = PipelineStageFlags.TransferBit,
                SrcAccessMask = AccessFlags.ColorAttachmentWriteBit,
                DstAccessMask = AccessFlags.TransferReadBit,
            },
        };
        var info = new RenderPassCreateInfo
        {
            SType = StructureType.RenderPassCreateInfo,
            AttachmentCount = 1,
            PAttachments = &attachment,
            SubpassCount = 1,
            PSubpasses = &subpass,
            DependencyCount = 2,
            PDependencies = dependencies,
        };
        RenderPass created;
        Engine.Check(engine.Api.CreateRenderPass(engine.Device, &info, null, &created), "vkCreateRenderPass");
        return created;
    }

    private Framebuffer CreateFramebuffer()
    {
        var attachment = view;
        var info = new FramebufferCreateInfo
        {
            SType = StructureType.FramebufferCreateInfo,
            RenderPass = RenderPass,
            AttachmentCount = 1,
            PAttachments = &attachment,
            Width = Side,
            Height = Side,
            Layers = 1,
        };
        Framebuffer created;
        Engine.Check(engine.Api.CreateFramebuffer(engine.Device, &info, null, &created), "vkCreateFramebuffer");
        return created;
    }
}
