using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Editor.Latents;

/// <summary>How latents are grouped.</summary>
public enum ClusterMethod
{
    /// <summary><see cref="KMeans"/>: round clusters of like width.</summary>
    KMeans,

    /// <summary><see cref="MixtureClusters"/>: clusters of any width and direction.</summary>
    Mixture,
}

/// <summary>One cluster of a <see cref="ClusterReport"/>.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Size">How many images.</param>
/// <param name="Label">The most frequent label of its images; null where there are no labels.</param>
/// <param name="LabelShare">Its share of the cluster's images; null where there are no labels.</param>
/// <param name="Members">Names of its images, nearest to the centre first.</param>
public sealed record ClusterSummary(int Number, int Size, string? Label, double? LabelShare, IReadOnlyList<string> Members);

/// <summary>What a clustering found.</summary>
/// <param name="Images">How many were grouped.</param>
/// <param name="Silhouette">See <see cref="ClusterScores.Silhouette"/>; null for a single cluster.</param>
/// <param name="Purity">See <see cref="ClusterScores.Purity"/>; null without labels.</param>
/// <param name="MutualInformation">See <see cref="ClusterScores.MutualInformation"/>; null without labels.</param>
public sealed record ClusterReport(
    string ModelHash, ClusterMethod Method, ulong Seed, int Images, double? Silhouette, double? Purity, double? MutualInformation,
    IReadOnlyList<ClusterSummary> Clusters)
{
    /// <param name="names">Of the images, [N].</param>
    /// <param name="labels">Of the images, [N]; they count as labels where at least two differ.</param>
    /// <param name="latents">[N, Z]</param>
    public static ClusterReport Of(
        string modelHash, ClusterMethod method, ulong seed, Clustering clustering, IReadOnlyList<string> names,
        IReadOnlyList<string> labels, float[] latents)
    {
        bool labelled = labels.Distinct().Skip(1).Any();
        return new ClusterReport(
            modelHash, method, seed, names.Count, ClusterScores.Silhouette(latents, clustering.Assignments),
            labelled ? ClusterScores.Purity(clustering.Assignments, labels) : null,
            labelled ? ClusterScores.MutualInformation(clustering.Assignments, labels) : null,
            Enumerable.Range(0, clustering.Centres.Count).Select(k => Summary(clustering.Members(k))).ToArray());

        ClusterSummary Summary(IReadOnlyList<int> members)
        {
            var most = members.GroupBy(i => labels[i]).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First();
            int number = clustering.Assignments[members[0]] + 1;
            return new ClusterSummary(
                number, members.Count, labelled ? most.Key : null, labelled ? (double)most.Count() / members.Count : null,
                members.Select(i => names[i]).ToArray());
        }
    }

    public string ToJson() => ReportJson.Of(this);

    /// <summary>A few lines for a person.</summary>
    public override string ToString()
    {
        IEnumerable<string> clusters = Clusters.Select(c => $"  {c.Number,3}  {c.Size,6} images"
            + (c.Label == null ? "" : $", {c.LabelShare:P0} of them '{(c.Label == "" ? "no label" : c.Label)}'"));
        string found = Silhouette is { } s ? $"  silhouette {s:F3} (-1 to 1)" : "  no silhouette: there is one cluster only";
        string agreement = Purity is { } purity
            ? $"  with the labels: purity {purity:F3}, normalised mutual information {MutualInformation:F3}"
            : "  no labels to compare with";
        string method = Method == ClusterMethod.KMeans ? "k-means" : "a Gaussian mixture";
        return string.Join(
            Environment.NewLine, [$"{Images} images in {Clusters.Count} clusters by {method}", .. clusters, found, agreement]);
    }
}
