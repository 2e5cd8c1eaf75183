using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>
/// A model's decoder on a device. Latents are decoded in batches of fixed sizes, each recorded once, at first use or by
/// <see cref="ProgramFor"/>; where the device's memory does not suffice for a batch, in smaller ones. Safe for several threads.
/// </summary>
internal sealed class TextureDecoder : IDisposable
{
    /// <summary>The sizes of batches, smallest first.</summary>
    public static readonly IReadOnlyList<int> Batches = new[] { 1, 4, 16, 64, 256 };

    private readonly object gate = new();
    private readonly Workspace workspace;
    private readonly ParameterSet parameters = new("weights") { IsFrozen = true };
    private readonly Dictionary<int, DecoderGraph> graphs = new();
    private readonly Dictionary<(int Batch, TextureOptions Options), DecodeProgram> programs = new();
    private readonly Dictionary<TextureOptions, Tensor?> palettes = new();
    private LabelPriors? labelPriors;
    private int largest;
    private int users;
    private bool disposed;

    public TextureDecoder(GpuDevice device, VaeModel model)
    {
        (Device, Model) = (device, model);
        // A processor's caches hold what 64 images leave between two layers, not what 256 do.
        largest = device.Info.Type == "cpu" ? IndexOf(64) : Batches.Count - 1;
        workspace = new Workspace(device);
        try
        {
            // The first graph says which weights there are.
            graphs[Batches[0]] = new DecoderGraph(model.Architecture, parameters, Batches[0]);
            LoadWeights(model);
        }
        catch
        {
            workspace.Dispose();
            throw;
        }
    }

    public GpuDevice Device { get; }

    public VaeModel Model { get; private set; }

    /// <summary>The largest batch that the device's memory is known to suffice for.</summary>
    public int LargestBatch => Batches[largest];

    /// <summary>Takes other weights for the same architecture: what is submitted from now on is decoded with them.</summary>
    /// <exception cref="ArgumentException">The architectures differ.</exception>
    public void Reload(VaeModel model)
    {
        if (model.Architecture.ToJson() != Model.Architecture.ToJson())
            throw new ArgumentException("The weights are of another architecture. Load the model anew.");
        lock (gate)
        {
            ThrowIfDisposed();
            if (model.Hash != Model.Hash)
                LoadWeights(model);
            Model = model;
        }
    }

    /// <summary>The smallest batch for so many latents, unless it would be less than half full: then the largest that they fill.</summary>
    public int BatchFor(int count)
    {
        int fitting = 0;
        while (fitting < largest && Batches[fitting] < count)
            fitting++;
        return fitting > 0 && Batches[fitting] > 2 * count ? Batches[fitting - 1] : Batches[fitting];
    }

    /// <summary>
    /// The program for a batch, made where it is not there yet: drivers compile kernels then, so that it may take a second. Gives one for
    /// a smaller batch where the memory does not suffice.
    /// </summary>
    /// <exception cref="OutOfGpuMemoryException">It does not suffice for one image either.</exception>
    public DecodeProgram ProgramFor(int batch, TextureOptions options)
    {
        lock (gate)
        {
            ThrowIfDisposed();
            while (true)
            {
                batch = Math.Min(batch, Batches[largest]);
                if (programs.TryGetValue((batch, options), out DecodeProgram? program))
                    return program;
                try
                {
                    VaeArchitecture a = Model.Architecture;
                    DecoderGraph graph = GraphFor(batch);
                    FinishTexture finish = options.Validate().Finish(graph.Values, a.Packing, a.Height, a.Width, PaletteFor(options));
                    return programs[(batch, options)] = new DecodeProgram(workspace, graph, finish);
                }
                catch (OutOfGpuMemoryException) when (batch > Batches[0])
                {
                    largest = IndexOf(batch) - 1;
                }
            }
        }
    }

