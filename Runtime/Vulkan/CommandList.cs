using System;
using System.Collections.Generic;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>Work for the device, recorded once and submitted as often as wanted, also several times in one go; made by
/// <see cref="GpuDevice.CreateCommandList"/>. It sees all that was submitted before it.</summary>
/// <remarks>Recorded by one thread at a time; different lists by different threads.</remarks>
public sealed unsafe class CommandList : IDisposable
{
    private const PipelineStageFlags Stages = PipelineStageFlags.ComputeShaderBit | PipelineStageFlags.TransferBit;
    private const AccessFlags Writes = AccessFlags.ShaderWriteBit | AccessFlags.TransferWriteBit;
    private const AccessFlags Accesses = Writes | AccessFlags.ShaderReadBit | AccessFlags.TransferReadBit;

    private const int RegionsAtATime = 64;

    private readonly GpuDevice device;
    private readonly DescriptorSetCache descriptorSets;
    private readonly TimestampQueries? timestamps;

    // With room from the start: a list that is recorded anew in a frame allocates nothing, not the first time either.
    private readonly HashSet<GpuBuffer> buffers = new(4);
    private readonly HashSet<ComputePipeline> pipelines = new();
    private readonly HashSet<GpuImage> images = new(4);

    private CommandPool pool;
    private ComputePipeline? bound;
    private bool ended;
    private bool disposed;

    internal CommandList(GpuDevice device, string name, int timestampSlots)
    {
        (this.device, Name) = (device, name);
        descriptorSets = new DescriptorSetCache(device.Context, name);
        try
        {
            timestamps = timestampSlots > 0 ? new TimestampQueries(Context, name, timestampSlots) : null;
            Begin();
        }
        catch
        {
            Destroy();
            throw;
        }
    }

    /// <summary>The name that errors and validation messages use.</summary>
    public string Name { get; }

    internal CommandBuffer Handle { get; private set; }

    private VulkanContext Context => device.Context;

    /// <summary>Runs a kernel on a grid of x·y·z workgroups; <paramref name="bindings"/>[i] is bound to binding i.</summary>
    /// <exception cref="ArgumentException">The bindings are not those of the kernel, or a range lies outside its buffer, is misaligned,
    /// or is no whole number of texels.</exception>
    /// <exception cref="GpuException">The grid or a range is larger than the device allows.</exception>
    public void Dispatch(ComputePipeline pipeline, ReadOnlySpan<BufferRange> bindings, uint x, uint y, uint z)
    {
        ThrowIfNotRecording();
        pipeline.ThrowIfDisposed();
        BindingRules.CheckGrid(device, pipeline, x, y, z);
        BindingRules.CheckBindings(device, pipeline, bindings);
        foreach (var range in bindings)
        {
            buffers.Add(range.Buffer);
        }

        if (pipeline != bound)
        {
            Context.Api.CmdBindPipeline(Handle, PipelineBindPoint.Compute, pipeline.Handle);
            pipelines.Add(pipeline);
            bound = pipeline;
        }

        if (bindings.Length > 0)
        {
            var set = descriptorSets.Get(pipeline, bindings);
            Context.Api.CmdBindDescriptorSets(Handle, PipelineBindPoint.Compute, pipeline.Layout, 0, 1, &set, 0, null);
        }

        Context.Api.CmdDispatch(Handle, x, y, z);
    }

    /// <summary>What follows waits for all that came before and sees what it wrote: dispatches, copies and fills alike.</summary>
    public void Barrier()
    {
        ThrowIfNotRecording();
        MemoryBarrier(Stages, Accesses);
    }

    /// <summary>Copies a range to another of the same length.</summary>
    /// <exception cref="ArgumentException">The lengths differ, a range lies outside its buffer, or the ranges overlap.</exception>
    public void Copy(BufferRange source, BufferRange destination)
    {
        ThrowIfNotRecording();
        BindingRules.CheckCopy(source, destination);
        buffers.Add(source.Buffer);
        buffers.Add(destination.Buffer);
        var region = new BufferCopy
        {
            SrcOffset = (ulong)source.OffsetBytes,
            DstOffset = (ulong)destination.OffsetBytes,
            Size = (ulong)source.LengthBytes,
        };
        Context.Api.CmdCopyBuffer(Handle, source.Buffer.Handle, destination.Buffer.Handle, 1, &region);
    }

