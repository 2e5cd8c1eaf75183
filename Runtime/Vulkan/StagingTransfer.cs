using System;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>Moves data to and from memory that the host cannot map, through one small mapped buffer, a piece at a time.</summary>
internal sealed unsafe class StagingTransfer
{
    private const int PieceBytes = 16 << 20;

    private readonly GpuDevice device;
    private readonly object gate = new();
    private GpuBuffer? piece;

    public StagingTransfer(GpuDevice device) => this.device = device;

    public void Upload(byte* source, GpuBuffer target, long offset, long length)
    {
        lock (gate)
        {
            var staging = Piece();
            for (long done = 0; done < length; done += PieceBytes)
            {
                var count = Math.Min(PieceBytes, length - done);
                new ReadOnlySpan<byte>(source + done, (int)count).CopyTo(staging.Map<byte>());
                var at = offset + done;
                Run($"upload '{target.Name}'", list => list.Copy(new BufferRange(staging, 0, count), new BufferRange(target, at, count)));
            }
        }
    }

    public void Download(GpuBuffer source, long offset, byte* target, long length)
    {
        lock (gate)
        {
            var staging = Piece();
            for (long done = 0; done < length; done += PieceBytes)
            {
                var count = Math.Min(PieceBytes, length - done);
                var at = offset + done;
                Run($"download '{source.Name}'", list => list.Copy(new BufferRange(source, at, count), new BufferRange(staging, 0, count)));
                staging.Map<byte>()[..(int)count].CopyTo(new Span<byte>(target + done, (int)count));
            }
        }
    }

    /// <summary>Records a list, submits it and waits for it.</summary>
    public void Run(string name, Action<CommandList> record)
    {
        using var list = device.CreateCommandList(name);
        record(list);
        list.End();
        device.Submit(list);
        device.WaitIdle();
    }

    // The device disposes the buffer with all others that are left.
    private GpuBuffer Piece() => piece ??= device.CreateBuffer(PieceBytes, MemoryKind.HostVisible, "staging");
}
