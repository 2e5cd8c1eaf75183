using System;
using System.Collections.Generic;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>An <see cref="EvaluationReport"/> as lines for a person.</summary>
internal static class EvaluationText
{
    public static string Of(EvaluationReport report)
    {
        ElboReport elbo = report.Elbo;
        string part = report.Part switch { EvaluatedPart.All => "all", EvaluatedPart.Train => "those trained on", _ => "held out" };
        List<string> lines = [$"{elbo.Images} images ({part})"];
        if (elbo.Elbo is { } whole)
            lines.Add(Line("ELBO", $"{whole:F1}", "nats an image"));
        if (report.ImportanceWeighted is { } bound)
        {
            lines.Add(Line("IWAE bound", $"{bound.Bound.Value:F1}", $"± {bound.Bound.StandardError:F1} nats an image "
                + $"(K = {bound.Samples}, {bound.Images} images; {bound.EffectiveSamples:F1} effective samples)"));
            lines.Add(Line("  at K = 1", $"{bound.FirstDraw.Value:F1}", $"± {bound.FirstDraw.StandardError:F1} nats an image"));
        }

        lines.Add(Line("reconstruction", $"{elbo.Reconstruction:F1}", $"nats an image (scale {elbo.Scale:G4})"));
        if (elbo.Kl is { } kl)
            lines.Add(Line("KL", $"{kl:F1}", $"nats an image, {elbo.ActiveUnits} of {elbo.MeanVariance.Length} units active"));
        if (report.KlParts is { } parts)
            AddParts(parts, elbo.Images, lines);
        if (report.Codebook is { } codes)
            lines.Add(Line("codes used", $"{codes.Used}", $"of {codes.Codes} ({100.0 * codes.Used / codes.Codes:F0} %), perplexity {codes.Perplexity:F1}"));
        lines.Add(Line("PSNR", $"{elbo.Psnr:F2}", "dB"));
        lines.Add(Line("SSIM", $"{report.Ssim.Value:F4}", ""));
        if (report.Features is { } features)
            lines.Add(Line("feature error", $"{features.MeanSquare:G4}", $"mean square of {features.Count} features; {features.Share:F4} of their variance"));
        lines.Add("Distances, as root mean square over premultiplied values (mean, median)");
        lines.Add($"  {report.SampleToTraining.Mean:F4} {report.SampleToTraining.Median:F4}  "
            + $"from {report.Samples} samples ({report.Prior}) to their nearest training images");
        lines.Add($"  {report.ReconstructionToOriginal.Mean:F4} {report.ReconstructionToOriginal.Median:F4}  "
            + "from reconstructions to their originals");
        if (report.SlicedWasserstein is { } distance)
            AddDistances(distance, report.Prior, lines);
        if (report.Warning != null)
            lines.Add($"Warning: {report.Warning}");
        return string.Join('\n', lines);
    }

    private static void AddParts(KlDecomposition parts, int images, List<string> lines)
    {
        string subset = parts.Images == images ? "" : $"; estimated on {parts.Images} of the images";
        void Add(string name, Estimate part, string rest) =>
            lines.Add($"    {name,-19}{part.Value,8:F1} ± {part.StandardError:F1} nats{rest}");
        Add("mutual information", parts.MutualInformation, $" (at most log N = {Math.Log(parts.Images):F2}{subset})");
        Add("total correlation", parts.TotalCorrelation, "");
        Add("dimension-wise KL", parts.DimensionWise, "");
    }

    private static void AddDistances(SlicedWasserstein distance, string prior, List<string> lines)
    {
        lines.Add($"Sliced Wasserstein distance × 10³ of {distance.Images} images from samples ({prior}), and from {distance.Images} "
            + "other images");
        foreach (SlicedWassersteinLevel level in distance.Levels)
            lines.Add($"  {level.Samples,6:F1} {level.Reference,6:F1}  at {level.Width}×{level.Height}");
        if (distance.Levels.Count > 1)
            lines.Add($"  {distance.Samples,6:F1} {distance.Reference,6:F1}  mean");
    }

    private static string Line(string name, string value, string rest) => $"  {name,-16} {value,10} {rest}".TrimEnd();
}
