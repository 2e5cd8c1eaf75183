using System;
using System.Collections.Generic;
using System.Linq;
using Silk.NET.Vulkan;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>A Vulkan device that computes: it makes buffers, kernels and command lists, and runs them in the order submitted.</summary>
/// <remarks>Safe for several threads. Disposing it disposes all that it made and that is still there.</remarks>
public sealed class GpuDevice : IDisposable
{
    private readonly HashSet<IDisposable> children = new();
    private readonly SubmissionQueue queue;
    private bool disposed;

    private GpuDevice(VulkanContext context, OperandPath path, bool isPathGiven, GpuDeviceOptions options)
    {
        (Context, Path, IsPathGiven) = (context, path, isPathGiven);
        Tuning = options.Tuning ?? DeviceSelection.ParseTuning(Environment.GetEnvironmentVariable("VAEPROCGEN_TUNING")) ?? TileTuning.Remembered;
        Tiles = TileMemory.For(context.Adapter.Info);
        queue = new SubmissionQueue(context);
        Memory = new DeviceMemoryPool(context, options);
        Staging = new StagingTransfer(this);
        PipelineCache = new PipelineCacheFile(context);
    }

    /// <summary>The device that was chosen.</summary>
    public GpuDeviceInfo Info => Context.Adapter.Info;

    /// <summary>The operand path that kernels are built for.</summary>
    public OperandPath Path { get; private set; }

    /// <summary>Whether the path was asked for, by an option or by <c>VAEPROCGEN_PATH</c>.</summary>
    internal bool IsPathGiven { get; }

    /// <summary>The device's matrix units; null: it has none that fit.</summary>
    public MatrixShape? Matrices => Context.Adapter.Matrices;

    /// <summary>How the tiles of kernels are chosen when a program is built.</summary>
    public TileTuning Tuning { get; }

    /// <summary>The tiles that are remembered for this device.</summary>
    public TileMemory Tiles { get; }

    /// <summary>What the device allows.</summary>
    public GpuLimits Limits => Context.Adapter.Limits;

    /// <summary>The warnings and errors of the validation layer so far, at most the first 1000; readable after Dispose too, which may
    /// add some. Empty without validation.</summary>
    public IReadOnlyList<string> ValidationMessages => Context.Messenger?.Messages ?? Array.Empty<string>();

    /// <summary>Bytes of memory that the buffers hold now, padding and staging included.</summary>
    public long AllocatedBytes => Memory.AllocatedBytes;

    /// <summary>The most that <see cref="AllocatedBytes"/> has been.</summary>
    public long PeakAllocatedBytes => Memory.PeakAllocatedBytes;

    /// <summary>
    /// Bytes that may still be allocated: of the device's memory, within <see cref="GpuDeviceOptions.MemoryLimitBytes"/>. A processor's is the host's, of
    /// which a quarter is left to others. What other programs take is not known.
    /// </summary>
    public long AvailableBytes => Memory.AvailableBytes;

    internal VulkanContext Context { get; }

    internal DeviceMemoryPool Memory { get; }

    internal StagingTransfer Staging { get; }

    internal PipelineCacheFile PipelineCache { get; }

    internal SubmissionQueue Queue => queue;

    /// <summary>The devices of this machine, in the loader's order; empty when it has drivers and they find no hardware.</summary>
    /// <exception cref="NoVulkanDeviceException">There is no Vulkan loader or no driver.</exception>
    public static IReadOnlyList<GpuDeviceInfo> List()
    {
        using var instance = VulkanInstance.Create(validation: false);
        return PhysicalAdapter.Enumerate(instance).Select(adapter => adapter.Info).ToArray();
    }

