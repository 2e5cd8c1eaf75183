using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Evaluation.Disentanglement;

/// <summary>
/// Draws images that share the value of one factor from a pool, with replacement. A draw depends on the seed, the stream and its
/// number alone.
/// </summary>
internal sealed class FactorDraws
{
    private readonly FactorPosteriors pool;
    private readonly ulong seed;
    private readonly uint stream;

    // The images of each factor's values that the pool has: [factor][value][...].
    private readonly int[][][] groups;

    public FactorDraws(FactorPosteriors pool, ulong seed, uint stream)
    {
        (this.pool, this.seed, this.stream) = (pool, seed, stream);
        int factors = pool.FactorSizes.Count;
        groups = new int[factors][][];
        for (int k = 0; k < factors; k++)
        {
            var images = new SortedDictionary<int, List<int>>();
            for (int i = 0; i < pool.Count; i++)
            {
                int value = pool.Factors[(i * factors) + k];
                if (!images.TryGetValue(value, out List<int>? group))
                    images.Add(value, group = []);
                group.Add(i);
            }

            groups[k] = [.. images.Values.Select(group => group.ToArray())];
        }
    }

    /// <summary>A factor, and images which agree in one value of it, both chosen at random.</summary>
    public (int Factor, int[] Images) Fixed(uint draw, int count)
    {
        (uint a, uint b, _, _) = Philox.Draw(seed, 0, draw, stream, 0);
        int factor = Below(groups.Length, a);
        int[] group = groups[factor][Below(groups[factor].Length, b)];
        var images = new int[count];
        for (int i = 0; i < count; i++)
            images[i] = group[Below(group.Length, Philox.Draw(seed, (uint)i + 1, draw, stream, 0).X)];
        return (factor, images);
    }

    /// <summary>A factor, and pairs of images of which each agrees in a value of it, all chosen at random.</summary>
    public (int Factor, (int First, int Second)[] Pairs) Pairs(uint draw, int count)
    {
        int factor = Below(groups.Length, Philox.Draw(seed, 0, draw, stream, 0).X);
        var pairs = new (int, int)[count];
        for (int i = 0; i < count; i++)
        {
            (uint a, uint b, uint c, _) = Philox.Draw(seed, (uint)i + 1, draw, stream, 0);
            int[] group = groups[factor][Below(groups[factor].Length, a)];
            pairs[i] = (group[Below(group.Length, b)], group[Below(group.Length, c)]);
        }

        return (factor, pairs);
    }

    private static int Below(int count, uint word) => (int)(((ulong)word * (ulong)count) >> 32);
}
