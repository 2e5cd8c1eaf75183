using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Shows what single latent dimensions do.</summary>
internal sealed class TraverseCommand : ModelCommand
{
    private readonly Argument<string?> image = new("IMAGE")
    {
        Description = "Where the other dimensions stay: a PNG file, or the name of a training asset "
            + "[default: the mean of the training images' latents]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> dimensions = OptionOf.Integer(
        "--dimensions", "N", "Rows: the latent dimensions that vary most over the training images", 1, 256, 8);

    private readonly Option<double> range = OptionOf.Value(
        "--range", "R",
        "Each dimension goes from -R to R; the prior's deviation is 1; of points, in deviations about the mean",
        OptionOf.Number(0.001, 1000), 3.0);

    private readonly Option<int> steps = OptionOf.Integer("--steps", "S", "Columns: values from -R to R, both included", 2, 256, 9);
    private readonly Option<string?> label = LabelOption.Create(
        "Of a conditional model: the label of a PNG file, and of all images [default: that of the asset, or the first label]");

    private readonly Option<string> sheet = OutOption("traversal.png");
    private readonly ArtOptions art;

    public TraverseCommand()
        : base("traverse", "Show what single latent dimensions do: a row each, from one end to the other")
    {
        Add(image);
        art = new ArtOptions(this, withSize: false, takesSets: false);
        AddOptions(dimensions, range, steps, label, sheet);
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        Option[] given = [.. ((Option[])[range, steps]).Where(o => parsed.GetResult(o) is { Implicit: false })];
        if (loaded.Architecture.Latent == LatentKind.Categorical && given.Length > 0)
            throw new ArgumentException("The model's latents are classes: a row shows each class of a variable. "
                + $"Leave {string.Join(" and ", given.Select(o => o.Name))} away.");
        string? named = parsed.Label(label, loaded);
        string common = parsed.GetValue(image) is { } text
            ? LatentSource.CommonLabel(loaded, [text], named)
            : named ?? loaded.Architecture.Labels.FirstOrDefault("");
        return session => Traverse(parsed, session, common, output);
    }

    private void Traverse(ParseResult parsed, ModelSession session, string common, TextWriter output)
    {
        if (session.Model.Architecture.Latent == LatentKind.Categorical)
        {
            ShowClasses(parsed, session, output);
            return;
        }

        float[] start = parsed.GetValue(image) is { } text
            ? LatentSource.Resolve(session, text, art.Fit(parsed), common)
            : session.Model.LatentMean;
        double end = parsed.GetValue(range);
        int columns = parsed.GetValue(steps);
        IReadOnlyList<LatentDimension> rows = Traversal.MostActive(session.Model, parsed.GetValue(dimensions));
        VaeModel? points = session.Model.Architecture.Latent == LatentKind.Gaussian ? null : session.Model;
        float[] latents = Traversal.Latents(start, rows.Select(r => r.Index).ToArray(), end, columns, points);
        IReadOnlyList<PixelImage> images = session.Decode(latents, ModelLabels.All(session.Model.Architecture, common, rows.Count * columns));
        string file = parsed.GetRequiredValue(sheet);
        SheetFile.Write(file, ContactSheet.Grid(images, new SheetOptions { Columns = columns }));
        output.WriteLine($"{rows.Count} of {start.Length} dimensions from {-end} to {end}{(points == null ? "" : " deviations")}: {file}");
        output.WriteLine("  row  dimension  spread of μ  value at the start");
        for (int row = 0; row < rows.Count; row++)
        {
            LatentDimension d = rows[row];
            output.WriteLine($"  {row + 1,3}  {d.Index,9}  {d.Spread,11:F3}  {start[d.Index],18:F3}");
        }
    }

    /// <summary>A row for each variable, a column for each of its classes.</summary>
    private void ShowClasses(ParseResult parsed, ModelSession session, TextWriter output)
    {
        VaeArchitecture a = session.Model.Architecture;
        float[] start = parsed.GetValue(image) is { } text
            ? LatentSource.Resolve(session, text, art.Fit(parsed))
            : (float[])session.Model.LatentMean.Clone();
        CategoricalPrior.ToOneHot(start, a.Classes);
        IReadOnlyList<LatentDimension> rows = Traversal.MostActiveVariables(session.Model, parsed.GetValue(dimensions));
        float[] latents = Traversal.Classes(start, rows.Select(r => r.Index).ToArray(), a.Classes);
        string file = parsed.GetRequiredValue(sheet);
        SheetFile.Write(file, ContactSheet.Grid(session.Decode(latents), new SheetOptions { Columns = a.Classes }));
        output.WriteLine($"{rows.Count} of {a.LatentSize / a.Classes} variables, a column for each of {a.Classes} classes: {file}");
        output.WriteLine("  row  variable  spread  class at the start");
        for (int row = 0; row < rows.Count; row++)
        {
            LatentDimension d = rows[row];
            int chosen = Array.IndexOf(start, 1, d.Index * a.Classes, a.Classes) - (d.Index * a.Classes);
            output.WriteLine($"  {row + 1,3}  {d.Index,8}  {d.Spread,6:F3}  {chosen,18}");
        }
    }
}
