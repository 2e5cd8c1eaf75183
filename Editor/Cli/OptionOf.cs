using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;

namespace VaeProcgen.Editor.Cli;

/// <summary>Makes options whose errors say what was expected and what was found.</summary>
internal static class OptionOf
{
    /// <summary>An option with a default, which its help shows.</summary>
    /// <param name="parse">Turns the text into the value, or throws <see cref="FormatException"/> saying what was expected.</param>
    public static Option<T> Value<T>(string name, string helpName, string description, Func<string, T> parse, T standard)
    {
        Option<T> option = Value(name, helpName, description, parse);
        option.DefaultValueFactory = _ => standard;
        return option;
    }

    /// <summary>An option that may be left out, and is null or 0 then.</summary>
    public static Option<T> Value<T>(string name, string helpName, string description, Func<string, T> parse) =>
        new(name) { Description = description, HelpName = helpName, CustomParser = result => Parse(result, name, parse) };

    public static Option<string> Text(string name, string helpName, string description, string standard) =>
        Value(name, helpName, description, text => text, standard);

    public static Option<string?> Text(string name, string helpName, string description) =>
        Value<string?>(name, helpName, description, text => text);

    /// <summary>An option that takes one word or more, and may be given again for further ones.</summary>
    public static Option<string[]> Words(string name, string helpName, string description) => new(name)
    {
        Description = description, HelpName = helpName, AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.OneOrMore,
    };

    public static Option<int> Integer(string name, string helpName, string description, int least, int most, int standard) =>
        Value(name, helpName, description, text => (int)Whole(least, most)(text), standard);

    /// <summary>One of a few words, in any case.</summary>
    public static Func<string, T> OneOf<T>(params (string Word, T Value)[] choices) => text =>
    {
        foreach ((string word, T value) in choices)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        throw new FormatException($"expected {string.Join(", ", choices.Select(c => c.Word))}; found '{text}'");
    };

    public static Func<string, long> Whole(long least, long most) => text =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
            ? value
            : throw new FormatException($"expected a whole number {Range(least, most, long.MaxValue)}; found '{text}'");

    /// <summary>A finite number; <paramref name="above"/> itself is not allowed.</summary>
    public static Func<string, double> NumberAbove(double above) => text =>
        TryNumber(text, out double value) && value > above
            ? value
            : throw new FormatException($"expected a number above {Invariant(above)}; found '{text}'");

    public static Func<string, double> Number(double least, double most) => text =>
        TryNumber(text, out double value) && value >= least && value <= most
            ? value
            : throw new FormatException($"expected a number {Range(least, most, double.MaxValue)}; found '{text}'");

    public static ulong Seed(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw new FormatException($"expected a whole number from 0 to {ulong.MaxValue}; found '{text}'");

    private static T Parse<T>(ArgumentResult result, string name, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[^1].Value);
        }
        catch (FormatException e)
        {
            result.AddError($"{name}: {e.Message}{(e.Message.EndsWith('.') ? "" : ".")}");
            return default!;
        }
    }

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static string Range(double least, double most, double unlimited) =>
        most >= unlimited ? $"of {Invariant(least)} or more" : $"from {Invariant(least)} to {Invariant(most)}";

    private static string Invariant(double value) => value.ToString(CultureInfo.InvariantCulture);
}
