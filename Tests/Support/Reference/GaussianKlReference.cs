using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// KL(N(μ, σ²) ‖ N(0, I)) in nats (Kingma and Welling, arXiv:1312.6114, appendix B): the mean over the batch of
/// ½·Σ_j (μ² + σ² − log σ² − 1), times a weight. The head is laid out as in <see cref="ReparameterizeReference"/>, with the same clamp.
/// </summary>
public static class GaussianKlReference
{
    /// <summary>The weighted mean of the class formula.</summary>
    public static double Forward(
        int n,
        int z,
        double[] head,
        double weight = 1,
        double low = ReparameterizeReference.LowestLogVariance,
        double high = ReparameterizeReference.HighestLogVariance)
    {
        Dims.RequireLength(head, 2 * n * z, nameof(head), $"[{n}, 2·{z}]");
        double sum = 0;
        for (int row = 0; row < n; row++)
        for (int j = 0; j < z; j++)
        {
            double mean = head[row * 2 * z + j];
            double logVariance = Math.Clamp(head[row * 2 * z + z + j], low, high);
            sum += 0.5 * (mean * mean + Math.Exp(logVariance) - logVariance - 1);
        }

        return weight * sum / n;
    }

    /// <summary>
    /// dμ = weight/N·μ; dlogσ² = weight/N·½(σ² − 1) for low ≤ log σ² ≤ high, and 0 outside. Returned alone: a kernel that adds it
    /// to the gradient through z (+=) adds this.
    /// </summary>
    public static double[] Backward(
        int n,
        int z,
        double[] head,
        double weight = 1,
        double low = ReparameterizeReference.LowestLogVariance,
        double high = ReparameterizeReference.HighestLogVariance)
    {
        Dims.RequireLength(head, 2 * n * z, nameof(head), $"[{n}, 2·{z}]");
        var dHead = new double[head.Length];
        for (int row = 0; row < n; row++)
        for (int j = 0; j < z; j++)
        {
            double logVariance = head[row * 2 * z + z + j];
            bool inside = logVariance >= low && logVariance <= high;
            dHead[row * 2 * z + j] = weight / n * head[row * 2 * z + j];
            dHead[row * 2 * z + z + j] = inside ? weight / n * 0.5 * (Math.Exp(logVariance) - 1) : 0;
        }

        return dHead;
    }

    /// <summary>The error of the value in float32, its N·Z terms of four parts added in any order.</summary>
    public static double ForwardBound(
        int n,
        int z,
        double[] head,
        double weight = 1,
        double low = ReparameterizeReference.LowestLogVariance,
        double high = ReparameterizeReference.HighestLogVariance)
    {
        double error = 0;
        for (int row = 0; row < n; row++)
        for (int j = 0; j < z; j++)
        {
            double mean = head[row * 2 * z + j];
            double logVariance = Math.Clamp(head[row * 2 * z + z + j], low, high);
            double magnitude = 0.5 * (mean * mean + Math.Exp(logVariance) + Math.Abs(logVariance) + 1);

            // The sum, and for each term the square, the three additions, the half, the weight and the division.
            error += ErrorBound.Gamma(n * z + 10) * magnitude + 0.5 * ErrorBound.Exp(logVariance);
        }

        return ErrorBound.SecondOrder * Math.Abs(weight) * error / n;
    }

    /// <summary>The error of dHead in float32; weight/N may itself be rounded.</summary>
    public static double[] BackwardBound(
        int n,
        int z,
        double[] head,
        double weight = 1,
        double low = ReparameterizeReference.LowestLogVariance,
        double high = ReparameterizeReference.HighestLogVariance)
    {
        double scale = Math.Abs(weight) / n;
        var bound = new double[head.Length];
        for (int row = 0; row < n; row++)
        for (int j = 0; j < z; j++)
        {
            double logVariance = head[row * 2 * z + z + j];
            bool inside = logVariance >= low && logVariance <= high;
            bound[row * 2 * z + j] = ErrorBound.Sum(8, scale * Math.Abs(head[row * 2 * z + j]));
            bound[row * 2 * z + z + j] = inside
                ? 0.5 * scale * ErrorBound.SecondOrder * ErrorBound.Exp(logVariance)
                    + ErrorBound.Sum(10, 0.5 * scale * (Math.Exp(logVariance) + 1))
                : 0;
        }

        return bound;
    }
}
