using System;
using System.Linq;

namespace VaeProcgen.Runtime.Models;

/// <summary>Training assets by the names that people use.</summary>
public static class ModelAssets
{
    private const int Shown = 5;

    /// <summary>The training asset of a name, with or without its extension; null when there is none.</summary>
    public static AssetLatent? TryFindAsset(this VaeModel model, string name) =>
        model.Assets.FirstOrDefault(a => a.Name == name) ?? model.Assets.FirstOrDefault(a => WithoutExtension(a.Name) == name);

    /// <summary>A sentence that helps with a name that was not found: it names assets like it, or some.</summary>
    public static string SuggestAssets(this VaeModel model, string name)
    {
        if (model.Assets.Count == 0)
            return "The model holds no assets.";
        string word = WithoutExtension(name[(name.LastIndexOfAny(['/', '\\']) + 1)..]);
        string[] names = model.Assets.Select(a => a.Name).ToArray();
        string[] alike = word == "" ? [] : names.Where(n => n.Contains(word, StringComparison.OrdinalIgnoreCase)).Take(Shown).ToArray();
        return alike.Length > 0
            ? $"Did you mean {string.Join(", ", alike)}?"
            : $"It has {names.Length} assets, such as {string.Join(", ", names.Take(Shown))}; 'info' lists them.";
    }

    private static string WithoutExtension(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot > name.LastIndexOf('/') ? name[..dot] : name;
    }
}
