using System;
using System.Collections.Generic;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>
/// The device's queue with a fence for each submission. Safe for several threads; nobody holds a lock while waiting for the device, so that
/// one thread can submit while another waits. Once warm, nothing here allocates.
/// </summary>
internal sealed unsafe class SubmissionQueue : IDisposable
{
    // In flight at a time; more are made when they are needed.
    private const int Usual = 32;

    private readonly VulkanContext context;
    private readonly object gate = new();
    private readonly Queue<Submission> pending = new(Usual);
    private readonly Stack<Submission> unused = new(Usual);
    private Submission? newest;
    private long submitted;
    private long completed;

    public SubmissionQueue(VulkanContext context)
    {
        this.context = context;
        for (var i = 0; i < Usual; i++)
        {
            unused.Push(new Submission(CreateFence()));
        }
    }

    /// <summary>Not Success: what the driver is taken to answer from now on, so that tests can see a device lost.</summary>
    internal Result InjectedFault { get; set; } = Result.Success;

    /// <summary>Submits in order and returns a ticket, greater than all before it.</summary>
    /// <param name="resource">For errors.</param>
    /// <param name="sync">Semaphores of a host engine to wait for and to signal.</param>
    public long Submit(ReadOnlySpan<CommandBuffer> buffers, string resource, QueueSync sync = default)
    {
        // The host's lock first: who asks whether something is complete must not wait for one that waits for the host.
        lock (context.QueueLock)
        lock (gate)
        {
            Collect();
            var submission = unused.Count > 0 ? unused.Pop() : new Submission(CreateFence());
            var result = InjectedFault;
            if (result == Result.Success)
            {
                result = Submit(buffers, sync, submission.Fence);
            }

            if (result != Result.Success)
            {
                unused.Push(submission);
                VulkanResult.Check(result, "vkQueueSubmit", $"'{resource}'");
            }

            submission.Ticket = ++submitted;
            pending.Enqueue(submission);
            newest = submission;
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
        Submission? waited = null;
        lock (gate)
        {
            Collect();
            foreach (var submission in pending)
            {
                if (submission.Ticket >= ticket && completed < ticket)
                {
                    waited = submission;
                    break;
                }
            }

            if (waited == null)
            {
                return;
            }

            waited.Waiters++;
        }

        var result = WaitFor(waited.Fence);
        lock (gate)
        {
            waited.Waiters--;
            if (result != Result.Success)
            {
                VulkanResult.Check(result, "vkWaitForFences", $"submission {ticket}");
            }

            Collect();
        }
    }

    public void WaitIdle()
    {
        long last;
        lock (gate)
        {
            last = submitted;
        }

        Wait(last);
    }

    /// <summary>Waits so that objects can be destroyed. A lost device does no more work, so its error is for others to report.</summary>
    public void Drain()
    {
        Submission? last;
        lock (gate)
        {
            last = newest;
            if (last == null)
            {
                return;
            }

            last.Waiters++;
        }

        _ = WaitFor(last.Fence);
        lock (gate)
        {
            last.Waiters--;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            while (pending.Count > 0)
            {
                unused.Push(pending.Dequeue());
            }

            while (unused.Count > 0)
            {
                context.Api.DestroyFence(context.Device, unused.Pop().Fence, null);
            }
        }
    }

    private Result Submit(ReadOnlySpan<CommandBuffer> buffers, QueueSync sync, Fence fence)
    {
        var wait = new Silk.NET.Vulkan.Semaphore { Handle = sync.WaitFor };
        var signal = new Silk.NET.Vulkan.Semaphore { Handle = sync.Signal };
        var stage = PipelineStageFlags.AllCommandsBit;
        fixed (CommandBuffer* first = buffers)
        {
            var info = new SubmitInfo
            {
                SType = StructureType.SubmitInfo,
                CommandBufferCount = (uint)buffers.Length,
                PCommandBuffers = first,
                WaitSemaphoreCount = sync.WaitFor == 0 ? 0u : 1u,
                PWaitSemaphores = &wait,
                PWaitDstStageMask = &stage,
                SignalSemaphoreCount = sync.Signal == 0 ? 0u : 1u,
                PSignalSemaphores = &signal,
            };
            return context.Api.QueueSubmit(context.Queue, 1, &info, fence);
        }
    }

    // A fence waits for all that was submitted earlier too (Vulkan 7.3), so the oldest is signalled first. One that a thread waits for
    // must not be reset: it stays until that thread has seen it.
    private void Collect()
    {
        while (pending.Count > 0)
        {
            var oldest = pending.Peek();
            var status = InjectedFault == Result.Success ? context.Api.GetFenceStatus(context.Device, oldest.Fence) : InjectedFault;
            if (status == Result.NotReady)
            {
                return;
            }

            if (status != Result.Success)
            {
                VulkanResult.Check(status, "vkGetFenceStatus", $"submission {oldest.Ticket}");
            }

            completed = oldest.Ticket;
            if (oldest.Waiters > 0)
            {
                return;
            }

            var fence = oldest.Fence;
            VulkanResult.Check(context.Api.ResetFences(context.Device, 1, &fence), "vkResetFences", "a submission");
            unused.Push(pending.Dequeue());
            newest = pending.Count > 0 ? newest : null;
        }
    }

    private Result WaitFor(Fence fence) => InjectedFault == Result.Success
        ? context.Api.WaitForFences(context.Device, 1, &fence, true, ulong.MaxValue)
        : InjectedFault;

    private Fence CreateFence()
    {
        var info = new FenceCreateInfo { SType = StructureType.FenceCreateInfo };
        Fence fence;
        VulkanResult.Check(context.Api.CreateFence(context.Device, &info, null, &fence), "vkCreateFence", "a submission");
        return fence;
    }

    private sealed class Submission
    {
        public Submission(Fence fence) => Fence = fence;

        public Fence Fence { get; }

        public long Ticket { get; set; }

        public int Waiters { get; set; }
    }
}
