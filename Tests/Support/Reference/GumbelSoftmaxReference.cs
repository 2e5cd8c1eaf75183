using System;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// The Gumbel-Softmax relaxation (Jang et al., arXiv:1611.01144, eq. 2): y = softmax((logits + g)/τ) over the classes of each
/// variable. Logits [N, D·C]; noise g and y [N·K, D·C], whose row n·K + k comes from row n of the logits.
/// </summary>
/// <param name="N">Rows of logits.</param>
/// <param name="D">Variables of a row.</param>
/// <param name="C">Classes of a variable.</param>
/// <param name="K">Samples of a row.</param>
public sealed record GumbelSoftmaxReference(int N, int D, int C, int K = 1)
{
    public Dims LogitDims => new(N, 1, 1, D * C);

    public Dims SampleDims => new(N * K, 1, 1, D * C);

    /// <summary>y of the class formula, with log π = log softmax(logits), for given noise.</summary>
    public double[] Forward(double[] logits, double[] noise, double temperature)
    {
        double[] logPi = Array.ConvertAll(Softmax(logits, C), Math.Log);
        return Softmax(Scores(logPi, noise, temperature), C);
    }

    /// <summary>dlogits = Σ_k y (dy − Σ_c y dy)/τ, from y. Written (=).</summary>
    public double[] Backward(double[] y, double[] dY, double temperature)
    {
        Require(y, dY);
        var dLogits = new double[LogitDims.Length];
        for (int i = 0; i < y.Length; i++)
            dLogits[LogitOf(i)] += y[i] * (dY[i] - Dot(y, dY, i)) / temperature;
        return dLogits;
    }

    /// <summary>
    /// The error of y in float32. A shift of all scores of a variable changes nothing, so only the roundings of each score count: of
    /// the sum, the division by τ and the difference from the largest. Then exp, a sum of C and a division.
    /// </summary>
    public double[] ForwardBound(double[] logits, double[] noise, double temperature)
    {
        double[] scores = Scores(logits, noise, temperature), y = Softmax(scores, C), bound = new double[y.Length];
        for (int first = 0; first < y.Length; first += C)
        {
            double largest = scores.Skip(first).Take(C).Max();
            var weight = new double[C];
            var error = new double[C];
            for (int c = 0; c < C; c++)
            {
                double score = scores[first + c], below = score - largest;
                double sum = logits[LogitOf(first + c)] + noise[first + c];
                double scoreError = ErrorBound.UnitRoundoff * (Math.Abs(sum) / temperature + Math.Abs(below)) + ErrorBound.Divide(score);
                weight[c] = Math.Exp(below);
                error[c] = weight[c] * scoreError + ErrorBound.Exp(below);
            }

            double total = weight.Sum(), totalError = error.Sum() + ErrorBound.Sum(C, total);
            for (int c = 0; c < C; c++)
            {
                double relative = totalError / total;
                bound[first + c] = ErrorBound.SecondOrder * (error[c] / total + y[first + c] * relative + ErrorBound.Divide(y[first + c]));
            }
        }

        return bound;
    }

    /// <summary>The error of dlogits in float32 for a given y: a dot product, a difference, a product, a sum of K, a division.</summary>
    public double[] BackwardBound(double[] y, double[] dY, double temperature)
    {
        Require(y, dY);
        var error = new double[LogitDims.Length];
        double[] value = Backward(y, dY, temperature);
        for (int i = 0; i < y.Length; i++)
        {
            int first = i / C * C;
            double magnitude = Enumerable.Range(first, C).Sum(j => Math.Abs(y[j] * dY[j]));
            double difference = Math.Abs(dY[i]) + magnitude;
            error[LogitOf(i)] += y[i] * ErrorBound.Sum(C, magnitude) + ErrorBound.Sum(K + 2, y[i] * difference);
        }

        return error.Select((e, i) => ErrorBound.SecondOrder * e / temperature + ErrorBound.Divide(value[i])).ToArray();
    }

    /// <summary>Softmax of each run of <paramref name="classes"/> scores.</summary>
    public static double[] Softmax(double[] scores, int classes) => scores.Chunk(classes).SelectMany(s =>
    {
        double largest = s.Max(), total = s.Sum(v => Math.Exp(v - largest));
        return s.Select(v => Math.Exp(v - largest) / total);
    }).ToArray();

    private double[] Scores(double[] logits, double[] noise, double temperature)
    {
        LogitDims.Require(logits, nameof(logits));
        SampleDims.Require(noise, nameof(noise));
        return noise.Select((g, i) => (logits[LogitOf(i)] + g) / temperature).ToArray();
    }

    private int LogitOf(int element) => element / (D * C) / K * (D * C) + element % (D * C);

    private double Dot(double[] y, double[] dY, int element) => Enumerable.Range(element / C * C, C).Sum(j => y[j] * dY[j]);

    private void Require(double[] y, double[] dY)
    {
        SampleDims.Require(y, nameof(y));
        SampleDims.Require(dY, nameof(dY));
    }
}
