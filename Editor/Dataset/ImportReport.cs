using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VaeProcgen.Editor.Dataset;

/// <summary>A file that gave no image, and why.</summary>
public sealed record SkippedFile(string Name, string Reason);

/// <summary>An image dropped because another one, kept, has the same pixels.</summary>
public sealed record DuplicateImage(string Name, string SameAs);

/// <summary>What <see cref="ArtImporter"/> found and did; every list is in the order of the files' names.</summary>
public sealed record ImportReport
{
    private const int Shown = 8;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The art folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Width and height of the set's images.</summary>
    public required int Size { get; init; }

    /// <summary>Files that look like images by their extension.</summary>
    public required int ImageFiles { get; init; }

    /// <summary>Files that do not, which were left alone.</summary>
    public required int OtherFiles { get; init; }

    /// <summary>Images in the set.</summary>
    public required int Accepted { get; init; }

    /// <summary>How many accepted images were fitted in which way.</summary>
    public required IReadOnlyDictionary<FitKind, int> Fitted { get; init; }

    /// <summary>How many accepted images each label has.</summary>
    public required IReadOnlyDictionary<string, int> Labels { get; init; }

    /// <summary>Images with the pixels of an earlier one, dropped.</summary>
    public required IReadOnlyList<DuplicateImage> Duplicates { get; init; }

    /// <summary>Images and atlas cells without a visible pixel, dropped.</summary>
    public required IReadOnlyList<string> Empty { get; init; }

    /// <summary>Files and folders that could not be read, and why.</summary>
    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    /// <summary>The whole report as indented JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>A few lines for a person.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"{Count(Accepted, "image")} of {Size}×{Size} from {Count(ImageFiles, "file")} in {Folder}");
        if (Fitted.Count > 0)
            text.Append("\n  fitted: ").AppendJoin(", ", Fitted.OrderBy(f => f.Key).Select(f => $"{f.Value} {Describe(f.Key)}"));
        if (Labels.Count > 1)
        {
            Append(text, "labels", Labels.OrderBy(l => l.Key, StringComparer.Ordinal)
                .Select(l => $"{(l.Key == "" ? "(none)" : l.Key)} {l.Value}"), ", ");
        }
        if (Duplicates.Count > 0)
        {
            text.Append($"\n  dropped: {Count(Duplicates.Count, "exact duplicate")}, such as ")
                .Append($"{Duplicates[0].Name} (same as {Duplicates[0].SameAs})");
        }
        if (Empty.Count > 0)
            text.Append($"\n  dropped: {Empty.Count} fully transparent, such as {Empty[0]}");
        if (Skipped.Count > 0)
            Append(text, $"skipped {Count(Skipped.Count, "file")}", Skipped.GroupBy(s => s.Reason).Select(g => g.Count() == 1
                ? $"\n    {g.First().Name}: {g.Key}"
                : $"\n    {g.Count()} such as {g.First().Name}: {g.Key}"), "");
        if (OtherFiles > 0)
            text.Append($"\n  left alone: {Count(OtherFiles, "file")} that {(OtherFiles == 1 ? "is no image" : "are no images")}");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, IEnumerable<string> items, string separator)
    {
        var all = items.ToArray();
        text.Append($"\n  {title}:{(separator == "" ? "" : " ")}").AppendJoin(separator, all.Take(Shown));
        if (all.Length > Shown)
            text.Append(separator == "" ? "\n    " : separator).Append($"and {all.Length - Shown} more");
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Describe(FitKind kind) => kind switch
    {
        FitKind.AsIs => "as is",
        FitKind.Centred => "centred",
        FitKind.Enlarged => "enlarged by a whole factor",
        FitKind.Restored => "restored from enlarged pixel art",
        FitKind.Thinned => "reduced without blending",
        _ => "blended",
    };
}
