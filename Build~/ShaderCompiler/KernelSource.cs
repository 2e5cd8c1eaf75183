using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace VaeProcgen.ShaderCompiler;

/// <summary>A specialization constant of a kernel.</summary>
internal sealed record KernelConstant(int Id, string Type, string Name);

/// <summary>A binding of a kernel: its macro (OPERAND, RESULT, WORDS, WORDS_RESULT), number, name and comment.</summary>
internal sealed record KernelBindingSource(string Macro, int Binding, string Name, string Comment);

/// <summary>A macro for which the kernel is compiled once for each value.</summary>
internal sealed record KernelVariant(string Macro, string[] Values);

/// <summary>One .comp file with its includes expanded, and what its declarations say.</summary>
internal sealed class KernelSource
{
    /// <summary>The operand paths, as the compiled kernels are named after them.</summary>
    public const string Texel = "texel", Shared = "shared", Matrix = "matrix";

    private static readonly Regex Include = new("""^\s*#include\s+"([^"]+)"\s*$""");
    private static readonly Regex Constant = new(@"^\s*layout\(constant_id\s*=\s*(\d+)\)\s*const\s+(int|float)\s+(\w+)\s*=");
    private static readonly Regex Binding = new(@"^\s*(OPERAND|RESULT|WORDS|WORDS_RESULT)\((\d+),\s*(\w+)\)\s*(?://\s*(.*))?$");
    private static readonly Regex Variant = new(@"^//\s*@variant\s+(\w+)\s+(.+)$");

    private KernelSource(string path, string name, string text, List<string> summary)
    {
        (Path, Name, Text, Summary) = (path, name, text, summary);
    }

    public string Path { get; }

    public string Name { get; }

    public string Text { get; }

    /// <summary>The comment at the head of the file: what the kernel computes.</summary>
    public IReadOnlyList<string> Summary { get; }

    public List<KernelConstant> Constants { get; } = new();

    public List<KernelBindingSource> Bindings { get; } = new();

    public List<KernelVariant> Variants { get; } = new();

    public static KernelSource Read(string root, string path)
    {
        var text = new StringBuilder();
        Expand(System.IO.Path.Combine(root, "Include"), path, text, new HashSet<string>());
        string[] lines = text.ToString().Split('\n');
        var summary = lines.TakeWhile(l => l.StartsWith("//", StringComparison.Ordinal)).Where(l => !Variant.IsMatch(l)).Select(l => l[2..].Trim()).ToList();
        var source = new KernelSource(System.IO.Path.GetRelativePath(root, path), System.IO.Path.GetFileNameWithoutExtension(path), text.ToString(), summary);
        foreach (string line in lines)
        {
            if (Constant.Match(line) is { Success: true } c)
                source.Constants.Add(new KernelConstant(int.Parse(c.Groups[1].Value), c.Groups[2].Value, c.Groups[3].Value));
            else if (Binding.Match(line) is { Success: true } b)
                source.Bindings.Add(new KernelBindingSource(b.Groups[1].Value, int.Parse(b.Groups[2].Value), b.Groups[3].Value, b.Groups[4].Value));
            else if (Variant.Match(line) is { Success: true } v)
                source.Variants.Add(new KernelVariant(v.Groups[1].Value, v.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }
        source.Constants.Sort((a, b) => a.Id.CompareTo(b.Id));
        source.Bindings.Sort((a, b) => a.Binding.CompareTo(b.Binding));
        source.RequireContiguous("constant_id", source.Constants.Select(c => c.Id));
        source.RequireContiguous("binding", source.Bindings.Select(b => b.Binding));
        return source;
    }

    /// <summary>The operand paths that the kernel is compiled for: where it says nothing of matrices, that on them is the shared one.</summary>
    public IReadOnlyList<string> Paths => Text.Contains("PATH_MATRIX", StringComparison.Ordinal) ? [Texel, Shared, Matrix] : [Texel, Shared];

    /// <summary>Every combination of variant values, as macro definitions; one empty combination when there are none.</summary>
    public IEnumerable<IReadOnlyList<(string Macro, string Value)>> Combinations()
    {
        IEnumerable<IReadOnlyList<(string, string)>> all = [[]];
        foreach (KernelVariant variant in Variants)
            all = all.SelectMany(head => variant.Values.Select(v => (IReadOnlyList<(string, string)>)[.. head, (variant.Macro, v)]));
        return all;
    }

    public string EntryName(IEnumerable<(string Macro, string Value)> combination) =>
        Name + string.Concat(combination.Select(m => $".{m.Macro}={m.Value}"));

    private static void Expand(string includeFolder, string path, StringBuilder text, HashSet<string> seen)
    {
        foreach (string line in File.ReadAllText(path).Replace("\r\n", "\n").Split('\n'))
        {
            if (Include.Match(line) is { Success: true } include)
            {
                string file = System.IO.Path.Combine(includeFolder, include.Groups[1].Value);
                if (!File.Exists(file))
                    throw new InvalidDataException($"{path} includes \"{include.Groups[1].Value}\", which is not in {includeFolder}.");
                if (seen.Add(file))
                    Expand(includeFolder, file, text, seen);
            }
            else
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private void RequireContiguous(string what, IEnumerable<int> numbers)
    {
        int expected = 0;
        foreach (int number in numbers)
            if (number != expected++)
                throw new InvalidDataException($"{Path}: expected {what} {expected - 1} next, found {number}; they must run from 0 without gaps or repeats.");
    }
}
