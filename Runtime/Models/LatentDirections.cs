using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Runtime.Models;

/// <summary>
/// Named directions of a latent space in a model file: tensor <c>directions.attributes</c> [count, Z], and their names as a JSON array
/// under the metadata key <c>directions</c>, in ordinal order. A file without directions has neither.
/// </summary>
public static class LatentDirections
{
    private const string TensorName = "directions.attributes";
    private const string NamesKey = "directions";
    private const int LongestName = 64;

    /// <summary>Refuses names that can't be written as NAME=AMOUNT, or that mislead.</summary>
    /// <exception cref="ArgumentException">It is empty, longer than 64 characters, or has '=' or spaces around it.</exception>
    public static string RequireName(string name)
    {
        if (name.Length is 0 or > LongestName || name.Trim() != name || name.Any(c => c == '=' || char.IsControl(c)))
        {
            throw new ArgumentException($"The name of a direction has 1 to {LongestName} characters, no '=', and no space around it; "
                + $"found '{name}'. Choose another name, such as 'shiny'.");
        }

        return name;
    }

    internal static void Write(SafetensorsWriter writer, IReadOnlyDictionary<string, float[]> directions, int z)
    {
        if (directions.Count == 0)
            return;
        string[] names = directions.Keys.OrderBy(name => name, StringComparer.Ordinal).ToArray();
        foreach (string name in names)
            Require(RequireName(name), directions[name], z);
        writer.AddFloats(TensorName, names.SelectMany(name => directions[name]).ToArray(), names.Length, z);
        writer.Metadata[NamesKey] = JsonSerializer.Serialize(names);
    }

    /// <exception cref="ModelFileException">Names and tensor disagree, or two directions have one name.</exception>
    internal static IReadOnlyDictionary<string, float[]> Read(SafetensorsFile file, int z)
    {
        var directions = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
        if (!file.Metadata.TryGetValue(NamesKey, out string? json))
            return directions;
        try
        {
            string[] names = JsonSerializer.Deserialize<string[]>(json) ?? [];
            float[] values = names.Length == 0 ? [] : file.GetFloats(TensorName, names.Length, z);
            for (int i = 0; i < names.Length; i++)
                directions.Add(RequireName(names[i] ?? ""), values.AsSpan(i * z, z).ToArray());
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw SafetensorsFile.Unusable(file.Source, $"its directions are invalid: {error.Message}");
        }

        return directions;
    }

    private static void Require(string name, float[] direction, int z)
    {
        if (direction.Length != z)
            throw new ArgumentException($"Direction '{name}' must have the {z} dimensions of the latents; found {direction.Length}.");
        if (direction.Any(value => float.IsNaN(value) || float.IsInfinity(value)))
            throw new ArgumentException($"Direction '{name}' must have finite elements. Compute it again.");
    }
}
