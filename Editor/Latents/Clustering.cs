using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Editor.Latents;

/// <summary>Latents in groups; clusters are numbered by size, largest first, and none is empty.</summary>
public sealed class Clustering
{
    private Clustering(int[] assignments, double[][] centres, double[] distances) =>
        (Assignments, Centres, Distances) = (assignments, centres, distances);

    /// <summary>The cluster of each latent, [N].</summary>
    public IReadOnlyList<int> Assignments { get; }

    /// <summary>Each cluster's centre, [Z].</summary>
    public IReadOnlyList<double[]> Centres { get; }

    /// <summary>From each latent to its centre, as the method measures it, [N].</summary>
    public IReadOnlyList<double> Distances { get; }

    /// <summary>How many latents each cluster has.</summary>
    public IReadOnlyList<int> Sizes => Enumerable.Range(0, Centres.Count).Select(k => Assignments.Count(a => a == k)).ToArray();

    /// <summary>The centres as latents, [clusters, Z].</summary>
    public float[] CentreLatents => Centres.SelectMany(centre => centre.Select(x => (float)x)).ToArray();

    /// <summary>A cluster's latents, nearest to the centre first.</summary>
    public IReadOnlyList<int> Members(int cluster) =>
        Enumerable.Range(0, Assignments.Count).Where(i => Assignments[i] == cluster).OrderBy(i => Distances[i]).ToArray();

    /// <summary>Numbers clusters by size, those of one size by their first latent, and leaves empty ones out.</summary>
    /// <param name="assignments">The cluster of each latent, in any numbering, [N].</param>
    /// <param name="centres">By that numbering.</param>
    /// <param name="distances">From each latent to its centre, [N].</param>
    public static Clustering Of(IReadOnlyList<int> assignments, IReadOnlyList<double[]> centres, IReadOnlyList<double> distances)
    {
        if (assignments.Count != distances.Count)
            throw new ArgumentException($"Expected a distance for each of {assignments.Count} latents; found {distances.Count}.");
        int[] order = Enumerable.Range(0, assignments.Count).GroupBy(i => assignments[i])
            .OrderByDescending(group => group.Count()).ThenBy(group => group.First()).Select(group => group.Key).ToArray();
        var number = new int[centres.Count];
        for (int k = 0; k < order.Length; k++)
            number[order[k]] = k;
        return new Clustering(
            assignments.Select(a => number[a]).ToArray(), order.Select(k => centres[k]).ToArray(), distances.ToArray());
    }

    /// <exception cref="ArgumentException">There are fewer latents than clusters, or fewer than one cluster.</exception>
    public static void Require(int count, int latents)
    {
        if (count < 1 || count > latents)
        {
            throw new ArgumentException(
                $"{latents} images can't be put into {count} clusters. Ask for 1 to {latents}, or give more images.");
        }
    }
}
