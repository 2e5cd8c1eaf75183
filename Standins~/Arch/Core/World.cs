using System;
using System.Collections.Generic;

namespace Arch.Core;

/// <summary>Entities, stored by the set of components that they have. A world is for one thread at a time.</summary>
public sealed partial class World : IDisposable
{
    private static readonly object WorldsLock = new();

    private readonly List<Archetype> _archetypes = new();
    private readonly Dictionary<Signature, Archetype> _bySignature = new();
    private readonly Dictionary<QueryDescription, Query> _queries = new();
    private readonly Queue<int> _recycled = new();
    private readonly int _chunkBytes;
    private readonly int _minimumEntities;
    private Location[] _locations;
    private int _idCount;

    private World(int id, int chunkBytes, int minimumEntities, int archetypeCapacity, int entityCapacity)
    {
        Id = id;
        _chunkBytes = chunkBytes;
        _minimumEntities = minimumEntities;
        _archetypes.Capacity = archetypeCapacity;
        _locations = new Location[Math.Max(entityCapacity, 1)];
    }

    /// <summary>The worlds by id; null where one was destroyed.</summary>
    public static World?[] Worlds { get; private set; } = Array.Empty<World?>();

    public int Id { get; }

    /// <summary>How many entities are alive.</summary>
    public int Size { get; private set; }

    public int Capacity => _locations.Length;

    public static World Create(
        int chunkSizeInBytes = 16384, int minimumAmountOfEntitiesPerChunk = 100, int archetypeCapacity = 2, int entityCapacity = 64)
    {
        lock (WorldsLock)
        {
            int id = Array.IndexOf(Worlds, null);
            if (id < 0)
            {
                World?[] grown = Worlds;
                id = grown.Length;
                Array.Resize(ref grown, id + 1);
                Worlds = grown;
            }
            return Worlds[id] = new World(id, chunkSizeInBytes, minimumAmountOfEntitiesPerChunk, archetypeCapacity, entityCapacity);
        }
    }

    public static void Destroy(World world) => world.Dispose();

    public void Dispose()
    {
        lock (WorldsLock)
        {
            if (Worlds[Id] == this)
            {
                Worlds[Id] = null;
            }
        }
        Clear();
    }

    /// <summary>Destroys every entity; archetypes and queries stay.</summary>
    public void Clear()
    {
        foreach (Archetype archetype in _archetypes)
        {
            archetype.Clear();
        }
        for (int id = 0; id < _idCount; id++)
        {
            if (_locations[id].Archetype is not null)
            {
                Free(id);
            }
        }
    }

    public Entity Create(params ComponentType[] types) => Place(new Signature(types), out _, out _);

    public Entity Create(in Signature types) => Place(types, out _, out _);

    public void Destroy(Entity entity)
    {
        Location location = Locate(entity);
        RemoveRow(location.Archetype!, location.Row);
        Free(entity.Id);
    }

    public bool IsAlive(Entity entity) =>
        (uint)entity.Id < (uint)_idCount && entity.WorldId == Id &&
        _locations[entity.Id].Archetype is not null && _locations[entity.Id].Version == entity.Version;

    public Query Query(in QueryDescription queryDescription)
    {
        if (!_queries.TryGetValue(queryDescription, out Query? query))
        {
            query = new Query(queryDescription, _archetypes);
            _queries.Add(queryDescription, query);
        }
        return query;
    }

    public int CountEntities(in QueryDescription queryDescription)
    {
        int count = 0;
        foreach (Archetype archetype in Query(in queryDescription).Matching())
        {
            count += archetype.EntityCount;
        }
        return count;
    }

    /// <summary>Writes the entities into <paramref name="list"/> from <paramref name="start"/> on.</summary>
    public void GetEntities(in QueryDescription queryDescription, Span<Entity> list, int start = 0)
    {
        foreach (ref Chunk chunk in Query(in queryDescription))
        {
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                list[start++] = chunk.Entities[i];
            }
        }
    }

    private Entity Place(in Signature signature, out Archetype archetype, out int row)
    {
        archetype = ArchetypeOf(signature);
        if (!_recycled.TryDequeue(out int id))
        {
            id = _idCount++;
            if (id == _locations.Length)
            {
                Array.Resize(ref _locations, id * 2);
            }
            _locations[id].Version = 1;
        }
        Entity entity = new(id, Id, _locations[id].Version);
        row = archetype.Add(entity);
        _locations[id].Archetype = archetype;
        _locations[id].Row = row;
        Size++;
        return entity;
    }

    private void Free(int id)
    {
        _locations[id].Archetype = null;
        _locations[id].Version++;
        _recycled.Enqueue(id);
        Size--;
    }

    private void RemoveRow(Archetype archetype, int row)
    {
        Entity moved = archetype.Remove(row);
        _locations[moved.Id].Row = row;
    }

    private Archetype ArchetypeOf(in Signature signature)
    {
        if (!_bySignature.TryGetValue(signature, out Archetype? archetype))
        {
            archetype = new Archetype(signature, _chunkBytes, _minimumEntities);
            _bySignature.Add(signature, archetype);
            _archetypes.Add(archetype);
        }
        return archetype;
    }

    private ref Location Locate(Entity entity)
    {
        if (!IsAlive(entity))
        {
            throw new InvalidOperationException(
                $"{entity} is not alive in world {Id}: it was destroyed, or is of another world. Ask IsAlive first.");
        }
        return ref _locations[entity.Id];
    }

    /// <summary>Where an entity's row is; no archetype while the id waits to be used again.</summary>
    private struct Location
    {
        public Archetype? Archetype;
        public int Row;
        public int Version;
    }
}
