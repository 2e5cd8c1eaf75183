using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Making;

/// <summary>Finds the latent that a person means: of an image file, or of a training asset by its name.</summary>
public static class LatentSource
{
    /// <param name="session">The model.</param>
    /// <param name="text">A PNG file; or the name of a training asset, with or without its extension.</param>
    /// <param name="fit">How a file is brought to the model's size.</param>
    /// <param name="label">Of a conditional model: the label of a file.</param>
    /// <returns>μ, [Z]</returns>
    /// <exception cref="ArgumentException">It is neither; the message names assets like it. Or a file's label is not known.</exception>
    /// <exception cref="Runtime.Images.ImageFormatException">The file is no readable PNG.</exception>
    public static float[] Resolve(ModelSession session, string text, FitMode fit, string? label = null)
    {
        if (!File.Exists(text))
            return FindAsset(session.Model, text).Mean;
        return session.Encode(
            [ArtSource.LoadImage(text, ModelSession.SideOf(session.Model), fit)],
            ModelLabels.Of(session.Model.Architecture, [(text, label ?? "")]));
    }

    /// <summary>The label with which what lies between images is decoded; needs no device.</summary>
    /// <param name="texts">As <see cref="Resolve"/> takes them.</param>
    /// <param name="label">What a person named; null: that which all assets have.</param>
    /// <returns>"" for a model that is not conditional.</returns>
    /// <exception cref="ArgumentException">The assets have several labels, or one is a file, and none was named.</exception>
    public static string CommonLabel(VaeModel model, IReadOnlyList<string> texts, string? label)
    {
        VaeArchitecture a = model.Architecture;
        if (label != null || !a.IsConditional)
            return label ?? "";
        (string Name, string Label)[] named = texts.Select(t => (t, File.Exists(t) ? "" : FindAsset(model, t).Label)).ToArray();
        ModelLabels.Of(a, named);
        string[] labels = named.Select(n => n.Label).Distinct().ToArray();
        return labels.Length == 1 ? labels[0] : throw new ArgumentException(
            $"Expected images of one label; found {string.Join(" and ", labels)}. Say with --label which one all that is made shall have.");
    }

    /// <summary>The training asset of a name, with or without its extension.</summary>
    /// <exception cref="ArgumentException">There is none; the message names assets like it.</exception>
    public static AssetLatent FindAsset(VaeModel model, string text) => model.TryFindAsset(text) ?? throw new ArgumentException(
        $"Expected an image file or a training asset of the model; found neither under '{text}'. {model.SuggestAssets(text)}"
        + (model.Assets.Count == 0 ? " Name PNG files." : ""));
}
