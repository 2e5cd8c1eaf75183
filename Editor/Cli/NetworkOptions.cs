using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Cli;

/// <summary>Which network a measurement is of: one made of a preset, or that of a model file; and how precisely it is trained.</summary>
internal sealed class NetworkOptions
{
    private readonly Option<string> preset = OptionOf.Text(
        "--preset", "NAME", "The network: " + string.Join(", ", VaePreset.List.Select(p => p.Name)), VaePreset.Default);

    private readonly Option<int> size = OptionOf.Integer("--size", "PX", "Side of the images", 8, 1024, 32);
    private readonly Option<int> latent = OptionOf.Integer("--latent", "Z", "Latent size", 4, 4096, 64);
    private readonly Option<int[]?> hidden = TrainingFlags.HiddenOption();
    private readonly Option<LikelihoodKind> likelihood = TrainingFlags.LikelihoodOption();
    private readonly Option<bool> grey = new("--grey") { Description = "One grey value a pixel, without alpha" };
    private readonly Option<Precision> precision = TrainingFlags.PrecisionOption();
    private readonly Argument<string> what;

    /// <param name="command">Gets the options.</param>
    /// <param name="what">Its argument, which may be "decode".</param>
    /// <param name="modelFor">What <c>--model</c> is for, as the help tells it.</param>
    public NetworkOptions(Command command, Argument<string> what, string modelFor)
    {
        this.what = what;
        Model = OptionOf.Text("--model", "FILE", modelFor);
        foreach (Option option in new Option[] { preset, size, latent, hidden, likelihood, grey, precision, Model })
            command.Add(option);
        command.Validators.Add(Refuse);
    }

    /// <summary>The file of a model.</summary>
    public Option<string?> Model { get; }

    /// <summary>That of the model, where one is given.</summary>
    public VaeArchitecture Architecture(ParseResult parsed, VaeModel? model)
    {
        if (model != null)
            return model.Architecture;
        LikelihoodKind kind = parsed.GetValue(likelihood);
        var scored = new LikelihoodOptions(kind, LearnedScale: kind == LikelihoodKind.DiscretizedLogistic);
        VaeArchitecture rgba = VaePreset.Create(
            parsed.GetRequiredValue(preset), parsed.GetValue(size), parsed.GetValue(latent), scored, PaddingMode.Zero, hidden: parsed.GetValue(hidden));
        return parsed.GetValue(grey) ? rgba with { Pixels = PixelFormat.Grey } : rgba;
    }

    /// <summary>The model; null where none is given.</summary>
    public VaeModel? Load(ParseResult parsed) => parsed.GetValue(Model) is { } file ? VaeModel.Load(file) : null;

    public Precision Precision(ParseResult parsed) => parsed.GetValue(precision);

    /// <summary>A few words on it.</summary>
    public string Describe(ParseResult parsed) => parsed.GetValue(Model) ?? parsed.GetValue(preset) + " network";

    private void Refuse(CommandResult result)
    {
        bool Given(Option option) => result.GetResult(option) is { Implicit: false };
        string[] idle = new Option[] { preset, size, latent, hidden, likelihood, grey }.Where(Given).Select(o => o.Name).ToArray();
        if (Given(Model) && idle.Length > 0)
            result.AddError($"{Model.Name} says which network it is: leave out {string.Join(" and ", idle)}.");
        if (result.GetValue(what) == "decode" && Given(precision))
            result.AddError($"{precision.Name} is for training; found '{result.Command.Name} decode'.");
    }
}
