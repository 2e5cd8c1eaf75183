using System.CommandLine;
using System.IO;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Shows what a training would see.</summary>
internal sealed class InspectCommand : Command
{
    private readonly Argument<string> folder = new("DIR") { Description = ArtOptions.FolderHelp };
    private readonly Option<bool> json = new("--json") { Description = "Print the report as JSON, with every file that was left out" };
    private readonly ArtOptions art;

    private readonly Option<string> sheet = OptionOf.Text(
        "--out", "FILE", "Where to put a sheet of all images, as the model would see them", "sheet.png");

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
        SheetFile.Write(file, ContactSheet.Grid(ArtSource.ImagesOf(set)));
        if (parsed.GetValue(json) && report != null)
        {
            output.WriteLine(report.ToJson());
            return;
        }

        output.WriteLine(ArtSource.Describe(set, report));
        output.WriteLine($"Sheet: {file}");
    }
}
