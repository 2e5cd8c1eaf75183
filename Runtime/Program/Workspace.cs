using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Program;

/// <summary>
/// Memory for tensors and pipelines for kernels on one device. Programs built in the same workspace share both: a tensor has one
/// place, a kernel with the same constants is compiled once.
/// </summary>
public sealed class Workspace : IDisposable
{
    private readonly Dictionary<Tensor, BufferRange> places = new();
    private readonly List<GpuBuffer> buffers = new();
    private readonly Dictionary<string, ComputePipeline> pipelines = new();

    public Workspace(GpuDevice device) => (Device, LargestBuffer) = (device, device.Limits.MaxAllocationBytes);

    public GpuDevice Device { get; }

    /// <summary>Called with (done, total) while pipelines are made: drivers may compile for seconds at first use.</summary>
    public Action<int, int>? PipelineProgress { get; set; }

    /// <summary>Called with (done, total) while tiles are measured, where <see cref="GpuDevice.Tuning"/> asks for that.</summary>
    public Action<int, int>? TuningProgress { get; set; }

    /// <summary>Bytes up to which tensors share a buffer; a larger tensor has one for itself. For tests, else what the device allows.</summary>
    internal long LargestBuffer { get; init; }

    /// <summary>
    /// Gives memory, zero-filled, to those tensors that have none yet: one buffer for each kind of memory, or more where that would be more than
    /// the device allows in one allocation. Past the end of a tensor lie zeros for one image, as kernels expect (Include/operands.glsl).
    /// </summary>
    public void Reserve(IEnumerable<Tensor> tensors)
    {
        foreach (IGrouping<TensorMemory, Tensor> group in WithoutPlace(tensors).GroupBy(t => t.Memory))
        {
            var together = new List<Tensor>();
            long bytes = 0;
            foreach (Tensor tensor in group)
            {
                if (bytes > 0 && bytes + StoredBytes(tensor) > LargestBuffer)
                {
                    Place(together, bytes, group.Key);
                    together.Clear();
                    bytes = 0;
                }

                together.Add(tensor);
                bytes += StoredBytes(tensor);
            }

            Place(together, bytes, group.Key);
        }
    }

    /// <summary>Bytes that <see cref="Reserve"/> would allocate.</summary>
    public long BytesFor(IEnumerable<Tensor> tensors) => WithoutPlace(tensors).Sum(StoredBytes);

    /// <summary>Where a tensor lies, the zeros past its end included.</summary>
    public BufferRange RangeOf(Tensor tensor)
    {
        Tensor root = RootOf(tensor);
        if (!places.TryGetValue(root, out BufferRange range))
        {
            Reserve([root]);
            range = places[root];
        }

        long offset = 4 * OffsetInRoot(tensor);
        long zeros = tensor.IsSlice ? (tensor.HasZerosPastEnd ? tensor.Shape.PaddedC : 0) : (range.LengthBytes - offset) / 4 - tensor.Shape.Count;
        return new BufferRange(range.Buffer, range.OffsetBytes + offset, 4 * (tensor.Shape.Count + zeros));
    }

    /// <summary>Writes stored floats or words (NHWC, channels padded) to the tensor.</summary>
    /// <param name="first">The place in the tensor of the first of them.</param>
    public void Upload<T>(Tensor tensor, ReadOnlySpan<T> values, long first = 0)
        where T : unmanaged
    {
        if (first < 0 || first + values.Length > tensor.Shape.Count)
            throw new ArgumentException($"{tensor} stores {tensor.Shape.Count} values; found {values.Length} from place {first} on.");
        BufferRange range = RangeOf(tensor);
        range.Buffer.Upload(values, range.OffsetBytes + (4 * first));
    }

    /// <summary>Reads the stored values of a tensor; waits for submitted work.</summary>
    public T[] Download<T>(Tensor tensor)
        where T : unmanaged
    {
        Device.WaitIdle();
        BufferRange range = RangeOf(tensor);
        var values = new T[tensor.Shape.Count];
        range.Buffer.Download<T>(values, range.OffsetBytes);
        return values;
    }

    /// <summary>A host tensor's memory, to be read and written in place while no submitted work touches it.</summary>
    public Span<T> Map<T>(Tensor tensor)
        where T : unmanaged
    {
        BufferRange range = RangeOf(tensor);
        return range.Buffer.Map<T>().Slice(checked((int)(range.OffsetBytes / 4)), checked((int)tensor.Shape.Count));
    }

