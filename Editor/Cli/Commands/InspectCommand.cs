using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Shows what a training would see.</summary>
internal sealed class InspectCommand : Command
{
    // A larger PNG is more than most programs show.
    private const int MostPixels = 1 << 26;

    private readonly Argument<string> folder = new("DIR") { Description = ArtOptions.FolderHelp };
    private readonly Option<bool> json = new("--json") { Description = "Print the report as JSON, with every file that was left out" };
    private readonly ArtOptions art;

    private readonly Option<string> sheet = OptionOf.Text(
        "--out", "FILE", "Where to put a sheet of the images, as the model would see them", "sheet.png");

    public InspectCommand()
        : base("inspect", "Import a folder as training would: a report, and a sheet of the images")
    {
        Add(folder);
        art = new ArtOptions(this, withSize: true);
        Add(sheet);
        Add(json);
        SetAction(Run);
    }

    private void Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        ArtSet set = ArtSource.Load(parsed.GetRequiredValue(folder), art.Import(parsed), out ImportReport? report);
        string file = parsed.GetRequiredValue(sheet);
        var layout = new SheetOptions();
        IReadOnlyList<PixelImage> shown = ArtSource.ImagesOf(set, MostPixels / ((set.Width + layout.Gap) * (set.Height + layout.Gap)));
        SheetFile.Write(file, ContactSheet.Grid(shown, layout));
        if (parsed.GetValue(json) && report != null)
        {
            output.WriteLine(report.ToJson());
            return;
        }

        output.WriteLine(ArtSource.Describe(set, report));
        string some = shown.Count < set.Images.Count ? $", {shown.Count} of them, evenly spread" : "";
        output.WriteLine($"Sheet: {file}{some}");
    }
}
