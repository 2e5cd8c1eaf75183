using System;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Vector quantisation (van den Oord et al., arXiv:1711.00937): rows z_e [R, D], a codebook e [K, D], z_q = the nearest code of each
/// row; and the codebook's moving averages (appendix A.1).
/// </summary>
public static class VectorQuantizeReference
{
    /// <summary>argmin_k ‖z − e_k‖² of each row, the lowest k among equals.</summary>
    public static int[] Nearest(int d, double[] encoded, double[] codebook) =>
        Enumerable.Range(0, encoded.Length / d).Select(r =>
            Enumerable.Range(0, codebook.Length / d).MinBy(k => SquaredDistance(d, encoded, r, codebook, k))).ToArray();

    /// <summary>‖z_r − e_k‖²</summary>
    public static double SquaredDistance(int d, double[] encoded, int row, double[] codebook, int code) =>
        Enumerable.Range(0, d).Sum(j => Square(encoded[row * d + j] - codebook[code * d + j]));

    /// <summary>
    /// How much farther than the nearest code the chosen one may lie, where the choice is made in float32 by the largest
    /// z · e − ½‖e‖²: twice the error of such a score, for each of the two, at twice its scale.
    /// </summary>
    public static double NearestSlack(int d, double[] encoded, int row, double[] codebook) =>
        4 * ErrorBound.SecondOrder * Enumerable.Range(0, codebook.Length / d).Max(k => ErrorBound.Sum(2 * d + 3, Enumerable.Range(0, d)
            .Sum(j => Math.Abs(encoded[row * d + j] * codebook[k * d + j]) + Square(codebook[k * d + j]))));

    /// <summary>e_k of each row.</summary>
    public static double[] Forward(int d, double[] codebook, int[] codes) =>
        codes.SelectMany(k => codebook.Skip(k * d).Take(d)).ToArray();

    /// <summary>w Σ ‖z_e − e‖² of each image of so many rows.</summary>
    public static double[] Commitment(int d, int rowsPerImage, double weight, double[] encoded, double[] codebook, int[] codes) =>
        codes.Select((k, r) => weight * SquaredDistance(d, encoded, r, codebook, k)).Chunk(rowsPerImage).Select(image => image.Sum())
            .ToArray();

    /// <summary>The error of <see cref="Commitment"/> in float32.</summary>
    public static double[] CommitmentBound(int d, int rowsPerImage, double weight, double[] encoded, double[] codebook, int[] codes) =>
        Commitment(d, rowsPerImage, weight, encoded, codebook, codes)
            .Select(v => ErrorBound.SecondOrder * ErrorBound.Sum(rowsPerImage * d + 5, v)).ToArray();

    /// <summary>dz_e = dz_q + 2w (z_e − e) / N: the gradient of Σ dz_q · z_e + (w / N) Σ ‖z_e − e‖² with the codes held fixed.</summary>
    public static double[] Backward(int n, int d, double weight, double[] encoded, double[] codebook, int[] codes, double[] dQuantized) =>
        encoded.Select((z, i) => dQuantized[i] + 2 * weight / n * (z - codebook[codes[i / d] * d + i % d])).ToArray();

    /// <summary>The error of <see cref="Backward"/> in float32.</summary>
    public static double[] BackwardBound(int n, int d, double weight, double[] encoded, double[] codebook, int[] codes,
        double[] dQuantized) =>
        encoded.Select((z, i) => ErrorBound.SecondOrder
            * ErrorBound.Sum(4, Math.Abs(dQuantized[i]) + 2 * weight / n * Math.Abs(z - codebook[codes[i / d] * d + i % d]))).ToArray();

    /// <summary>The moving averages and the codes after one more batch, none restarted.</summary>
    public static (double[] Counts, double[] Sums, double[] Codebook) Update(
        int d, double[] counts, double[] sums, double[] encoded, int[] codes, double decay, double epsilon)
    {
        int k = counts.Length;
        double[] newCounts = counts.Select((c, i) => decay * c + (1 - decay) * codes.Count(code => code == i)).ToArray();
        double[] newSums = sums.Select((s, i) =>
            decay * s + (1 - decay) * codes.Select((code, r) => code == i / d ? encoded[r * d + i % d] : 0).Sum()).ToArray();
        double total = newCounts.Sum();
        return (newCounts, newSums, newSums.Select((s, i) => s / ((newCounts[i / d] + epsilon) / (total + k * epsilon) * total)).ToArray());
    }

    /// <summary>exp of the entropy of the shares of the counts.</summary>
    public static double Perplexity(double[] counts) =>
        Math.Exp(-counts.Where(c => c > 0).Sum(c => c / counts.Sum() * Math.Log(c / counts.Sum())));

    private static double Square(double x) => x * x;
}