    /// <summary>A lane of a program, or null where all are in use. Who takes one gives it back.</summary>
    public DecodeLane? TryTake(DecodeProgram program)
    {
        lock (gate)
        {
            ThrowIfDisposed();
            DecodeLane? lane = program.TakeFree(Device);
            users += lane == null ? 0 : 1;
            return lane;
        }
    }

    /// <summary>A lane of a program; waits for the device to be done with one, or makes one where others hold them all.</summary>
    public DecodeLane Take(DecodeProgram program)
    {
        while (true)
        {
            long? ticket;
            lock (gate)
            {
                ThrowIfDisposed();
                DecodeLane? lane = program.TakeFree(Device);
                ticket = program.OldestTicket();
                if (lane == null && ticket == null)
                {
                    // Pools give theirs back in a later frame, perhaps of this very thread: waiting for it might be for ever.
                    lane = program.AddLane();
                    lane.IsTaken = true;
                }

                if (lane != null)
                {
                    users++;
                    return lane;
                }
            }

            Device.Wait(ticket!.Value);
        }
    }

    public void GiveBack(DecodeLane lane)
    {
        lock (gate)
        {
            (lane.IsTaken, lane.IsTimed) = (false, false);
            users--;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Writes a latent to row <paramref name="row"/> of a lane, in the units that the decoder takes.</summary>
    public void Stage(DecodeLane lane, int row, ReadOnlySpan<float> latent, int label)
    {
        int size = latent.Length;
        Span<float> staged = lane.Latents.Slice(row * size, size);
        if (labelPriors != null)
            labelPriors.Unwhiten(label, latent, staged);
        else
            latent.CopyTo(staged);
        if (label >= 0)
            lane.Labels[row] = (uint)label;
    }

    /// <summary>Held from staging to submitting, so that weights are not replaced in between.</summary>
    public object Gate => gate;

    /// <summary>Decodes to the chains of levels of each image, one after another.</summary>
    public void Decode(ReadOnlySpan<Latent> latents, TextureOptions options, Span<byte> chains)
    {
        (DecodeProgram Program, DecodeLane Lane, int First, int Count)? running = null;
        try
        {
            for (int first = 0; first < latents.Length;)
            {
                DecodeProgram program = ProgramFor(BatchFor(latents.Length - first), options);
                int count = Math.Min(program.Batch, latents.Length - first);
                DecodeLane? lane = TryTake(program);
                if (lane == null)
                {
                    Finish(ref running, options, chains);
                    lane = Take(program);
                }

                try
                {
                    lock (gate)
                    {
                        Fill(lane, latents.Slice(first, count));
                        lane.SubmitToHost(program.Commands);
                    }

                    Finish(ref running, options, chains);
                }
                catch
                {
                    GiveBack(lane);
                    throw;
                }

                running = (program, lane, first, count);
                first += count;
            }

            Finish(ref running, options, chains);
        }
        finally
        {
            if (running is { } left)
                GiveBack(left.Lane);
        }
    }

    /// <summary>Decodes to places in an image; returns the ticket of the last submission, without waiting for it.</summary>
    public long Decode(ReadOnlySpan<Latent> latents, TextureOptions options, GpuImage image, IImagePlaces places, QueueSync sync)
    {
        if (latents.Length == 0)
            return Device.Submit(ReadOnlySpan<CommandList>.Empty, sync);
        long ticket = 0;
        for (int first = 0; first < latents.Length;)
        {
            DecodeProgram program = ProgramFor(BatchFor(latents.Length - first), options);
            int count = Math.Min(program.Batch, latents.Length - first);
            DecodeLane lane = Take(program);
            try
            {
                var regions = new ImageRegion[count * options.LevelsOf(Model.Architecture.Height, Model.Architecture.Width)];
                for (int i = 0; i < regions.Length; i++)
                    regions[i] = RegionOf(program.Finish, options, i % count, i / count, places.PlaceOf(first + (i % count), i / count));
                bool isLast = first + count == latents.Length;
                lock (gate)
                {
                    Fill(lane, latents.Slice(first, count));
                    lane.BeginPlaces();
                    lane.Place(image, regions);
                    ticket = lane.SubmitToPlaces(program.Commands, new QueueSync(first == 0 ? sync.WaitFor : 0, isLast ? sync.Signal : 0));
                }
            }
            finally
            {
                GiveBack(lane);
            }

            first += count;
        }

        return ticket;
    }

    /// <summary>Where a level of an image of the batch lies in the pixels, and where it goes.</summary>
    public static ImageRegion RegionOf(FinishTexture finish, TextureOptions options, int row, int level, (int Layer, int X, int Y) to)
    {
        (int width, int height, long offset) = finish.Levels[options.Reduction + level];
        return new ImageRegion(4 * (offset + ((long)row * width * height)), to.Layer, level, to.X, to.Y, width, height);
    }

    /// <summary>Waits for those who decode, and for the device.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
            while (users > 0)
                Monitor.Wait(gate);
        }

        foreach (DecodeProgram program in programs.Values)
            program.Dispose();
        workspace.Dispose();
    }

