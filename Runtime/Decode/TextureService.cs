using System;
using System.Collections.Generic;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Runtime.Decode;

/// <summary>What an <see cref="TextureService.Update"/> did.</summary>
/// <param name="Frame">Its number, from 1 on.</param>
/// <param name="Decoded">Textures that were done since the last one.</param>
/// <param name="Shared">Textures that got pixels which were there already.</param>
/// <param name="Submitted">Textures that began to be decoded.</param>
/// <param name="Decoding">Textures that are being decoded.</param>
/// <param name="Waiting">Textures that still wait.</param>
/// <param name="Milliseconds">Device time of what was submitted, by what such batches have taken so far.</param>
public readonly record struct FrameStatistics(long Frame, int Decoded, int Shared, int Submitted, int Decoding, int Waiting, double Milliseconds)
{
    /// <summary>Whether all that is wanted is there.</summary>
    public bool IsIdle => Decoding == 0 && Waiting == 0;
}

/// <summary>
/// Decodes what a running game wants, a little in each frame: <see cref="Update"/> never waits for the device, and submits no more than
/// the frame's budget of device time allows, the most urgent first.
/// </summary>
/// <remarks>
/// Safe for several threads; <see cref="Update"/> is called by one, once a frame. Pools are made, and models reloaded, between frames or while the
/// game loads: that compiles and measures, and holds up other calls meanwhile.
/// </remarks>
public sealed class TextureService : IDisposable
{
    private readonly List<TexturePool> pools = new();
    private readonly List<TexturePool> passedOver = new(); // in this frame
    private readonly DecodeBudget budget;
    private bool disposed;

    /// <param name="device">Where the models are; it outlives the service.</param>
    /// <param name="frameBudget">Milliseconds of device time for each frame.</param>
    public TextureService(GpuDevice device, double frameBudget = 4) => (Device, budget) = (device, new DecodeBudget(frameBudget));

    public GpuDevice Device { get; }

    /// <summary>Milliseconds of device time for each frame.</summary>
    public double FrameBudget
    {
        get => budget.Milliseconds;
        set => budget.Milliseconds = value;
    }

    /// <summary>What the last <see cref="Update"/> did.</summary>
    public FrameStatistics Last { get; private set; }

    internal object Gate { get; } = new();

    internal DecodeBudget Budget => budget;

    internal long Frame { get; private set; }

    /// <summary>A pool of textures in the host's memory, for an engine that uploads them itself.</summary>
    /// <param name="options">What becomes of the pixels.</param>
    /// <param name="memoryLimit">Bytes for pixels, those that are kept as a cache included.</param>
    /// <param name="largestBatch">No larger batches are made ready: less to compile, and less memory.</param>
    /// <remarks>Makes ready all that decoding needs: it may take seconds at first, and nothing does later.</remarks>
    /// <exception cref="OutOfGpuMemoryException">The device's memory does not suffice for a single texture.</exception>
    public TexturePool CreatePool(TextureModel model, TextureOptions? options = null, long memoryLimit = 256 << 20, int largestBatch = 256)
    {
        options ??= TextureOptions.Default;
        return Add(model, options, new HostPages(options, model.BytesOf(options), SlotsOf(model, options, memoryLimit)), largestBatch);
    }

    /// <summary>A pool of textures in layers of images that it makes (<see cref="TexturePool.PlaceOf"/>): no pixel leaves the device.</summary>
    /// <inheritdoc cref="CreatePool"/>
    public TexturePool CreateImagePool(TextureModel model, TextureOptions? options = null, long memoryLimit = 256 << 20, int largestBatch = 256)
    {
        options ??= TextureOptions.Default;
        int levels = options.LevelsOf(model.Height, model.Width), most = SlotsOf(model, options, memoryLimit);
        var pages = new ImagePages(Device, options, model.SizeOf(options), levels, model.BytesOf(options), most);
        return Add(model, options, pages, largestBatch);
    }

    /// <summary>
    /// A pool of textures in the layers of one image, such as a host engine's, which samples it on the queue that was joined. Before the pool or
    /// the image goes, the host waits for what it has submitted.
    /// </summary>
    /// <param name="image">Of the textures' size and levels; it outlives the pool.</param>
    /// <inheritdoc cref="CreatePool"/>
    public TexturePool CreateImagePool(TextureModel model, GpuImage image, TextureOptions? options = null, int largestBatch = 256)
    {
        options ??= TextureOptions.Default;
        model.RequireLayers(image, options);
        return Add(model, options, new ImagePages(image, options), largestBatch);
    }

    /// <summary>Once a frame: publishes what is decoded, and submits what the budget allows.</summary>
    /// <exception cref="DeviceLostException">The device is lost. Dispose of all, and begin again with a new one.</exception>
    public FrameStatistics Update()
    {
        lock (Gate)
        {
            if (disposed)
                throw new ObjectDisposedException(nameof(TextureService));
            Frame++;
            int decoded = 0, shared = 0, submitted = 0, decoding = 0, waiting = 0;
            double smallest = 0;
            foreach (TexturePool pool in pools)
            {
                decoded += pool.Collect(budget);
                pool.DropCancelled();
                shared += pool.ShareWhatIsThere();
                if (pool.Urgency() > 0)
                    smallest = Math.Max(smallest, pool.LeastCost);
            }

            budget.BeginFrame(smallest);
            for (passedOver.Clear(); MostUrgent() is { } pool;)
            {
                int count = 0;
                if (pool.Affordable(budget) is { } batch)
                {
                    count = pool.Submit(batch.Program, batch.Cost);
                    if (count > 0)
                        budget.Submit(batch.Cost);
                }

                if (count == 0)
                    passedOver.Add(pool);
                submitted += count;
            }

            foreach (TexturePool pool in pools)
                (decoding, waiting) = (decoding + pool.Decoding, waiting + pool.Waiting);
            return Last = new FrameStatistics(Frame, decoded, shared, submitted, decoding, waiting, budget.Spent);
        }
    }

    /// <summary>Disposes the pools; models and device stay.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            disposed = true;
            while (pools.Count > 0)
                pools[^1].Dispose();
        }
    }

    internal void Remove(TexturePool pool) => pools.Remove(pool);

    private TexturePool Add(TextureModel model, TextureOptions options, TexturePages pages, int largestBatch)
    {
        if (model.Device != Device)
            throw new ArgumentException("The model is on another device than the service.");
        if (largestBatch < 1)
            throw new ArgumentException($"The largest batch has at least 1 image; found {largestBatch}.", nameof(largestBatch));
        lock (Gate)
        {
            if (disposed)
                throw new ObjectDisposedException(nameof(TextureService));
            var pool = new TexturePool(this, model, options, pages, largestBatch);
            pools.Add(pool);
            return pool;
        }
    }

    private static int SlotsOf(TextureModel model, TextureOptions options, long memoryLimit)
    {
        long slots = memoryLimit / model.BytesOf(options);
        return slots >= 1
            ? (int)Math.Min(slots, int.MaxValue / 4 / model.File.Architecture.LatentSize)
            : throw new ArgumentException($"A texture takes {model.BytesOf(options)} bytes; a limit of {memoryLimit} has no room for one.");
    }

    private TexturePool? MostUrgent()
    {
        TexturePool? best = null;
        float most = 0;
        foreach (TexturePool pool in pools)
        {
            float urgency = passedOver.Contains(pool) ? 0 : pool.Urgency();
            if (urgency > most)
                (best, most) = (pool, urgency);
        }

        return best;
    }
}
