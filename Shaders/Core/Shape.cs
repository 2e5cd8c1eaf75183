using System;

namespace VaeProcgen.Shaders;

/// <summary>
/// The extent of a tensor: N images of H×W pixels with C channels, stored NHWC, row-major. Channels are padded to a multiple of
/// four, because every kernel moves four floats at a time; padding channels are zero. Weights use the same four letters for
/// [R, S, C, K], with C padded as well (see <see cref="Weight"/>).
/// </summary>
public readonly record struct Shape
{
    public Shape(int n, int h, int w, int c)
    {
        if (n < 1 || h < 1 || w < 1 || c < 1)
            throw new ArgumentException($"A shape needs every extent to be at least 1; found [{n}, {h}, {w}, {c}].");
        (N, H, W, C) = (n, h, w, c);
    }

    public int N { get; }

    public int H { get; }

    public int W { get; }

    public int C { get; }

    /// <summary>C rounded up to a multiple of four.</summary>
    public int PaddedC => RoundUp4(C);

    /// <summary>vec4s of channels in a pixel.</summary>
    public int C4 => PaddedC / 4;

    /// <summary>N·H·W.</summary>
    public int Pixels => checked(N * H * W);

    /// <summary>vec4s in the tensor: N·H·W·C4.</summary>
    public int Count4 => checked(Pixels * C4);

    /// <summary>Stored floats, padding channels included.</summary>
    public long Count => 4L * Count4;

    public static Shape Vector(int c) => new(1, 1, 1, c);

    public static Shape Matrix(int n, int c) => new(n, 1, 1, c);

    /// <summary>A convolution weight [R, S, C, K]; the rows of padding channels of C are stored too, and are zero.</summary>
    public static Shape Weight(int kernel, int c, int k) => new(kernel, kernel, RoundUp4(c), k);

    public static int RoundUp4(int value) => (value + 3) / 4 * 4;

    public override string ToString() => $"[{N}, {H}, {W}, {C}]";
}
