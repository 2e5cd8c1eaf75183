using System;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// Arithmetic on latent vectors. Every method writes <c>result</c>, which may be one of its inputs; lengths that differ raise
/// <see cref="ArgumentException"/>.
/// </summary>
public static class LatentMath
{
    /// <summary>Below this sine of the angle between them, two directions span no usable plane.</summary>
    private const double ParallelSine = 1e-4;

    /// <summary>Dimensions that the encoder does not use have a deviation near 0; they are divided by no less than this.</summary>
    private const float SmallestDeviation = 1e-6f;

    /// <summary>(1 - t) a + t b.</summary>
    public static void Lerp(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float t, Span<float> result) =>
        Combine(a, 1.0 - t, b, t, result);

    /// <summary>
    /// Turns from the direction of <paramref name="a"/> to that of <paramref name="b"/> at constant speed along the great circle, while the
    /// norm goes linearly from |a| to |b|: |(1-t)|a| + t|b|| (sin((1-t)ω) a/|a| + sin(tω) b/|b|) / sin ω, with ω the angle between
    /// them (Shoemake 1985, extended to any norms). Vectors that are nearly parallel or opposite, or zero, are interpolated linearly.
    /// </summary>
    public static void Slerp(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float t, Span<float> result)
    {
        RequireLength(a.Length, b.Length, nameof(b));
        double aa = Dot(a, a);
        double bb = Dot(b, b);
        double normA = Math.Sqrt(aa);
        double normB = Math.Sqrt(bb);
        double cosine = aa > 0 && bb > 0 ? Dot(a, b) / (normA * normB) : 1;
        double sine = Math.Sqrt(Math.Max(0, 1 - (cosine * cosine)));
        if (sine < ParallelSine)
        {
            Lerp(a, b, t, result);
            return;
        }
        double turns = PortableMath.Atan2(sine, cosine) / (2 * Math.PI);
        double norm = (((1.0 - t) * normA) + (t * normB)) / sine;
        double weightA = PortableMath.SinCosOfTurns((1.0 - t) * turns).Sin;
        double weightB = PortableMath.SinCosOfTurns(t * turns).Sin;
        Combine(a, norm * weightA / normA, b, norm * weightB / normB, result);
    }

    /// <summary>z + amount · direction.</summary>
    public static void Move(ReadOnlySpan<float> z, ReadOnlySpan<float> direction, float amount, Span<float> result) =>
        Combine(z, 1, direction, amount, result);

    /// <summary>The weighted mean Σ w_i z_i / Σ w_i of any number of latents.</summary>
    /// <param name="latents">[count, Z], row-major.</param>
    /// <param name="weights">[count]; negative ones extrapolate, but they must not add up to 0.</param>
    /// <param name="result">[Z].</param>
    public static void Blend(ReadOnlySpan<float> latents, ReadOnlySpan<float> weights, Span<float> result)
    {
        RequireLength(weights.Length * result.Length, latents.Length, nameof(latents));
        double total = 0;
        foreach (float weight in weights)
        {
            total += weight;
        }
        RequireTotal(total, nameof(weights));
        for (int j = 0; j < result.Length; j++)
        {
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += (double)weights[i] * latents[(i * result.Length) + j];
            }
            result[j] = (float)(sum / total);
        }
    }

    /// <summary>(z - mean) / std, each dimension on its own; a deviation below 1e-6 counts as 1e-6.</summary>
    public static void Standardise(ReadOnlySpan<float> z, ReadOnlySpan<float> mean, ReadOnlySpan<float> std, Span<float> result)
    {
        RequireLength(z.Length, mean.Length, nameof(mean));
        RequireLength(z.Length, std.Length, nameof(std));
        RequireLength(z.Length, result.Length, nameof(result));
        for (int j = 0; j < z.Length; j++)
        {
            result[j] = (z[j] - mean[j]) / Math.Max(std[j], SmallestDeviation);
        }
    }

    internal static void RequireLength(int expected, int found, string name)
    {
        if (expected != found)
        {
            throw new ArgumentException($"'{name}' must have {expected} elements, found {found}.", name);
        }
    }

    internal static void RequireTotal(double weights, string name)
    {
        if (!(Math.Abs(weights) > 0) || double.IsInfinity(weights))
        {
            throw new ArgumentException($"The weights of a blend must add up to a finite number other than 0; found {weights}. " +
                "Give at least one latent a weight.", name);
        }
    }

    private static void Combine(ReadOnlySpan<float> a, double weightA, ReadOnlySpan<float> b, double weightB, Span<float> result)
    {
        RequireLength(a.Length, b.Length, nameof(b));
        RequireLength(a.Length, result.Length, nameof(result));
        for (int j = 0; j < a.Length; j++)
        {
            result[j] = (float)((weightA * a[j]) + (weightB * b[j]));
        }
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            sum += (double)a[j] * b[j];
        }
        return sum;
    }
}
