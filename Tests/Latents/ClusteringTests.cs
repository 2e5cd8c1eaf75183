using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Latents;

public class ClusteringTests
{
    private static readonly float[][] Corners = [[0, 0], [40, 0], [0, 40]];

    /// <summary>Around corner i lie 20 + 5 i normal points, corners taking turns.</summary>
    private static (float[] Points, int[] Corner) Blobs()
    {
        int[] corner = Enumerable.Range(0, 30).SelectMany(i => new[] { 0, 1, 2 }.Where(c => i < 20 + (5 * c))).ToArray();
        var points = new float[2 * corner.Length];
        Philox.FillNormals(3, 0, 0, points);
        for (int i = 0; i < points.Length; i++)
            points[i] += Corners[corner[i / 2]][i % 2];
        return (points, corner);
    }

    private static void AssertRecovered(Clustering found, float[] points, int[] corner)
    {
        Assert.That(found.Sizes, Is.EqualTo(new[] { 30, 25, 20 }), "numbered by size");
        Assert.That(found.Assignments, Is.EqualTo(corner.Select(c => 2 - c)));
        Assert.That(ClusterScores.Purity(found.Assignments, corner.Select(c => $"{c}").ToArray()), Is.EqualTo(1));
        for (int k = 0; k < 3; k++)
        {
            int[] members = [.. found.Members(k)];
            Assert.That(members.Select(i => found.Distances[i]), Is.Ordered);
            for (int j = 0; j < 2; j++)
                Assert.That(found.Centres[k][j], Is.EqualTo(members.Average(i => points[(2 * i) + j])).Within(1e-3));
        }

        Assert.That(found.CentreLatents, Is.EqualTo(found.Centres.SelectMany(c => c).Select(x => (float)x)));
    }

    [TestCase(0UL)]
    [TestCase(1UL)]
    public void KMeansRecoversBlobs(ulong seed)
    {
        (float[] points, int[] corner) = Blobs();
        Clustering found = KMeans.Fit(points, 2, 3, seed);
        AssertRecovered(found, points, corner);
        Assert.That(KMeans.Fit(points, 2, 3, seed).Centres, Is.EqualTo(found.Centres), "the same seed, the same bits");
        Assert.That(found.Distances[0], Is.EqualTo(Math.Sqrt(Enumerable.Range(0, 2)
            .Sum(j => Math.Pow(points[j] - found.Centres[found.Assignments[0]][j], 2)))).Within(1e-12));
    }

    [Test]
    public void AMixtureRecoversBlobs()
    {
        (float[] points, int[] corner) = Blobs();
        Clustering found = MixtureClusters.Fit(points, 2, 3, seed: 1);
        AssertRecovered(found, points, corner);
        Assert.That(MixtureClusters.Fit(points, 2, 3, seed: 1).Centres, Is.EqualTo(found.Centres));
    }

    [Test]
    public void AMixtureMayChooseHowMany()
    {
        (float[] points, _) = Blobs();
        Assert.That(MixtureClusters.Fit(points, 2, null, seed: 1, restarts: 2).Centres, Has.Count.InRange(2, 4));
    }

    [Test]
    public void AComponentsWidthDecidesWhereALatentBelongs()
    {
        // N(0, 1) and N(4, 0.1²) with equal weights: at 3 the wide one is likelier, although the other's mean is nearer.
        var mixture = new GaussianMixturePrior([0.5f, 0.5f], [0, 4], [1, 0.1f]);
        Clustering found = MixtureClusters.Assign(mixture, [0, 1, 3, 4]);
        Assert.That(found.Assignments, Is.EqualTo(new[] { 0, 0, 0, 1 }));
        Assert.That(found.Distances, Is.EqualTo(new[] { 0, 1, 3, 0.0 }).Within(1e-6));
    }

    [Test]
    public void ComponentsWithoutLatentsAreLeftOut()
    {
        var mixture = new GaussianMixturePrior([0, 0.5f, 0.5f], [0, 9, 1], [1, 1, 1]);
        Clustering found = MixtureClusters.Assign(mixture, [0, 1, 2]);
        Assert.That(found.Centres.SelectMany(c => c), Is.EqualTo(new[] { 1.0 }));
        Assert.That(found.Assignments, Is.All.EqualTo(0));
    }

    [Test]
    public void KMeansOnALine()
    {
        Clustering found = KMeans.Fit([0, 1, 2, 9, 11], 1, 2, seed: 5);
        Assert.That(found.Assignments, Is.EqualTo(new[] { 0, 0, 0, 1, 1 }));
        Assert.That(found.Centres.SelectMany(c => c), Is.EqualTo(new double[] { 1, 10 }));
        Assert.That(found.Distances, Is.EqualTo(new double[] { 1, 0, 1, 1, 1 }));
        Assert.That(found.Members(0), Is.EqualTo(new[] { 1, 0, 2 }));
    }

