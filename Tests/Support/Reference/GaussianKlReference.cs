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

    /// <summary>
    /// KL(q ‖ p) of each dimension, [N, Z]: ½ ((σq² + (μq − μp)²)/σp² − log(σq²/σp²) − 1); <paramref name="prior"/> null is N(0, I).
    /// </summary>
    public static double[] Elements(int n, int z, double[] head, double[]? prior = null)
    {
        var kl = new double[n * z];
        for (int i = 0; i < kl.Length; i++)
        {
            (double m, double ratio, double precision, _, _) = Parts(z, head, prior, i);
            kl[i] = 0.5 * ((m * m * precision) + Math.Exp(ratio) - ratio - 1);
        }

        return kl;
    }

    /// <summary>The errors of <see cref="Elements"/> in float32.</summary>
    public static double[] ElementBounds(int n, int z, double[] head, double[]? prior = null)
    {
        const double u = ErrorBound.UnitRoundoff;
        var bound = new double[n * z];
        for (int i = 0; i < bound.Length; i++)
        {
            (double m, double ratio, double precision, double logVariance, double logPrior) = Parts(z, head, prior, i);
            double square = m * m * precision, ratioError = prior == null ? 0 : u * Math.Abs(ratio);
            double squareError = prior == null ? 3 * u * square : square * (6 * u) + m * m * ErrorBound.Exp(-logPrior);
            double expError = ErrorBound.Exp(ratio) + Math.Exp(ratio) * ratioError;
            double magnitude = square + Math.Exp(ratio) + Math.Abs(ratio) + 1;
            bound[i] = ErrorBound.SecondOrder * 0.5 * (squareError + MeanError(z, head, prior, i) * 2 * Math.Abs(m) * precision + expError + ratioError + 4 * u * magnitude);
        }

        return bound;
    }

    /// <summary>
    /// With m = μq − μp, d = m/σp², v = σq²/σp²: of q dμ = d, dlog σ² = ½(v − 1); of p dμ = −d, dlog σ² = ½(1 − v − m d); all times dKl,
    /// zero where the log variance is outside its limits. [N, 2Z], with its error in float32.
    /// </summary>
    public static (double[] Value, double[] Bound) Backward(int n, int z, double[] head, double[]? prior, double[] dKl, bool ofPrior)
    {
        const double u = ErrorBound.UnitRoundoff;
        double[] value = new double[2 * n * z], bound = new double[2 * n * z];
        for (int i = 0; i < n * z; i++)
        {
            int at = (i / z * 2 * z) + (i % z);
            (double m, double ratio, double precision, double logVariance, double logPrior) = Parts(z, head, prior, i);
            double raw = ofPrior ? prior![at + z] : head[at + z];
            bool inside = raw >= ReparameterizeReference.LowestLogVariance && raw <= ReparameterizeReference.HighestLogVariance;
            double d = m * precision, v = Math.Exp(ratio), weight = Math.Abs(dKl[i]);
            double dError = prior == null ? 0 : (MeanError(z, head, prior, i) * precision) + (Math.Abs(m) * ErrorBound.Exp(-logPrior)) + (2 * u * Math.Abs(d));
            double vError = ErrorBound.Exp(ratio) + (prior == null ? 0 : v * u * Math.Abs(ratio));
            value[at] = dKl[i] * (ofPrior ? -d : d);
            bound[at] = ErrorBound.SecondOrder * weight * (dError + (2 * u * Math.Abs(d)));
            value[at + z] = inside ? 0.5 * dKl[i] * (ofPrior ? 1 - v - (m * d) : v - 1) : 0;
            double cross = ofPrior ? (Math.Abs(m) * dError) + (MeanError(z, head, prior, i) * Math.Abs(d)) : 0;
            double magnitude = v + 1 + (ofPrior ? Math.Abs(m * d) : 0);
            bound[at + z] = inside ? ErrorBound.SecondOrder * 0.5 * weight * (vError + cross + (6 * u * magnitude)) : 0;
        }

        return (value, bound);
    }

    private static double MeanError(int z, double[] head, double[]? prior, int i)
    {
        int at = (i / z * 2 * z) + (i % z);
        return prior == null ? 0 : ErrorBound.UnitRoundoff * Math.Abs(head[at] - prior[at]);
    }

    // m = μq − μp, log(σq²/σp²), 1/σp², log σq², log σp²
    private static (double M, double Ratio, double Precision, double LogVariance, double LogPrior) Parts(int z, double[] head, double[]? prior, int i)
    {
        int at = (i / z * 2 * z) + (i % z);
        double logVariance = Math.Clamp(head[at + z], ReparameterizeReference.LowestLogVariance, ReparameterizeReference.HighestLogVariance);
        if (prior == null)
            return (head[at], logVariance, 1, logVariance, 0);
        double logPrior = Math.Clamp(prior[at + z], ReparameterizeReference.LowestLogVariance, ReparameterizeReference.HighestLogVariance);
        return (head[at] - prior[at], logVariance - logPrior, Math.Exp(-logPrior), logVariance, logPrior);
    }
}
