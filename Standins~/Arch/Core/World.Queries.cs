using System;

namespace Arch.Core;

/// <summary>Queries: entities are visited from the last to the first, and nothing may be added or removed meanwhile.</summary>
public sealed partial class World
{
    public void Query(in QueryDescription queryDescription, ForEach forEntity)
    {
        foreach (ref Chunk chunk in Query(in queryDescription))
        {
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                forEntity(chunk.Entities[i]);
            }
        }
    }

    public void Query<T0>(in QueryDescription description, ForEach<T0> forEach)
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                forEach(ref t0[i]);
            }
        }
    }

    public void Query<T0, T1>(in QueryDescription description, ForEach<T0, T1> forEach)
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            Span<T1> t1 = chunk.GetSpan<T1>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                forEach(ref t0[i], ref t1[i]);
            }
        }
    }

    public void Query<T0, T1, T2>(in QueryDescription description, ForEach<T0, T1, T2> forEach)
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            Span<T1> t1 = chunk.GetSpan<T1>();
            Span<T2> t2 = chunk.GetSpan<T2>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                forEach(ref t0[i], ref t1[i], ref t2[i]);
            }
        }
    }

    public void Query<T0, T1, T2, T3>(in QueryDescription description, ForEach<T0, T1, T2, T3> forEach)
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            Span<T1> t1 = chunk.GetSpan<T1>();
            Span<T2> t2 = chunk.GetSpan<T2>();
            Span<T3> t3 = chunk.GetSpan<T3>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                forEach(ref t0[i], ref t1[i], ref t2[i], ref t3[i]);
            }
        }
    }

    public void Query<T0>(in QueryDescription description, ForEachWithEntity<T0> forEach)
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                forEach(chunk.Entities[i], ref t0[i]);
            }
        }
    }

    public void Query<T0, T1>(in QueryDescription description, ForEachWithEntity<T0, T1> forEach)
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            Span<T1> t1 = chunk.GetSpan<T1>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                forEach(chunk.Entities[i], ref t0[i], ref t1[i]);
            }
        }
    }

    public void Query<T0, T1, T2>(in QueryDescription description, ForEachWithEntity<T0, T1, T2> forEach)
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            Span<T1> t1 = chunk.GetSpan<T1>();
            Span<T2> t2 = chunk.GetSpan<T2>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                forEach(chunk.Entities[i], ref t0[i], ref t1[i], ref t2[i]);
            }
        }
    }

    public void Query<T0, T1, T2, T3>(in QueryDescription description, ForEachWithEntity<T0, T1, T2, T3> forEach)
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            Span<T1> t1 = chunk.GetSpan<T1>();
            Span<T2> t2 = chunk.GetSpan<T2>();
            Span<T3> t3 = chunk.GetSpan<T3>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                forEach(chunk.Entities[i], ref t0[i], ref t1[i], ref t2[i], ref t3[i]);
            }
        }
    }

    public void InlineQuery<T, T0>(in QueryDescription description, ref T iForEach) where T : struct, IForEach<T0>
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                iForEach.Update(ref t0[i]);
            }
        }
    }

    public void InlineQuery<T, T0, T1>(in QueryDescription description, ref T iForEach) where T : struct, IForEach<T0, T1>
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            Span<T1> t1 = chunk.GetSpan<T1>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                iForEach.Update(ref t0[i], ref t1[i]);
            }
        }
    }

    public void InlineQuery<T, T0, T1, T2>(in QueryDescription description, ref T iForEach) where T : struct, IForEach<T0, T1, T2>
    {
        foreach (ref Chunk chunk in Query(in description))
        {
            Span<T0> t0 = chunk.GetSpan<T0>();
            Span<T1> t1 = chunk.GetSpan<T1>();
            Span<T2> t2 = chunk.GetSpan<T2>();
            for (int i = chunk.Count - 1; i >= 0; i--)
            {
                iForEach.Update(ref t0[i], ref t1[i], ref t2[i]);
            }
        }
    }
}
