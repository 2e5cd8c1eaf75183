using System;

namespace VaeProcgen.Runtime.Images;

/// <summary>
/// The five scanline filters of PNG: each byte is stored as its difference from a prediction made of the bytes to the left (a),
/// above (b) and above left (c), a whole pixel away; outside the image they count as 0.
/// </summary>
internal static class PngFilter
{
    public const int Count = 5;

    /// <summary>Turns stored bytes back into samples, in place. <paramref name="above"/> is the previous row of samples.</summary>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        if (filter == 0)
            return;
        for (int i = 0; i < row.Length; i++)
        {
            bool first = i < pixelBytes;
            row[i] += Predict(filter, first ? 0 : row[i - pixelBytes], above[i], first ? 0 : above[i - pixelBytes]);
        }
    }

    /// <summary>Writes the stored bytes for a row of samples.</summary>
    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixelBytes, Span<byte> stored)
    {
        for (int i = 0; i < row.Length; i++)
        {
            bool first = i < pixelBytes;
            stored[i] = (byte)(row[i] - Predict(filter, first ? 0 : row[i - pixelBytes], above[i], first ? 0 : above[i - pixelBytes]));
        }
    }

    private static byte Predict(int filter, int a, int b, int c) => filter switch
    {
        0 => 0,
        1 => (byte)a,
        2 => (byte)b,
        3 => (byte)((a + b) >> 1),
        _ => Paeth(a, b, c),
    };

    private static byte Paeth(int a, int b, int c)
    {
        int p = a + b - c;
        int toA = Math.Abs(p - a), toB = Math.Abs(p - b), toC = Math.Abs(p - c);
        return (byte)(toA <= toB && toA <= toC ? a : toB <= toC ? b : c);
    }
}
