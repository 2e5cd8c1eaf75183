using System.CommandLine;
using System.IO;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Measures a model.</summary>
internal sealed class EvaluateCommand : ModelCommand
{
    private readonly Argument<string> folder = new("DIR") { Description = ArtOptions.FolderHelp };

    private readonly Option<EvaluatedPart> part = OptionOf.Value(
        "--split", "PART", "Which images to score: all, train or heldout, as training divided them",
        OptionOf.OneOf(("all", EvaluatedPart.All), ("train", EvaluatedPart.Train), ("heldout", EvaluatedPart.HeldOut)),
        EvaluatedPart.All);

    private readonly Option<int> samples = OptionOf.Integer(
        "--samples", "N", "Samples to compare with the training images", 1, 65536, 64);

    private readonly Option<ulong> seed = SeedOption.Create();
    private readonly Option<string?> prior = PriorOption.Create();

    private readonly Option<string?> sheet = OptionOf.Text(
        "--out", "FILE", "Also write a sheet of the samples above their nearest training images");

    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else" };
    private readonly ArtOptions art;

    public EvaluateCommand()
        : base("evaluate", "Measure a model: ELBO, reconstruction, KL, active units, PSNR, and how new its samples are")
    {
        Add(folder);
        art = new ArtOptions(this, withSize: false);
        AddOptions(part, samples, seed, prior, sheet, json);
    }

    protected override void Run(ParseResult parsed, ModelSession session, TextWriter output)
    {
        EvaluatedPart scored = parsed.GetValue(part);
        ImportOptions import = art.Import(parsed, ModelSession.SideOf(session.Model), minimum: scored == EvaluatedPart.All ? 1 : 2);
        ArtSet set = ArtSource.Load(parsed.GetRequiredValue(folder), import, out _);
        ILatentPrior from = session.Model.Prior(parsed.GetValue(prior));
        var evaluation = ModelEvaluation.Run(session, set, scored, from, parsed.GetValue(samples), parsed.GetValue(seed));
        output.WriteLine(parsed.GetValue(json) ? evaluation.Report.ToJson() : evaluation.Report.ToString());
        if (parsed.GetValue(sheet) is not { } file)
            return;
        SheetFile.Write(file, ContactSheet.Pairs(evaluation.Samples, evaluation.Nearest));
        if (!parsed.GetValue(json))
            output.WriteLine($"Samples above their nearest training images: {file}");
    }
}
