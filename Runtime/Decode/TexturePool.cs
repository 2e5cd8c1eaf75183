using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Runtime.Decode;

/// <summary>
/// The textures of one model with one set of options, decoded by a <see cref="TextureService"/> as its frame budget allows; made by
/// <see cref="TextureService.CreatePool"/>. Who wants a texture gets a handle at once; pixels come later, and change when another latent is
/// wanted.
/// <para>Textures of equal latents share their pixels. What no one wants any more stays as a cache until the memory is needed, least
/// recently released first.</para>
/// </summary>
/// <remarks>
/// Safe for several threads. Once the pool has grown to what is wanted, and its cache to its limit, nothing allocates but
/// <see cref="DecodeAsync"/>.
/// </remarks>
public sealed class TexturePool : IDisposable
{
    private const int None = SlotCache.None;

    private readonly TextureService service;
    private readonly object gate;
    private readonly TexturePages pages;
    private readonly SlotCache slots;
    private readonly BatchCosts costs;
    private readonly WaitingList waiting = new();
    private readonly Func<int, float> scoreOf;
    private readonly Dictionary<int, AsyncRequest> requests = new();
    private readonly List<DecodeBatch> idle = new();
    private readonly List<DecodeBatch> running = new();
    private readonly ClientTable clients;
    private bool disposed;

    internal TexturePool(TextureService service, TextureModel model, TextureOptions options, TexturePages pages, int largestBatch)
    {
        (this.service, gate, Model, Options, this.pages) = (service, service.Gate, model, options, pages);
        int size = model.File.Architecture.LatentSize;
        clients = new ClientTable(size);
        (slots, costs) = (new SlotCache(pages, size), new BatchCosts(model.Decoder, options, largestBatch));
        scoreOf = ScoreOf;
        waiting.Reserve(clients.Capacity);
        for (int i = 0; i < costs.Lanes; i++)
            idle.Add(new DecodeBatch(costs.Largest));
        running.Capacity = idle.Count;
        model.Reloaded += ForgetContents;
        model.Disposing += Dispose;
    }

    public TextureModel Model { get; }

    public TextureOptions Options { get; }

    /// <summary>Pixels of a texture.</summary>
    public (int Width, int Height) Size => Model.SizeOf(Options);

    /// <summary>Textures that wait to be decoded.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Textures that are being decoded.</summary>
    public int Decoding
    {
        get
        {
            lock (gate)
            {
                int count = 0;
                foreach (DecodeBatch batch in running)
                    count += batch.Count;
                return count;
            }
        }
    }

    /// <summary>Textures that there is memory for at present; it grows up to the limit.</summary>
    public int Capacity => pages.Count;

    /// <summary>The batches that there are, in images, and the milliseconds of device time that each has taken lately.</summary>
    public IEnumerable<(int Batch, double Milliseconds)> Costs => costs.All;

    /// <summary>A texture of a latent.</summary>
    /// <param name="priority">Above 0. What waits is taken by priority times the frames that it waited.</param>
    /// <exception cref="ArgumentException">The latent does not fit the model.</exception>
    public TextureHandle Want(Latent latent, float priority = 1)
    {
        Model.File.Require(latent);
        return Want(latent.Values, latent.Label, priority);
    }

    /// <summary>From now on the texture is to be that of another latent; until it is decoded it stays as it is.</summary>
    /// <inheritdoc cref="Want(Latent, float)"/>
    public void Change(TextureHandle texture, Latent latent, float priority = 1)
    {
        Model.File.Require(latent);
        Change(texture, latent.Values, latent.Label, priority);
    }

    /// <summary>The texture is not wanted any more. One that is being decoded is kept out of harm's way until that is done.</summary>
    public void Release(TextureHandle texture)
    {
        lock (gate)
        {
            if (disposed)
                return;
            int index = IndexOf(texture);
            waiting.Remove(index);
            Detach(index);
            clients.Free(index);
        }
    }

