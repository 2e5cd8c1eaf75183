using System;

namespace VaeProcgen.Runtime.ModelFile;

/// <summary>Element types of safetensors; the member names are the names written in the file.</summary>
public enum DType
{
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    BOOL,
}

public static class DTypes
{
    private static readonly string[] Names = Enum.GetNames(typeof(DType));

    /// <summary>Bytes an element.</summary>
    public static int Size(this DType dtype) => dtype switch
    {
        DType.F64 or DType.I64 or DType.U64 => 8,
        DType.F32 or DType.I32 or DType.U32 => 4,
        DType.F16 or DType.BF16 or DType.I16 or DType.U16 => 2,
        DType.I8 or DType.U8 or DType.BOOL => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Not a safetensors element type."),
    };

    /// <summary>The type of that exact name; false when there is none.</summary>
    public static bool TryParse(string name, out DType dtype)
    {
        int index = Array.IndexOf(Names, name);
        dtype = (DType)Math.Max(index, 0);
        return index >= 0;
    }

    internal static string List => string.Join(", ", Names);
}
