using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Dataset;

/// <summary>
/// Reads a folder of art, sub-folders included, into an <see cref="ArtSet"/>. PNG is read by our own codec, JPEG, BMP, GIF and TGA
/// by libstb where it is installed; the same files always give the same set, in ordinal order of their paths.
/// </summary>
public static class ArtImporter
{
    private const long MaxFileBytes = 1L << 28;
    private const int FilesAtATime = 256;

    private static readonly HashSet<string> Readable = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".apng", ".jpg", ".jpeg", ".bmp", ".gif", ".tga",
    };

    private static readonly HashSet<string> Unreadable = new(StringComparer.OrdinalIgnoreCase)
    {
        ".webp", ".avif", ".tif", ".tiff", ".svg", ".psd", ".xcf", ".kra", ".ase", ".aseprite",
        ".dds", ".ktx", ".ktx2", ".exr", ".hdr", ".ico",
    };

    /// <inheritdoc cref="Import(string, ImportOptions, out ImportReport)"/>
    public static ArtSet Import(string folder, ImportOptions? options = null) => Import(folder, options ?? new ImportOptions(), out _);

    /// <summary>Reads every image in and under a folder; what cannot be read is listed in the report and never stops the rest.</summary>
    /// <param name="folder">The art folder. Hidden files and links to folders are passed over.</param>
    /// <param name="options">The size and how to reach it.</param>
    /// <param name="report">What was accepted, dropped and skipped.</param>
    /// <exception cref="ArtImportException">
    /// The folder is missing or gives fewer images than required, or there is no room for what they decode to.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The size lies outside 1 to 4096.</exception>
    public static ArtSet Import(string folder, ImportOptions options, out ImportReport report)
    {
        if (options.Size is < 1 or > 4096)
            throw new ArgumentOutOfRangeException(nameof(options), options.Size, "Expected an image size between 1 and 4096 pixels.");
        if (!Directory.Exists(folder))
        {
            throw new ArtImportException(File.Exists(folder)
                ? $"Expected a folder of images, found the file {folder}; name the folder it lies in."
                : $"Expected a folder of images at {Path.GetFullPath(folder)}, found nothing there.");
        }

        var skipped = new List<SkippedFile>();
        var files = new List<string>();
        Walk(folder, "", files, skipped);
        files.Sort(StringComparer.Ordinal);
        var images = files.Where(f => Readable.Contains(Path.GetExtension(f)) || Unreadable.Contains(Path.GetExtension(f))).ToArray();

        var store = new PixelStore(options.Storage, options.Size, options.Size);
        var accepted = new List<(string Name, string Label)>();
        var empty = new List<string>();
        var duplicates = new List<DuplicateImage>();
        var fitted = new Dictionary<FitKind, int>();
        var seen = new Dictionary<string, string>();
        foreach (FileResult result in LoadInOrder(folder, images, options))
        {
            if (result.Skipped != null)
                skipped.Add(result.Skipped);
            empty.AddRange(result.Empty);
            foreach (var (image, kind) in result.Images)
            {
                string pixels = Convert.ToBase64String(SHA256.HashData(image.Rgba));
                if (seen.TryGetValue(pixels, out string? first))
                {
                    duplicates.Add(new DuplicateImage(image.Name, first));
                    continue;
                }
                seen.Add(pixels, image.Name);
                store.Put(accepted.Count, image.Rgba);
                accepted.Add((image.Name, image.Label));
                fitted[kind] = fitted.GetValueOrDefault(kind) + 1;
            }
        }

        report = new ImportReport
        {
            Folder = folder,
            Size = options.Size,
            ImageFiles = images.Length,
            OtherFiles = files.Count - images.Length,
            Accepted = accepted.Count,
            Fitted = fitted,
            Labels = accepted.GroupBy(i => i.Label).ToDictionary(g => g.Key, g => g.Count()),
            Duplicates = duplicates,
            Empty = empty,
            Skipped = skipped.OrderBy(s => s.Name, StringComparer.Ordinal).ToArray(),
        };
        int minimum = Math.Max(1, options.MinimumImages);
        if (accepted.Count < minimum)
            throw TooFew(report, minimum);
        return new ArtSet(options.Size, options.Size, [.. accepted.Select((image, i) => store.Image(i, image.Name, image.Label))]);
    }

    // A few files at a time, so that a large folder is never decoded as a whole.
    private static IEnumerable<FileResult> LoadInOrder(string folder, string[] images, ImportOptions options) =>
        images.Chunk(FilesAtATime).SelectMany(files =>
        {
            var results = new FileResult[files.Length];
            Parallel.For(0, files.Length, i => results[i] = Load(folder, files[i], options));
            return results;
        });

    private static ArtImportException TooFew(ImportReport report, int minimum)
    {
        string found = report switch
        {
            { ImageFiles: 0, OtherFiles: 0, Skipped.Count: 0 } => "an empty folder",
            { ImageFiles: 0 } => "no image file",
            { Accepted: 0 } => "none that can be used",
            { Accepted: 1 } => "only one",
            _ => $"only {report.Accepted}",
        };
        return new ArtImportException(
            $"Expected at least {minimum} different image{(minimum == 1 ? "" : "s")} in {report.Folder}, found {found}. "
            + $"Add PNG images to it, or choose another folder.\n{report}", report);
    }

    // A link to a folder could lead back up, so links to folders are not followed.
    private static void Walk(string folder, string prefix, List<string> files, List<SkippedFile> skipped)
    {
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                if (entry.Name.StartsWith('.') || entry.Attributes.HasFlag(FileAttributes.Hidden))
                    continue;
                if (!entry.Attributes.HasFlag(FileAttributes.Directory))
                    files.Add(prefix + entry.Name);
                else if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    Walk(entry.FullName, prefix + entry.Name + "/", files, skipped);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            skipped.Add(new SkippedFile(prefix, e.Message));
        }
    }

    private static FileResult Load(string folder, string name, ImportOptions options)
    {
        var result = new FileResult();
        try
        {
            var image = Decode(Path.Combine(folder, name), name, options.MaxPixels);
            if (options.Slice is not { } cell)
            {
                Add(result, image, name, options);
                return result;
            }
            if (image.Width % cell.Width != 0 || image.Height % cell.Height != 0)
                throw new ImageFormatException(name, $"expected an atlas made of {cell} cells, found {image.Width}×{image.Height}.");
            for (int row = 0; row < image.Height / cell.Height; row++)
            {
                for (int column = 0; column < image.Width / cell.Width; column++)
                {
                    var part = image.Crop(column * cell.Width, row * cell.Height, cell.Width, cell.Height);
                    Add(result, part, $"{name}#{column},{row}", options);
                }
            }
        }
        catch (ImageFormatException e)
        {
            result.Skipped = new SkippedFile(name, e.Problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            result.Skipped = new SkippedFile(name, e.Message);
        }
        return result;
    }

    private static void Add(FileResult result, PixelImage image, string name, ImportOptions options)
    {
        if (ArtFit.IsVisible(image))
        {
            var fitted = ArtFit.Fit(image, options.Size, options.Fit, out var kind);
            if (ArtFit.IsVisible(fitted))
            {
                int slash = name.IndexOf('/');
                result.Images.Add((new ArtImage(name, slash < 0 ? "" : name[..slash], fitted.Rgba), kind));
                return;
            }
        }
        result.Empty.Add(name);
    }

    private static PixelImage Decode(string path, string name, int maxPixels)
    {
        string extension = Path.GetExtension(name).ToLowerInvariant();
        if (Unreadable.Contains(extension))
            throw new ImageFormatException(name, $"{extension} files cannot be read; export it as PNG.");
        long length = new FileInfo(path).Length;
        if (length > MaxFileBytes)
            throw new ImageFormatException(name, $"expected at most {MaxFileBytes >> 20} MiB, found {length >> 20} MiB.");

        // What a file holds goes before what it is called: many a .png is a JPEG inside.
        byte[] bytes = File.ReadAllBytes(path);
        var png = new Png(maxPixels);
        var stb = new StbDecoder(maxPixels);
        bool isPng = png.CanDecode(bytes) || extension is ".png" or ".apng" && !stb.CanDecode(bytes);
        return isPng ? png.Decode(bytes, name) : stb.Decode(bytes, name);
    }

    private sealed class FileResult
    {
        public readonly List<(ArtImage Image, FitKind Kind)> Images = new();
        public readonly List<string> Empty = new();
        public SkippedFile? Skipped;
    }
}
