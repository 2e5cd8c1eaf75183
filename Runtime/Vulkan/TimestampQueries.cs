using System;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The timestamps of one command list.</summary>
internal sealed unsafe class TimestampQueries : IDisposable
{
    private readonly VulkanContext context;
    private readonly string owner;
    private readonly int slots;
    private readonly QueryPool pool;
    private bool submitted;

    public TimestampQueries(VulkanContext context, string owner, int slots)
    {
        if (context.Adapter.TimestampBits == 0)
        {
            throw new GpuException(
                $"{context.Adapter.Info.Name} has no timestamps (GpuLimits.TimestampPeriodNs is 0): "
                + $"create command list '{owner}' without.");
        }

        (this.context, this.owner, this.slots) = (context, owner, slots);
        var info = new QueryPoolCreateInfo
        {
            SType = StructureType.QueryPoolCreateInfo,
            QueryType = QueryType.Timestamp,
            QueryCount = (uint)slots,
        };
        QueryPool created;
        VulkanResult.Check(
            context.Api.CreateQueryPool(context.Device, &info, null, &created), "vkCreateQueryPool", $"command list '{owner}'");
        pool = created;
    }

    public void Reset(CommandBuffer commands) => context.Api.CmdResetQueryPool(commands, pool, 0, (uint)slots);

    public void MarkSubmitted() => submitted = true;

    public void Write(CommandBuffer commands, int slot)
    {
        if (slot < 0 || slot >= slots)
        {
            throw new ArgumentOutOfRangeException(nameof(slot), slot, $"Command list '{owner}' has timestamp slots 0 to {slots - 1}.");
        }

        context.Api.CmdWriteTimestamp(commands, PipelineStageFlags.BottomOfPipeBit, pool, (uint)slot);
    }

    public double[] Read()
    {
        if (!submitted)
        {
            throw new InvalidOperationException($"Command list '{owner}' was never submitted: it has no timestamps yet.");
        }

        // Two words a slot: the ticks, and whether they were written.
        var words = new ulong[slots * 2];
        fixed (ulong* data = words)
        {
            var result = context.Api.GetQueryPoolResults(
                context.Device, pool, 0, (uint)slots, (nuint)(words.Length * sizeof(ulong)), data, 2 * sizeof(ulong),
                QueryResultFlags.Result64Bit | QueryResultFlags.ResultWithAvailabilityBit);
            if (result != Result.NotReady)
            {
                VulkanResult.Check(result, "vkGetQueryPoolResults", $"command list '{owner}'");
            }
        }

        var bits = context.Adapter.TimestampBits;
        var mask = bits < 64 ? (1UL << bits) - 1 : ulong.MaxValue;
        ulong? start = null;
        var times = new double[slots];
        for (var i = 0; i < slots; i++)
        {
            var taken = words[(2 * i) + 1] != 0;
            start ??= taken ? words[2 * i] : null;
            times[i] = taken ? ((words[2 * i] - start!.Value) & mask) * context.Adapter.Limits.TimestampPeriodNs : double.NaN;
        }

        return times;
    }

    /// <summary>Milliseconds from slot 0 of another to slot 0 of this one; NaN unless both were taken. Allocates nothing.</summary>
    public double ReadMillisecondsSince(TimestampQueries start)
    {
        var bits = context.Adapter.TimestampBits;
        var mask = bits < 64 ? (1UL << bits) - 1 : ulong.MaxValue;
        return TryReadFirst(out var to) && start.TryReadFirst(out var from)
            ? ((to - from) & mask) * context.Adapter.Limits.TimestampPeriodNs * 1e-6
            : double.NaN;
    }

    public void Dispose() => context.Api.DestroyQueryPool(context.Device, pool, null);

    private bool TryReadFirst(out ulong ticks)
    {
        var words = stackalloc ulong[2];
        var result = context.Api.GetQueryPoolResults(
            context.Device, pool, 0, 1, 2 * sizeof(ulong), words, 2 * sizeof(ulong),
            QueryResultFlags.Result64Bit | QueryResultFlags.ResultWithAvailabilityBit);
        ticks = words[0];
        return result == Result.Success && words[1] != 0;
    }
}
