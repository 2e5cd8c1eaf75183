using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Making;

/// <summary>Images by name: a folder, or <c>procedural:COUNT</c> for sprites that are drawn by <see cref="ProceduralArt"/>.</summary>
public static class ArtSource
{
    private const string Procedural = "procedural";
    private const int MostProcedural = 100_000;

    /// <summary>Seed of procedural sprites: a name always means the same images.</summary>
    private const ulong ProceduralSeed = 0;

    /// <param name="source">A folder, or procedural:COUNT.</param>
    /// <param name="options">The size, and how to reach it.</param>
    /// <param name="report">What was imported; null for procedural art.</param>
    /// <exception cref="ArtImportException">The folder is missing or gives too few images.</exception>
    /// <exception cref="ArgumentException">The count, or the size, can't be drawn.</exception>
    public static ArtSet Load(string source, ImportOptions options, out ImportReport? report)
    {
        report = null;
        string[] parts = source.Split(':');
        if (parts[0] != Procedural || Directory.Exists(source))
            return ArtImporter.Import(source, options, out report);
        bool isNumber = int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        if (parts.Length != 2 || !isNumber || count < options.MinimumImages || count > MostProcedural)
        {
            throw new ArgumentException($"Expected {Procedural}:COUNT with a COUNT from {options.MinimumImages} to {MostProcedural}, "
                + $"such as {Procedural}:1000; found '{source}'.");
        }

        return ProceduralArt.Generate(count, options.Size, ProceduralSeed);
    }

    /// <summary>One line about a set, or the import's report where there is one.</summary>
    public static string Describe(ArtSet set, ImportReport? report) => report?.ToString()
        ?? $"{set.Images.Count} images of {set.Width}×{set.Height} from the procedural generator: {string.Join(", ", set.Labels)}";

    /// <summary>A PNG file, fitted to side × side.</summary>
    /// <exception cref="ImageFormatException">It is no readable PNG.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static PixelImage LoadImage(string file, int side, FitMode fit) => ArtFit.Fit(Png.Load(file), side, fit, out _);

    /// <summary>At most <paramref name="most"/> of the items, evenly spread over the list.</summary>
    public static IReadOnlyList<T> Evenly<T>(IReadOnlyList<T> items, int most) => items.Count <= most
        ? items
        : Enumerable.Range(0, most).Select(i => items[(int)((long)i * items.Count / most)]).ToArray();

    /// <summary>All images of a set.</summary>
    public static IReadOnlyList<PixelImage> ImagesOf(ArtSet set) => Enumerable.Range(0, set.Images.Count).Select(set.Image).ToArray();
}
