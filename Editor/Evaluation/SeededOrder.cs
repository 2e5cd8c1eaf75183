using System;
using System.Linq;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>Random orders and subsets that a seed decides.</summary>
internal static class SeededOrder
{
    /// <summary>0 to count − 1 in random order.</summary>
    public static int[] Of(int count, ulong seed, uint stream) => Enumerable.Range(0, count).OrderBy(i =>
    {
        (uint x, uint y, _, _) = Philox.Draw(seed, (uint)i, 0, stream, 0);
        return ((ulong)x << 32) | y;
    }).ToArray();

    /// <summary>At most <paramref name="most"/> of 0 to count − 1, in rising order.</summary>
    public static int[] Subset(int count, int most, ulong seed, uint stream)
    {
        if (count <= most)
            return Enumerable.Range(0, count).ToArray();
        int[] chosen = Of(count, seed, stream)[..most];
        Array.Sort(chosen);
        return chosen;
    }
}
