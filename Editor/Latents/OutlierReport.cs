using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Evaluation;

namespace VaeProcgen.Editor.Latents;

/// <summary>The images that a model explains worst.</summary>
/// <param name="Images">How many were scored.</param>
/// <param name="MedianElbo">Of all of them, in nats: what is usual.</param>
/// <param name="Samples">Posterior samples an image.</param>
/// <param name="Outliers">Lowest ELBO first.</param>
public sealed record OutlierReport(
    string ModelHash, int Images, double MedianElbo, int Samples, ulong Seed, IReadOnlyList<ImageElbo> Outliers)
{
    /// <summary>The places of the <paramref name="count"/> images of lowest ELBO, lowest first, of equals the first.</summary>
    public static int[] Rank(IReadOnlyList<ImageElbo> scores, int count) =>
        Enumerable.Range(0, scores.Count).OrderBy(i => scores[i].Elbo).Take(count).ToArray();

    /// <param name="count">At most how many outliers.</param>
    public static OutlierReport Of(string modelHash, IReadOnlyList<ImageElbo> scores, int count, int samples, ulong seed) => new(
        modelHash, scores.Count, Distances.Of(scores.Select(s => s.Elbo).ToArray()).Median, samples, seed,
        Rank(scores, count).Select(i => scores[i]).ToArray());

    public string ToJson() => ReportJson.Of(this);

    /// <summary>A table for a person.</summary>
    public override string ToString() => string.Join(Environment.NewLine,
    [
        $"The {Outliers.Count} of {Images} images that the model explains worst, in nats (median ELBO: {MedianElbo:F1})",
        "        ELBO  reconstruction        KL",
        .. Outliers.Select(o => $"  {o.Elbo,10:F1}  {o.Reconstruction,14:F1}  {o.Kl,8:F1}  {o.Name}"),
    ]);
}
