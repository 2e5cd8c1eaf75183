using System;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// Which images make up each step's batch: pass after pass over all of them, each pass in an order of its own, drawn from the
/// seed and the number of the pass. A function of the step alone.
/// </summary>
public sealed class BatchSampler
{
    private const uint Stream = 0x300;
    private readonly int count;
    private readonly ulong seed;
    private readonly uint[] order;
    private long orderOfPass = -1;

    public BatchSampler(int count, int batch, ulong seed)
    {
        (this.count, Batch, this.seed) = (count, batch, seed);
        order = new uint[count];
    }

    public int Batch { get; }

    /// <summary>Fills in the images of a step.</summary>
    public void RowsAt(long step, Span<uint> rows)
    {
        for (int i = 0; i < Batch; i++)
        {
            long position = (step * Batch) + i;
            if (position / count != orderOfPass)
                Shuffle(position / count);
            rows[i] = order[position % count];
        }
    }

    /// <summary>Fisher and Yates, from Philox words.</summary>
    private void Shuffle(long pass)
    {
        for (int i = 0; i < count; i++)
            order[i] = (uint)i;
        for (int i = count - 1; i > 0; i--)
        {
            uint word = Philox.Draw(seed, (uint)i, (uint)pass, Stream, (uint)(pass >> 32)).X;
            int j = (int)(((ulong)word * (ulong)(i + 1)) >> 32);
            (order[i], order[j]) = (order[j], order[i]);
        }

        orderOfPass = pass;
    }
}
