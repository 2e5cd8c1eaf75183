using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Making;

/// <summary>Everything that a model file says, for a person; needs no device.</summary>
public static class ModelDescription
{
    public static string Of(VaeModel model)
    {
        VaeArchitecture a = model.Architecture;
        LikelihoodOptions likelihood = a.Likelihood;
        long weights = model.Weights.Values.Sum(w => (long)w.Values.Length);
        string scale = likelihood.FixedScale == null ? "the optimum of the training images" : "fixed";
        int varying = model.LatentDeviation.Count(d => d * d > 0.01);
        var text = new StringBuilder();
        text.AppendLine($"Images:      {a.Width}×{a.Height}, RGBA{(a.Padding == PaddingMode.Circular ? ", tileable" : "")}");
        text.AppendLine($"Latent size: {a.LatentSize}{Kind(a)}");
        text.AppendLine($"Network:     {Lower(a.Network)}, channels {string.Join(", ", a.Channels)}, {weights} weights");
        text.AppendLine($"Likelihood:  {Lower(likelihood.Kind)}, scale {model.Scale:G4} ({scale})");
        text.AppendLine($"Priors:      {string.Join("; ", model.Priors.Select(Describe))}");
        text.AppendLine($"Latents:     {varying} of {a.LatentSize} dimensions vary over the assets (variance of μ above 0.01)");
        if (model.Directions.Count > 0)
            text.AppendLine($"Directions:  {string.Join(", ", model.Directions.Keys.Order(StringComparer.Ordinal))}");
        if (a.IsConditional)
            text.AppendLine($"Labels:      {string.Join(", ", a.Labels)} (conditional: 'sample --label' makes images of one)");
        text.AppendLine($"Hash:        {model.Hash}");
        if (model.Provenance.Count > 0)
        {
            text.AppendLine("Provenance:");
            foreach (KeyValuePair<string, string> fact in model.Provenance.OrderBy(p => p.Key, StringComparer.Ordinal))
                text.AppendLine($"  {fact.Key}: {fact.Value}");
        }

        text.AppendLine($"Assets:      {model.Assets.Count}");
        foreach (var label in model.Assets.GroupBy(asset => asset.Label).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.AppendLine($"  {(label.Key == "" ? "(no label)" : label.Key)}: {label.Count()}");
            foreach (AssetLatent asset in label)
                text.AppendLine($"    {asset.Name}");
        }

        return text.ToString();
    }

    private static string Lower<T>(T word)
        where T : struct, Enum => word.ToString().ToLowerInvariant();

    private static string Kind(VaeArchitecture a) => a.Latent switch
    {
        LatentKind.Categorical => $" ({a.LatentSize / a.Classes} variables of {a.Classes} classes)",
        LatentKind.Point => " (points)",
        LatentKind.Gaussian when a.TopLatentSize != 0 => $" (under a second layer of {a.TopLatentSize})",
        _ => "",
    };

    private static string Describe(ILatentPrior prior) => prior switch
    {
        FlowPrior flow => $"flow ({flow.Blocks} blocks of {flow.Hidden})",
        GaussianMixturePrior mixture => $"mixture ({mixture.Components} Gaussians)",
        TwoLayerPrior two => $"two-layer ({two.TopSize} above {two.Size})",
        CategoricalPrior categorical => $"categorical ({categorical.Variables} variables of {categorical.Classes} classes)",
        _ => prior.Kind,
    };
}
