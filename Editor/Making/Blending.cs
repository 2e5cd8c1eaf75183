using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Making;

/// <summary>The way from one latent to another.</summary>
public enum BlendMode
{
    /// <summary>Straight: <see cref="LatentMath.Lerp"/>.</summary>
    Lerp,

    /// <summary>Along the great circle about the origin: <see cref="LatentMath.Slerp"/>.</summary>
    Slerp,
}

/// <summary>Latents between assets.</summary>
public static class Blending
{
    private const uint PairStream = 0x500;
    private const int Candidates = 8;

    /// <summary>mix(a, b, i / (steps − 1)) for i = 0 … steps − 1: the first is a, the last is b.</summary>
    /// <returns>[steps, Z]</returns>
    /// <exception cref="ArgumentException">Fewer than 2 steps, or latents of different sizes.</exception>
    public static float[] Strip(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int steps, BlendMode mode)
    {
        RequireSteps(steps);
        var latents = new float[steps * a.Length];
        for (int i = 0; i < steps; i++)
            Mix(mode, a, b, i, steps, latents.AsSpan(i * a.Length, a.Length));
        return latents;
    }

    /// <summary>
    /// mix(mix(a, c, v), mix(b, d, v), u) over u (columns) and v (rows) in [0, 1]: with lerp the bilinear blend
    /// (1−u)(1−v) a + u(1−v) b + (1−u)v c + uv d. The corners, in reading order, are a, b, c and d.
    /// </summary>
    /// <returns>[steps, steps, Z], rows first.</returns>
    /// <exception cref="ArgumentException">Fewer than 2 steps, or latents of different sizes.</exception>
    public static float[] Square(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d, int steps, BlendMode mode)
    {
        RequireSteps(steps);
        int z = a.Length;
        var latents = new float[steps * steps * z];
        float[] left = new float[z], right = new float[z];
        for (int row = 0; row < steps; row++)
        {
            Mix(mode, a, c, row, steps, left);
            Mix(mode, b, d, row, steps, right);
            Strip(left, right, steps, mode).CopyTo(latents.AsSpan(row * steps * z));
        }

        return latents;
    }

    /// <summary>
    /// Pairs of assets to show blends of: random ones, each with the nearest (by μ) of eight other random ones, as near assets
    /// blend best. No asset is in two pairs.
    /// </summary>
    /// <param name="count">How many; fewer when there are not enough assets.</param>
    public static IReadOnlyList<(AssetLatent From, AssetLatent To)> PickPairs(IReadOnlyList<AssetLatent> assets, int count, ulong seed)
    {
        List<AssetLatent> left = Enumerable.Range(0, assets.Count)
            .OrderBy(i => Philox.Draw(seed, (uint)i, 0, PairStream, 0).X).Select(i => assets[i]).ToList();
        var pairs = new List<(AssetLatent, AssetLatent)>();
        while (pairs.Count < count && left.Count > 1)
        {
            AssetLatent from = left[0];
            AssetLatent to = left.Skip(1).Take(Candidates).MinBy(other => SquaredDistance(from.Mean, other.Mean))!;
            pairs.Add((from, to));
            left.RemoveAll(asset => asset == from || asset == to);
        }

        return pairs;
    }

    private static void Mix(BlendMode mode, ReadOnlySpan<float> a, ReadOnlySpan<float> b, int step, int steps, Span<float> result)
    {
        float t = step / (steps - 1f);
        if (mode == BlendMode.Lerp)
            LatentMath.Lerp(a, b, t, result);
        else
            LatentMath.Slerp(a, b, t, result);
    }

    private static double SquaredDistance(float[] a, float[] b) => a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum();

    private static void RequireSteps(int steps)
    {
        if (steps < 2)
            throw new ArgumentException($"A blend needs at least 2 steps, its two ends; found {steps}.");
    }
}
