using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>A decoder of a fixed batch with one way to finish its pixels, recorded once.</summary>
internal sealed class DecodeProgram : IDisposable
{
    // Enough to fill one batch and read another while a third runs.
    public const int LaneCount = 3;

    private readonly GpuProgram program;
    private readonly DecodeLane[] lanes;

    /// <param name="workspace">Where the tensors lie.</param>
    /// <param name="decoder">Makes the values of a batch.</param>
    /// <param name="finish">Makes pixels of them.</param>
    public DecodeProgram(Workspace workspace, DecoderGraph decoder, FinishTexture finish)
    {
        (Batch, Finish) = (decoder.Batch, finish);
        program = new GpuProgram(workspace, $"decode {decoder.Batch}", decoder.Graph.Forward().Concat(finish.Forward()), isTimed: true);
        var made = new List<DecodeLane>();
        try
        {
            for (int i = 0; i < LaneCount; i++)
                made.Add(new DecodeLane(workspace, decoder.Latents, decoder.Labels, finish.Pixels));
        }
        catch
        {
            made.ForEach(lane => lane.Dispose());
            program.Dispose();
            throw;
        }

        lanes = made.ToArray();
    }

    /// <summary>Images that it decodes at a time, wanted or not.</summary>
    public int Batch { get; }

    public FinishTexture Finish { get; }

    public Vulkan.CommandList Commands => program.Commands;

    /// <summary>What the device took for the last batch, in milliseconds; NaN where it can't tell.</summary>
    public double ReadMilliseconds() => program.ReadMilliseconds();

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

    /// <summary>The ticket of a lane that only the device still uses; 0: there is none.</summary>
    public long OldestTicket()
    {
        long oldest = 0;
        foreach (DecodeLane lane in lanes)
        {
            if (!lane.IsTaken && (oldest == 0 || lane.Ticket < oldest))
                oldest = lane.Ticket;
        }

        return oldest;
    }

    public void Dispose()
    {
        program.Dispose();
        foreach (DecodeLane lane in lanes)
            lane.Dispose();
    }
}
