using System;
using System.Buffers.Binary;

namespace VaeProcgen.Runtime.ModelFile;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">Its dimensions, slowest first; empty for a scalar.</param>
/// <param name="Data">Its elements, row-major and little-endian.</param>
public sealed record TensorEntry(string Name, DType DType, long[] Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>The number of elements.</summary>
    public int Count => Data.Length / DType.Size();

    /// <summary>Whether the elements are F64, F32, F16 or BF16.</summary>
    public bool IsFloat => DType is DType.F64 or DType.F32 or DType.F16 or DType.BF16;

    /// <summary>Element <paramref name="index"/> of a float tensor, exactly.</summary>
    /// <exception cref="InvalidOperationException">The elements are not floating-point numbers.</exception>
    public double FloatAt(int index)
    {
        ReadOnlySpan<byte> element = Data.Span.Slice(index * DType.Size(), DType.Size());
        return DType switch
        {
            DType.F64 => BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64LittleEndian(element)),
            DType.F32 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt32LittleEndian(element)),
            DType.F16 => HalfBits.ToSingle(BinaryPrimitives.ReadUInt16LittleEndian(element)),
            DType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(element) << 16),
            _ => throw new InvalidOperationException($"Tensor '{Name}' holds {DType}, not floating-point numbers."),
        };
    }

    internal static string Describe(long[] shape) => $"[{string.Join(", ", shape)}]";
}