    /// <summary>Whether there are pixels.</summary>
    public bool IsReady(TextureHandle texture)
    {
        lock (gate)
            return clients[IndexOf(texture)].IsReady;
    }

    /// <summary>How often its pixels have changed; 0 before there are any.</summary>
    public int VersionOf(TextureHandle texture)
    {
        lock (gate)
            return clients[IndexOf(texture)].Version;
    }

    /// <summary>Of a pool in the host's memory: RGBA8 of all levels, valid until the next <see cref="TextureService.Update"/>.</summary>
    /// <exception cref="InvalidOperationException">The pool is one of images, or the texture is not ready.</exception>
    public ReadOnlySpan<byte> PixelsOf(TextureHandle texture)
    {
        lock (gate)
        {
            return pages is HostPages host
                ? host.Of(SlotOf(texture))
                : throw new InvalidOperationException("The pool's textures are layers of images: PlaceOf says which.");
        }
    }

    /// <summary>
    /// Of a pool of images: where the texture is, in SHADER_READ_ONLY_OPTIMAL, until it is released or its version changes. What the host
    /// submits to the same queue sees whole textures only.
    /// </summary>
    /// <exception cref="InvalidOperationException">The pool is one in the host's memory, or the texture is not ready.</exception>
    public (GpuImage Image, int Layer) PlaceOf(TextureHandle texture)
    {
        lock (gate)
        {
            return pages is ImagePages images
                ? images.Of(SlotOf(texture))
                : throw new InvalidOperationException("The pool's textures are in the host's memory: PixelsOf gives them.");
        }
    }

