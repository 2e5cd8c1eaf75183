using System;
using System.Collections.Generic;
using Silk.NET.Vulkan;
using Buffer = Silk.NET.Vulkan.Buffer;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>Memory of a device, zero-filled when created; made by <see cref="GpuDevice.CreateBuffer"/>. It can be bound as a
/// storage or a texel buffer, copied and filled.</summary>
/// <remarks><see cref="Upload"/>, <see cref="Download"/> and <see cref="Clear"/> wait for everything submitted before them and are
/// done when they return. Not safe for use by several threads at once.</remarks>
public sealed unsafe class GpuBuffer : IDisposable
{
    // The size of a texel, which a view spans whole ones of; also covers the 4 bytes that a fill works in.
    private const long Granule = 16;

    private readonly GpuDevice device;
    private readonly Dictionary<(long Offset, long Length), BufferView> texelViews = new();
    private DeviceMemory memory;
    private ulong memoryBytes;
    private byte* mapped;
    private bool disposed;

    internal GpuBuffer(GpuDevice device, long bytes, MemoryKind kind, string name)
    {
        if (bytes <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, $"Buffer '{name}' must have at least 1 byte.");
        }

        (this.device, Bytes, Kind, Name) = (device, bytes, kind, name);
        try
        {
            Allocate();
            Fill(new BufferRange(this, 0, PaddedBytes));
        }
        catch
        {
            Destroy();
            throw;
        }
    }

    /// <summary>The size asked for, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>The name that errors and validation messages use.</summary>
    public string Name { get; }

    /// <summary>Where the memory lies.</summary>
    public MemoryKind Kind { get; }

    /// <summary>The whole buffer as a range.</summary>
    public BufferRange Range => new(this, 0, Bytes);

    internal Buffer Handle { get; private set; }

    /// <summary>The size that the device sees: whole texels.</summary>
    internal long PaddedBytes => (Bytes + Granule - 1) / Granule * Granule;

    internal bool IsDisposed => disposed;

    private VulkanContext Context => device.Context;

    /// <summary>The buffer's memory as the host sees it, valid until the buffer is disposed. Of work in flight it waits for none:
    /// what the device writes is there after <see cref="GpuDevice.WaitIdle"/>, what the host writes is seen by later submissions.</summary>
    /// <exception cref="InvalidOperationException">The buffer is not <see cref="MemoryKind.HostVisible"/>, or is too long.</exception>
    public Span<T> Map<T>()
        where T : unmanaged
    {
        ThrowIfDisposed();
        if (Kind != MemoryKind.HostVisible)
        {
            throw new InvalidOperationException(
                $"Buffer '{Name}' is in device memory: use Upload and Download, or MemoryKind.HostVisible.");
        }

        var count = Bytes / sizeof(T);
        return count <= int.MaxValue
            ? new Span<T>(mapped, (int)count)
            : throw new InvalidOperationException($"Buffer '{Name}' holds {count} elements; a span holds at most {int.MaxValue}.");
    }

    /// <summary>Writes the data to the buffer from byte <paramref name="offsetBytes"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The data does not fit.</exception>
    public void Upload<T>(ReadOnlySpan<T> data, long offsetBytes = 0)
        where T : unmanaged
    {
        var length = CheckSpan(data.Length, sizeof(T), offsetBytes);
        fixed (T* source = data)
        {
            if (mapped != null)
            {
                device.WaitIdle();
                System.Buffer.MemoryCopy(source, mapped + offsetBytes, length, length);
            }
            else
            {
                device.Staging.Upload((byte*)source, this, offsetBytes, length);
            }
        }
    }

    /// <summary>Reads from byte <paramref name="offsetBytes"/> of the buffer on, until the destination is full.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination is longer than what is left of the buffer.</exception>
    public void Download<T>(Span<T> destination, long offsetBytes = 0)
        where T : unmanaged
    {
        var length = CheckSpan(destination.Length, sizeof(T), offsetBytes);
        fixed (T* target = destination)
        {
            if (mapped != null)
            {
                device.WaitIdle();
                System.Buffer.MemoryCopy(mapped + offsetBytes, target, length, length);
            }
            else
            {
                device.Staging.Download(this, offsetBytes, (byte*)target, length);
            }
        }
    }

    /// <summary>Sets every byte to 0.</summary>
    public void Clear()
    {
        ThrowIfDisposed();
        device.WaitIdle();
        Fill(new BufferRange(this, 0, PaddedBytes));
    }

    /// <summary>Waits for the device and gives the memory back; command lists that use the buffer cannot be submitted any more.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        device.Release(this);
        Destroy();
    }

    /// <summary>The RGBA32F view of a range; made once.</summary>
    internal BufferView TexelView(long offset, long length)
    {
        // Lists that bind this buffer may be recorded by several threads.
        lock (texelViews)
        {
            if (!texelViews.TryGetValue((offset, length), out var view))
            {
                view = CreateTexelView(offset, length);
                texelViews.Add((offset, length), view);
            }

            return view;
        }
    }

    internal void ThrowIfDisposed()
    {
        if (disposed)
        {
            throw new ObjectDisposedException($"{nameof(GpuBuffer)} '{Name}'");
        }
    }

    private BufferView CreateTexelView(long offset, long length)
    {
        var info = new BufferViewCreateInfo
        {
            SType = StructureType.BufferViewCreateInfo,
            Buffer = Handle,
            Format = Format.R32G32B32A32Sfloat,
            Offset = (ulong)offset,
            Range = (ulong)length,
        };
        BufferView view;
        VulkanResult.Check(
            Context.Api.CreateBufferView(Context.Device, &info, null, &view),
            "vkCreateBufferView",
            $"bytes {offset} + {length} of '{Name}'");
        Context.Name(ObjectType.BufferView, view.Handle, $"{Name} [{offset} + {length}]");
        return view;
    }

    private void Allocate()
    {
        var info = new BufferCreateInfo
        {
            SType = StructureType.BufferCreateInfo,
            Size = (ulong)PaddedBytes,
            Usage = BufferUsageFlags.StorageBufferBit | BufferUsageFlags.UniformTexelBufferBit
                | BufferUsageFlags.TransferSrcBit | BufferUsageFlags.TransferDstBit,
            SharingMode = SharingMode.Exclusive,
        };
        Buffer handle;
        VulkanResult.Check(
            Context.Api.CreateBuffer(Context.Device, &info, null, &handle), "vkCreateBuffer", $"buffer '{Name}' ({Bytes} bytes)");
        Handle = handle;
        Context.Name(ObjectType.Buffer, handle.Handle, Name);

        MemoryRequirements need;
        Context.Api.GetBufferMemoryRequirements(Context.Device, handle, &need);
        memory = device.Memory.Allocate(need, Kind, $"Buffer '{Name}'", out var map);
        memoryBytes = need.Size;
        VulkanResult.Check(Context.Api.BindBufferMemory(Context.Device, handle, memory, 0), "vkBindBufferMemory", $"buffer '{Name}'");
        if (map)
        {
            void* address;
            VulkanResult.Check(
                Context.Api.MapMemory(Context.Device, memory, 0, Vk.WholeSize, MemoryMapFlags.None, &address),
                "vkMapMemory",
                $"buffer '{Name}'");
            mapped = (byte*)address;
        }
    }

    private void Fill(BufferRange range)
    {
        if (mapped == null)
        {
            device.Staging.Run($"clear '{Name}'", list => list.Fill(range, 0));
            return;
        }

        const int chunk = 1 << 30;
        for (var offset = range.OffsetBytes; offset < range.LengthBytes; offset += chunk)
        {
            new Span<byte>(mapped + offset, (int)Math.Min(chunk, range.LengthBytes - offset)).Clear();
        }
    }

    private long CheckSpan(int count, int elementBytes, long offset)
    {
        ThrowIfDisposed();
        var length = (long)count * elementBytes;
        if (offset < 0 || offset > Bytes - length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"Bytes {offset} to {offset + length} do not lie in buffer '{Name}', which has {Bytes}.");
        }

        return length;
    }

    private void Destroy()
    {
        disposed = true;
        foreach (var view in texelViews.Values)
        {
            Context.Api.DestroyBufferView(Context.Device, view, null);
        }

        texelViews.Clear();
        Context.Api.DestroyBuffer(Context.Device, Handle, null);
        if (memory.Handle != 0)
        {
            // Freeing unmaps.
            device.Memory.Free(memory, memoryBytes);
        }
    }
}
