using System;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>Rows of −log softmax(l)_t for logits l [R, K] and a target t for each row.</summary>
public static class SoftmaxCrossEntropyReference
{
    public static double[] Forward(int classes, double[] logits, int[] targets) =>
        logits.Chunk(classes).Zip(targets, (row, t) => LogSum(row) + row.Max() - row[t]).ToArray();

    /// <summary>dl_k = dnll (softmax(l)_k − [k = t]). Written (=).</summary>
    public static double[] Backward(int classes, double[] logits, int[] targets, double[] dNll) =>
        logits.Chunk(classes).SelectMany((row, r) =>
        {
            double all = row.Max() + LogSum(row);
            return row.Select((l, k) => dNll[r] * (Math.Exp(l - all) - (k == targets[r] ? 1 : 0)));
        }).ToArray();

    /// <summary>
    /// The error of a row in float32. Each term of the sum is the product of two exponentials, of the distance from its part's
    /// largest logit and from there to the largest of all; the sum may be added in any order.
    /// </summary>
    public static double[] ForwardBound(int classes, double[] logits, int[] targets) =>
        logits.Chunk(classes).Zip(targets, (row, t) =>
        {
            double rounding = 2 * ErrorBound.UnitRoundoff * (LogSum(row) + 2 * (row.Max() - row[t]));
            return ErrorBound.SecondOrder * (LogSumError(row) + rounding);
        }).ToArray();

    /// <summary>The error of the gradient in float32: of log Σ, two differences, an exponential, and two more roundings.</summary>
    public static double[] BackwardBound(int classes, double[] logits, int[] targets, double[] dNll) =>
        logits.Chunk(classes).SelectMany((row, r) =>
        {
            double most = row.Max(), logSum = LogSum(row), logSumError = LogSumError(row);
            return row.Select((l, k) =>
            {
                double x = l - most - logSum, p = Math.Exp(x);
                double argument = logSumError + ErrorBound.UnitRoundoff * (2 * Math.Abs(l - most) + Math.Abs(x) + logSum);
                double error = ErrorBound.Exp(x) + p * argument + 2 * ErrorBound.UnitRoundoff * (p + (k == targets[r] ? 1 : 0));
                return ErrorBound.SecondOrder * Math.Abs(dNll[r]) * error + ErrorBound.SmallestNormal;
            });
        }).ToArray();

    private static double LogSum(double[] row)
    {
        double most = row.Max();
        return Math.Log(row.Sum(l => Math.Exp(l - most)));
    }

    private static double LogSumError(double[] row)
    {
        double most = row.Max(), sum = row.Sum(l => Math.Exp(l - most));
        double relative = row.Sum(l =>
        {
            double x = most - l, rounding = (6 + 2 * x) * ErrorBound.Epsilon + 2 * ErrorBound.UnitRoundoff * x;
            return Math.Exp(-x) / sum * rounding + 2 * ErrorBound.SmallestNormal;
        });
        return relative + ErrorBound.Gamma(row.Length + 10) + ErrorBound.Log(sum);
    }
}
