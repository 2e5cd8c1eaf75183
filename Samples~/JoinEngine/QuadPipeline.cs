using System.IO;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;

namespace JoinEngine;

/// <summary>The graphics pipeline of <see cref="QuadRenderer"/>: strips of triangles, blended by their alpha.</summary>
internal static unsafe class QuadPipeline
{
    public static Pipeline Create(Engine engine, RenderTarget target, PipelineLayout layout, int columns)
    {
        var vertex = Load(engine, "quad.vert.spv");
        var fragment = Load(engine, "quad.frag.spv");
        var main = SilkMarshal.StringToPtr("main");
        var entry = new SpecializationMapEntry { ConstantID = 0, Offset = 0, Size = sizeof(int) };
        var constants = new SpecializationInfo { MapEntryCount = 1, PMapEntries = &entry, DataSize = sizeof(int), PData = &columns };
        var stages = stackalloc PipelineShaderStageCreateInfo[]
        {
            new()
            {
                SType = StructureType.PipelineShaderStageCreateInfo,
                Stage = ShaderStageFlags.VertexBit,
                Module = vertex,
                PName = (byte*)main,
                PSpecializationInfo = &constants,
            },
            new()
            {
                SType = StructureType.PipelineShaderStageCreateInfo,
                Stage = ShaderStageFlags.FragmentBit,
                Module = fragment,
                PName = (byte*)main,
            },
        };
        var pipeline = Create(engine, target, layout, stages);
        SilkMarshal.Free(main);
        engine.Api.DestroyShaderModule(engine.Device, fragment, null);
        engine.Api.DestroyShaderModule(engine.Device, vertex, null);
        return pipeline;
    }

    private static Pipeline Create(Engine engine, RenderTarget target, PipelineLayout layout, PipelineShaderStageCreateInfo* stages)
    {
        var vertices = new PipelineVertexInputStateCreateInfo { SType = StructureType.PipelineVertexInputStateCreateInfo };
        var assembly = new PipelineInputAssemblyStateCreateInfo
        {
            SType = StructureType.PipelineInputAssemblyStateCreateInfo,
            Topology = PrimitiveTopology.TriangleStrip,
        };
        var view = new Viewport { Width = target.Side, Height = target.Side, MaxDepth = 1 };
        var scissor = new Rect2D { Extent = new Extent2D { Width = target.Side, Height = target.Side } };
        var viewport = new PipelineViewportStateCreateInfo
        {
            SType = StructureType.PipelineViewportStateCreateInfo,
            ViewportCount = 1,
            PViewports = &view,
            ScissorCount = 1,
            PScissors = &scissor,
        };
        var rasterization = new PipelineRasterizationStateCreateInfo
        {
            SType = StructureType.PipelineRasterizationStateCreateInfo,
            PolygonMode = PolygonMode.Fill,
            CullMode = CullModeFlags.None,
            LineWidth = 1,
        };
        var multisample = new PipelineMultisampleStateCreateInfo
        {
            SType = StructureType.PipelineMultisampleStateCreateInfo,
            RasterizationSamples = SampleCountFlags.Count1Bit,
        };
        var blend = new PipelineColorBlendAttachmentState
        {
            BlendEnable = true,
            SrcColorBlendFactor = BlendFactor.SrcAlpha,
            DstColorBlendFactor = BlendFactor.OneMinusSrcAlpha,
            ColorBlendOp = BlendOp.Add,
            SrcAlphaBlendFactor = BlendFactor.One,
            DstAlphaBlendFactor = BlendFactor.OneMinusSrcAlpha,
            AlphaBlendOp = BlendOp.Add,
            ColorWriteMask = ColorComponentFlags.RBit | ColorComponentFlags.GBit | ColorComponentFlags.BBit | ColorComponentFlags.ABit,
        };
        var blending = new PipelineColorBlendStateCreateInfo
        {
            SType = StructureType.PipelineColorBlendStateCreateInfo,
            AttachmentCount = 1,
            PAttachments = &blend,
        };
        var info = new GraphicsPipelineCreateInfo
        {
            SType = StructureType.GraphicsPipelineCreateInfo,
            StageCount = 2,
            PStages = stages,
            PVertexInputState = &vertices,
            PInputAssemblyState = &assembly,
            PViewportState = &viewport,
            PRasterizationState = &rasterization,
            PMultisampleState = &multisample,
            PColorBlendState = &blending,
            Layout = layout,
            RenderPass = target.RenderPass,
        };
        Pipeline pipeline;
        Engine.Check(engine.Api.CreateGraphicsPipelines(engine.Device, default, 1, &info, null, &pipeline), "vkCreateGraphicsPipelines");
        return pipeline;
    }

    private static ShaderModule Load(Engine engine, string name)
    {
        using var resource = typeof(QuadPipeline).Assembly.GetManifestResourceStream(name)!;
        using var spirv = new MemoryStream();
        resource.CopyTo(spirv);
        fixed (byte* code = spirv.ToArray())
        {
            var info = new ShaderModuleCreateInfo
            {
                SType = StructureType.ShaderModuleCreateInfo,
                CodeSize = (nuint)spirv.Length,
                PCode = (uint*)code,
            };
            ShaderModule module;
            Engine.Check(engine.Api.CreateShaderModule(engine.Device, &info, null, &module), "vkCreateShaderModule");
            return module;
        }
    }
}
