using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Editor.Latents;

/// <summary>
/// The directions in which latents vary most: the leading eigenvectors v_k of their covariance (1/N) Σ (μ − m)(μ − m)ᵀ, with the
/// deviations σ_k along them. Stored as σ_k v_k, so that an amount counts standard deviations, and the length is σ_k.
/// </summary>
/// <param name="Mean">m, [Z]</param>
/// <param name="Deviations">σ_k, largest first.</param>
/// <param name="Vectors">v_k, [Z] each, of length 1; the largest element is positive.</param>
/// <param name="Explained">Each direction's share of the whole variance.</param>
public sealed record PrincipalDirections(
    float[] Mean, IReadOnlyList<double> Deviations, IReadOnlyList<double[]> Vectors, IReadOnlyList<double> Explained)
{
    private const string NamePrefix = "principal-";

    // Below this share of the largest, a variance is taken for rounding.
    private const double Negligible = 1e-12;

    /// <summary>The name under which direction <paramref name="index"/>, from 0, is stored.</summary>
    public static string NameOf(int index) => $"{NamePrefix}{index + 1}";

    /// <summary>Whether a name is one that <see cref="NameOf"/> gives.</summary>
    public static bool IsName(string name) => name.StartsWith(NamePrefix, StringComparison.Ordinal)
        && name[NamePrefix.Length..] is { Length: > 0 } number && number.All(char.IsDigit);

    /// <summary>σ_k v_k, [Z].</summary>
    public float[] Scaled(int index) => Vectors[index].Select(x => (float)(x * Deviations[index])).ToArray();

    /// <exception cref="ArgumentException">There are too few latents for so many directions, or latents of Z dimensions.</exception>
    public static void Require(int count, int n, int z)
    {
        int most = Math.Min(n - 1, z);
        if (count < 1 || count > most)
        {
            throw new ArgumentException($"{n} latents of {z} dimensions have {Math.Max(most, 0)} principal directions at most; "
                + $"asked for {count}. Ask for fewer.");
        }
    }

    /// <param name="latents">μ, [N, Z]</param>
    /// <param name="z">Z</param>
    /// <param name="count">How many directions.</param>
    /// <exception cref="ArgumentException">The latents have fewer directions than that, or vary in fewer.</exception>
    public static PrincipalDirections Compute(ReadOnlySpan<float> latents, int z, int count)
    {
        int n = latents.Length / z;
        Require(count, n, z);
        var mean = new double[z];
        for (int i = 0; i < n * z; i++)
            mean[i % z] += latents[i];
        for (int j = 0; j < z; j++)
            mean[j] /= n;
        var centred = new double[n * z];
        for (int i = 0; i < centred.Length; i++)
            centred[i] = latents[i] - mean[i % z];

        // The N×N matrix of dot products has the same eigenvalues as the Z×Z covariance, and is the smaller one when N < Z.
        bool ofLatents = n < z;
        int size = ofLatents ? n : z;
        (double[] values, double[] vectors) = SymmetricEigen.Solve(Products(centred, n, z, ofLatents), size);
        double least = Negligible * Math.Max(values[0], 0);
        int varying = values.Count(value => value > least);
        if (varying < count)
            throw new ArgumentException($"The latents vary in {varying} directions only; asked for {count}. Ask for fewer.");
        double total = values.Sum(value => Math.Max(value, 0));
        return new PrincipalDirections(
            mean.Select(m => (float)m).ToArray(),
            values.Take(count).Select(Math.Sqrt).ToArray(),
            Enumerable.Range(0, count).Select(k =>
            {
                double[] vector = vectors.AsSpan(k * size, size).ToArray();
                return ofLatents ? Combine(centred, vector, z) : vector;
            }).ToArray(),
            values.Take(count).Select(value => value / total).ToArray());
    }

    /// <summary>XᵀX / N, or XXᵀ / N, on and above the diagonal.</summary>
    private static double[] Products(double[] x, int n, int z, bool ofRows)
    {
        int size = ofRows ? n : z;
        var products = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = i; j < size; j++)
            {
                double sum = 0;
                for (int k = 0; k < (ofRows ? z : n); k++)
                    sum += ofRows ? x[(i * z) + k] * x[(j * z) + k] : x[(k * z) + i] * x[(k * z) + j];
                products[(i * size) + j] = sum / n;
            }
        }

        return products;
    }

    /// <summary>Xᵀu, of length 1, its largest element positive: the eigenvector of XᵀX that belongs to u of XXᵀ.</summary>
    private static double[] Combine(double[] x, double[] u, int z)
    {
        var vector = new double[z];
        for (int i = 0; i < x.Length; i++)
            vector[i % z] += x[i] * u[i / z];
        double length = Math.Sqrt(vector.Sum(e => e * e));
        double sign = vector.MaxBy(Math.Abs) < 0 ? -1 : 1;
        return vector.Select(e => sign * e / length).ToArray();
    }
}