    /// <summary>Copies the levels of one image of a batch, largest first.</summary>
    public static void CopyChain(FinishTexture finish, TextureOptions options, ReadOnlySpan<uint> words, int row, Span<byte> chain)
    {
        for (int level = options.Reduction; level < finish.Levels.Count; level++)
        {
            (int width, int height, long offset) = finish.Levels[level];
            ReadOnlySpan<uint> pixels = words.Slice(checked((int)(offset + ((long)row * width * height))), width * height);
            MemoryMarshal.AsBytes(pixels).CopyTo(chain);
            chain = chain[(4 * width * height)..];
        }
    }

    private void Finish(ref (DecodeProgram Program, DecodeLane Lane, int First, int Count)? running, TextureOptions options, Span<byte> chains)
    {
        if (running is not { } batch)
            return;
        Device.Wait(batch.Lane.Ticket);
        int chainBytes = options.ChainBytesOf(Model.Architecture.Height, Model.Architecture.Width);
        for (int i = 0; i < batch.Count; i++)
            CopyChain(batch.Program.Finish, options, batch.Lane.Words, i, chains.Slice((batch.First + i) * chainBytes, chainBytes));
        running = null;
        GiveBack(batch.Lane);
    }

    private void Fill(DecodeLane lane, ReadOnlySpan<Latent> latents)
    {
        for (int i = 0; i < latents.Length; i++)
            Stage(lane, i, latents[i].Values, latents[i].Label);
    }

    private DecoderGraph GraphFor(int batch)
    {
        if (graphs.TryGetValue(batch, out DecoderGraph? graph))
            return graph;
        graph = new DecoderGraph(Model.Architecture, parameters, batch);
        Prepare(graph);
        return graphs[batch] = graph;
    }

    private void LoadWeights(VaeModel model)
    {
        LabelPriors? priors = LabelPriors.TryRead(model);
        var stored = new float[parameters.Count];
        foreach (Parameter parameter in parameters.Parameters)
            parameter.Scatter(model.WeightsOf(parameter), stored);
        workspace.Upload<float>(parameters.Values, stored);
        foreach (DecoderGraph graph in graphs.Values)
            Prepare(graph);
        labelPriors = priors;
    }

    private void Prepare(DecoderGraph graph)
    {
        using var prepare = new GpuProgram(workspace, "prepare weights", graph.Graph.Prepare());
        prepare.Run();
    }

    private Tensor? PaletteFor(TextureOptions options)
    {
        if (!palettes.TryGetValue(options, out Tensor? tensor))
        {
            tensor = options.PaletteTensor();
            if (tensor != null)
                workspace.Upload(tensor, options.Palette!.Table);
            palettes[options] = tensor;
        }

        return tensor;
    }

    private static int IndexOf(int batch)
    {
        int index = 0;
        while (Batches[index] != batch)
            index++;
        return index;
    }

    private void ThrowIfDisposed()
    {
        if (disposed)
            throw new ObjectDisposedException(nameof(TextureModel), "The model was disposed: nothing can be decoded with it any more.");
    }
}
