using System;
using System.Collections.Generic;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>A decoder of a fixed batch with one way to finish its pixels, recorded once.</summary>
internal sealed class DecodeProgram : IDisposable
{
    /// <summary>Enough to fill one batch and read another while a third runs.</summary>
    public const int LaneCount = 3;

    private readonly Workspace workspace;
    private readonly DecoderGraph decoder;
    private readonly GpuProgram program;
    private readonly List<DecodeLane> lanes = new();

    /// <param name="workspace">Where the tensors lie.</param>
    /// <param name="decoder">Makes the values of a batch.</param>
    /// <param name="finish">Makes pixels of them.</param>
    public DecodeProgram(Workspace workspace, DecoderGraph decoder, FinishTexture finish)
    {
        (this.workspace, this.decoder, Batch, Finish) = (workspace, decoder, decoder.Batch, finish);
        program = new GpuProgram(workspace, $"decode {decoder.Batch}", decoder.Graph.ForwardToPixels(finish));
        try
        {
            for (int i = 0; i < LaneCount; i++)
                AddLane();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Images that it decodes at a time, wanted or not.</summary>
    public int Batch { get; }

    public FinishTexture Finish { get; }

    public Vulkan.CommandList Commands => program.Commands;

    /// <summary>A lane that no one uses, of which the device is done; null: all are in use.</summary>
    public DecodeLane? TakeFree(Vulkan.GpuDevice device)
    {
        foreach (DecodeLane lane in lanes)
        {
            if (!lane.IsTaken && device.IsComplete(lane.Ticket))
            {
                lane.IsTaken = true;
                return lane;
            }
        }

        return null;
    }

    /// <summary>The ticket of a lane that only the device still uses; null: others have them all.</summary>
    public long? OldestTicket()
    {
        long? oldest = null;
        foreach (DecodeLane lane in lanes)
        {
            if (!lane.IsTaken && !(oldest < lane.Ticket))
                oldest = lane.Ticket;
        }

        return oldest;
    }

    /// <summary>One more, for whoever can't wait for others to give one back.</summary>
    public DecodeLane AddLane()
    {
        var lane = new DecodeLane(workspace, decoder.Latents, decoder.Labels, Finish.Pixels);
        lanes.Add(lane);
        return lane;
    }

    public void Dispose()
    {
        program.Dispose();
        foreach (DecodeLane lane in lanes)
            lane.Dispose();
    }
}