    /// <summary>Writes a 32-bit value over a range, again and again.</summary>
    /// <exception cref="ArgumentException">The range lies outside its buffer, or starts or ends at no multiple of 4 bytes.</exception>
    public void Fill(BufferRange range, uint value)
    {
        ThrowIfNotRecording();
        BindingRules.CheckFill(range);
        buffers.Add(range.Buffer);
        Context.Api.CmdFillBuffer(Handle, range.Buffer.Handle, (ulong)range.OffsetBytes, (ulong)range.LengthBytes, value);
    }

    /// <summary>
    /// Copies pixels of a buffer into an image, after all that came before in this list. See <see cref="GpuImage"/> for layouts. Regions must not
    /// overlap.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A region lies outside the buffer or the image, or covers a part of a host's image that was wrapped without contents.
    /// </exception>
    public void CopyToImage(GpuBuffer source, GpuImage destination, ReadOnlySpan<ImageRegion> regions)
    {
        ThrowIfNotRecording();
        source.ThrowIfDisposed();
        destination.ThrowIfDisposed();
        buffers.Add(source);
        images.Add(destination);
        foreach (var region in regions)
        {
            BindingRules.CheckRegion(source, destination, region);
        }

        // As many at a time as the stack bears.
        for (; regions.Length > 0; regions = regions[Math.Min(RegionsAtATime, regions.Length)..])
        {
            CopyFew(source, destination, regions[..Math.Min(RegionsAtATime, regions.Length)]);
        }
    }

    /// <summary>Takes the time, once all that came before is done, into a slot below the capacity given at creation.</summary>
    public void Timestamp(int slot)
    {
        ThrowIfNotRecording();
        RequireTimestamps().Write(Handle, slot);
    }

    /// <summary>The times of the last submission that has run, in nanoseconds after the earliest used slot; NaN in slots that were
    /// not taken. Call it after <see cref="GpuDevice.WaitIdle"/>.</summary>
    /// <exception cref="InvalidOperationException">The list has no timestamp slots, or was never submitted.</exception>
    public double[] ReadTimestamps()
    {
        ThrowIfDisposed();
        return RequireTimestamps().Read();
    }

    /// <summary>Milliseconds from slot 0 of a list to slot 0 of this one, in their last submissions, which are complete; NaN when they are not there.</summary>
    internal double ReadMillisecondsSince(CommandList start) => RequireTimestamps().ReadMillisecondsSince(start.RequireTimestamps());

    /// <summary>Ends the recording, so that the list can be submitted. What it writes is there for the host after
    /// <see cref="GpuDevice.WaitIdle"/>.</summary>
    public void End()
    {
        ThrowIfNotRecording();
        MemoryBarrier(PipelineStageFlags.HostBit, AccessFlags.HostReadBit);
        VulkanResult.Check(Context.Api.EndCommandBuffer(Handle), "vkEndCommandBuffer", Name);
        ended = true;
    }

    /// <summary>Begins the recording anew. The device must be done with the list (<see cref="GpuDevice.IsComplete"/>).</summary>
    public void Restart()
    {
        ThrowIfDisposed();
        VulkanResult.Check(Context.Api.ResetCommandPool(Context.Device, pool, CommandPoolResetFlags.None), "vkResetCommandPool", Name);
        buffers.Clear();
        pipelines.Clear();
        images.Clear();
        (bound, ended) = (null, false);
        BeginRecording();
    }

