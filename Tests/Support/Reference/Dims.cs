using System;
using System.Globalization;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>The shape of an unpadded row-major NHWC array: batch, height, width, channels. A flat vector is (N, 1, 1, C).</summary>
public readonly record struct Dims(int N, int H, int W, int C)
{
    /// <summary>The number of elements, N·H·W·C.</summary>
    public int Length => N * H * W * C;

    /// <summary>The flat index ((n·H + h)·W + w)·C + c.</summary>
    public int Index(int n, int h, int w, int c) => ((n * H + h) * W + w) * C + c;

    /// <summary>The coordinates of a flat index, for messages.</summary>
    public string Locate(int index) => string.Create(
        CultureInfo.InvariantCulture, $"[n={index / C / W / H}, h={index / C / W % H}, w={index / C % W}, c={index % C}]");

    public override string ToString() => $"[{N}, {H}, {W}, {C}]";

    /// <summary>Throws if <paramref name="array"/> does not hold exactly the elements of this shape.</summary>
    public void Require(double[] array, string name) => RequireLength(array, Length, name, ToString());

    internal static void RequireLength(double[] array, int length, string name, string shape)
    {
        if (array.Length != length)
        {
            throw new ArgumentException($"{name} must hold {length} values for {shape}, but holds {array.Length}.", name);
        }
    }
}
