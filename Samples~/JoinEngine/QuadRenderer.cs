using System;
using Silk.NET.Vulkan;

namespace JoinEngine;

/// <summary>Draws a square grid of quads, a layer of the texture on each, in one instanced draw.</summary>
internal sealed unsafe class QuadRenderer : IDisposable
{
    private readonly Engine engine;
    private readonly RenderTarget target;
    private readonly uint quads;
    private readonly TextureBinding binding;
    private readonly Pipeline pipeline;

    public QuadRenderer(Engine engine, RenderTarget target, ArrayTexture texture)
    {
        (this.engine, this.target, quads) = (engine, target, texture.Layers);
        binding = new TextureBinding(engine, texture);
        pipeline = QuadPipeline.Create(engine, target, binding.PipelineLayout, columns: (int)Math.Ceiling(Math.Sqrt(quads)));
    }

    public void Draw(CommandBuffer commands)
    {
        var api = engine.Api;
        var clear = new ClearValue
        {
            Color = new ClearColorValue { Float32_0 = 0.05f, Float32_1 = 0.06f, Float32_2 = 0.08f, Float32_3 = 1 },
        };
        var begin = new RenderPassBeginInfo
        {
            SType = StructureType.RenderPassBeginInfo,
            RenderPass = target.RenderPass,
            Framebuffer = target.Framebuffer,
            RenderArea = new Rect2D { Extent = new Extent2D { Width = target.Side, Height = target.Side } },
            ClearValueCount = 1,
            PClearValues = &clear,
        };
        var set = binding.Set;
        api.CmdBeginRenderPass(commands, &begin, SubpassContents.Inline);
        api.CmdBindPipeline(commands, PipelineBindPoint.Graphics, pipeline);
        api.CmdBindDescriptorSets(commands, PipelineBindPoint.Graphics, binding.PipelineLayout, 0, 1, &set, 0, null);
        api.CmdDraw(commands, 4, quads, 0, 0);
        api.CmdEndRenderPass(commands);
    }

    public void Dispose()
    {
        engine.Api.DestroyPipeline(engine.Device, pipeline, null);
        binding.Dispose();
    }
}
