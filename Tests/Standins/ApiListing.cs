using System.Collections.Generic;
using System.IO;
using System.Text.RegularExpressions;

namespace VaeProcgen.Tests.Standins;

/// <summary>
/// A listing of an assembly's public API: a line for each type (<c>struct A.B size=8</c>), under it an indented line for
/// each member (<c>uint X @0</c>, <c>Name = 1</c>, <c>static R F(T a, ref U b = default)</c>, <c>T P { get; }</c>).
/// It leaves out types that live on the stack only, members of more than four type parameters and, for Vulkan, overloads
/// with parameters passed by reference.
/// </summary>
public sealed class ApiListing
{
    private static readonly Regex TypeLine =
        new(@"^(enum|struct|class|interface|delegate) ([\w.<>,]+?)(?: size=(\d+)|: (.*)| : (.*))?$");
    private static readonly Regex Default = new(@" = ([^,()]+)");
    private readonly Dictionary<string, Entry> _types = new();
    private readonly string _text;

    private ApiListing(string text) => _text = text;

    /// <summary>One type: its size where it is a structure, what follows its name, and its members.</summary>
    public sealed record Entry(string Kind, string Name, int? Size, string Rest, HashSet<string> Members);

    public IReadOnlyDictionary<string, Entry> Types => _types;

    /// <summary>Whether a name occurs anywhere: a type that is only mentioned is real, but not described.</summary>
    public bool Mentions(string name) => Regex.IsMatch(_text, $@"\b{Regex.Escape(name)}\b");

    /// <exception cref="InvalidDataException">A line is neither a type nor a member of one.</exception>
    public static ApiListing Parse(string text)
    {
        ApiListing listing = new(text);
        Entry? current = null;
        int number = 0;
        foreach (string line in text.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            string trimmed = line.TrimEnd();
            if (trimmed.StartsWith("  ") && current is not null)
            {
                current.Members.Add(Normal(trimmed[2..]));
            }
            else if (TypeLine.Match(trimmed) is { Success: true } match)
            {
                int? size = match.Groups[3].Success ? int.Parse(match.Groups[3].Value) : null;
                string name = match.Groups[2].Value;
                string rest = match.Groups[4].Value + match.Groups[5].Value;
                current = new Entry(match.Groups[1].Value, name, size, rest, new HashSet<string>());
                listing._types[name] = current;
            }
            else if (trimmed.Length > 0)
            {
                throw new InvalidDataException($"Line {number} of the listing is neither a type nor a member of one: '{trimmed}'.");
            }
        }
        return listing;
    }

    /// <summary>A member with every default value but numbers and truth values written as <c>default</c>: enums have aliases.</summary>
    private static string Normal(string member) => member.Contains('(')
        ? Default.Replace(member, m => Regex.IsMatch(m.Groups[1].Value, @"^(-?[\d.]+|True|False)$") ? m.Value : " = default")
        : member;
}
