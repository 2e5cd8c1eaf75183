using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Program;

/// <summary>
/// Kernels recorded once, in order, to be submitted again and again. Barriers stand only where a dispatch touches what an earlier
/// one has written, or writes what an earlier one reads.
/// </summary>
public sealed class GpuProgram : IDisposable
{
    private readonly Workspace workspace;
    private readonly CommandList commands;

    /// <param name="workspace">Gives tensors their memory and kernels their pipelines.</param>
    /// <param name="name">For messages and debuggers.</param>
    /// <param name="kernels">What to run.</param>
    /// <param name="profile">Measure each dispatch by itself; see <see cref="ReadTimes"/>.</param>
    public GpuProgram(Workspace workspace, string name, IEnumerable<KernelSpec> kernels, bool profile = false)
    {
        this.workspace = workspace;
        List<KernelSpec> described = kernels.ToList();
        workspace.Reserve(described.SelectMany(k => k.Bindings).Select(b => b.Tensor));
        Kernels = workspace.ChooseTiles(described);
        var pipelines = new List<ComputePipeline>();
        foreach (KernelSpec kernel in Kernels)
        {
            pipelines.Add(workspace.PipelineFor(kernel));
            workspace.PipelineProgress?.Invoke(pipelines.Count, Kernels.Count);
        }

        commands = workspace.Device.CreateCommandList(name, profile ? Kernels.Count + 1 : 0);
        var hazards = new HazardTracker();
        if (profile)
            commands.Timestamp(0);
        for (int i = 0; i < Kernels.Count; i++)
        {
            Record(Kernels[i], pipelines[i], hazards, forceBarrier: profile);
            if (profile)
                commands.Timestamp(i + 1);
        }

        commands.End();
    }

    /// <summary>What runs: of each dispatch the alternative that was chosen.</summary>
    public IReadOnlyList<KernelSpec> Kernels { get; }

    /// <summary>Submits all kernels, <paramref name="times"/> times over; does not wait. <see cref="GpuDevice.WaitIdle"/> or <see cref="Workspace.Download"/> wait.</summary>
    public void Run(int times = 1)
    {
        var lists = new CommandList[times];
        Array.Fill(lists, commands);
        workspace.Device.Submit(lists);
    }

    /// <summary>Seconds of each kernel in the last run of a program made with <c>profile</c>.</summary>
    public IReadOnlyList<(KernelSpec Kernel, double Seconds)> ReadTimes()
    {
        workspace.Device.WaitIdle();
        double[] at = commands.ReadTimestamps();
        return Kernels.Select((k, i) => (k, (at[i + 1] - at[i]) * 1e-9)).ToList();
    }

    /// <summary>For submissions together with other lists.</summary>
    internal CommandList Commands => commands;

    public void Dispose() => commands.Dispose();

    private void Record(KernelSpec kernel, ComputePipeline pipeline, HazardTracker hazards, bool forceBarrier)
    {
        var ranges = new BufferRange[kernel.Bindings.Count];
        for (int i = 0; i < ranges.Length; i++)
            ranges[i] = workspace.RangeOf(kernel.Bindings[i].Tensor);
        bool dependent = hazards.DependsOnEarlier(kernel, ranges);
        if (dependent || forceBarrier)
        {
            commands.Barrier();
            hazards.Clear();
        }

        hazards.Add(kernel, ranges);
        commands.Dispatch(pipeline, ranges, (uint)kernel.Grid.X, (uint)kernel.Grid.Y, (uint)kernel.Grid.Z);
    }

    /// <summary>What has been read and written since the last barrier.</summary>
    private sealed class HazardTracker
    {
        private readonly List<BufferRange> reads = new();
        private readonly List<BufferRange> writes = new();

        public bool DependsOnEarlier(KernelSpec kernel, BufferRange[] ranges)
        {
            for (int i = 0; i < ranges.Length; i++)
            {
                if (Overlaps(writes, ranges[i]) || (kernel.Bindings[i].Writes && Overlaps(reads, ranges[i])))
                    return true;
            }

            return false;
        }

        public void Add(KernelSpec kernel, BufferRange[] ranges)
        {
            for (int i = 0; i < ranges.Length; i++)
                (kernel.Bindings[i].Writes ? writes : reads).Add(ranges[i]);
        }

        public void Clear()
        {
            reads.Clear();
            writes.Clear();
        }

        private static bool Overlaps(List<BufferRange> earlier, BufferRange range)
        {
            foreach (BufferRange e in earlier)
            {
                if (e.Buffer == range.Buffer && e.OffsetBytes < range.OffsetBytes + range.LengthBytes && range.OffsetBytes < e.OffsetBytes + e.LengthBytes)
                    return true;
            }

            return false;
        }
    }
}
