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
        var text = new StringBuilder();
        text.AppendLine($"Images:      {a.Width}×{a.Height}, RGBA{(a.Padding == PaddingMode.Circular ? ", tileable" : "")}");
        text.AppendLine($"Latent size: {a.LatentSize}");
        text.AppendLine($"Network:     {a.Network.ToString().ToLowerInvariant()}, channels {string.Join(", ", a.Channels)}, {model.Weights.Values.Sum(w => (long)w.Values.Length)} weights in {model.Weights.Count} tensors");
        text.AppendLine($"Likelihood:  {likelihood.Kind.ToString().ToLowerInvariant()}, scale {model.Scale:G4}{(likelihood.FixedScale == null ? " (the optimum of the training images)" : " (fixed)")}");
        text.AppendLine($"Priors:      {string.Join("; ", model.Priors.Select(Describe))}");
        text.AppendLine($"Latents:     {model.LatentDeviation.Count(d => d * d > 0.01)} of {a.LatentSize} dimensions vary over the assets (variance of μ above 0.01)");
        text.AppendLine($"Hash:        {model.Hash}");
        if (model.Provenance.Count > 0)
        {
            text.AppendLine("Provenance:");
            foreach (KeyValuePair<string, string> fact in model.Provenance.OrderBy(p => p.Key, System.StringComparer.Ordinal))
                text.AppendLine($"  {fact.Key}: {fact.Value}");
        }

        text.AppendLine($"Assets:      {model.Assets.Count}");
        foreach (IGrouping<string, AssetLatent> label in model.Assets.GroupBy(asset => asset.Label).OrderBy(g => g.Key, System.StringComparer.Ordinal))
        {
            text.AppendLine($"  {(label.Key == "" ? "(no label)" : label.Key)}: {label.Count()}");
            foreach (AssetLatent asset in label)
                text.AppendLine($"    {asset.Name}");
        }

        return text.ToString();
    }

    private static string Describe(ILatentPrior prior) => prior switch
    {
        FlowPrior flow => $"flow ({flow.Blocks} blocks of {flow.Hidden})",
        GaussianMixturePrior mixture => $"mixture ({mixture.Components} Gaussians)",
        _ => prior.Kind,
    };
}
