using System;
using Silk.NET.Vulkan;

namespace JoinEngine;

/// <summary>Binding 0 of the fragment shader: the texture with its sampler.</summary>
internal sealed unsafe class TextureBinding : IDisposable
{
    private readonly Engine engine;
    private readonly DescriptorSetLayout setLayout;
    private readonly DescriptorPool pool;

    public TextureBinding(Engine engine, ArrayTexture texture)
    {
        this.engine = engine;
        var api = engine.Api;
        var slot = new DescriptorSetLayoutBinding
        {
            Binding = 0,
            DescriptorType = DescriptorType.CombinedImageSampler,
            DescriptorCount = 1,
            StageFlags = ShaderStageFlags.FragmentBit,
        };
        var setInfo = new DescriptorSetLayoutCreateInfo
        {
            SType = StructureType.DescriptorSetLayoutCreateInfo,
            BindingCount = 1,
            PBindings = &slot,
        };
        DescriptorSetLayout layout;
        Engine.Check(api.CreateDescriptorSetLayout(engine.Device, &setInfo, null, &layout), "vkCreateDescriptorSetLayout");
        setLayout = layout;

        var layoutInfo = new PipelineLayoutCreateInfo
        {
            SType = StructureType.PipelineLayoutCreateInfo,
            SetLayoutCount = 1,
            PSetLayouts = &layout,
        };
        PipelineLayout pipelineLayout;
        Engine.Check(api.CreatePipelineLayout(engine.Device, &layoutInfo, null, &pipelineLayout), "vkCreatePipelineLayout");
        PipelineLayout = pipelineLayout;

        var size = new DescriptorPoolSize { Type = DescriptorType.CombinedImageSampler, DescriptorCount = 1 };
        var poolInfo = new DescriptorPoolCreateInfo
        {
            SType = StructureType.DescriptorPoolCreateInfo,
            MaxSets = 1,
            PoolSizeCount = 1,
            PPoolSizes = &size,
        };
        DescriptorPool created;
        Engine.Check(api.CreateDescriptorPool(engine.Device, &poolInfo, null, &created), "vkCreateDescriptorPool");
        pool = created;
        Set = Write(texture, layout);
    }

    public DescriptorSet Set { get; }

    public PipelineLayout PipelineLayout { get; }

    public void Dispose()
    {
        engine.Api.DestroyDescriptorPool(engine.Device, pool, null);
        engine.Api.DestroyPipelineLayout(engine.Device, PipelineLayout, null);
        engine.Api.DestroyDescriptorSetLayout(engine.Device, setLayout, null);
    }

    private DescriptorSet Write(ArrayTexture texture, DescriptorSetLayout layout)
    {
        var allocation = new DescriptorSetAllocateInfo
        {
            SType = StructureType.DescriptorSetAllocateInfo,
            DescriptorPool = pool,
            DescriptorSetCount = 1,
            PSetLayouts = &layout,
        };
        DescriptorSet set;
        Engine.Check(engine.Api.AllocateDescriptorSets(engine.Device, &allocation, &set), "vkAllocateDescriptorSets");
        var image = new DescriptorImageInfo
        {
            Sampler = texture.Sampler,
            ImageView = texture.View,
            ImageLayout = ImageLayout.ShaderReadOnlyOptimal,
        };
        var write = new WriteDescriptorSet
        {
            SType = StructureType.WriteDescriptorSet,
            DstSet = set,
            DstBinding = 0,
            DescriptorCount = 1,
            DescriptorType = DescriptorType.CombinedImageSampler,
            PImageInfo = &image,
        };
        engine.Api.UpdateDescriptorSets(engine.Device, 1, &write, 0, null);
        return set;
    }
}