    public void Dispose()
    {
        foreach (ComputePipeline pipeline in pipelines.Values)
            pipeline.Dispose();
        foreach (GpuBuffer buffer in buffers)
            buffer.Dispose();
        pipelines.Clear();
        buffers.Clear();
        places.Clear();
    }

    /// <summary>Of each dispatch the alternative that is to run here.</summary>
    internal IReadOnlyList<KernelSpec> ChooseTiles(IReadOnlyList<KernelSpec> kernels)
    {
        // Without timestamps there is nothing to measure with.
        TileTuning tuning = Device.Limits.TimestampPeriodNs > 0 || Device.Tuning == TileTuning.Off ? Device.Tuning : TileTuning.Remembered;
        return new TileTuner(Device.Tiles, tuning, Device.Path).Choose(kernels, Time, TuningProgress);
    }

    internal ComputePipeline PipelineFor(KernelSpec kernel) => PipelineFor(kernel, kernel.PathOn(Device.Path));

    private ComputePipeline PipelineFor(KernelSpec kernel, OperandPath path)
    {
        string key = kernel.Kernel + "(" + string.Join(",", kernel.Constants) + ") " + path.ToString().ToLowerInvariant();
        if (pipelines.TryGetValue(key, out ComputePipeline? pipeline))
            return pipeline;
        var bindings = new BindingKind[kernel.Bindings.Count];
        for (int i = 0; i < bindings.Length; i++)
            bindings[i] = kernel.Bindings[i].Mode == BindingMode.Operand && path == OperandPath.Texel ? BindingKind.TexelRead : BindingKind.Storage;
        return pipelines[key] = Device.CreatePipeline(
            key, KernelLibrary.Load(kernel.Kernel, path), bindings, kernel.Constants.ToArray(), usesMatrices: path == OperandPath.Matrix);
    }

    /// <summary>Seconds of one dispatch of several, by the device's own clock.</summary>
    private double Time(KernelSpec kernel, int times) => Time(kernel, kernel.PathOn(Device.Path), times);

    /// <inheritdoc cref="Time(KernelSpec, int)"/>
    internal double Time(KernelSpec kernel, OperandPath path, int times)
    {
        ComputePipeline pipeline = PipelineFor(kernel, path);
        BufferRange[] ranges = kernel.Bindings.Select(b => RangeOf(b.Tensor)).ToArray();
        using CommandList commands = Device.CreateCommandList("measure " + kernel.Kernel, timestampSlots: 2);
        commands.Timestamp(0);
        for (int i = 0; i < times; i++)
        {
            commands.Barrier();
            commands.Dispatch(pipeline, ranges, (uint)kernel.Grid.X, (uint)kernel.Grid.Y, (uint)kernel.Grid.Z);
        }

        commands.Timestamp(1);
        commands.End();
        Device.Wait(Device.Submit(commands));
        double[] at = commands.ReadTimestamps();
        return (at[1] - at[0]) * 1e-9 / times;
    }

    private List<Tensor> WithoutPlace(IEnumerable<Tensor> tensors) => tensors.Select(RootOf).Distinct().Where(t => !places.ContainsKey(t)).ToList();

    private void Place(IReadOnlyList<Tensor> together, long bytes, TensorMemory memory)
    {
        MemoryKind kind = memory == TensorMemory.Host ? MemoryKind.HostVisible : MemoryKind.Device;
        GpuBuffer buffer = Device.CreateBuffer(bytes, kind, $"{memory} tensors {buffers.Count}");
        buffers.Add(buffer);
        long offset = 0;
        foreach (Tensor tensor in together)
        {
            places[tensor] = new BufferRange(buffer, offset, StoredBytes(tensor));
            offset += StoredBytes(tensor);
        }
    }

    private static Tensor RootOf(Tensor tensor) => tensor.Base is { } b ? RootOf(b) : tensor;

    private static long OffsetInRoot(Tensor tensor) => tensor.BaseOffset + (tensor.Base is { } b ? OffsetInRoot(b) : 0);

    private long StoredBytes(Tensor tensor)
    {
        Shape shape = tensor.Shape;
        long bytes = 4 * (shape.Count + (tensor.HasZerosPastEnd ? (long)shape.H * shape.W * shape.PaddedC : 0));
        return Grid.DivideUp(bytes, Device.Limits.BufferOffsetAlignment) * Device.Limits.BufferOffsetAlignment;
    }
}
