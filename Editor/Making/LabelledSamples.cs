using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Making;

/// <summary>New images of a conditional model, its labels in turn: which is of which, and how they are shown.</summary>
public sealed class LabelledSamples
{
    private const int MostColumns = 16;

    /// <param name="architecture">Of a conditional model.</param>
    /// <param name="labels">Which labels; none: all.</param>
    /// <param name="count">How many images.</param>
    /// <exception cref="ArgumentException">The model does not know a label.</exception>
    public LabelledSamples(VaeArchitecture architecture, IReadOnlyList<string> labels, int count)
    {
        Labels = labels.Count > 0 ? labels : architecture.Labels;
        int[] places = Labels.Select(architecture.LabelIndex).ToArray();
        LabelOf = Enumerable.Range(0, count).Select(i => places[i % places.Length]).ToArray();
    }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>The place of each image's label in the architecture's list.</summary>
    public IReadOnlyList<int> LabelOf { get; }

    /// <summary>The images of the first label, then those of the second, and so on; each label begins a new row.</summary>
    public PixelImage Sheet(IReadOnlyList<PixelImage> images)
    {
        PixelImage[][] groups = Labels.Select((_, label) => OfLabel(images, label)).Where(g => g.Length > 0).ToArray();
        int columns = groups.Length == 1 ? (int)Math.Ceiling(Math.Sqrt(images.Count)) : Math.Min(MostColumns, groups.Max(g => g.Length));
        IEnumerable<PixelImage> rows = groups.SelectMany(group => group.Concat(
            Enumerable.Repeat(new PixelImage(images[0].Width, images[0].Height), (columns - (group.Length % columns)) % columns)));
        return ContactSheet.Grid(rows.ToArray(), new SheetOptions { Columns = columns });
    }

    /// <summary>Writes each image as LABEL/0000.png, LABEL/0001.png …: a folder that training and probes can read.</summary>
    /// <inheritdoc cref="SheetFile.WriteEach"/>
    public void WriteEach(string folder, IReadOnlyList<PixelImage> images)
    {
        RequireFolders();
        for (int label = 0; label < Labels.Count; label++)
            SheetFile.WriteEach(Path.Combine(folder, Labels[label]), OfLabel(images, label));
    }

    /// <summary>Labels can come from anywhere, and must not lead out of the folder.</summary>
    /// <exception cref="ArgumentException">A label can't be the name of a folder.</exception>
    public void RequireFolders()
    {
        char[] unfit = [.. Path.GetInvalidFileNameChars(), '\\'];
        if (Labels.FirstOrDefault(l => l is "" or "." or ".." || l.IndexOfAny(unfit) >= 0) is { } label)
        {
            throw new ArgumentException($"The label '{label}' can't be the name of a folder, so its images can't be written by "
                + "themselves. Choose others with --label, or leave --each away.");
        }
    }

    private PixelImage[] OfLabel(IReadOnlyList<PixelImage> images, int label) =>
        images.Where((_, i) => i % Labels.Count == label).ToArray();
}
