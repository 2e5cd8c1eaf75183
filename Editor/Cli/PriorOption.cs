using System.CommandLine;
using System.Linq;

namespace VaeProcgen.Editor.Cli;

/// <summary>--prior: the distribution of latents that samples come from.</summary>
internal static class PriorOption
{
    private static readonly string[] Kinds = ["flow", "mixture", "normal", "two-layer", "categorical", "codes", "random-codes"];

    public static Option<string?> Create() => OptionOf.Value(
        "--prior", "KIND", "Where latents come from, of those that the model has, as info tells: flow, mixture, normal; two-layer, categorical, codes, random-codes [default: the best]",
        OptionOf.OneOf(Kinds.Select(k => (k, (string?)k)).ToArray()));
}
