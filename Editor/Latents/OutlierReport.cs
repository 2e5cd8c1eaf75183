using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Evaluation;

namespace VaeProcgen.Editor.Latents;

/// <summary>The images that a model explains worst.</summary>
/// <param name="Images">How many were scored.</param>
/// <param name="MedianElbo">Of all of them, in nats: what is usual; null where latents are points, which have no ELBO.</param>
/// <param name="Samples">Posterior samples an image.</param>
/// <param name="Outliers">Lowest ELBO first; without one, highest reconstruction.</param>
public sealed record OutlierReport(
    string ModelHash, int Images, double? MedianElbo, int Samples, ulong Seed, IReadOnlyList<ImageElbo> Outliers)
{
    /// <summary>The places of the <paramref name="count"/> images of lowest ELBO, lowest first, of equals the first.</summary>
    public static int[] Rank(IReadOnlyList<ImageElbo> scores, int count) =>
        Enumerable.Range(0, scores.Count).OrderBy(i => scores[i].Rank).Take(count).ToArray();

    /// <param name="count">At most how many outliers.</param>
    public static OutlierReport Of(string modelHash, IReadOnlyList<ImageElbo> scores, int count, int samples, ulong seed) => new(
        modelHash, scores.Count, scores.All(s => s.Elbo != null) ? Distances.Of(scores.Select(s => s.Rank).ToArray()).Median : null,
        samples, seed,
        Rank(scores, count).Select(i => scores[i]).ToArray());

    public string ToJson() => ReportJson.Of(this);

    /// <summary>A table for a person.</summary>
    public override string ToString() => MedianElbo is { } median
        ? string.Join(Environment.NewLine,
        [
            $"The {Outliers.Count} of {Images} images that the model explains worst, in nats (median ELBO: {median:F1})",
            "        ELBO  reconstruction        KL",
            .. Outliers.Select(o => $"  {o.Elbo,10:F1}  {o.Reconstruction,14:F1}  {o.Kl,8:F1}  {o.Name}"),
        ])
        : string.Join(Environment.NewLine,
        [
            $"The {Outliers.Count} of {Images} images that the model reconstructs worst, in nats (there is no ELBO: its latents are points)",
            "  reconstruction",
            .. Outliers.Select(o => $"  {o.Reconstruction,14:F1}  {o.Name}"),
        ]);
}
