using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace VaeProcgen.Editor.Latents;

/// <summary>How well clusters hang together, and how well they agree with labels.</summary>
public static class ClusterScores
{
    /// <summary>
    /// The mean over latents of (b − a) / max(a, b), with a the mean Euclidean distance to the others of its own cluster and b the
    /// least mean distance to another cluster (Rousseeuw 1987); 0 for a latent alone in its cluster. From −1 (wrong) to 1 (apart).
    /// </summary>
    /// <param name="latents">[N, Z]</param>
    /// <param name="assignments">The cluster of each, from 0, [N].</param>
    /// <returns>Null where there are fewer than two clusters.</returns>
    public static double? Silhouette(float[] latents, IReadOnlyList<int> assignments)
    {
        int n = assignments.Count, z = latents.Length / Math.Max(n, 1), clusters = assignments.DefaultIfEmpty(-1).Max() + 1;
        if (clusters < 2)
            return null;
        int[] own = assignments.ToArray();
        var sizes = new int[clusters];
        foreach (int k in own)
            sizes[k]++;
        var scores = new double[n];
        Parallel.For(0, n, i =>
        {
            var sums = new double[clusters];
            for (int other = 0; other < n; other++)
                sums[own[other]] += Distance(latents.AsSpan(i * z, z), latents.AsSpan(other * z, z));
            double b = Enumerable.Range(0, clusters).Where(k => k != own[i] && sizes[k] > 0).Min(k => sums[k] / sizes[k]);
            double a = sums[own[i]] / Math.Max(sizes[own[i]] - 1, 1);
            scores[i] = sizes[own[i]] < 2 || Math.Max(a, b) == 0 ? 0 : (b - a) / Math.Max(a, b);
        });
        return scores.Sum() / n;
    }

    /// <summary>The share of images whose label is the most frequent one of their cluster.</summary>
    /// <exception cref="ArgumentException">There is not one label for each image.</exception>
    public static double Purity(IReadOnlyList<int> assignments, IReadOnlyList<string> labels)
    {
        Require(assignments, labels);
        int right = Enumerable.Range(0, labels.Count).GroupBy(i => assignments[i])
            .Sum(cluster => cluster.GroupBy(i => labels[i]).Max(label => label.Count()));
        return (double)right / labels.Count;
    }

    /// <summary>
    /// Normalised mutual information I(C; L) / ((H(C) + H(L)) / 2): 0 where clusters say nothing about labels, 1 where each tells the
    /// other; 1 too where there is one cluster and one label.
    /// </summary>
    /// <inheritdoc cref="Purity"/>
    public static double MutualInformation(IReadOnlyList<int> assignments, IReadOnlyList<string> labels)
    {
        Require(assignments, labels);
        double clusters = Entropy(assignments), names = Entropy(labels);
        double both = Entropy(assignments.Zip(labels, (cluster, label) => (cluster, label)).ToArray());
        return clusters + names == 0 ? 1 : Math.Clamp(2 * (clusters + names - both) / (clusters + names), 0, 1);
    }

    private static double Entropy<T>(IReadOnlyList<T> values) => values.GroupBy(value => value)
        .Sum(group => -(double)group.Count() / values.Count * Math.Log((double)group.Count() / values.Count));

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            double difference = (double)a[j] - b[j];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    private static void Require(IReadOnlyList<int> assignments, IReadOnlyList<string> labels)
    {
        if (assignments.Count != labels.Count || labels.Count == 0)
            throw new ArgumentException($"Expected one label for each of {assignments.Count} images; found {labels.Count}.");
    }
}
