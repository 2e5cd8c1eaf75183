using System;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// KL(q ‖ uniform) = Σ_c q_c log q_c + log C in nats of each run of C logits, q = softmax(logits). Logits [N, D·C]; KL [N, D].
/// </summary>
public static class CategoricalKlReference
{
    /// <summary>The class formula.</summary>
    public static double[] Forward(int c, double[] logits) => logits.Chunk(c).Select(l =>
    {
        double[] logQ = LogSoftmax(l);
        return logQ.Sum(v => Math.Exp(v) * v) + Math.Log(c);
    }).ToArray();

    /// <summary>
    /// dlogits_c = dkl · q_c (log q_c − Σ q log q) = dkl · q_c (u_c − Σ q u), u = l − max l, which does not cancel where classes are
    /// equally likely. Written (=).
    /// </summary>
    public static double[] Backward(int c, double[] logits, double[] dKl) => logits.Chunk(c).Zip(dKl).SelectMany(pair =>
    {
        double[] q = Array.ConvertAll(LogSoftmax(pair.First), Math.Exp), u = Array.ConvertAll(pair.First, l => l - pair.First.Max());
        double mean = q.Zip(u, (p, v) => p * v).Sum();
        return q.Zip(u, (p, v) => pair.Second * p * (v - mean));
    }).ToArray();

    /// <summary>The error of the KL in float32 as Σ q u + log(C/S), with u = l − max l and S = Σ exp u.</summary>
    public static double[] ForwardBound(int c, double[] logits) => logits.Chunk(c).Select(l =>
    {
        Roundings r = RoundingsOf(l);
        double ratio = c / r.Sum;
        double log = r.SumError / r.Sum + ErrorBound.Divide(ratio) / ratio + ErrorBound.Log(ratio);
        return ErrorBound.SecondOrder * (r.MeanError + log + ErrorBound.UnitRoundoff * (Math.Abs(r.Mean) + Math.Log(ratio)));
    }).ToArray();

    /// <summary>
    /// The error of dlogits in float32 as dkl · (exp(u)/S) · (u − Σ q u). Vulkan lets the first product be flushed to zero where it is subnormal, as
    /// lavapipe of Mesa 26 does and that of 22.3 does not: u − Σ q u, which multiplies it, multiplies what is lost too.
    /// </summary>
    public static double[] BackwardBound(int c, double[] logits, double[] dKl) => logits.Chunk(c).Zip(dKl).SelectMany(pair =>
    {
        Roundings r = RoundingsOf(pair.First);
        double largest = pair.First.Max();
        return pair.First.Select((l, i) =>
        {
            double u = l - largest, q = Math.Exp(u) / r.Sum, scale = Math.Abs(pair.Second);
            double qError = r.WeightError[i] / r.Sum + q * r.SumError / r.Sum + ErrorBound.Divide(q);
            double difference = Math.Abs(u) + Math.Abs(r.Mean);
            double differenceError = 2 * ErrorBound.UnitRoundoff * difference + r.MeanError;
            return ErrorBound.SecondOrder * scale * (qError * difference + q * differenceError) + ErrorBound.Sum(2, scale * q * difference)
                + ErrorBound.SmallestNormal * difference;
        });
    }).ToArray();

    private static double[] LogSoftmax(double[] l)
    {
        double largest = l.Max(), log = Math.Log(l.Sum(v => Math.Exp(v - largest)));
        return Array.ConvertAll(l, v => v - largest - log);
    }

    private sealed record Roundings(double Sum, double SumError, double Mean, double MeanError, double[] WeightError);

    /// <summary>S = Σ exp u and Σ exp(u) u / S with their errors: of the difference u, exp, products, sums and a division.</summary>
    private static Roundings RoundingsOf(double[] l)
    {
        int c = l.Length;
        double[] u = Array.ConvertAll(l, v => v - l.Max()), weight = Array.ConvertAll(u, Math.Exp);
        double[] weightError = u.Select((v, i) => weight[i] * ErrorBound.UnitRoundoff * Math.Abs(v) + ErrorBound.Exp(v)).ToArray();
        double sum = weight.Sum(), moment = weight.Zip(u, (w, v) => w * Math.Abs(v)).Sum(), mean = -moment / sum;
        double sumError = weightError.Sum() + ErrorBound.Sum(c, sum);
        double momentError = weightError.Zip(u, (e, v) => e * Math.Abs(v)).Sum() + ErrorBound.Sum(c + 2, moment);
        return new(sum, sumError, mean, (momentError + Math.Abs(mean) * sumError) / sum + ErrorBound.Divide(mean), weightError);
    }
}
