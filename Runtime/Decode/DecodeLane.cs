using System;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>
/// The host's side of one batch in flight: latents go in, pixels come out, through memory that stays mapped. A program has several, so that
/// one batch can be filled or read while another runs; the tensors between are shared, as the queue runs one batch after another.
/// </summary>
internal sealed class DecodeLane : IDisposable
{
    private readonly GpuDevice device;
    private readonly GpuBuffer staging;
    private readonly GpuBuffer readback;
    private readonly CommandList upload;
    private readonly CommandList download;
    private readonly CommandList place;
    private readonly GpuBuffer pixels;
    private readonly long pixelOffset;
    private readonly int latentFloats;
    private readonly CommandList? start;
    private readonly CommandList? end;
    private readonly CommandList[] order = new CommandList[5];

    /// <param name="workspace">Where the tensors lie.</param>
    /// <param name="latents">[N, Z]</param>
    /// <param name="labels">[N], of a conditional model.</param>
    /// <param name="pixels">Words of the finished pixels.</param>
    public DecodeLane(Workspace workspace, Tensor latents, Tensor? labels, Tensor pixels)
    {
        device = workspace.Device;
        latentFloats = checked((int)latents.Shape.Count);
        int labelWords = labels == null ? 0 : labels.Shape.C;
        staging = device.CreateBuffer(4L * (latentFloats + labelWords), MemoryKind.HostVisible, "latents to decode");
        try
        {
            readback = device.CreateBuffer(4L * pixels.Shape.C, MemoryKind.HostVisible, "decoded pixels");
        }
        catch
        {
            staging.Dispose();
            throw;
        }

        if (device.Limits.TimestampPeriodNs > 0)
            (start, end) = (Clock("begin to decode"), Clock("decoded"));
        upload = device.CreateCommandList("upload latents");
        CopyIn(workspace.RangeOf(latents), 0, latentFloats);
        if (labels != null)
            CopyIn(workspace.RangeOf(labels), latentFloats, labelWords);
        upload.End();
        BufferRange source = workspace.RangeOf(pixels);
        (this.pixels, pixelOffset) = (source.Buffer, source.OffsetBytes);
        download = device.CreateCommandList("download pixels");
        download.Copy(new BufferRange(source.Buffer, source.OffsetBytes, readback.Bytes), readback.Range);
        download.End();
        place = device.CreateCommandList("place pixels in an image");
        place.End();
    }

    /// <summary>Someone fills it, waits for it or reads it.</summary>
    public bool IsTaken { get; set; }

    /// <summary>The submission that used it last; 0: none yet.</summary>
    public long Ticket { get; private set; }

    /// <summary>Submissions take the time. On a processor that costs a sixth of what one image takes.</summary>
    public bool IsTimed { get; set; }

    /// <summary>What the device took for the last submission, once it is complete, in milliseconds; NaN where it has no clock, or took no time.</summary>
    public double ReadMilliseconds() => IsTimed && end != null ? end.ReadMillisecondsSince(start!) : double.NaN;

    /// <summary>[N, Z], to be filled.</summary>
    public Span<float> Latents => staging.Map<float>()[..latentFloats];

    /// <summary>[N], to be filled for a conditional model.</summary>
    public Span<uint> Labels => staging.Map<uint>()[latentFloats..];

    /// <summary>What was decoded, once the ticket is complete: words as <see cref="FinishTexture.Pixels"/> has them.</summary>
    public ReadOnlySpan<uint> Words => readback.Map<uint>();

    /// <summary>Decodes to <see cref="Words"/>.</summary>
    public long SubmitToHost(CommandList decode, QueueSync sync = default) => Submit(decode, download, sync);

    /// <summary>Begins to say where in images the pixels go.</summary>
    public void BeginPlaces() => place.Restart();

    /// <summary>Some of them go to places in an image.</summary>
    /// <param name="regions">Offsets are bytes from the start of <see cref="FinishTexture.Pixels"/>.</param>
    public void Place(GpuImage image, ReadOnlySpan<ImageRegion> regions)
    {
        Span<ImageRegion> placed = stackalloc ImageRegion[64];
        for (int first = 0; first < regions.Length; first += placed.Length)
        {
            int count = Math.Min(placed.Length, regions.Length - first);
            for (int i = 0; i < count; i++)
                placed[i] = regions[first + i] with { OffsetBytes = pixelOffset + regions[first + i].OffsetBytes };
            place.CopyToImage(pixels, image, placed[..count]);
        }
    }

    /// <summary>Decodes to the places.</summary>
    public long SubmitToPlaces(CommandList decode, QueueSync sync = default)
    {
        place.End();
        return Submit(decode, place, sync);
    }

    public void Dispose()
    {
        start?.Dispose();
        end?.Dispose();
        upload.Dispose();
        download.Dispose();
        place.Dispose();
        staging.Dispose();
        readback.Dispose();
    }

    private long Submit(CommandList decode, CommandList output, QueueSync sync)
    {
        int count = 0;
        bool isTimed = IsTimed && start != null;
        if (isTimed)
            order[count++] = start!;
        (order[count], order[count + 1], order[count + 2]) = (upload, decode, output);
        count += 3;
        if (isTimed)
            order[count++] = end!;
        return Ticket = device.Submit(order.AsSpan(0, count), sync);
    }

    private CommandList Clock(string name)
    {
        CommandList list = device.CreateCommandList(name, timestampSlots: 1);
        list.Timestamp(0);
        list.End();
        return list;
    }

    private void CopyIn(BufferRange to, int firstFloat, int count) =>
        upload.Copy(new BufferRange(staging, 4L * firstFloat, 4L * count), new BufferRange(to.Buffer, to.OffsetBytes, 4L * count));
}
