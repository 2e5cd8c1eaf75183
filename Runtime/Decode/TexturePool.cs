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
    private const int None = -1;

    private readonly TextureService service;
    private readonly object gate;
    private readonly TexturePages pages;
    private readonly int size;
    private readonly Dictionary<ulong, int> slotOf = new();
    private readonly Dictionary<int, AsyncRequest> requests = new();
    private readonly List<Batch> idle = new();
    private readonly List<Batch> running = new();
    private readonly DecodeProgram[] programs;
    private readonly CostMeter[] costs;
    private Client[] clients = new Client[64];
    private float[] wantedLatents;
    private int clientCount;
    private int freeClient = None;
    private Slot[] slots = Array.Empty<Slot>();
    private float[] slotLatents = Array.Empty<float>();
    private int slotCount;
    private int[] waiting = new int[64];
    private float[] scores = new float[64];
    private int waitingCount;
    private int newestReleased = None;
    private int oldestReleased = None;
    private bool disposed;

    internal TexturePool(TextureService service, TextureModel model, TextureOptions options, TexturePages pages, int largestBatch)
    {
        (this.service, gate, Model, Options, this.pages) = (service, service.Gate, model, options, pages);
        size = model.File.Architecture.LatentSize;
        wantedLatents = new float[clients.Length * size];
        programs = ProgramsOf(model.Decoder, options, largestBatch);
        costs = Array.ConvertAll(programs, Measure);
        for (int i = 0; i < programs.Length * DecodeProgram.LaneCount; i++)
            idle.Add(new Batch(programs[^1].Batch));
        running.Capacity = idle.Count;
        model.Reloaded += ForgetContents;
        model.Disposing += Dispose;
    }

    public TextureModel Model { get; }

    public TextureOptions Options { get; }

    /// <summary>Pixels of a texture.</summary>
    public (int Width, int Height) Size => Model.SizeOf(Options);

    /// <summary>Textures that wait to be decoded.</summary>
    public int Waiting => waitingCount;

    /// <summary>Textures that are being decoded.</summary>
    public int Decoding
    {
        get
        {
            lock (gate)
            {
                int count = 0;
                foreach (Batch batch in running)
                    count += batch.Count;
                return count;
            }
        }
    }

    /// <summary>Textures that there is memory for at present; it grows up to the limit.</summary>
    public int Capacity => pages.Count;

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
            StopWaiting(index);
            Detach(index);
            ref Client client = ref clients[index];
            client.Generation++;
            (client.IsReady, client.IsDecoding) = (false, false);
            client.Next = freeClient;
            freeClient = index;
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
            foreach (Batch batch in running)
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
            RequirePriority(priority);
            int index = freeClient;
            if (index != None)
            {
                freeClient = clients[index].Next;
            }
            else
            {
                index = clientCount++;
                if (index == clients.Length)
                {
                    Array.Resize(ref clients, 2 * index);
                    Array.Resize(ref wantedLatents, 2 * index * size);
                    Array.Resize(ref waiting, 2 * index);
                    Array.Resize(ref scores, 2 * index);
                }
            }

            clients[index] = new Client { Generation = Math.Max(1, clients[index].Generation), Slot = None, Place = None };
            var texture = new TextureHandle(index, clients[index].Generation);
            Change(texture, latent, label, priority);
            return texture;
        }
    }

    internal void Change(TextureHandle texture, ReadOnlySpan<float> latent, int label, float priority)
    {
        lock (gate)
        {
            ThrowIfDisposed();
            RequirePriority(priority);
            int index = IndexOf(texture);
            latent.CopyTo(WantedOf(index));
            ref Client client = ref clients[index];
            (client.Label, client.Priority, client.Key) = (label, priority, LatentHash.Of(latent, label));
            if (client.IsReady && Holds(client.Slot, index))
                StopWaiting(index);
            else if (!TryShare(index))
                StartWaiting(index);
        }
    }

    /// <summary>The largest batch that the budget allows now and that the waiting fill at least by half; null: none.</summary>
    internal (DecodeProgram Program, double Cost)? Affordable(DecodeBudget budget)
    {
        int best = 0, batch = Model.Decoder.BatchFor(waitingCount);
        while (best + 1 < programs.Length && programs[best].Batch < batch)
            best++;
        for (int i = best; i >= 0; i--)
        {
            // Frames save up for the smallest batch only.
            double cost = costs[i].Median;
            if (budget.Allows(cost) && (i == 0 || cost <= budget.Milliseconds))
                return (programs[i], cost);
        }

        return null;
    }

    /// <summary>Milliseconds of the smallest batch.</summary>
    internal double LeastCost => costs[0].Median;

    /// <summary>The batches that there are, in images, and the milliseconds of device time that each has taken lately.</summary>
    public IEnumerable<(int Batch, double Milliseconds)> Costs
    {
        get
        {
            for (int i = 0; i < programs.Length; i++)
                yield return (programs[i].Batch, costs[i].Median);
        }
    }

    /// <summary>Takes over the batches that the device is done with; gives how many textures were decoded.</summary>
    internal int Collect(DecodeBudget budget)
    {
        int decoded = 0;
        for (int i = running.Count - 1; i >= 0; i--)
        {
            Batch batch = running[i];
            DecodeLane lane = batch.Lane!;
            if (!service.Device.IsComplete(lane.Ticket))
                continue;
            running.RemoveAt(i);
            budget.Complete(batch.Cost);
            Learn(batch);
            decoded += batch.Count;
            for (int row = 0; row < batch.Count; row++)
            {
                int slot = batch.Slots[row];
                pages.Collect(batch.Program!, lane, row, slot);
                slots[slot].IsDecoding = false;
                slots[slot].HasPixels = slots[slot].Key == batch.Keys[row];
                Publish(batch.Clients[row], batch.Generations[row], slot);
                Unreference(slot);
            }

            Model.Decoder.GiveBack(lane);
            batch.Lane = null;
            idle.Add(batch);
        }

        return decoded;
    }

    /// <summary>Gives those that wait what has been decoded for others meanwhile; gives how many.</summary>
    internal int ShareWhatIsThere()
    {
        int shared = 0;
        for (int i = waitingCount - 1; i >= 0; i--)
        {
            // Who gets one leaves the list, and the last takes its place.
            if (i < waitingCount && TryShare(waiting[i]))
                shared++;
        }

        return shared;
    }

    /// <summary>The highest priority times frames of those that wait; 0 where none does.</summary>
    internal float Urgency(long frame)
    {
        float urgency = 0;
        for (int i = 0; i < waitingCount; i++)
            urgency = Math.Max(urgency, ScoreOf(waiting[i], frame));
        return urgency;
    }

    /// <summary>Submits the most urgent of those that wait; gives how many.</summary>
    internal int Submit(DecodeProgram program, double cost, long frame)
    {
        DecodeLane? lane = Model.Decoder.TryTake(program);
        if (lane == null)
            return 0;
        lane.IsTimed = true;
        Batch batch = TakeBatch(program, lane, cost);
        bool isSubmitted = false;
        try
        {
            lock (Model.Decoder.Gate)
            {
                Fill(batch, frame);
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

    private void Fill(Batch batch, long frame)
    {
        int most = batch.Program!.Batch;
        MoveMostUrgentToEnd(most, frame);
        int least = Math.Max(0, waitingCount - most);
        for (int i = waitingCount - 1; i >= least; i--)
        {
            int index = waiting[i];
            if (clients[index].IsDecoding || IsUnderWay(index) || !TryPlace(index, out int slot))
                continue;
            StopWaiting(index);
            ref Client client = ref clients[index];
            client.IsDecoding = true;
            batch.Add(index, client.Generation, slot, client.Key);
            Model.Decoder.Stage(batch.Lane!, batch.Count - 1, WantedOf(index), client.Label);
        }
    }

    /// <summary>Nothing of it was submitted: those in it wait again.</summary>
    private void GiveUp(Batch batch)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            int slot = batch.Slots[row], index = batch.Clients[row];
            Forget(slot);
            slots[slot].IsDecoding = false;
            Unreference(slot);
            clients[index].IsDecoding = false;
            StartWaiting(index);
        }

        Model.Decoder.GiveBack(batch.Lane!);
        (batch.Lane, batch.Count) = (null, 0);
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

    private static DecodeProgram[] ProgramsOf(TextureDecoder decoder, TextureOptions options, int largestBatch)
    {
        var programs = new List<DecodeProgram>();
        foreach (int batch in TextureDecoder.Batches)
        {
            if (batch > largestBatch)
                break;
            DecodeProgram program = decoder.ProgramFor(batch, options);
            if (program.Batch < batch)
                break; // the memory does not suffice for more
            programs.Add(program);
        }

        return programs.ToArray();
    }

    /// <summary>Milliseconds of a batch; and makes the driver do now all that it does at first use.</summary>
    private CostMeter Measure(DecodeProgram program)
    {
        var cost = new CostMeter();
        for (int i = 0; i < 4; i++)
        {
            DecodeLane lane = Model.Decoder.Take(program);
            lane.Latents.Clear();
            lane.IsTimed = true;
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            try
            {
                service.Device.Wait(lane.SubmitToHost(program.Commands));
                double wall = 1e3 * (System.Diagnostics.Stopwatch.GetTimestamp() - start) / System.Diagnostics.Stopwatch.Frequency;
                double measured = lane.ReadMilliseconds();
                if (i > 0)
                    cost.Add(double.IsNaN(measured) ? wall : measured);
            }
            finally
            {
                Model.Decoder.GiveBack(lane);
            }

        }

        return cost;
    }

    private void Learn(Batch batch)
    {
        double seen = batch.Lane!.ReadMilliseconds();
        if (!double.IsNaN(seen))
            costs[Array.IndexOf(programs, batch.Program)].Add(seen);
    }

    private Batch TakeBatch(DecodeProgram program, DecodeLane lane, double cost)
    {
        Batch batch;
        if (idle.Count > 0)
        {
            batch = idle[^1];
            idle.RemoveAt(idle.Count - 1);
        }
        else
        {
            batch = new Batch(programs[^1].Batch);
        }

        (batch.Program, batch.Lane, batch.Cost, batch.Count) = (program, lane, cost, 0);
        return batch;
    }

    private void Publish(int index, int generation, int slot)
    {
        if (clients[index].Generation != generation)
            return;
        clients[index].IsDecoding = false;

        // Who wants something else by now and still waits for it gets what there is; who has it already keeps it.
        if (slots[slot].HasPixels && (clients[index].Place != None || IsOf(slot, index)))
            Attach(index, slot);
    }

    /// <summary>Gives a texture that waits the pixels of an equal latent, if there are any.</summary>
    private bool TryShare(int index)
    {
        if (!slotOf.TryGetValue(clients[index].Key, out int slot) || !Holds(slot, index))
            return false;
        StopWaiting(index);
        Attach(index, slot);
        return true;
    }

    /// <summary>Whether a slot has the pixels that a texture wants.</summary>
    private bool Holds(int slot, int index) => slots[slot].HasPixels && !slots[slot].IsDecoding && IsOf(slot, index);

    /// <summary>Whether they are being decoded for another one.</summary>
    private bool IsUnderWay(int index) => slotOf.TryGetValue(clients[index].Key, out int slot) && slots[slot].IsDecoding && IsOf(slot, index);

    /// <summary>Whether a slot has, or is getting, the pixels of the latent that a texture wants; equal hashes alone do not say so.</summary>
    private bool IsOf(int slot, int index) => slots[slot].Key == clients[index].Key && slots[slot].Label == clients[index].Label
        && LatentOf(slot).SequenceEqual(WantedOf(index));

    private void Attach(int index, int slot)
    {
        if (clients[index].Slot != slot)
        {
            Reference(slot);
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
            Unreference(clients[index].Slot);
        clients[index].Slot = None;
    }

    /// <summary>A slot to decode to: the texture's own, if no one shares it; or a new one; or the one released longest ago.</summary>
    private bool TryPlace(int index, out int slot)
    {
        slot = clients[index].Slot;
        if (!HasOwnSlot(index) && !TryAllocate(out slot))
            return false;
        Forget(slot);
        ref Slot placed = ref slots[slot];
        (placed.Key, placed.Label, placed.IsDecoding) = (clients[index].Key, clients[index].Label, true);
        WantedOf(index).CopyTo(LatentOf(slot));
        slotOf[placed.Key] = slot;
        Reference(slot);
        return true;
    }

    private bool TryAllocate(out int slot)
    {
        if (slotCount == slots.Length && (pages.Count > slots.Length || pages.Grow()))
        {
            Array.Resize(ref slots, pages.Count);
            Array.Resize(ref slotLatents, checked(pages.Count * size));
            slotOf.EnsureCapacity(pages.Count);
        }

        if (slotCount < slots.Length)
        {
            slot = slotCount++;
            return true;
        }

        slot = oldestReleased;
        return slot != None;
    }

    /// <summary>The slot's pixels are no longer those of a latent.</summary>
    private void Forget(int slot)
    {
        if (slotOf.TryGetValue(slots[slot].Key, out int known) && known == slot)
            slotOf.Remove(slots[slot].Key);
        slots[slot].HasPixels = false;
    }

    private void Reference(int slot)
    {
        if (slots[slot].References++ > 0 || !slots[slot].IsReleased)
            return;
        ref Slot s = ref slots[slot];
        s.IsReleased = false;
        if (s.Newer == None)
            newestReleased = s.Older;
        else
            slots[s.Newer].Older = s.Older;
        if (s.Older == None)
            oldestReleased = s.Newer;
        else
            slots[s.Older].Newer = s.Newer;
    }

    private void Unreference(int slot)
    {
        if (--slots[slot].References > 0)
            return;
        ref Slot s = ref slots[slot];
        (s.IsReleased, s.Newer, s.Older) = (true, None, newestReleased);
        if (newestReleased == None)
            oldestReleased = slot;
        else
            slots[newestReleased].Newer = slot;
        newestReleased = slot;
    }

    private void StartWaiting(int index)
    {
        if (clients[index].Place != None)
            return;
        clients[index].SinceFrame = service.Frame;
        clients[index].Place = waitingCount;
        waiting[waitingCount++] = index;
    }

    private void StopWaiting(int index)
    {
        int place = clients[index].Place;
        if (place == None)
            return;
        int last = waiting[--waitingCount];
        waiting[place] = last;
        clients[last].Place = place;
        clients[index].Place = None;
    }

    /// <summary>Below 0 for those that can't be decoded now.</summary>
    private float ScoreOf(int index, long frame) => clients[index].IsDecoding || !(HasRoom || HasOwnSlot(index))
        ? -1
        : clients[index].Priority * (frame - clients[index].SinceFrame + 1);

    /// <summary>Whether a slot can be had that no texture shows.</summary>
    private bool HasRoom => slotCount < pages.Count || pages.CanGrow || oldestReleased != None;

    private bool HasOwnSlot(int index)
    {
        int slot = clients[index].Slot;
        return slot != None && slots[slot].References == 1 && !slots[slot].IsDecoding;
    }

    /// <summary>Hoare's selection: the <paramref name="count"/> highest scores come to stand last, in no order.</summary>
    private void MoveMostUrgentToEnd(int count, long frame)
    {
        if (count >= waitingCount)
            return;
        for (int i = 0; i < waitingCount; i++)
            scores[i] = ScoreOf(waiting[i], frame);
        int low = 0, high = waitingCount - 1, border = waitingCount - count;
        while (low < high)
        {
            float pivot = scores[(low + high) / 2];
            int i = low, j = high;
            while (i <= j)
            {
                while (scores[i] < pivot)
                    i++;
                while (scores[j] > pivot)
                    j--;
                if (i <= j)
                    Swap(i++, j--);
            }

            if (border <= j)
                high = j;
            else if (border >= i)
                low = i;
            else
                return;
        }
    }

    private void Swap(int i, int j)
    {
        (scores[i], scores[j]) = (scores[j], scores[i]);
        (waiting[i], waiting[j]) = (waiting[j], waiting[i]);
        clients[waiting[i]].Place = i;
        clients[waiting[j]].Place = j;
    }

    /// <summary>The model has other weights: all is decoded anew, and stays as it is until then.</summary>
    private void ForgetContents()
    {
        lock (gate)
        {
            slotOf.Clear();
            for (int slot = 0; slot < slotCount; slot++)
                (slots[slot].HasPixels, slots[slot].Key) = (false, 0);
            for (int index = 0; index < clientCount; index++)
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

    private Span<float> WantedOf(int index) => wantedLatents.AsSpan(index * size, size);

    private Span<float> LatentOf(int slot) => slotLatents.AsSpan(slot * size, size);

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
        return !texture.IsNone && texture.Index < clientCount && clients[texture.Index].Generation == texture.Generation
            ? texture.Index
            : throw new ArgumentException("There is no such texture in the pool: it was released, or is one of another pool.");
    }

    private static void RequirePriority(float priority)
    {
        if (!(priority > 0) || float.IsInfinity(priority))
            throw new ArgumentException($"The priority of a texture is above 0; found {priority}. Release what is not wanted.", nameof(priority));
    }

    private void ThrowIfDisposed()
    {
        if (disposed)
            throw new ObjectDisposedException(nameof(TexturePool), "The pool, its service or its model was disposed.");
    }

    /// <summary>What someone wants, and what he has.</summary>
    private struct Client
    {
        public int Generation;
        public int Slot;       // whose pixels it shows, or None
        public int Place;      // in the list of those that wait, or None
        public int Next;       // of the free ones
        public int Version;
        public int Label;
        public float Priority;
        public long SinceFrame;
        public ulong Key;      // of the latent that is wanted
        public bool IsReady;
        public bool IsDecoding;
    }

    /// <summary>Pixels, and the latent that they are of.</summary>
    private struct Slot
    {
        public ulong Key;
        public int Label;
        public int References; // of textures, and of the batch that writes it
        public int Newer;      // among the released ones
        public int Older;
        public bool IsReleased;
        public bool HasPixels; // those of Key, complete
        public bool IsDecoding;
    }

    /// <summary>What the device is decoding.</summary>
    private sealed class Batch
    {
        public Batch(int most) =>
            (Slots, Clients, Generations, Keys) = (new int[most], new int[most], new int[most], new ulong[most]);

        public DecodeProgram? Program { get; set; }

        public DecodeLane? Lane { get; set; }

        public double Cost { get; set; }

        public int Count { get; set; }

        public int[] Slots { get; }

        public int[] Clients { get; }

        public int[] Generations { get; }

        public ulong[] Keys { get; }

        public void Add(int client, int generation, int slot, ulong key)
        {
            (Clients[Count], Generations[Count], Slots[Count], Keys[Count]) = (client, generation, slot, key);
            Count++;
        }
    }

    private sealed class AsyncRequest
    {
        public AsyncRequest(TextureHandle texture, CancellationToken cancellation) => (Texture, Cancellation) = (texture, cancellation);

        public TextureHandle Texture { get; }

        public CancellationToken Cancellation { get; }

        public TaskCompletionSource<PixelImage> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