    /// <summary>Chooses a device, see <see cref="GpuDeviceOptions"/>, and opens it.</summary>
    /// <exception cref="NoVulkanDeviceException">There is no Vulkan loader, driver or device; it names what to install.</exception>
    /// <exception cref="GpuException">The device asked for is not there or cannot do what is needed; or validation is asked for and not
    /// installed.</exception>
    public static GpuDevice Create(GpuDeviceOptions? options = null)
    {
        options ??= new GpuDeviceOptions();
        var wanted = string.IsNullOrWhiteSpace(options.Device) ? Environment.GetEnvironmentVariable("VAEPROCGEN_DEVICE") : options.Device;
        var wantedPath = options.Path ?? DeviceSelection.ParsePath(Environment.GetEnvironmentVariable("VAEPROCGEN_PATH"));
        var validation = options.Validation || Environment.GetEnvironmentVariable("VAEPROCGEN_VALIDATION") == "1";

        IDisposable owner = VulkanInstance.Create(validation, options.OnValidationMessage);
        try
        {
            var instance = (VulkanInstance)owner;
            var adapters = PhysicalAdapter.Enumerate(instance);
            var chosen = DeviceSelection.Choose(adapters.Select(adapter => adapter.Info).ToArray(), wanted);
            var path = DeviceSelection.ChoosePath(chosen, wantedPath, adapters[chosen.Index].Matrices);
            var context = VulkanContext.Create(instance, adapters[chosen.Index]);
            owner = context;
            return new GpuDevice(context, path, wantedPath != null, options);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs on the device of a host engine, so that what is decoded is the engine's own image, without a way through the host's memory. The
    /// host's objects outlive this one, which on disposal destroys only what it made. <see cref="GpuDeviceOptions.Device"/> and validation
    /// are the host's affair.
    /// </summary>
    /// <exception cref="NoVulkanDeviceException">There is no Vulkan loader.</exception>
    /// <exception cref="GpuException">The device is older than Vulkan 1.2, or the queue can't compute.</exception>
    public static GpuDevice Join(GpuHost host, GpuDeviceOptions? options = null)
    {
        options ??= new GpuDeviceOptions();
        var wantedPath = options.Path ?? DeviceSelection.ParsePath(Environment.GetEnvironmentVariable("VAEPROCGEN_PATH"));
        var context = VulkanContext.Join(host);
        return new GpuDevice(context, DeviceSelection.ChoosePath(context.Adapter.Info, wantedPath), wantedPath != null, options);
    }

    /// <summary>Makes an image, transparent black.</summary>
    /// <exception cref="OutOfGpuMemoryException">The memory does not suffice.</exception>
    public GpuImage CreateImage(GpuImageInfo info, string name)
    {
        ThrowIfDisposed();
        return Keep(new GpuImage(this, info, name));
    }

    /// <summary>
    /// A host engine's image as a place to decode to: VkImage of this device with VK_IMAGE_USAGE_TRANSFER_DST_BIT and a format of 8 bits for
    /// each of red, green, blue and alpha in this order, UNORM or SRGB.
    /// </summary>
    /// <param name="handle">VkImage; it stays the host's.</param>
    /// <param name="hasContents">
    /// All of it is in SHADER_READ_ONLY_OPTIMAL, to be kept where it is not overwritten; else it is in any layout, and only whole layers can
    /// be written.
    /// </param>
    public GpuImage WrapImage(ulong handle, GpuImageInfo info, string name, bool hasContents = false)
    {
        ThrowIfDisposed();
        return Keep(new GpuImage(this, handle, info, hasContents, name));
    }

    /// <summary>Makes a buffer of zeros.</summary>
    /// <exception cref="OutOfGpuMemoryException">The memory does not suffice.</exception>
    public GpuBuffer CreateBuffer(long bytes, MemoryKind kind, string name)
    {
        ThrowIfDisposed();
        return Keep(new GpuBuffer(this, bytes, kind, name));
    }

    /// <summary>Compiles a kernel, entry point <c>main</c>, whose bindings are 0 to n − 1 of descriptor set 0.</summary>
    /// <param name="name">For errors and validation messages.</param>
    /// <param name="spirv">A SPIR-V module for Vulkan 1.2.</param>
    /// <param name="bindings">What each binding is.</param>
    /// <param name="specializationConstants">The 32-bit values of <c>constant_id</c> 0 to n − 1, as their bits.</param>
    /// <param name="usesMatrices">The kernel is one of <see cref="OperandPath.Matrix"/>, which asks for <see cref="Matrices"/> by constants.</param>
    public ComputePipeline CreatePipeline(
        string name, ReadOnlySpan<byte> spirv, ReadOnlySpan<BindingKind> bindings, ReadOnlySpan<uint> specializationConstants, bool usesMatrices = false)
    {
        ThrowIfDisposed();
        return Keep(new ComputePipeline(this, name, spirv, bindings, specializationConstants, usesMatrices));
    }

    /// <summary>Begins a command list.</summary>
    /// <param name="name">For errors and validation messages.</param>
    /// <param name="timestampSlots">How many times it can take; 0 for none.</param>
    public CommandList CreateCommandList(string name, int timestampSlots = 0)
    {
        ThrowIfDisposed();
        return Keep(new CommandList(this, name, timestampSlots));
    }

    /// <summary>Submits an ended list and returns at once. The ticket is for <see cref="IsComplete"/> and <see cref="Wait"/>.</summary>
    public long Submit(CommandList list)
    {
        ThrowIfDisposed();
        list.PrepareSubmission();
        return queue.Submit(stackalloc[] { list.Handle }, list.Name);
    }

    /// <summary>Submits ended lists in one go, to run in order; a list may occur more than once.</summary>
    /// <param name="sync">Semaphores of a host engine.</param>
    public long Submit(ReadOnlySpan<CommandList> lists, QueueSync sync = default)
    {
        ThrowIfDisposed();
        Span<CommandBuffer> handles = lists.Length <= 64 ? stackalloc CommandBuffer[lists.Length] : new CommandBuffer[lists.Length];
        for (var i = 0; i < lists.Length; i++)
        {
            lists[i].PrepareSubmission();
            handles[i] = lists[i].Handle;
        }

        return queue.Submit(handles, lists.Length > 0 ? lists[^1].Name : "nothing", sync);
    }

    /// <summary>Whether a submission, and so all before it, has run. Never waits.</summary>
    public bool IsComplete(long ticket)
    {
        ThrowIfDisposed();
        return queue.IsComplete(ticket);
    }

    /// <summary>Waits until a submission, and so all before it, has run.</summary>
    public void Wait(long ticket)
    {
        ThrowIfDisposed();
        queue.Wait(ticket);
    }

    /// <summary>Waits until everything submitted has run.</summary>
    public void WaitIdle()
    {
        ThrowIfDisposed();
        queue.WaitIdle();
    }

    /// <summary>Waits for the device, disposes what it made, keeps the compiled kernels on disk, and closes it.</summary>
    public void Dispose()
    {
        IDisposable[] left;
        lock (children)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            left = children.ToArray();
        }

        // Users before what they use.
        foreach (var child in left.OrderBy(child => child is CommandList ? 0 : 1))
        {
            child.Dispose();
        }

        queue.Drain();
        queue.Dispose();
        PipelineCache.Dispose();
        Context.Dispose();
    }

    /// <summary>See <see cref="MatrixTrial"/>.</summary>
    internal void UseMatrices() => Path = OperandPath.Matrix;

    /// <summary>Called by what the device made, before it destroys its handles: waits until nothing uses them.</summary>
    internal void Release(IDisposable child)
    {
        queue.Drain();
        lock (children)
        {
            children.Remove(child);
        }
    }

    private T Keep<T>(T child)
        where T : IDisposable
    {
        lock (children)
        {
            children.Add(child);
        }

        return child;
    }

    private void ThrowIfDisposed()
    {
        if (disposed)
        {
            throw new ObjectDisposedException($"{nameof(GpuDevice)} '{Info.Name}'");
        }
    }
}
