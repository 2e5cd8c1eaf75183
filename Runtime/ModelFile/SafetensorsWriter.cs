using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace VaeProcgen.Runtime.ModelFile;

/// <summary>
/// Collects tensors and metadata and writes them as safetensors. The same content gives the same bytes in whatever order it was added:
/// tensors are sorted by element size, largest first, then by name, so that each lies aligned to its elements; metadata by key.
/// </summary>
public sealed class SafetensorsWriter
{
    private const int Alignment = 8;

    private readonly Dictionary<string, TensorEntry> _tensors = new(StringComparer.Ordinal);

    /// <summary>The map under <c>__metadata__</c>.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>From here on <see cref="AddFloats"/> does as <see cref="AddHalves"/>: for what is written by others.</summary>
    public bool Halves { get; set; }

    /// <summary>Adds an F32 tensor; the values are copied.</summary>
    /// <inheritdoc cref="AddBytes"/>
    public void AddFloats(string name, ReadOnlySpan<float> values, params long[] shape)
    {
        if (Halves)
        {
            AddHalves(name, values, shape);
            return;
        }
        var bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), BitConverter.SingleToInt32Bits(values[i]));
        }
        Add(name, DType.F32, bytes, shape);
    }

    /// <summary>Adds an F16 tensor; each value is rounded to the nearest half, ties to even.</summary>
    /// <inheritdoc cref="AddBytes"/>
    /// <exception cref="ArgumentException">A value is beyond the range of F16, or as for the other methods.</exception>
    public void AddHalves(string name, ReadOnlySpan<float> values, params long[] shape)
    {
        var bytes = new byte[2 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            ushort half = HalfBits.FromSingle(values[i]);
            if (float.IsInfinity(HalfBits.ToSingle(half)) && !float.IsInfinity(values[i]))
            {
                throw new ArgumentException($"Tensor '{name}' has {values[i]} at element {i}, beyond ±{HalfBits.MaxValue}, " +
                    "the range of F16. Write it as F32.");
            }
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), half);
        }
        Add(name, DType.F16, bytes, shape);
    }

    /// <summary>Adds a tensor of any type from its little-endian bytes, which are copied.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the shape does not fit the number of values.</exception>
    public void AddBytes(string name, DType dtype, ReadOnlySpan<byte> bytes, params long[] shape) =>
        Add(name, dtype, bytes.ToArray(), shape);

    /// <summary>Writes the file at <paramref name="path"/> whole or not at all.</summary>
    /// <exception cref="ModelFileException">It cannot be written; a file already there is as it was.</exception>
    public void Save(string path) => AtomicFile.Write(path, WriteTo);

    /// <summary>Writes the file to a stream, which is not closed.</summary>
    public void WriteTo(Stream stream)
    {
        TensorEntry[] tensors = _tensors.Values
            .OrderByDescending(tensor => tensor.DType.Size()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal).ToArray();
        byte[] header = Header(tensors);
        var length = new byte[SafetensorsFile.HeaderStart];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length, 0, length.Length);
        stream.Write(header, 0, header.Length);
        foreach (TensorEntry tensor in tensors)
        {
            stream.Write(tensor.Data.Span);
        }
    }

    private void Add(string name, DType dtype, byte[] bytes, long[] shape)
    {
        if (name == SafetensorsHeader.MetadataKey || _tensors.ContainsKey(name))
        {
            throw new ArgumentException($"The name '{name}' is taken: each tensor needs its own.", nameof(name));
        }
        long size = shape.Aggregate((long)dtype.Size(), (product, dimension) => checked(product * dimension));
        if (size != bytes.Length || shape.Any(dimension => dimension < 0))
        {
            throw new ArgumentException($"Tensor '{name}' of {dtype} {TensorEntry.Describe(shape)} takes {size} bytes, " +
                $"but was given {bytes.Length}. Give the shape that the values have.", nameof(shape));
        }
        _tensors.Add(name, new TensorEntry(name, dtype, (long[])shape.Clone(), bytes));
    }

    private byte[] Header(TensorEntry[] tensors)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (KeyValuePair<string, string> pair in Metadata)
                {
                    json.WriteString(pair.Key, pair.Value);
                }
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (TensorEntry tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.DType.ToString());
                WriteIntegers(json, "shape", tensor.Shape);
                WriteIntegers(json, "data_offsets", offset, offset += tensor.Data.Length);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % Alignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }
        return buffer.ToArray();
    }

    private static void WriteIntegers(Utf8JsonWriter json, string key, params long[] values)
    {
        json.WriteStartArray(key);
        foreach (long value in values)
        {
            json.WriteNumberValue(value);
        }
        json.WriteEndArray();
    }
}
