using System;
using System.Collections.Generic;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The descriptor sets of one command list: one for each pipeline and list of ranges.</summary>
internal sealed unsafe class DescriptorSetCache : IDisposable
{
    private const int SetsInPool = 64;
    private const int DescriptorsInPool = 512;

    private readonly VulkanContext context;
    private readonly string owner;
    private readonly List<DescriptorPool> pools = new();
    private readonly Dictionary<Key, DescriptorSet> sets = new();
    private int setsLeft;
    private int descriptorsLeft;

    public DescriptorSetCache(VulkanContext context, string owner) => (this.context, this.owner) = (context, owner);

    public DescriptorSet Get(ComputePipeline pipeline, ReadOnlySpan<BufferRange> ranges)
    {
        var key = new Key(pipeline, ranges.ToArray());
        if (!sets.TryGetValue(key, out var set))
        {
            set = Allocate(pipeline, ranges.Length);
            Write(set, pipeline, ranges);
            sets.Add(key, set);
        }

        return set;
    }

    public void Dispose()
    {
        foreach (var pool in pools)
        {
            context.Api.DestroyDescriptorPool(context.Device, pool, null);
        }

        pools.Clear();
        sets.Clear();
    }

    private DescriptorSet Allocate(ComputePipeline pipeline, int descriptors)
    {
        if (setsLeft == 0 || descriptorsLeft < descriptors)
        {
            AddPool(Math.Max(DescriptorsInPool, descriptors));
        }

        var layout = pipeline.SetLayout;
        var info = new DescriptorSetAllocateInfo
        {
            SType = StructureType.DescriptorSetAllocateInfo,
            DescriptorPool = pools[^1],
            DescriptorSetCount = 1,
            PSetLayouts = &layout,
        };
        DescriptorSet set;
        VulkanResult.Check(
            context.Api.AllocateDescriptorSets(context.Device, &info, &set),
            "vkAllocateDescriptorSets",
            $"kernel '{pipeline.Name}' in command list '{owner}'");
        setsLeft--;
        descriptorsLeft -= descriptors;
        return set;
    }

    private void AddPool(int descriptors)
    {
        // Room for the descriptors to be all of either type, so that one count says what is left.
        var sizes = stackalloc DescriptorPoolSize[2];
        sizes[0] = new DescriptorPoolSize { Type = DescriptorType.UniformTexelBuffer, DescriptorCount = (uint)descriptors };
        sizes[1] = new DescriptorPoolSize { Type = DescriptorType.StorageBuffer, DescriptorCount = (uint)descriptors };
        var info = new DescriptorPoolCreateInfo
        {
            SType = StructureType.DescriptorPoolCreateInfo,
            MaxSets = SetsInPool,
            PoolSizeCount = 2,
            PPoolSizes = sizes,
        };
        DescriptorPool pool;
        VulkanResult.Check(
            context.Api.CreateDescriptorPool(context.Device, &info, null, &pool), "vkCreateDescriptorPool", $"command list '{owner}'");
        pools.Add(pool);
        (setsLeft, descriptorsLeft) = (SetsInPool, descriptors);
    }

    private void Write(DescriptorSet set, ComputePipeline pipeline, ReadOnlySpan<BufferRange> ranges)
    {
        var writes = new WriteDescriptorSet[ranges.Length];
        var buffers = new DescriptorBufferInfo[ranges.Length];
        var views = new BufferView[ranges.Length];
        fixed (WriteDescriptorSet* write = writes)
        fixed (DescriptorBufferInfo* buffer = buffers)
        fixed (BufferView* view = views)
        {
            for (var i = 0; i < ranges.Length; i++)
            {
                var (source, offset, length) = ranges[i];
                write[i] = new WriteDescriptorSet
                {
                    SType = StructureType.WriteDescriptorSet,
                    DstSet = set,
                    DstBinding = (uint)i,
                    DescriptorCount = 1,
                    DescriptorType = ComputePipeline.TypeOf(pipeline.Bindings[i]),
                };
                if (pipeline.Bindings[i] == BindingKind.TexelRead)
                {
                    view[i] = source.TexelView(offset, length);
                    write[i].PTexelBufferView = view + i;
                }
                else
                {
                    buffer[i] = new DescriptorBufferInfo { Buffer = source.Handle, Offset = (ulong)offset, Range = (ulong)length };
                    write[i].PBufferInfo = buffer + i;
                }
            }

            context.Api.UpdateDescriptorSets(context.Device, (uint)ranges.Length, write, 0, null);
        }
    }

    private readonly struct Key : IEquatable<Key>
    {
        private readonly ComputePipeline pipeline;
        private readonly BufferRange[] ranges;

        public Key(ComputePipeline pipeline, BufferRange[] ranges) => (this.pipeline, this.ranges) = (pipeline, ranges);

        public bool Equals(Key other) => pipeline == other.pipeline && ranges.AsSpan().SequenceEqual(other.ranges);

        public override bool Equals(object? other) => other is Key key && Equals(key);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(pipeline);
            foreach (var range in ranges)
            {
                hash.Add(range);
            }

            return hash.ToHashCode();
        }
    }
}
