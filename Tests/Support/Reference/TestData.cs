using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>Reproducible test arrays. Every value is an exact float32, so that a GPU and its reference read the same input.</summary>
public static class TestData
{
    /// <summary>Sizes that no power-of-two tile divides.</summary>
    public static IReadOnlyList<int> AwkwardSizes { get; } = [1, 3, 5, 7, 13, 127];

    /// <summary>Values uniform in [low, high).</summary>
    public static double[] Uniform(int length, int seed, double low = -1, double high = 1) =>
        Stream(seed).Take(length).Select(u => (double)(float)(low + (high - low) * u)).ToArray();

    /// <summary>Standard normal values, by Box–Muller.</summary>
    public static double[] Normal(int length, int seed) =>
        Stream(seed).Chunk(2).Take(length).Select(u => (double)(float)(Math.Sqrt(-2 * Math.Log(1 - u[0])) * Math.Cos(2 * Math.PI * u[1])))
            .ToArray();

    /// <summary>Bytes uniform in 0..255.</summary>
    public static byte[] Bytes(int length, int seed) => Stream(seed).Take(length).Select(u => (byte)(256 * u)).ToArray();

    /// <summary>The same values, with those nearer than <paramref name="distance"/> to a kink moved out to that distance.</summary>
    public static double[] AwayFrom(double[] values, double kink, double distance) => values
        .Select(v => Math.Abs(v - kink) >= distance ? v : (double)(float)(v >= kink ? kink + distance : kink - distance))
        .ToArray();

    /// <summary>The values as float32, which for the arrays made here loses nothing.</summary>
    public static float[] ToFloat(double[] values) => values.Select(v => (float)v).ToArray();

    /// <summary>float32 values as double.</summary>
    public static double[] ToDouble(float[] values) => values.Select(v => (double)v).ToArray();

    // SplitMix64 (Steele, Lea, Flood 2014), for the same numbers on every runtime; uniform in [0, 1).
    private static IEnumerable<double> Stream(int seed)
    {
        ulong state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL + 0x632BE59BD9B4E019UL);
        while (true)
        {
            state += 0x9E3779B97F4A7C15UL;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            z ^= z >> 31;
            yield return (z >> 11) * (1.0 / (1UL << 53));
        }
    }
}
