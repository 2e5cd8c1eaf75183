using System;
using System.Collections.Generic;

namespace VaeProcgen.Runtime.Decode;

/// <summary>A latent that someone wants the pixels of.</summary>
internal readonly ref struct WantedLatent
{
    public WantedLatent(ulong key, int label, ReadOnlySpan<float> values)
    {
        Key = key;
        Label = label;
        Values = values;
    }

    /// <summary>Its content hash.</summary>
    public ulong Key { get; }

    public int Label { get; }

    /// <summary>[Z]</summary>
    public ReadOnlySpan<float> Values { get; }
}

/// <summary>
/// Which slot of the pages has, or is getting, the pixels of which latent, and how many need it. A slot that no one needs keeps its pixels
/// until another latent takes its place: the one released longest ago first.
/// </summary>
internal sealed class SlotCache
{
    public const int None = -1;

    private readonly TexturePages pages;
    private readonly int size;
    private readonly Dictionary<ulong, int> slotOf = new();
    private Slot[] slots = Array.Empty<Slot>();
    private float[] latents = Array.Empty<float>();
    private int count;
    private int newestReleased = None;
    private int oldestReleased = None;

    /// <param name="pages">Where the pixels are.</param>
    /// <param name="size">Z</param>
    public SlotCache(TexturePages pages, int size) => (this.pages, this.size) = (pages, size);

    /// <summary>Whether a slot can be had that no one needs.</summary>
    public bool HasRoom => count < pages.Count || pages.CanGrow || oldestReleased != None;

    /// <summary>The slot with the pixels of a latent, complete; or none.</summary>
    public int Find(WantedLatent latent) => slotOf.TryGetValue(latent.Key, out int slot) && Holds(slot, latent) ? slot : None;

    /// <summary>Whether a slot has the pixels of a latent, complete.</summary>
    public bool Holds(int slot, WantedLatent latent) => slots[slot].HasPixels && !slots[slot].IsDecoding && IsOf(slot, latent);

    /// <summary>Whether a latent is being decoded.</summary>
    public bool IsUnderWay(WantedLatent latent) => slotOf.TryGetValue(latent.Key, out int slot) && slots[slot].IsDecoding && IsOf(slot, latent);

    /// <summary>Whether a slot has, or is getting, the pixels of a latent; equal hashes alone do not say so.</summary>
    public bool IsOf(int slot, WantedLatent latent) => slots[slot].Key == latent.Key && slots[slot].Label == latent.Label
        && LatentOf(slot).SequenceEqual(latent.Values);

    /// <summary>Whether what was decoded last is complete, and not given up since.</summary>
    public bool HasPixels(int slot) => slots[slot].HasPixels;

    /// <summary>Whether another latent may be decoded to a slot that one texture shows.</summary>
    public bool IsUnshared(int slot) => slot != None && slots[slot].References == 1 && !slots[slot].IsDecoding;

    /// <summary>
    /// A slot to decode a latent to: the texture's own, if no one shares it; or a new one; or the one released longest ago. It is needed by
    /// the decoding until <see cref="Complete"/> or <see cref="GiveUp"/>, and <see cref="Unreference"/>.
    /// </summary>
    /// <param name="own">The slot that the texture shows, or none.</param>
    /// <param name="slot">Written where there is one.</param>
    public bool TryPlace(int own, WantedLatent latent, out int slot)
    {
        slot = own;
        if (!IsUnshared(own) && !TryAllocate(out slot))
            return false;
        Forget(slot);
        ref Slot placed = ref slots[slot];
        (placed.Key, placed.Label, placed.IsDecoding) = (latent.Key, latent.Label, true);
        latent.Values.CopyTo(LatentOf(slot));
        slotOf[placed.Key] = slot;
        Reference(slot);
        return true;
    }

    /// <summary>What was begun for a key is decoded; its pixels count unless the slot has been forgotten meanwhile.</summary>
    public void Complete(int slot, ulong key)
    {
        slots[slot].IsDecoding = false;
        slots[slot].HasPixels = slots[slot].Key == key;
    }

    /// <summary>What was begun will not be decoded.</summary>
    public void GiveUp(int slot)
    {
        Forget(slot);
        slots[slot].IsDecoding = false;
    }

    /// <summary>No pixels are those of a latent any more; who shows them keeps them.</summary>
    public void ForgetAll()
    {
        slotOf.Clear();
        for (int slot = 0; slot < count; slot++)
            (slots[slot].HasPixels, slots[slot].Key) = (false, 0);
    }

    /// <summary>One more needs the slot.</summary>
    public void Reference(int slot)
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

    /// <summary>One less needs it.</summary>
    public void Unreference(int slot)
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

    private bool TryAllocate(out int slot)
    {
        if (count == slots.Length && (pages.Count > slots.Length || pages.Grow()))
        {
            Array.Resize(ref slots, pages.Count);
            Array.Resize(ref latents, checked(pages.Count * size));
            slotOf.EnsureCapacity(pages.Count);
        }

        if (count < slots.Length)
        {
            slot = count++;
            return true;
        }

        slot = oldestReleased;
        return slot != None;
    }

    private void Forget(int slot)
    {
        if (slotOf.TryGetValue(slots[slot].Key, out int known) && known == slot)
            slotOf.Remove(slots[slot].Key);
        slots[slot].HasPixels = false;
    }

    private Span<float> LatentOf(int slot) => latents.AsSpan(slot * size, size);

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
}
