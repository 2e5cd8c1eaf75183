using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Making;

/// <summary>
/// What a conditional model is told beside images or latents: for each the place of its label in the architecture's list. Null for a
/// model that is not conditional, which is told nothing.
/// </summary>
public static class ModelLabels
{
    private const int Shown = 20;

    /// <summary>Of the images of a set.</summary>
    /// <exception cref="ArgumentException">The model does not know the label of an image; the message names both.</exception>
    public static int[]? Of(VaeArchitecture architecture, ArtSet images) =>
        Of(architecture, images.Images.Select(i => (i.Name, i.Label)));

    /// <summary>Of training assets.</summary>
    /// <inheritdoc cref="Of(VaeArchitecture, ArtSet)"/>
    public static int[]? Of(VaeArchitecture architecture, IEnumerable<AssetLatent> assets) =>
        Of(architecture, assets.Select(a => (a.Name, a.Label)));

    /// <summary>Of anything with names and labels.</summary>
    /// <inheritdoc cref="Of(VaeArchitecture, ArtSet)"/>
    public static int[]? Of(VaeArchitecture architecture, IEnumerable<(string Name, string Label)> labelled)
    {
        if (!architecture.IsConditional)
            return null;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string label in architecture.Labels)
            places.Add(label, places.Count);
        return labelled.Select(one => places.TryGetValue(one.Label, out int place)
            ? place
            : throw Unknown(architecture, one.Name, one.Label)).ToArray();
    }

    /// <summary>One label for all.</summary>
    /// <exception cref="ArgumentException">The model does not know the label.</exception>
    public static int[]? All(VaeArchitecture architecture, string label, int count) =>
        architecture.IsConditional ? [.. Enumerable.Repeat(architecture.LabelIndex(label), count)] : null;

    /// <summary>Every label of the model in turn, from the first on.</summary>
    public static int[]? InTurn(VaeArchitecture architecture, int count) =>
        architecture.IsConditional ? [.. Enumerable.Range(0, count).Select(i => i % architecture.Labels.Count)] : null;

    /// <summary>Those at some places.</summary>
    public static int[]? At(IReadOnlyList<int>? labelOf, IEnumerable<int> places) =>
        labelOf == null ? null : [.. places.Select(i => labelOf[i])];

    /// <summary>As many labels as wanted, in the proportions of those given.</summary>
    public static int[]? Spread(IReadOnlyList<int>? labelOf, int count) =>
        labelOf == null ? null : [.. Enumerable.Range(0, count).Select(i => labelOf[(int)((long)i * labelOf.Count / count)])];

    /// <summary>Checks a label that a person names.</summary>
    /// <exception cref="ArgumentException">The model is not conditional, or does not know the label.</exception>
    public static void Require(VaeModel model, string label)
    {
        if (!model.Architecture.IsConditional)
        {
            throw new ArgumentException($"--label {label}: the model is not conditional and takes no labels. Leave --label away, or train "
                + "with --conditional.");
        }

        if (!model.Architecture.Labels.Contains(label))
            throw new ArgumentException($"--label {label}: the model knows no such label. It knows {Known(model.Architecture)}.");
    }

    /// <summary>The labels that a model knows, for a message.</summary>
    public static string Known(VaeArchitecture architecture)
    {
        int more = architecture.Labels.Count - Shown;
        return string.Join(", ", architecture.Labels.Take(Shown)) + (more > 0 ? $" and {more} more ('info' lists them)" : "");
    }

    private static ArgumentException Unknown(VaeArchitecture architecture, string name, string label) => new(label == ""
        ? $"{name}: a conditional model must be told the label of an image, its first sub-folder; found none. Put it into the sub-folder "
            + $"of its label, or name the label with --label: {Known(architecture)}."
        : $"{name}: the model knows no label '{label}'. It knows {Known(architecture)}.");
}
