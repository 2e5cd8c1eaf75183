using System.CommandLine;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli;

/// <summary>--label: what a conditional model is told of images that have no label of their own.</summary>
internal static class LabelOption
{
    public const string OfImages = "Of a conditional model: the label of images that lie in no sub-folder";

    public static Option<string?> Create(string description = OfImages) => OptionOf.Text("--label", "NAME", description);

    /// <summary>The label that was given, or null.</summary>
    /// <exception cref="System.ArgumentException">The model does not take it.</exception>
    public static string? Label(this ParseResult parsed, Option<string?> option, VaeModel model)
    {
        string? label = parsed.GetValue(option);
        if (label != null)
            ModelLabels.Require(model, label);
        return label;
    }

    /// <summary>The set with a label for images that have none.</summary>
    /// <param name="label">Null: as they are.</param>
    public static ArtSet Labelled(ArtSet set, string? label) => label == null || set.Images.All(i => i.Label != "")
        ? set
        : new ArtSet(set.Width, set.Height, [.. set.Images.Select(i => i.Label == "" ? i with { Label = label } : i)]);
}
