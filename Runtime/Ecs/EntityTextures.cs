using System;
using System.Collections.Generic;
using Arch.Core;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Runtime.Ecs;

/// <summary>
/// What the systems keep of each entity with a texture, in rows that are used again: the latent at which it is, and whence it came.
/// </summary>
internal sealed class EntityTextures
{
    private readonly Dictionary<(int Model, int Size), TexturePool> pools = new();
    private Row[] rows = new Row[64];
    private float[] current = Array.Empty<float>();
    private float[] start = Array.Empty<float>();
    private int stride;
    private int free = -1;

    /// <summary>Rows that are or were in use.</summary>
    public int Count { get; private set; }

    public void Add(TexturePool pool, int model)
    {
        if (Count > 0)
            throw new InvalidOperationException("All pools must be added before the first Update.");
        stride = Math.Max(stride, pool.Model.File.Architecture.LatentSize);
        pools.TryAdd((model, 0), pool);
        if (!pools.TryAdd((model, pool.Size.Width), pool))
            throw new ArgumentException($"Model {model} has a pool of textures {pool.Size.Width} pixels wide already.");
    }

    /// <exception cref="ArgumentException">There is no such pool.</exception>
    public TexturePool PoolOf(in TextureRequest request) => pools.TryGetValue((request.Model, request.Size), out TexturePool? pool)
        ? pool
        : throw new ArgumentException($"There is no pool of model {request.Model} with textures {request.Size} pixels wide; there are "
            + $"{string.Join(", ", pools.Keys)}. Add one, or ask for size 0.");

    public ref Row this[int row] => ref rows[row];

    /// <summary>Where the entity's latent is now, [Z].</summary>
    public Span<float> CurrentOf(int row) => current.AsSpan(row * stride, rows[row].Pool!.Model.File.Architecture.LatentSize);

    /// <summary>Where its blend began, [Z].</summary>
    public Span<float> StartOf(int row) => start.AsSpan(row * stride, rows[row].Pool!.Model.File.Architecture.LatentSize);

    public int Take(Entity entity, TexturePool pool, Latent latent, float priority)
    {
        TextureHandle handle = pool.Want(latent, priority);
        int row = free;
        if (row >= 0)
        {
            free = rows[row].Next;
        }
        else
        {
            row = Count++;
            if (row == rows.Length)
                Array.Resize(ref rows, 2 * row);
            if (current.Length < rows.Length * stride)
            {
                Array.Resize(ref current, rows.Length * stride);
                Array.Resize(ref start, rows.Length * stride);
            }
        }

        rows[row] = new Row
        {
            Entity = entity, Pool = pool, Handle = handle, Latent = latent.ContentHash, Label = latent.Label, Priority = priority, Next = -1,
        };
        latent.Values.CopyTo(CurrentOf(row));
        return row;
    }

    public void Give(int row)
    {
        ref Row left = ref rows[row];
        left.Pool!.Release(left.Handle);
        (left.Pool, left.Next) = (null, free);
        free = row;
    }

    /// <summary>One entity with a texture.</summary>
    internal struct Row
    {
        public Entity Entity;
        public TexturePool? Pool;      // null: the row is free
        public TextureHandle Handle;
        public ulong Latent;           // content hash of the component that was seen last
        public int Label;
        public float Priority;
        public int Next;               // of the free rows
    }
}
