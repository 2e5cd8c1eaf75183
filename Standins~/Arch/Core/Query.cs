using System.Collections.Generic;

namespace Arch.Core;

/// <summary>The archetypes that a description matches, remembered: archetypes only ever come, never go.</summary>
public sealed class Query
{
    private readonly QueryDescription _description;
    private readonly List<Archetype> _archetypes;
    private readonly List<Archetype> _matching = new();
    private int _seen;

    internal Query(QueryDescription description, List<Archetype> archetypes)
    {
        _description = description;
        _archetypes = archetypes;
    }

    /// <summary>The chunks that hold entities, from the last to the first.</summary>
    public QueryChunkEnumerator GetEnumerator() => new(Matching());

    internal List<Archetype> Matching()
    {
        for (; _seen < _archetypes.Count; _seen++)
        {
            if (_description.Matches(_archetypes[_seen].Signature))
            {
                _matching.Add(_archetypes[_seen]);
            }
        }
        return _matching;
    }
}

/// <summary>Goes over chunks, last archetype and last chunk first.</summary>
public ref struct QueryChunkEnumerator
{
    private readonly List<Archetype> _archetypes;
    private int _archetype;
    private int _chunk;

    internal QueryChunkEnumerator(List<Archetype> archetypes)
    {
        _archetypes = archetypes;
        _archetype = archetypes.Count;
        _chunk = 0;
    }

    public readonly ref Chunk Current => ref _archetypes[_archetype].GetChunk(_chunk);

    public bool MoveNext()
    {
        while (--_chunk < 0)
        {
            if (--_archetype < 0)
            {
                return false;
            }
            _chunk = _archetypes[_archetype].ChunkCount;
        }
        return true;
    }
}
