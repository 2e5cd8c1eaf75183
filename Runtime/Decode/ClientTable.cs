using System;

namespace VaeProcgen.Runtime.Decode;

/// <summary>What someone wants of a pool, and what he has.</summary>
internal struct Client
{
    public int Generation;
    public int Slot;       // whose pixels it shows, or SlotCache.None
    public int Next;       // of the free ones
    public int Version;
    public int Label;
    public float Priority;
    public long SinceFrame;
    public ulong Key;      // of the latent that is wanted
    public bool IsReady;
    public bool IsDecoding;
}

/// <summary>Those who want a texture of a pool. Places are used again; a handle to one that was freed is told by its generation.</summary>
internal sealed class ClientTable
{
    private readonly int latentSize;
    private Client[] clients = new Client[64];
    private float[] wantedLatents;
    private int free = SlotCache.None;

    public ClientTable(int latentSize)
    {
        this.latentSize = latentSize;
        wantedLatents = new float[clients.Length * latentSize];
    }

    /// <summary>Places that are or were in use.</summary>
    public int Count { get; private set; }

    /// <summary>Places for which there is memory.</summary>
    public int Capacity => clients.Length;

    /// <summary>Valid until the next <see cref="Take"/>.</summary>
    public ref Client this[int index] => ref clients[index];

    /// <exception cref="ArgumentException">It is not above 0, or infinite.</exception>
    public static void RequirePriority(float priority)
    {
        if (!(priority > 0) || float.IsInfinity(priority))
            throw new ArgumentException($"The priority of a texture is above 0; found {priority}. Release what is not wanted.", nameof(priority));
    }

    /// <summary>A place for one more, who has nothing yet.</summary>
    public TextureHandle Take()
    {
        int index = free;
        if (index != SlotCache.None)
        {
            free = clients[index].Next;
        }
        else
        {
            index = Count++;
            if (index == clients.Length)
            {
                Array.Resize(ref clients, 2 * index);
                Array.Resize(ref wantedLatents, 2 * index * latentSize);
            }
        }

        clients[index] = new Client { Generation = Math.Max(1, clients[index].Generation), Slot = SlotCache.None };
        return new TextureHandle(index, clients[index].Generation);
    }

    /// <summary>Voids the handles to a place, and gives it to the next one.</summary>
    public void Free(int index)
    {
        ref Client client = ref clients[index];
        client.Generation++;
        (client.IsReady, client.IsDecoding) = (false, false);
        client.Next = free;
        free = index;
    }

    /// <summary>Whether a handle is to a place in use.</summary>
    public bool Holds(TextureHandle texture) => !texture.IsNone && texture.Index < Count && clients[texture.Index].Generation == texture.Generation;

    /// <summary>The values of the latent that is wanted; valid until the next <see cref="Take"/>.</summary>
    public Span<float> LatentOf(int index) => wantedLatents.AsSpan(index * latentSize, latentSize);

    /// <inheritdoc cref="LatentOf"/>
    public WantedLatent Wanted(int index) => new(clients[index].Key, clients[index].Label, LatentOf(index));
}
