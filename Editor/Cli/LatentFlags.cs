using System.Collections.Generic;
using System.CommandLine;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli;

/// <summary>What stands between encoder and decoder, and what the model knows of an image.</summary>
internal sealed class LatentFlags
{
    private static readonly TrainingOptions Standard = new();

    private readonly Option<LatentKind> kind = OptionOf.Value(
        "--latents", "KIND",
        "gaussian; point (a deterministic autoencoder); categorical (variables of --classes, by Gumbel-Softmax); or quantized (a VQ-VAE: "
            + "a --grid of vectors from --codes) [default: gaussian]",
        OptionOf.OneOf(
            ("gaussian", LatentKind.Gaussian), ("point", LatentKind.Point), ("categorical", LatentKind.Categorical), ("quantized", LatentKind.Quantized)));

    private readonly Option<int> size = OptionOf.Integer(
        "--latent", "Z", "Numbers that describe an image, a multiple of 4; with --grid of 4 for each place", 4, 16384, Standard.LatentSize);

    private readonly Option<int> grid = OptionOf.Integer(
        "--grid", "SIDE", "Lay the latent out on a grid of SIDE×SIDE places; 0: one flat vector", 0, 256, Standard.LatentSide);

    private readonly Option<int> classes = OptionOf.Integer("--classes", "C", "Of categorical latents: classes of a variable", 2, 1024, Standard.Classes);

    private readonly Option<bool> straightThrough = new("--straight-through")
    {
        Description = "Of categorical latents: the decoder reads one-hot vectors while training",
    };

    private readonly Option<double> startTemperature = OptionOf.Value(
        "--temperature-start", "T", "Of categorical latents: temperature of the first step", OptionOf.NumberAbove(0), Standard.Temperature.Start);

    private readonly Option<double> endTemperature = OptionOf.Value(
        "--temperature-end", "T", "Of categorical latents: temperature from three quarters of the training on", OptionOf.NumberAbove(0), Standard.Temperature.End);

    private readonly Option<int> codes = OptionOf.Integer("--codes", "K", "Of quantized latents: vectors in the codebook", 8, 4096, Standard.Codes);

    private readonly Option<int> top = OptionOf.Integer("--top-latent", "Z", "Size of a second layer of latents above the first; 0: none", 0, 4096, Standard.TopLatentSize);

    private readonly Option<bool> conditional = new("--conditional")
    {
        Description = "Tell encoder, decoder and prior the label of each image, which is its first sub-folder",
    };

    private readonly Option<bool> grey = new("--grey") { Description = "The model sees one grey value a pixel, without alpha" };

    private readonly Option<bool> binarize = new("--binarize")
    {
        Description = "Make each value 0 or 1 at random, with itself as the probability, anew at each step; for --likelihood bernoulli",
    };

    public IEnumerable<Option> All => [kind, size, grid, classes, straightThrough, startTemperature, endTemperature, codes, top, conditional, grey, binarize];

    public TrainingOptions Apply(ParseResult parsed, TrainingOptions options) => options with
    {
        Latent = parsed.GetValue(kind),
        LatentSize = parsed.GetValue(size),
        LatentSide = parsed.GetValue(grid),
        Classes = parsed.GetValue(classes),
        StraightThrough = parsed.GetValue(straightThrough),
        Temperature = new TemperatureSchedule { Start = parsed.GetValue(startTemperature), End = parsed.GetValue(endTemperature) },
        Codes = parsed.GetValue(codes),
        TopLatentSize = parsed.GetValue(top),
        Conditional = parsed.GetValue(conditional),
        Pixels = parsed.GetValue(grey) ? PixelFormat.Grey : PixelFormat.Rgba,
        Binarize = parsed.GetValue(binarize),
    };
}
