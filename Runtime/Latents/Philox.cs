using System;
using System.Numerics;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011): each draw is
/// a function of key and counter alone. The key is the seed (its low word first), and the counter is
/// (element, step, stream, 0), as in the shaders.
/// </summary>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Four random words for the 64-bit key and the counter (c0, c1, c2, c3).</summary>
    public static (uint X, uint Y, uint Z, uint W) Draw(ulong key, uint c0, uint c1, uint c2, uint c3)
    {
        unchecked
        {
            uint k0 = (uint)key;
            uint k1 = (uint)(key >> 32);
            for (int round = 0; round < Rounds; round++)
            {
                ulong p0 = (ulong)Multiplier0 * c0;
                ulong p1 = (ulong)Multiplier1 * c2;
                (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
                k0 += Weyl0;
                k1 += Weyl1;
            }
            return (c0, c1, c2, c3);
        }
    }

    /// <summary>((word >> 8) + 0.5) 2^-24 in single precision: above 0, and at most 1, which the topmost value rounds to.</summary>
    public static float Uniform(uint word) => ((word >> 8) + 0.5f) * (1f / (1 << 24));

    /// <summary>
    /// Four independent standard normals by Box and Muller: with the draw (a, b, c, d), (X, Y) = sqrt(-2 ln u_a) (cos 2πu_b, sin 2πu_b),
    /// and (Z, W) likewise of c and d.
    /// </summary>
    public static Vector4 Normal4(ulong seed, uint stream, uint step, uint index)
    {
        (uint a, uint b, uint c, uint d) = Draw(seed, index, step, stream, 0);
        (float x, float y) = NormalPair(a, b);
        (float z, float w) = NormalPair(c, d);
        return new Vector4(x, y, z, w);
    }

    /// <summary>Fills <paramref name="values"/> with standard normals: element i is component i mod 4 of draw i / 4.</summary>
    public static void FillNormals(ulong seed, uint stream, uint step, Span<float> values)
    {
        Span<float> quad = stackalloc float[4];
        for (int i = 0; i < values.Length; i += 4)
        {
            Vector4 normals = Normal4(seed, stream, step, (uint)i / 4);
            (quad[0], quad[1], quad[2], quad[3]) = (normals.X, normals.Y, normals.Z, normals.W);
            quad.Slice(0, Math.Min(4, values.Length - i)).CopyTo(values.Slice(i));
        }
    }

    private static (float Cos, float Sin) NormalPair(uint a, uint b)
    {
        double radius = Math.Sqrt(-2 * PortableMath.Log(Uniform(a)));
        (double sin, double cos) = PortableMath.SinCosOfTurns(Uniform(b));
        return ((float)(radius * cos), (float)(radius * sin));
    }
}
