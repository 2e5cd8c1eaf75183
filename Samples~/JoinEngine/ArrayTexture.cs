using System;
using Silk.NET.Vulkan;

namespace JoinEngine;

/// <summary>An image of many layers, sampled with the nearest texel: one layer for each creature.</summary>
internal sealed unsafe class ArrayTexture : IDisposable
{
    private readonly Engine engine;
    private readonly DeviceMemory memory;

    public ArrayTexture(Engine engine, uint side, uint layers)
    {
        this.engine = engine;
        (Side, Layers) = (side, layers);
        (Image, memory) = engine.CreateImage(side, layers, ImageUsageFlags.TransferDstBit | ImageUsageFlags.SampledBit);
        View = engine.CreateView(Image, ImageViewType.Type2DArray, layers);
        var info = new SamplerCreateInfo
        {
            SType = StructureType.SamplerCreateInfo,
            MagFilter = Filter.Nearest,
            MinFilter = Filter.Nearest,
            MipmapMode = SamplerMipmapMode.Nearest,
            AddressModeU = SamplerAddressMode.ClampToEdge,
            AddressModeV = SamplerAddressMode.ClampToEdge,
            AddressModeW = SamplerAddressMode.ClampToEdge,
        };
        Sampler sampler;
        Engine.Check(engine.Api.CreateSampler(engine.Device, &info, null, &sampler), "vkCreateSampler");
        Sampler = sampler;
    }

    public uint Side { get; }

    public uint Layers { get; }

    public Image Image { get; }

    public ImageView View { get; }

    public Sampler Sampler { get; }

    public void Dispose()
    {
        engine.Api.DestroySampler(engine.Device, Sampler, null);
        engine.Api.DestroyImageView(engine.Device, View, null);
        engine.Api.DestroyImage(engine.Device, Image, null);
        engine.Api.FreeMemory(engine.Device, memory, null);
    }
}