    /// <summary>A copy of a texture's first level, when it is decoded within the budget of later frames.</summary>
    /// <param name="cancellation">The texture is then no longer waited for.</param>
    /// <exception cref="InvalidOperationException">The pool is one of images.</exception>
    public Task<PixelImage> DecodeAsync(Latent latent, float priority = 1, CancellationToken cancellation = default)
    {
        if (pages is not HostPages)
            throw new InvalidOperationException("The pool's textures are layers of images. Make a pool in the host's memory, or use Want and PlaceOf.");
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            TextureHandle texture = Want(latent, priority);
            if (clients[texture.Index].IsReady)
            {
                PixelImage image = CopyOf(clients[texture.Index].Slot);
                Release(texture);
                return Task.FromResult(image);
            }

            var request = new AsyncRequest(texture, cancellation);
            requests.Add(texture.Index, request);
            return request.Source.Task;
        }
    }

    /// <summary>Releases all textures; handles and images are void. The service does it too.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
            Model.Reloaded -= ForgetContents;
            Model.Disposing -= Dispose;
            foreach (DecodeBatch batch in running)
            {
                service.Budget.Complete(batch.Cost);
                Model.Decoder.GiveBack(batch.Lane!);
            }

            running.Clear();
            foreach (AsyncRequest request in requests.Values)
                request.Source.TrySetCanceled();
            service.Remove(this);
            pages.Dispose();
        }
    }

    internal TextureHandle Want(ReadOnlySpan<float> latent, int label, float priority)
    {
        lock (gate)
        {
            ThrowIfDisposed();
            ClientTable.RequirePriority(priority);
            TextureHandle texture = clients.Take();
            waiting.Reserve(clients.Capacity);
            Change(texture, latent, label, priority);
            return texture;
        }
    }

    internal void Change(TextureHandle texture, ReadOnlySpan<float> latent, int label, float priority)
    {
        lock (gate)
        {
            ThrowIfDisposed();
            ClientTable.RequirePriority(priority);
            int index = IndexOf(texture);
            latent.CopyTo(clients.LatentOf(index));
            ref Client client = ref clients[index];
            (client.Label, client.Priority, client.Key) = (label, priority, LatentHash.Of(latent, label));
            if (client.IsReady && slots.Holds(client.Slot, clients.Wanted(index)))
                waiting.Remove(index);
            else if (!TryShare(index))
                StartWaiting(index);
        }
    }

    /// <summary>The largest batch that the budget allows now and that the waiting fill at least by half; null: none.</summary>
    internal (DecodeProgram Program, double Cost)? Affordable(DecodeBudget budget) =>
        costs.Affordable(budget, Model.Decoder.BatchFor(waiting.Count));

    /// <summary>Milliseconds of the smallest batch.</summary>
    internal double LeastCost => costs.Least;

    /// <summary>Takes over the batches that the device is done with; gives how many textures were decoded.</summary>
    internal int Collect(DecodeBudget budget)
    {
        int decoded = 0;
        for (int i = running.Count - 1; i >= 0; i--)
        {
            DecodeBatch batch = running[i];
            DecodeLane lane = batch.Lane!;
            if (!service.Device.IsComplete(lane.Ticket))
                continue;
            running.RemoveAt(i);
            budget.Complete(batch.Cost);
            costs.Learn(batch);
            decoded += batch.Count;
            for (int row = 0; row < batch.Count; row++)
            {
                int slot = batch.Slots[row];
                pages.Collect(batch.Program!, lane, row, slot);
                slots.Complete(slot, batch.Keys[row]);
                Publish(batch.Textures[row], batch.Generations[row], slot);
                slots.Unreference(slot);
            }

            Retire(batch);
        }

        return decoded;
    }

    /// <summary>Gives those that wait what has been decoded for others meanwhile; gives how many.</summary>
    internal int ShareWhatIsThere()
    {
        int shared = 0;
        for (int i = waiting.Count - 1; i >= 0; i--)
        {
            // Who gets one leaves the list, and the last takes its place.
            if (i < waiting.Count && TryShare(waiting[i]))
                shared++;
        }

        return shared;
    }

    /// <summary>The highest priority times frames of those that wait; 0 where none does.</summary>
    internal float Urgency()
    {
        float urgency = 0;
        for (int i = 0; i < waiting.Count; i++)
            urgency = Math.Max(urgency, ScoreOf(waiting[i]));
        return urgency;
    }

    /// <summary>Submits the most urgent of those that wait; gives how many.</summary>
    internal int Submit(DecodeProgram program, double cost)
    {
        DecodeLane? lane = Model.Decoder.TryTake(program);
        if (lane == null)
            return 0;
        lane.IsTimed = true;
        DecodeBatch batch = TakeBatch(program, lane, cost);
        bool isSubmitted = false;
        try
        {
            lock (Model.Decoder.Gate)
            {
                Fill(batch);
                if (batch.Count > 0)
                {
                    pages.Submit(program, lane, batch.Slots.AsSpan(0, batch.Count));
                    isSubmitted = true;
                }
            }
        }
        finally
        {
            if (isSubmitted)
                running.Add(batch);
            else
                GiveUp(batch);
        }

        return batch.Count;
    }

    private void Fill(DecodeBatch batch)
    {
        int most = batch.Program!.Batch;
        waiting.MoveHighestToEnd(most, scoreOf);
        int least = Math.Max(0, waiting.Count - most);
        for (int i = waiting.Count - 1; i >= least; i--)
        {
            int index = waiting[i];
            ref Client client = ref clients[index];
            WantedLatent wanted = clients.Wanted(index);
            if (client.IsDecoding || slots.IsUnderWay(wanted) || !slots.TryPlace(client.Slot, wanted, out int slot))
                continue;
            waiting.Remove(index);
            client.IsDecoding = true;
            batch.Add(index, client.Generation, slot, client.Key);
            Model.Decoder.Stage(batch.Lane!, batch.Count - 1, wanted.Values, client.Label);
        }
    }

    /// <summary>Nothing of it was submitted: those in it wait again.</summary>
    private void GiveUp(DecodeBatch batch)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            slots.GiveUp(batch.Slots[row]);
            slots.Unreference(batch.Slots[row]);
            clients[batch.Textures[row]].IsDecoding = false;
            StartWaiting(batch.Textures[row]);
        }

        Retire(batch);
    }

    private void Retire(DecodeBatch batch)
    {
        Model.Decoder.GiveBack(batch.Lane!);
        batch.End();
        idle.Add(batch);
    }

    /// <summary>Ends requests that were cancelled.</summary>
    internal void DropCancelled()
    {
        if (requests.Count == 0)
            return;
        foreach (int index in new List<int>(requests.Keys))
        {
            AsyncRequest request = requests[index];
            if (!request.Cancellation.IsCancellationRequested)
                continue;
            requests.Remove(index);
            Release(request.Texture);
            request.Source.TrySetCanceled(request.Cancellation);
        }
    }

    private DecodeBatch TakeBatch(DecodeProgram program, DecodeLane lane, double cost)
    {
        DecodeBatch batch = idle.Count > 0 ? idle[^1] : new DecodeBatch(costs.Largest);
        idle.Remove(batch);
        batch.Begin(program, lane, cost);
        return batch;
    }

    private void Publish(int index, int generation, int slot)
    {
        if (clients[index].Generation != generation)
            return;
        clients[index].IsDecoding = false;

        // Who wants something else by now and still waits for it gets what there is; who has it already keeps it.
        if (slots.HasPixels(slot) && (waiting.Contains(index) || slots.IsOf(slot, clients.Wanted(index))))
            Attach(index, slot);
    }

    /// <summary>Gives a texture that waits the pixels of an equal latent, if there are any.</summary>
    private bool TryShare(int index)
    {
        int slot = slots.Find(clients.Wanted(index));
        if (slot == None)
            return false;
        waiting.Remove(index);
        Attach(index, slot);
        return true;
    }

    private void Attach(int index, int slot)
    {
        if (clients[index].Slot != slot)
        {
            slots.Reference(slot);
            Detach(index);
            clients[index].Slot = slot;
        }

        clients[index].IsReady = true;
        clients[index].Version++;
        if (requests.Count > 0 && requests.Remove(index, out AsyncRequest? request))
        {
            PixelImage image = CopyOf(slot);
            Release(request.Texture);
            request.Source.TrySetResult(image);
        }
    }

    private void Detach(int index)
    {
        if (clients[index].Slot != None)
            slots.Unreference(clients[index].Slot);
        clients[index].Slot = None;
    }

    private void StartWaiting(int index)
    {
        if (waiting.Contains(index))
            return;
        clients[index].SinceFrame = service.Frame;
        waiting.Add(index);
    }

    /// <summary>Priority times the frames that it has waited; below 0 for those that can't be decoded now.</summary>
    private float ScoreOf(int index) => clients[index].IsDecoding || !(slots.HasRoom || slots.IsUnshared(clients[index].Slot))
        ? -1
        : clients[index].Priority * (service.Frame - clients[index].SinceFrame + 1);

    /// <summary>The model has other weights: all is decoded anew, and stays as it is until then.</summary>
    private void ForgetContents()
    {
        lock (gate)
        {
            slots.ForgetAll();
            for (int index = 0; index < clients.Count; index++)
            {
                if (clients[index].Slot != None || clients[index].IsDecoding)
                    StartWaiting(index);
            }
        }
    }

    private PixelImage CopyOf(int slot)
    {
        (int width, int height) = Size;
        return new PixelImage(width, height, ((HostPages)pages).Of(slot)[..(4 * width * height)].ToArray());
    }

    private int SlotOf(TextureHandle texture)
    {
        int index = IndexOf(texture);
        return clients[index].IsReady
            ? clients[index].Slot
            : throw new InvalidOperationException("The texture is not decoded yet. IsReady tells when it is.");
    }

    private int IndexOf(TextureHandle texture)
    {
        ThrowIfDisposed();
        return clients.Holds(texture)
            ? texture.Index
            : throw new ArgumentException("There is no such texture in the pool: it was released, or is one of another pool.");
    }

    private void ThrowIfDisposed()
    {
        if (disposed)
            throw new ObjectDisposedException(nameof(TexturePool), "The pool, its service or its model was disposed.");
    }
}
