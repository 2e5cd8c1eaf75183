using System;
using System.Linq;

namespace Arch.Core;

/// <summary>All entities of a world that have one same set of components, without gaps.</summary>
public sealed class Archetype
{
    private readonly int[] _arrayIndex;
    private Chunk[] _chunks = Array.Empty<Chunk>();

    internal Archetype(Signature signature, int chunkBytes, int minimumEntities)
    {
        Signature = signature;
        int row = 12;
        int highest = -1;
        foreach (ComponentType component in signature.Components)
        {
            row += component.ByteSize;
            highest = Math.Max(highest, component.Id);
        }
        EntitiesPerChunk = Math.Max(chunkBytes / row, minimumEntities);
        _arrayIndex = Enumerable.Repeat(-1, highest + 1).ToArray();
        for (int i = 0; i < signature.Count; i++)
        {
            _arrayIndex[signature.Components[i].Id] = i;
        }
    }

    public Signature Signature { get; }
    public int EntitiesPerChunk { get; }
    public int EntityCount { get; private set; }
    public int EntityCapacity => _chunks.Length * EntitiesPerChunk;

    /// <summary>The chunks that hold entities: all full but the last.</summary>
    public int ChunkCount => (EntityCount + EntitiesPerChunk - 1) / EntitiesPerChunk;

    public ref Chunk GetChunk(int index) => ref _chunks[index];

    public bool Has<T>() => Signature.Has(Component<T>.ComponentType);

    public bool Has(ComponentType type) => Signature.Has(type);

    /// <summary>Appends an entity, its components cleared, and gives its row.</summary>
    internal int Add(Entity entity)
    {
        if (EntityCount == EntityCapacity)
        {
            Array.Resize(ref _chunks, _chunks.Length + 1);
            _chunks[^1] = new Chunk(EntitiesPerChunk, Signature, _arrayIndex);
        }
        int row = EntityCount++;
        ref Chunk chunk = ref ChunkOf(row);
        int index = chunk.Count++;
        chunk.Entities[index] = entity;
        foreach (Array components in chunk.Components)
        {
            Array.Clear(components, index, 1);
        }
        return row;
    }

    /// <summary>Removes a row by moving the last one into it, and gives the entity that now stands there.</summary>
    internal Entity Remove(int row)
    {
        int lastRow = --EntityCount;
        ref Chunk last = ref ChunkOf(lastRow);
        int lastIndex = --last.Count;
        ref Chunk chunk = ref ChunkOf(row);
        int index = row % EntitiesPerChunk;
        chunk.Entities[index] = last.Entities[lastIndex];
        for (int i = 0; i < chunk.Components.Length; i++)
        {
            Array.Copy(last.Components[i], lastIndex, chunk.Components[i], index, 1);
            Array.Clear(last.Components[i], lastIndex, 1);
        }
        return chunk.Entities[index];
    }

    /// <summary>Copies the components that both archetypes have.</summary>
    internal void CopyRow(int row, Archetype to, int toRow)
    {
        ref Chunk source = ref ChunkOf(row);
        ref Chunk target = ref to.ChunkOf(toRow);
        foreach (ComponentType component in Signature.Components)
        {
            if (to.Has(component))
            {
                Array.Copy(source.GetArray(component), row % EntitiesPerChunk,
                    target.GetArray(component), toRow % to.EntitiesPerChunk, 1);
            }
        }
    }

    internal ref T Get<T>(int row) => ref ChunkOf(row).Get<T>(row % EntitiesPerChunk);

    internal void Clear()
    {
        EntityCount = 0;
        _chunks = Array.Empty<Chunk>();
    }

    private ref Chunk ChunkOf(int row) => ref _chunks[row / EntitiesPerChunk];
}