    [Test]
    public void AsManyClustersAsLatents() => Assert.That(KMeans.Fit([5, 5, 7, 1], 1, 3, 0).Sizes, Is.EqualTo(new[] { 2, 1, 1 }));

    [Test]
    public void TooFewLatentsAreRefused()
    {
        Assert.That(() => KMeans.Fit([1, 2], 1, 3, 0), Throws.ArgumentException.With.Message.Contains("2 images can't be put into 3"));
        Assert.That(() => KMeans.Fit([1, 2], 1, 0, 0), Throws.ArgumentException.With.Message.Contains("Ask for 1 to 2"));
        Assert.That(() => KMeans.Fit([4, 4, 4, 5], 1, 3, 0), Throws.ArgumentException.With.Message.Contains("Only 2 of the 4"));
        Assert.That(() => KMeans.Fit([1, 2], 1, 2, 0, restarts: 0), Throws.ArgumentException.With.Message.Contains("at least 1 start"));
        Assert.That(() => MixtureClusters.Fit([1, 2], 1, 3, 0),
            Throws.ArgumentException.With.Message.Contains("2 images can't be put into 3"));
    }

    [Test]
    public void Silhouette()
    {
        // Of 0 and 11: a = 1, b = 10.5; of 1 and 10: a = 1, b = 9.5.
        Assert.That(ClusterScores.Silhouette([0, 1, 10, 11], [0, 0, 1, 1]), Is.EqualTo(((9.5 / 10.5) + (8.5 / 9.5)) / 2).Within(1e-12));
        Assert.That(ClusterScores.Silhouette([0, 10], [0, 1]), Is.EqualTo(0), "alone in their clusters");
        Assert.That(ClusterScores.Silhouette([3, 3, 3, 3], [0, 0, 1, 1]), Is.EqualTo(0), "all in one place");
        Assert.That(ClusterScores.Silhouette([0, 1], [0, 0]), Is.Null);
    }

    [TestCase(new[] { 0, 0, 0, 1, 1 }, "aabbb", 0.8)]
    [TestCase(new[] { 0, 0, 1, 1 }, "abab", 0.5)]
    [TestCase(new[] { 0, 1, 2 }, "aaa", 1)]
    public void Purity(int[] clusters, string labels, double expected) =>
        Assert.That(ClusterScores.Purity(clusters, labels.Select(c => $"{c}").ToArray()), Is.EqualTo(expected).Within(1e-12));

    [TestCase(new[] { 1, 1, 0, 0 }, "aabb", 1)]
    [TestCase(new[] { 0, 0, 1, 1 }, "abab", 0)]
    [TestCase(new[] { 0, 0 }, "aa", 1)]
    [TestCase(new[] { 0, 1, 2, 3 }, "aabb", 2.0 / 3)] // I = ln 2, H = ln 4 and ln 2
    public void MutualInformation(int[] clusters, string labels, double expected) =>
        Assert.That(ClusterScores.MutualInformation(clusters, labels.Select(c => $"{c}").ToArray()), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void ScoresNeedALabelForEach() =>
        Assert.That(() => ClusterScores.Purity([0, 1], ["a"]), Throws.ArgumentException.With.Message.Contains("each of 2 images; found 1"));

    [Test]
    public void TheReportNamesWhatAClusterMostlyHolds()
    {
        Clustering found = KMeans.Fit([0, 1, 2, 9, 11], 1, 2, seed: 5);
        ClusterReport report = ClusterReport.Of(
            "hash", ClusterMethod.KMeans, 5, found, ["a", "b", "c", "d", "e"], ["x", "y", "y", "", ""], [0, 1, 2, 9, 11]);
        Assert.That(report.Clusters.Select(c => (c.Number, c.Size, c.Label)), Is.EqualTo(new[] { (1, 3, "y"), (2, 2, "") }));
        Assert.That(report.Clusters[0].Members, Is.EqualTo(new[] { "b", "a", "c" }));
        Assert.That((report.Purity, report.Clusters[0].LabelShare), Is.EqualTo((0.8, 2.0 / 3)));
        string text = report.ToString();
        Assert.That(text, Does.Contain("5 images in 2 clusters by k-means").And.Contain("67 % of them 'y'").And.Contain("no label"));
        ClusterReport bare = ClusterReport.Of("hash", ClusterMethod.KMeans, 5, found, ["a", "b", "c", "d", "e"], ["", "", "", "", ""],
            [0, 1, 2, 9, 11]);
        Assert.That(bare.Purity ?? bare.MutualInformation, Is.Null);
        Assert.That(bare.Clusters[0].Label, Is.Null);
        Assert.That(bare.ToJson(), Does.Contain("\"method\": \"kMeans\"").And.Contain("\"purity\": null"));
    }
}
