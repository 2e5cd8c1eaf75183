using System.CommandLine;

namespace VaeProcgen.Editor.Cli;

/// <summary>--seed: the same one gives the same result.</summary>
internal static class SeedOption
{
    public static Option<ulong> Create() =>
        OptionOf.Value("--seed", "N", "Where all that is random comes from: the same seed, the same result", OptionOf.Seed, 0UL);
}
