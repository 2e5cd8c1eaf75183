using System;
using System.Collections.Generic;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The device's queue with a fence for each submission. Safe for several threads; calls run one after another.</summary>
internal sealed unsafe class SubmissionQueue : IDisposable
{
    private readonly VulkanContext context;
    private readonly object gate = new();
    private readonly Queue<(long Ticket, Fence Fence)> pending = new();
    private readonly Stack<Fence> unused = new();
    private long submitted;
    private long completed;

    public SubmissionQueue(VulkanContext context) => this.context = context;

    /// <summary>Submits in order and returns a ticket, greater than all before it.</summary>
    public long Submit(ReadOnlySpan<CommandBuffer> buffers, string resource)
    {
        lock (gate)
        {
            Collect();
            var fence = unused.Count > 0 ? unused.Pop() : CreateFence();
            Result result;
            fixed (CommandBuffer* first = buffers)
            {
                var info = new SubmitInfo
                {
                    SType = StructureType.SubmitInfo,
                    CommandBufferCount = (uint)buffers.Length,
                    PCommandBuffers = first,
                };
                result = context.Api.QueueSubmit(context.Queue, 1, &info, fence);
            }

            if (result != Result.Success)
            {
                unused.Push(fence);
            }

            VulkanResult.Check(result, "vkQueueSubmit", resource);
            pending.Enqueue((++submitted, fence));
            return submitted;
        }
    }

    public bool IsComplete(long ticket)
    {
        lock (gate)
        {
            Collect();
            return ticket <= completed;
        }
    }

    /// <summary>Waits for a submission and all before it.</summary>
    public void Wait(long ticket)
    {
        lock (gate)
        {
            foreach (var (pendingTicket, fence) in pending)
            {
                if (pendingTicket == ticket)
                {
                    VulkanResult.Check(WaitFor(fence), "vkWaitForFences", $"submission {ticket}");
                }
            }

            Collect();
        }
    }

    public void WaitIdle()
    {
        lock (gate)
        {
            Wait(submitted);
        }
    }

    /// <summary>Waits so that objects can be destroyed. A lost device does no more work, so its error is for others to report.</summary>
    public void Drain()
    {
        lock (gate)
        {
            foreach (var (_, fence) in pending)
            {
                _ = WaitFor(fence);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var (_, fence) in pending)
            {
                unused.Push(fence);
            }

            pending.Clear();
            while (unused.Count > 0)
            {
                context.Api.DestroyFence(context.Device, unused.Pop(), null);
            }
        }
    }

    // A fence waits for all that was submitted earlier too (Vulkan 7.3), so the oldest is signalled first.
    private void Collect()
    {
        while (pending.Count > 0)
        {
            var (ticket, fence) = pending.Peek();
            var status = context.Api.GetFenceStatus(context.Device, fence);
            if (status == Result.NotReady)
            {
                return;
            }

            VulkanResult.Check(status, "vkGetFenceStatus", $"submission {ticket}");
            VulkanResult.Check(context.Api.ResetFences(context.Device, 1, &fence), "vkResetFences", $"submission {ticket}");
            completed = ticket;
            unused.Push(fence);
            pending.Dequeue();
        }
    }

    private Result WaitFor(Fence fence) => context.Api.WaitForFences(context.Device, 1, &fence, true, ulong.MaxValue);

    private Fence CreateFence()
    {
        var info = new FenceCreateInfo { SType = StructureType.FenceCreateInfo };
        Fence fence;
        VulkanResult.Check(context.Api.CreateFence(context.Device, &info, null, &fence), "vkCreateFence", "a submission");
        return fence;
    }
}
