using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// The reparameterization trick (Kingma and Welling, arXiv:1312.6114, §2.4): the head [N, 2Z] holds μ in its first Z columns and
/// log σ² in its last Z; z = μ + exp(½·clamp(log σ²))·ε, [N, Z].
/// </summary>
public static class ReparameterizeReference
{
    /// <summary>The default clamp of log σ².</summary>
    public const double LowestLogVariance = -12;

    /// <inheritdoc cref="LowestLogVariance"/>
    public const double HighestLogVariance = 12;

    /// <summary>z of the class formula for given noise ε [N, Z].</summary>
    public static double[] Forward(
        int n, int z, double[] head, double[] noise, double low = LowestLogVariance, double high = HighestLogVariance)
    {
        Require(n, z, head, noise);
        var sample = new double[n * z];
        for (int row = 0; row < n; row++)
        for (int j = 0; j < z; j++)
        {
            double mean = head[row * 2 * z + j];
            double logVariance = Math.Clamp(head[row * 2 * z + z + j], low, high);
            sample[row * z + j] = mean + Math.Exp(0.5 * logVariance) * noise[row * z + j];
        }

        return sample;
    }

    /// <summary>dμ = dz; dlogσ² = ½·dz·ε·σ for low ≤ log σ² ≤ high, and 0 outside. Written (=) to dHead [N, 2Z].</summary>
    public static double[] Backward(
        int n, int z, double[] head, double[] noise, double[] dZ, double low = LowestLogVariance, double high = HighestLogVariance)
    {
        Require(n, z, head, noise);
        Dims.RequireLength(dZ, n * z, nameof(dZ), $"[{n}, {z}]");
        var dHead = new double[2 * n * z];
        for (int row = 0; row < n; row++)
        for (int j = 0; j < z; j++)
        {
            double logVariance = head[row * 2 * z + z + j];
            double d = dZ[row * z + j];
            dHead[row * 2 * z + j] = d;
            bool inside = logVariance >= low && logVariance <= high;
            dHead[row * 2 * z + z + j] = inside ? 0.5 * d * noise[row * z + j] * Math.Exp(0.5 * logVariance) : 0;
        }

        return dHead;
    }

    /// <summary>The error of z in float32: that of exp, a product and a sum.</summary>
    public static double[] ForwardBound(
        int n, int z, double[] head, double[] noise, double low = LowestLogVariance, double high = HighestLogVariance)
    {
        Require(n, z, head, noise);
        var bound = new double[n * z];
        for (int row = 0; row < n; row++)
        for (int j = 0; j < z; j++)
        {
            double mean = Math.Abs(head[row * 2 * z + j]);
            double half = 0.5 * Math.Clamp(head[row * 2 * z + z + j], low, high);
            double e = Math.Abs(noise[row * z + j]);
            bound[row * z + j] = ErrorBound.SecondOrder * (ErrorBound.Exp(half) * e + ErrorBound.Sum(2, mean + Math.Exp(half) * e));
        }

        return bound;
    }

    /// <summary>The error of dHead in float32: dμ is a copy (0), dlogσ² has that of exp and three products.</summary>
    public static double[] BackwardBound(
        int n, int z, double[] head, double[] noise, double[] dZ, double low = LowestLogVariance, double high = HighestLogVariance)
    {
        Require(n, z, head, noise);
        var bound = new double[2 * n * z];
        for (int row = 0; row < n; row++)
        for (int j = 0; j < z; j++)
        {
            double logVariance = head[row * 2 * z + z + j];
            double factor = Math.Abs(0.5 * dZ[row * z + j] * noise[row * z + j]);
            bool inside = logVariance >= low && logVariance <= high;
            bound[row * 2 * z + z + j] = inside
                ? ErrorBound.SecondOrder
                    * (factor * ErrorBound.Exp(0.5 * logVariance) + ErrorBound.Sum(3, factor * Math.Exp(0.5 * logVariance)))
                : 0;
        }

        return bound;
    }

    private static void Require(int n, int z, double[] head, double[] noise)
    {
        Dims.RequireLength(head, 2 * n * z, nameof(head), $"[{n}, 2·{z}]");
        Dims.RequireLength(noise, n * z, nameof(noise), $"[{n}, {z}]");
    }
}
