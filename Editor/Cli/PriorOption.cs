using System.CommandLine;

namespace VaeProcgen.Editor.Cli;

/// <summary>--prior: the distribution of latents that samples come from.</summary>
internal static class PriorOption
{
    public static Option<string?> Create() => OptionOf.Value(
        "--prior", "KIND", "Where latents come from: flow, mixture or normal; two-layer, or categorical, of such latents [default: the best that the model has]",
        OptionOf.OneOf<string?>(("flow", "flow"), ("mixture", "mixture"), ("normal", "normal"), ("two-layer", "two-layer"), ("categorical", "categorical")));
}
