using System;
using System.Collections.Generic;
using System.Text.Json;

namespace VaeProcgen.Runtime.ModelFile;

/// <summary>The JSON header of a safetensors file: the metadata, and where each tensor lies in the data.</summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";

    private readonly string _source;
    private readonly int _dataLength;
    private readonly List<Placement> _placements = new();

    private SafetensorsHeader(string source, int dataLength)
    {
        _source = source;
        _dataLength = dataLength;
    }

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<Placement> Placements => _placements;

    /// <summary>Where a tensor lies: bytes [Begin, End) of the data.</summary>
    public sealed record Placement(string Name, DType DType, long[] Shape, int Begin, int End);

    /// <summary>Parses and checks the header.</summary>
    /// <param name="json">The header, 8 bytes into the file.</param>
    /// <param name="dataLength">The number of bytes after it.</param>
    /// <param name="source">What to call the file in errors.</param>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, int dataLength, string source)
    {
        var header = new SafetensorsHeader(source, dataLength);
        var reader = new Utf8JsonReader(json);
        try
        {
            header.ReadAll(ref reader);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how the reader reports text that is not valid Unicode.
            throw header.Fail(ref reader, $"the header is not valid JSON ({error.Message})", error);
        }
        header.CheckLayout();
        return header;
    }

    private void ReadAll(ref Utf8JsonReader reader)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        reader.Read();
        while (NextKey(ref reader, names, "the header") is { } name)
        {
            if (name == MetadataKey)
            {
                ReadMetadata(ref reader);
            }
            else
            {
                _placements.Add(ReadTensor(ref reader, name));
            }
        }
        reader.Read(); // Reports anything but white space after the closing brace.
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Require(ref reader, JsonTokenType.StartObject, MetadataKey, "an object of strings");
        while (NextKey(ref reader, names, MetadataKey) is { } key)
        {
            Require(ref reader, JsonTokenType.String, $"{MetadataKey} '{key}'", "a string");
            Metadata.Add(key, reader.GetString()!);
        }
    }

    private Placement ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string what = $"tensor '{name}'";
        DType? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        Require(ref reader, JsonTokenType.StartObject, what, "an object");
        while (NextKey(ref reader, names, what) is { } key)
        {
            switch (key)
            {
                case "dtype":
                    Require(ref reader, JsonTokenType.String, $"the dtype of {what}", "a string");
                    dtype = DTypes.TryParse(reader.GetString()!, out DType known)
                        ? known
                        : throw Fail(ref reader, $"{what} has the unknown dtype '{reader.GetString()}'; known are {DTypes.List}");
                    break;
                case "shape":
                    shape = ReadIntegers(ref reader, $"the shape of {what}");
                    break;
                case "data_offsets":
                    offsets = ReadIntegers(ref reader, $"the data_offsets of {what}");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (dtype is not { } type || shape == null || offsets == null)
        {
            throw Fail(ref reader, $"{what} must have dtype, shape and data_offsets; found {string.Join(", ", names)}");
        }
        if (offsets.Length != 2 || offsets[1] < offsets[0])
        {
            throw Fail(ref reader, $"the data_offsets of {what} must be [begin, end]; found {TensorEntry.Describe(offsets)}");
        }
        if (offsets[1] > _dataLength)
        {
            throw Fail(ref reader, $"{what} ends at byte {offsets[1]} of the data, but only {_dataLength} bytes of data are there; " +
                "the file was cut short");
        }
        long size = ByteSize(ref reader, what, type, shape);
        if (size != offsets[1] - offsets[0])
        {
            throw Fail(ref reader, $"{what} of {type} {TensorEntry.Describe(shape)} needs {size} bytes, but its data_offsets " +
                $"{TensorEntry.Describe(offsets)} span {offsets[1] - offsets[0]}");
        }
        return new Placement(name, type, shape, (int)offsets[0], (int)offsets[1]);
    }

    private long ByteSize(ref Utf8JsonReader reader, string what, DType type, long[] shape)
    {
        try
        {
            long size = type.Size();
            foreach (long dimension in shape)
            {
                size = checked(size * dimension);
            }
            return size;
        }
        catch (OverflowException error)
        {
            throw Fail(ref reader, $"{what} of {type} {TensorEntry.Describe(shape)} is larger than any file", error);
        }
    }

    private long[] ReadIntegers(ref Utf8JsonReader reader, string what)
    {
        var values = new List<long>();
        Require(ref reader, JsonTokenType.StartArray, what, "an array of integers");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long value) || value < 0)
            {
                throw Fail(ref reader, $"{what} must be an array of integers of at least 0");
            }
            values.Add(value);
        }
        return values.ToArray();
    }

    /// <summary>Moves to the value of the next key of the current object and returns the key; null at the object's end.</summary>
    private string? NextKey(ref Utf8JsonReader reader, HashSet<string> seen, string where)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }
        string key = reader.GetString()!;
        if (!seen.Add(key))
        {
            throw Fail(ref reader, $"the key '{key}' appears twice in {where}");
        }
        reader.Read();
        return key;
    }

    private void Require(ref Utf8JsonReader reader, JsonTokenType type, string what, string expected)
    {
        if (reader.TokenType != type)
        {
            throw Fail(ref reader, $"{what} must be {expected}, found {reader.TokenType}");
        }
    }

    /// <summary>The tensors must cover the data exactly: no overlap, no hole, nothing after the last.</summary>
    private void CheckLayout()
    {
        _placements.Sort((a, b) =>
        {
            int order = a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End);
            return order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
        });
        int end = 0;
        string previous = "the start of the data";
        foreach (Placement tensor in _placements)
        {
            if (tensor.Begin != end)
            {
                string fault = tensor.Begin < end ? $"overlaps {previous}" : $"leaves a hole after {previous}";
                throw SafetensorsFile.Damaged(_source,
                    $"tensor '{tensor.Name}' {fault}: it must begin at byte {end} of the data, but begins at {tensor.Begin}");
            }
            end = tensor.End;
            previous = $"tensor '{tensor.Name}'";
        }
        if (end != _dataLength)
        {
            throw SafetensorsFile.Damaged(_source,
                $"{_dataLength - end} bytes follow {previous} at byte {end} of the data; none were expected");
        }
    }

    private ModelFileException Fail(ref Utf8JsonReader reader, string what, Exception? cause = null) =>
        SafetensorsFile.Damaged(_source, $"{what}, near byte {SafetensorsFile.HeaderStart + reader.TokenStartIndex}", cause);
}
