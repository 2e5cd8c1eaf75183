using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>Named architectures, sized to the image.</summary>
public static class VaePreset
{
    private static readonly Dictionary<string, (string Summary, NetworkKind Kind, int FirstChannels, int MostChannels)> All = new()
    {
        ["fast"] = ("4×4 convolutions, 32 channels at the image's side: two minutes on a CPU show something", NetworkKind.Conv, 32, 256),
        ["wide"] = ("the same with twice the channels: for a GPU, or patience", NetworkKind.Conv, 64, 512),
        ["residual"] = ("residual blocks with group normalization: for a GPU, or long training", NetworkKind.Residual, 32, 256),
        ["mlp"] = ("two fully connected layers of 400 with tanh: for images of a few pixels, and for comparisons", NetworkKind.Mlp, 400, 400),
        ["linear"] = ("one linear layer on each side, which with --likelihood gaussian --link identity is probabilistic PCA: to check a training", NetworkKind.Linear, 0, 0),
    };

    public const string Default = "fast";

    private const int SmallestSize = 8;

    /// <summary>Names with one sentence each.</summary>
    public static IEnumerable<(string Name, string Summary)> List => All.Select(p => (p.Key, p.Value.Summary));

    /// <summary>The architecture of a preset for square images: levels until a side is 4 pixels or odd, channels doubling.</summary>
    /// <param name="latentSide">Side of a grid of latents, at which the levels end; 0: flat latents.</param>
    /// <param name="hidden">Channels of each level, or widths of each layer, in place of the preset's; null or none: the preset's.</param>
    /// <exception cref="ArgumentException">No such preset, or the size does not fit.</exception>
    public static VaeArchitecture Create(string name, int size, int latentSize, LikelihoodOptions likelihood, PaddingMode padding, int latentSide = 0, IReadOnlyList<int>? hidden = null)
    {
        if (!All.TryGetValue(name, out var preset))
            throw new ArgumentException($"There is no preset '{name}'. Choose one of: {string.Join(", ", All.Keys)}.");
        if (size % 4 != 0 || size < SmallestSize)
        {
            int below = size / 4 * 4;
            string advice = below < SmallestSize ? $"{SmallestSize}" : $"{below} or {below + 4}";
            throw new ArgumentException($"The image size must be a multiple of 4, at least {SmallestSize}; found {size}. Choose {advice}.");
        }

        var channels = new List<int>(hidden ?? []);
        if (channels.Count > 0)
            return new VaeArchitecture(preset.Kind, size, size, latentSize, channels, likelihood, padding) { LatentSide = latentSide }.Validate();
        if (preset.Kind == NetworkKind.Mlp)
            channels.AddRange([preset.FirstChannels, preset.FirstChannels]);
        else if (preset.Kind != NetworkKind.Linear)
            for (int side = size; side > Math.Max(4, latentSide) && side % 2 == 0; side /= 2)
                channels.Add(Math.Min(preset.MostChannels, preset.FirstChannels << channels.Count));
        if (latentSide != 0 && (preset.Kind is NetworkKind.Mlp or NetworkKind.Linear || size >> channels.Count != latentSide || channels.Count == 0))
            throw new ArgumentException($"Images of {size} pixels in the preset '{name}' give latents on a grid of {string.Join(" or ", GridsOf(preset.Kind, size))}; found {latentSide}.");
        return new VaeArchitecture(preset.Kind, size, size, latentSize, channels, likelihood, padding) { LatentSide = latentSide }.Validate();
    }

    private static IEnumerable<string> GridsOf(NetworkKind kind, int size)
    {
        if (kind is NetworkKind.Mlp or NetworkKind.Linear)
            yield return "no size";
        for (int side = size; kind is not (NetworkKind.Mlp or NetworkKind.Linear) && side > 4 && side % 2 == 0; side /= 2)
            yield return $"{side / 2}";
    }
}
