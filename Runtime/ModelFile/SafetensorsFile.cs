using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace VaeProcgen.Runtime.ModelFile;

/// <summary>
/// A safetensors file in memory: named tensors and a map of strings. Layout: the header's length (u64, little-endian), the header
/// (JSON), the data. Everything the header claims is checked when the file is read, so that tensors can be used without further care.
/// </summary>
public sealed class SafetensorsFile
{
    /// <summary>The longest header that the format allows.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    internal const int HeaderStart = 8;

    private static readonly (string Start, string Kind)[] ForeignFiles =
    {
        ("\u0089PNG", "a PNG image"),
        ("PK\u0003\u0004", "a ZIP archive or a PyTorch checkpoint"),
        ("\u0089HDF", "an HDF5 file"),
        ("GGUF", "a GGUF model"),
        ("version ", "a Git LFS pointer: fetch the real file with 'git lfs pull'"),
        ("{", "a JSON file"),
    };

    private readonly Dictionary<string, TensorEntry> _tensors = new(StringComparer.Ordinal);

    private SafetensorsFile(string source, SafetensorsHeader header, ReadOnlyMemory<byte> data)
    {
        Source = source;
        Metadata = header.Metadata;
        foreach (SafetensorsHeader.Placement at in header.Placements)
        {
            _tensors.Add(at.Name, new TensorEntry(at.Name, at.DType, at.Shape, data.Slice(at.Begin, at.End - at.Begin)));
        }
    }

    /// <summary>The path, or whatever else the file is called in errors.</summary>
    public string Source { get; }

    /// <summary>The map under <c>__metadata__</c>; empty when the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => _tensors;

    /// <summary>Reads and checks the file at <paramref name="path"/>.</summary>
    /// <exception cref="ModelFileException">It is missing, unreadable, damaged, or no safetensors file.</exception>
    public static SafetensorsFile Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, error);
        }
    }

    /// <summary>Reads and checks what is left of <paramref name="stream"/>, which need not be seekable and is not closed.</summary>
    /// <exception cref="ModelFileException">It is unreadable, damaged, or no safetensors file.</exception>
    public static SafetensorsFile Read(Stream stream, string source = "stream")
    {
        try
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), source);
        }
        catch (IOException error)
        {
            throw Unreadable(source, error);
        }
    }

    /// <summary>Checks <paramref name="bytes"/>, which the tensors go on referring to.</summary>
    /// <exception cref="ModelFileException">They are damaged, or no safetensors file.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> bytes, string source = "bytes")
    {
        ReadOnlySpan<byte> span = bytes.Span;
        if (span.Length < HeaderStart)
        {
            throw Damaged(source, $"it has {span.Length} bytes, and even the header's length takes {HeaderStart}");
        }
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(span);
        if (length > MaxHeaderBytes)
        {
            throw Damaged(source, $"the header's length, at byte 0, is {length}; at most {MaxHeaderBytes} is allowed" + Resemblance(span));
        }
        if (length > (ulong)(span.Length - HeaderStart))
        {
            throw Damaged(source, $"the header's length, at byte 0, is {length}, but only {span.Length - HeaderStart} bytes follow; " +
                "the file was cut short" + Resemblance(span));
        }
        if (length == 0 || span[HeaderStart] != '{')
        {
            throw Damaged(source, $"the header, at byte {HeaderStart}, must start with '{{'" + Resemblance(span));
        }
        int dataStart = HeaderStart + (int)length;
        var header = SafetensorsHeader.Parse(span.Slice(HeaderStart, (int)length), span.Length - dataStart, source);
        return new SafetensorsFile(source, header, bytes.Slice(dataStart));
    }

    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The tensor of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="expectedShape">The shape it must have; leave it out to accept any.</param>
    /// <exception cref="ModelFileException">There is none, or its shape differs.</exception>
    public TensorEntry Get(string name, params long[] expectedShape)
    {
        if (!_tensors.TryGetValue(name, out TensorEntry? tensor))
        {
            throw Unusable(Source, $"tensor '{name}' is missing among its {_tensors.Count} tensors");
        }
        if (expectedShape.Length > 0 && !tensor.Shape.AsSpan().SequenceEqual(expectedShape))
        {
            throw Unusable(Source, $"tensor '{name}' must have the shape {TensorEntry.Describe(expectedShape)}, " +
                $"found {TensorEntry.Describe(tensor.Shape)}");
        }
        return tensor;
    }

    /// <summary>A copy of the elements of an F32, F16 or BF16 tensor, each exact, row-major.</summary>
    /// <inheritdoc cref="Get"/>
    public float[] GetFloats(string name, params long[] expectedShape)
    {
        TensorEntry tensor = Get(name, expectedShape);
        if (tensor.DType is not (DType.F32 or DType.F16 or DType.BF16))
        {
            throw Unusable(Source, $"tensor '{name}' must hold F32, F16 or BF16, found {tensor.DType}");
        }
        var values = new float[tensor.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)tensor.FloatAt(i);
        }
        return values;
    }

    /// <summary>A copy of the bytes of a tensor of any type: its elements, row-major and little-endian.</summary>
    /// <inheritdoc cref="Get"/>
    public byte[] GetBytes(string name, params long[] expectedShape) => Get(name, expectedShape).Data.ToArray();

    /// <summary>Refuses NaN and infinity in the float tensors, which a training run that diverged leaves behind.</summary>
    /// <exception cref="ModelFileException">There is one; the message names the tensor and the element.</exception>
    public void RequireFinite()
    {
        foreach (TensorEntry tensor in _tensors.Values.Where(tensor => tensor.IsFloat))
        {
            for (int i = 0; i < tensor.Count; i++)
            {
                double value = tensor.FloatAt(i);
                if (double.IsNaN(value) || double.IsInfinity(value))
                {
                    string found = double.IsNaN(value) ? "NaN" : "infinity";
                    throw Unusable(Source, $"tensor '{tensor.Name}' {TensorEntry.Describe(tensor.Shape)} has {found} at element {i}");
                }
            }
        }
    }

    internal static ModelFileException Damaged(string source, string what, Exception? cause = null)
    {
        string message = $"'{source}' is not a valid safetensors file: {what}. Copy it again from its origin, or export it anew.";
        return cause == null ? new ModelFileException(message) : new ModelFileException(message, cause);
    }

    /// <summary>The error for a sound file whose content is not what the reader needs.</summary>
    internal static ModelFileException Unusable(string source, string what) =>
        new($"'{source}' cannot be used: {what}. Export the model again with this version of VaeProcgen.");

    private static ModelFileException Unreadable(string source, Exception error) =>
        new($"Cannot read '{source}': {error.Message} Check the path and that the file can be read.", error);

    private static string Resemblance(ReadOnlySpan<byte> bytes)
    {
        string start = Encoding.GetEncoding("iso-8859-1").GetString(bytes.Slice(0, HeaderStart));
        string? kind = ForeignFiles.FirstOrDefault(foreign => start.StartsWith(foreign.Start, StringComparison.Ordinal)).Kind;
        return kind == null ? "" : $" (it looks like {kind})";
    }
}
