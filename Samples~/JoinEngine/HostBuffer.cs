using System;
using Silk.NET.Vulkan;

namespace JoinEngine;

/// <summary>A buffer that the CPU sees.</summary>
internal sealed unsafe class HostBuffer : IDisposable
{
    private readonly Engine engine;
    private readonly DeviceMemory memory;
    private readonly void* address;
    private readonly int bytes;

    public HostBuffer(Engine engine, int bytes, BufferUsageFlags usage)
    {
        (this.engine, this.bytes) = (engine, bytes);
        var info = new BufferCreateInfo
        {
            SType = StructureType.BufferCreateInfo,
            Size = (ulong)bytes,
            Usage = usage,
            SharingMode = SharingMode.Exclusive,
        };
        Silk.NET.Vulkan.Buffer buffer;
        Engine.Check(engine.Api.CreateBuffer(engine.Device, &info, null, &buffer), "vkCreateBuffer");
        MemoryRequirements needs;
        engine.Api.GetBufferMemoryRequirements(engine.Device, buffer, &needs);
        memory = engine.Allocate(needs, MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit);
        Engine.Check(engine.Api.BindBufferMemory(engine.Device, buffer, memory, 0), "vkBindBufferMemory");
        void* mapped;
        Engine.Check(engine.Api.MapMemory(engine.Device, memory, 0, Vk.WholeSize, 0, &mapped), "vkMapMemory");
        Handle = buffer;
        address = mapped;
    }

    public Silk.NET.Vulkan.Buffer Handle { get; }

    public Span<byte> Bytes => new(address, bytes);

    public void Dispose()
    {
        engine.Api.DestroyBuffer(engine.Device, Handle, null);
        engine.Api.FreeMemory(engine.Device, memory, null);
    }
}
