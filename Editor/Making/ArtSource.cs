using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Making;

/// <summary>
/// Images by name: a folder; <c>procedural:COUNT</c> for sprites that are drawn by <see cref="ProceduralArt"/>, or
/// <c>procedural:KIND:COUNT</c> for those of a kind; <c>dsprites:COUNT</c> for images of <see cref="DSprites"/>; <c>idx:PATH</c> or
/// <c>idx:PATH:COUNT</c> for files that <see cref="IdxImages"/> reads.
/// </summary>
public static class ArtSource
{
    private const string Procedural = "procedural", Sprites = "dsprites", Idx = "idx";
    private const int MostProcedural = 100_000_000;

    /// <summary>Seed of what is drawn: a name always means the same images.</summary>
    private const ulong DrawingSeed = 0;

    /// <param name="source">A folder, procedural:COUNT, procedural:KIND:COUNT, dsprites:COUNT, idx:PATH or idx:PATH:COUNT.</param>
    /// <param name="options">The size, and how to reach it; dSprites are 64×64 where no size is given.</param>
    /// <param name="report">What was imported; null for all but folders.</param>
    /// <exception cref="ArtImportException">The folder or file is missing, damaged, or gives too few images; or there is no room for them.</exception>
    /// <exception cref="ArgumentException">The count, or the size, can't be drawn.</exception>
    public static ArtSet Load(string source, ImportOptions options, out ImportReport? report)
    {
        report = null;
        if (!Directory.Exists(source))
        {
            switch (source.Split(':')[0])
            {
                case Procedural:
                    return LoadProcedural(source, options);
                case Sprites:
                    int size = options.SizeIsGiven ? options.Size : DSprites.NativeSize;
                    return DSprites.Generate(CountOf(source, options.MinimumImages, DSprites.Count), size, DrawingSeed, options.Storage);
                case Idx:
                    return LoadIdx(source, options);
            }
        }

        return ArtImporter.Import(source, options, out report);
    }

    /// <summary>One line about a set, or the import's report where there is one; and that its pixels lie on disk, where they do.</summary>
    public static string Describe(ArtSet set, ImportReport? report)
    {
        string labels = string.Join(", ", set.Labels);
        string said = report?.ToString()
            ?? $"{set.Images.Count} images of {set.Width}×{set.Height} from {set.Origin}{(labels == "" ? "" : ": " + labels)}";
        return set.Images[0].IsOnDisk
            ? FormattableString.Invariant($"{said}\nTheir {set.Bytes / (double)(1L << 20):F1} MiB of pixels lie on disk, for which see --host-memory.")
            : said;
    }

    /// <summary>A PNG file, fitted to side × side.</summary>
    /// <exception cref="ImageFormatException">It is no readable PNG.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static PixelImage LoadImage(string file, int side, FitMode fit) => ArtFit.Fit(Png.Load(file), side, fit, out _);

    /// <summary>At most <paramref name="most"/> of the items, evenly spread over the list.</summary>
    public static IReadOnlyList<T> Evenly<T>(IReadOnlyList<T> items, int most) => items.Count <= most
        ? items
        : EvenSpread.Of(items.Count, most).Select(i => items[i]).ToArray();

    /// <summary>At most <paramref name="most"/> images of a set, evenly spread: all of a large one are more than memory holds.</summary>
    public static IReadOnlyList<PixelImage> ImagesOf(ArtSet set, int most = int.MaxValue) => EvenSpread.Of(set.Images.Count, most).Select(set.Image).ToArray();

    private static int CountOf(string source, int least, int most)
    {
        string[] parts = source.Split(':');
        if (parts.Length == 2 && IsCount(parts[1], least, most, out int count))
            return count;
        throw new ArgumentException(
            $"Expected {parts[0]}:COUNT with a COUNT from {least} to {most}, such as {parts[0]}:1000; found '{source}'.");
    }

    private static ArtSet LoadProcedural(string source, ImportOptions options)
    {
        string[] parts = source.Split(':');
        string? kind = parts.Length == 3 ? parts[1] : null;
        if (kind != null && !ProceduralArt.Labels.Contains(kind))
        {
            throw new ArgumentException($"Expected {parts[0]}:COUNT or {parts[0]}:KIND:COUNT with a KIND of "
                + $"{string.Join(", ", ProceduralArt.Labels)}; found '{source}'.");
        }

        string counted = kind == null ? source : $"{parts[0]}:{parts[2]}";
        return ProceduralArt.Generate(CountOf(counted, options.MinimumImages, MostProcedural), options.Size, DrawingSeed, kind, options.Storage);
    }

    private static ArtSet LoadIdx(string source, ImportOptions options)
    {
        string path = source.Length > Idx.Length ? source[(Idx.Length + 1)..] : "";
        int? count = null;
        int colon = path.LastIndexOf(':');
        if (colon >= 0 && path[(colon + 1)..].All(char.IsAsciiDigit) && !Path.Exists(path))
        {
            count = IsCount(path[(colon + 1)..], options.MinimumImages, int.MaxValue, out int some) ? some : 0;
            path = path[..colon];
        }

        if (path == "" || count == 0)
        {
            throw new ArgumentException($"Expected {Idx}:PATH, or {Idx}:PATH:COUNT with a COUNT of {options.MinimumImages} or more, "
                + $"such as {Idx}:mnist:1000; found '{source}'.");
        }

        return IdxImages.Load(path, options.Size, count, options.Storage);
    }

    private static bool IsCount(string text, int least, int most, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= least && count <= most;
}
