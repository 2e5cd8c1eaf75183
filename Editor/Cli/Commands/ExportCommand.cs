using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Writes a smaller model, for a game.</summary>
internal sealed class ExportCommand : ModelCommand
{
    private const int Compared = 64;

    private readonly Option<string?> target = OptionOf.Text("--out", "FILE", "Where the smaller model goes");

    private readonly Option<bool> half = new("--half")
    {
        Description = "Store weights and priors as 16-bit floats: half the size; prints how little images change",
    };

    private readonly Option<string[]> priors = OptionOf.Words(
        "--prior", "KIND",
        "Which priors to keep: flow, mixture, ... as info tells; those that take no space are always kept [default: the best]");

    private readonly Option<int> assets = OptionOf.Value(
        "--assets", "COUNT", "Which training assets' names and latents to keep: none, all, or so many, evenly spread", ParseAssets, 0);

    public ExportCommand()
        : base("export", "Write a smaller model for a game: fewer priors, no assets, weights as 16-bit floats")
    {
        target.Required = true;
        AddOptions(target, half, priors, assets);
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        string file = parsed.GetRequiredValue(target)!;
        if (Path.GetFullPath(file) == Path.GetFullPath(ModelFile(parsed)))
        {
            throw new ArgumentException(
                $"--out names the model itself, which would lose what export leaves out: {file}. Choose another file.");
        }

        VaeModel reduced = ModelExport.Reduce(loaded, parsed.GetValue(priors) ?? [], parsed.GetValue(assets));
        if (!parsed.GetValue(half))
        {
            Write(parsed, reduced.ToBytes(), output);
            return null;
        }

        byte[] bytes = reduced.ToBytes(WeightStorage.Half);
        return session =>
        {
            DecodingDifference difference = ModelExport.Compare(session, VaeModel.Load(bytes, file), Compared, seed: 0);
            Write(parsed, bytes, output);
            string apart = difference.Largest == 0
                ? "the same to the bit"
                : $"PSNR {difference.Psnr:F1} dB, and at most {255 * difference.Largest:F2}/255 apart";
            output.WriteLine($"{difference.Images} images decoded with both: {apart}");
        };
    }

    private void Write(ParseResult parsed, byte[] bytes, TextWriter output)
    {
        string file = parsed.GetRequiredValue(target)!;
        long before = new FileInfo(ModelFile(parsed)).Length;
        AtomicFile.Write(file, stream => stream.Write(bytes));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{file}: {bytes.Length:N0} bytes, before {before:N0} ({(double)bytes.Length / before:P1})"));
    }

    private static int ParseAssets(string text) => text switch
    {
        "none" => 0,
        "all" => int.MaxValue,
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? count
            : throw new FormatException($"expected none, all, or a whole number; found '{text}'"),
    };
}
