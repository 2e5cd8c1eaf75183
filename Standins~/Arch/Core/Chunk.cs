using System;

namespace Arch.Core;

/// <summary>A block of entities that have the same components: one array for each component.</summary>
public struct Chunk
{
    internal Chunk(int capacity, Signature signature, int[] componentIdToArrayIndex)
    {
        Entities = new Entity[capacity];
        Components = new Array[signature.Count];
        ComponentIdToArrayIndex = componentIdToArrayIndex;
        Count = 0;
        Capacity = capacity;
        for (int i = 0; i < Components.Length; i++)
        {
            Components[i] = Array.CreateInstance(signature.Components[i].Type, capacity);
        }
    }

    public Entity[] Entities { get; }
    public Array[] Components { get; }
    public int[] ComponentIdToArrayIndex { get; }
    public int Count { get; internal set; }
    public int Capacity { get; }
    public bool IsFull => Count == Capacity;
    public bool IsEmpty => Count == 0;

    public ref Entity Entity(int index) => ref Entities[index];

    public bool Has<T>() => Has(Component<T>.ComponentType);

    public bool Has(ComponentType t) => t.Id < ComponentIdToArrayIndex.Length && ComponentIdToArrayIndex[t.Id] >= 0;

    public T[] GetArray<T>() => (T[])GetArray(Component<T>.ComponentType);

    public Array GetArray(ComponentType type) => Has(type)
        ? Components[ComponentIdToArrayIndex[type.Id]]
        : throw new InvalidOperationException(
            $"The entities here have no component {type.Type.Name}. Ask Has<{type.Type.Name}>() first, or name it in the query's WithAll.");

    public Span<T> GetSpan<T>() => GetArray<T>().AsSpan(0, Count);

    public ref T GetFirst<T>() => ref GetArray<T>()[0];

    public ref T Get<T>(int index) => ref GetArray<T>()[index];

    /// <summary>The indices of the entities, from the last to the first.</summary>
    public EntityEnumerator GetEnumerator() => new(Count);
}

/// <summary>Counts the rows of a chunk down.</summary>
public ref struct EntityEnumerator
{
    private int _index;

    internal EntityEnumerator(int count) => _index = count;

    public readonly int Current => _index;

    public bool MoveNext() => --_index >= 0;
}
