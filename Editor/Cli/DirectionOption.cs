using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using VaeProcgen.Editor.Latents;

namespace VaeProcgen.Editor.Cli;

/// <summary>--direction NAME=AMOUNT, as often as wanted: where latents are moved before they are decoded.</summary>
internal static class DirectionOption
{
    public static Option<DirectionMove[]> Create() => new("--direction")
    {
        Description = "Move latents along a direction that 'attributes' stored; may be given again for others",
        HelpName = "NAME=AMOUNT",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var moves = new List<DirectionMove>();
            foreach (string text in result.Tokens.Select(t => t.Value))
            {
                try
                {
                    moves.Add(DirectionMove.Parse(text));
                }
                catch (FormatException e)
                {
                    result.AddError($"--direction: {e.Message}.");
                }
            }

            return [.. moves];
        },
    };

    /// <summary>What was given; nothing is no move.</summary>
    public static IReadOnlyList<DirectionMove> Moves(this ParseResult parsed, Option<DirectionMove[]> option) =>
        parsed.GetValue(option) ?? [];
}