    /// <summary>Waits for the device and frees the recording.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        device.Release(this);
        Destroy();
    }

    /// <summary>Checks that the list, and all that it uses, can be submitted.</summary>
    internal void PrepareSubmission()
    {
        ThrowIfDisposed();
        if (!ended)
        {
            throw new InvalidOperationException($"Command list '{Name}' is still being recorded: call End before Submit.");
        }

        foreach (var buffer in buffers)
        {
            buffer.ThrowIfDisposed();
        }

        foreach (var pipeline in pipelines)
        {
            pipeline.ThrowIfDisposed();
        }

        foreach (var image in images)
        {
            image.ThrowIfDisposed();
        }

        timestamps?.MarkSubmitted();
    }

    private void Begin()
    {
        var poolInfo = new CommandPoolCreateInfo
        {
            SType = StructureType.CommandPoolCreateInfo,
            QueueFamilyIndex = Context.Adapter.QueueFamily,
        };
        CommandPool created;
        VulkanResult.Check(
            Context.Api.CreateCommandPool(Context.Device, &poolInfo, null, &created), "vkCreateCommandPool", $"command list '{Name}'");
        pool = created;
        var allocation = new CommandBufferAllocateInfo
        {
            SType = StructureType.CommandBufferAllocateInfo,
            CommandPool = pool,
            Level = CommandBufferLevel.Primary,
            CommandBufferCount = 1,
        };
        CommandBuffer buffer;
        VulkanResult.Check(
            Context.Api.AllocateCommandBuffers(Context.Device, &allocation, &buffer), "vkAllocateCommandBuffers", $"command list '{Name}'");
        Handle = buffer;
        Context.Name(ObjectType.CommandBuffer, (ulong)buffer.Handle, Name);
        BeginRecording();
    }

    private void BeginRecording()
    {
        // Simultaneous use: a step is submitted again while the one before it still runs.
        var begin = new CommandBufferBeginInfo
        {
            SType = StructureType.CommandBufferBeginInfo,
            Flags = CommandBufferUsageFlags.SimultaneousUseBit,
        };
        VulkanResult.Check(Context.Api.BeginCommandBuffer(Handle, &begin), "vkBeginCommandBuffer", Name);

        // Submission order alone makes nothing visible: this is the dependency on whatever ran before.
        MemoryBarrier(Stages, Accesses);
        timestamps?.Reset(Handle);
    }

    private void MemoryBarrier(PipelineStageFlags stages, AccessFlags accesses)
    {
        var barrier = new MemoryBarrier { SType = StructureType.MemoryBarrier, SrcAccessMask = Writes, DstAccessMask = accesses };
        Context.Api.CmdPipelineBarrier(Handle, Stages, stages, DependencyFlags.None, 1, &barrier, 0, null, 0, null);
    }

    private void CopyFew(GpuBuffer source, GpuImage destination, ReadOnlySpan<ImageRegion> regions)
    {
        var before = stackalloc ImageMemoryBarrier[regions.Length];
        var after = stackalloc ImageMemoryBarrier[regions.Length];
        var copies = stackalloc BufferImageCopy[regions.Length];
        uint transitions = 0;
        for (var i = 0; i < regions.Length; i++)
        {
            var (offset, layer, level, x, y, width, height) = regions[i];
            copies[i] = new BufferImageCopy
            {
                BufferOffset = (ulong)offset,
                ImageSubresource = new ImageSubresourceLayers
                {
                    AspectMask = ImageAspectFlags.ColorBit, MipLevel = (uint)level, BaseArrayLayer = (uint)layer, LayerCount = 1,
                },
                ImageOffset = new Offset3D { X = x, Y = y },
                ImageExtent = new Extent3D { Width = (uint)width, Height = (uint)height, Depth = 1 },
            };
            if (IsNamedBefore(regions, i))
            {
                continue;
            }

            // What is overwritten as a whole need not be kept, whatever layout it has.
            var whole = width == destination.WidthOf(level) && height == destination.HeightOf(level);
            before[transitions] = Transition(
                destination, layer, level, whole ? ImageLayout.Undefined : ImageLayout.ShaderReadOnlyOptimal, ImageLayout.TransferDstOptimal,
                AccessFlags.MemoryReadBit | AccessFlags.MemoryWriteBit, AccessFlags.TransferWriteBit);
            after[transitions] = Transition(
                destination, layer, level, ImageLayout.TransferDstOptimal, ImageLayout.ShaderReadOnlyOptimal,
                AccessFlags.TransferWriteBit, AccessFlags.MemoryReadBit);
            transitions++;
        }

        var written = new MemoryBarrier { SType = StructureType.MemoryBarrier, SrcAccessMask = Writes, DstAccessMask = AccessFlags.TransferReadBit };
        Context.Api.CmdPipelineBarrier(
            Handle, PipelineStageFlags.AllCommandsBit, PipelineStageFlags.TransferBit, DependencyFlags.None, 1, &written, 0, null, transitions, before);
        Context.Api.CmdCopyBufferToImage(
            Handle, source.Handle, destination.Image, ImageLayout.TransferDstOptimal, (uint)regions.Length, copies);
        Context.Api.CmdPipelineBarrier(
            Handle, PipelineStageFlags.TransferBit, PipelineStageFlags.AllCommandsBit, DependencyFlags.None, 0, null, 0, null, transitions, after);
    }

    /// <summary>Makes an image that has no layout yet transparent black, in SHADER_READ_ONLY_OPTIMAL.</summary>
    internal void Clear(GpuImage image)
    {
        var all = new ImageSubresourceRange
        {
            AspectMask = ImageAspectFlags.ColorBit, LevelCount = (uint)image.Info.Levels, LayerCount = (uint)image.Info.Layers,
        };
        var before = Transition(
            image, 0, 0, ImageLayout.Undefined, ImageLayout.TransferDstOptimal, AccessFlags.None, AccessFlags.TransferWriteBit);
        before.SubresourceRange = all;
        var after = Transition(
            image, 0, 0, ImageLayout.TransferDstOptimal, ImageLayout.ShaderReadOnlyOptimal, AccessFlags.TransferWriteBit, AccessFlags.MemoryReadBit);
        after.SubresourceRange = all;
        var colour = default(ClearColorValue);
        Context.Api.CmdPipelineBarrier(
            Handle, PipelineStageFlags.TopOfPipeBit, PipelineStageFlags.TransferBit, DependencyFlags.None, 0, null, 0, null, 1, &before);
        Context.Api.CmdClearColorImage(Handle, image.Image, ImageLayout.TransferDstOptimal, &colour, 1, &all);
        Context.Api.CmdPipelineBarrier(
            Handle, PipelineStageFlags.TransferBit, PipelineStageFlags.AllCommandsBit, DependencyFlags.None, 0, null, 0, null, 1, &after);
    }

    private static bool IsNamedBefore(ReadOnlySpan<ImageRegion> regions, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (regions[i].Layer == regions[index].Layer && regions[i].Level == regions[index].Level)
            {
                return true;
            }
        }

        return false;
    }

    private static ImageMemoryBarrier Transition(
        GpuImage image, int layer, int level, ImageLayout from, ImageLayout to, AccessFlags writes, AccessFlags accesses) => new()
    {
        SType = StructureType.ImageMemoryBarrier,
        SrcAccessMask = writes,
        DstAccessMask = accesses,
        OldLayout = from,
        NewLayout = to,
        SrcQueueFamilyIndex = Vk.QueueFamilyIgnored,
        DstQueueFamilyIndex = Vk.QueueFamilyIgnored,
        Image = image.Image,
        SubresourceRange = new ImageSubresourceRange
        {
            AspectMask = ImageAspectFlags.ColorBit, BaseMipLevel = (uint)level, LevelCount = 1, BaseArrayLayer = (uint)layer, LayerCount = 1,
        },
    };

    private TimestampQueries RequireTimestamps() => timestamps
        ?? throw new InvalidOperationException($"Command list '{Name}' has no timestamps: give their number to CreateCommandList.");

    private void ThrowIfNotRecording()
    {
        ThrowIfDisposed();
        if (ended)
        {
            throw new InvalidOperationException($"Command list '{Name}' has ended: record a new one.");
        }
    }

    private void ThrowIfDisposed()
    {
        if (disposed)
        {
            throw new ObjectDisposedException($"{nameof(CommandList)} '{Name}'");
        }
    }

    private void Destroy()
    {
        disposed = true;
        timestamps?.Dispose();
        descriptorSets.Dispose();
        Context.Api.DestroyCommandPool(Context.Device, pool, null);
    }
}
