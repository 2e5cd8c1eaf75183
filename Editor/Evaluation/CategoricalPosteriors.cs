using System;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>
/// Posteriors of D variables of C classes, q = softmax(logits), against a uniform prior. Draws and <see cref="Posteriors.Centres"/> are
/// one-hot, though training may have shown the decoder relaxed vectors: so all figures are those of the model that is sampled.
/// </summary>
public sealed class CategoricalPosteriors : Posteriors
{
    private const uint Stream = 0x405;

    private readonly double[] logProbabilities;

    /// <param name="logits">[N, D·C], as an encoder gives them.</param>
    /// <param name="size">D·C</param>
    /// <param name="classes">C, at least 2.</param>
    /// <exception cref="ArgumentException">These are no whole variables, or a logit is not finite.</exception>
    public CategoricalPosteriors(float[] logits, int size, int classes)
        : base(OneHot(logits, size, classes), size)
    {
        Classes = classes;
        logProbabilities = new double[logits.Length];
        for (int first = 0; first < logits.Length; first += classes)
        {
            double largest = double.NegativeInfinity, sum = 0;
            for (int c = 0; c < classes; c++)
                largest = Math.Max(largest, logits[first + c]);
            for (int c = 0; c < classes; c++)
                sum += Math.Exp(logits[first + c] - largest);
            for (int c = 0; c < classes; c++)
                logProbabilities[first + c] = logits[first + c] - largest - Math.Log(sum);
        }
    }

    /// <summary>C</summary>
    public int Classes { get; }

    /// <summary>D</summary>
    public int Variables => Size / Classes;

    /// <summary>log q of every class of every variable of image <paramref name="n"/>, [D·C].</summary>
    public ReadOnlySpan<double> LogProbabilities(int n) => logProbabilities.AsSpan(n * Size, Size);

    /// <summary>One class of each variable: the first one at which the probabilities so far reach a uniform draw.</summary>
    public override void Sample(ulong seed, int n, int k, Span<float> z)
    {
        z.Clear();
        for (int d = 0; d < Variables; d++)
        {
            long element = ((long)n * Variables) + d;
            (uint a, uint b, uint c, uint e) = Philox.Draw(seed, checked((uint)(element / 4)), (uint)k, Stream, 0);
            uint word = (element % 4) switch { 0 => a, 1 => b, 2 => c, _ => e };
            z[(d * Classes) + Pick(LogProbabilities(n).Slice(d * Classes, Classes), Philox.Uniform(word))] = 1;
        }
    }

    /// <summary>Σ_d log q(z_d|x_n)</summary>
    /// <param name="z">One-hot.</param>
    public override double LogDensity(int n, ReadOnlySpan<float> z)
    {
        double sum = 0;
        for (int j = 0; j < Size; j++)
        {
            if (z[j] != 0)
                sum += logProbabilities[(n * Size) + j];
        }

        return sum;
    }

    /// <summary>−D log C</summary>
    public override double LogPrior(int n, ReadOnlySpan<float> z) => -Variables * Math.Log(Classes);

    /// <summary>KL(q ‖ uniform) = Σ_c q_c log q_c + log C of each variable, [D].</summary>
    public override double[] KlOf(int n, ulong seed = 0)
    {
        var kl = new double[Variables];
        for (int d = 0; d < Variables; d++)
        {
            kl[d] = Math.Log(Classes);
            foreach (double log in LogProbabilities(n).Slice(d * Classes, Classes))
                kl[d] += Math.Exp(log) * log;
        }

        return kl;
    }

    /// <summary>The variance of a variable's probabilities over the images, summed over its classes, [D]: at most 1 − 1 / C.</summary>
    public override double[] MeanVariance(ulong seed = 0)
    {
        double[] ofClasses = VarianceOfColumns(Array.ConvertAll(logProbabilities, l => (float)Math.Exp(l)), Size);
        var variance = new double[Variables];
        for (int j = 0; j < Size; j++)
            variance[j / Classes] += ofClasses[j];
        return variance;
    }

    internal override AggregateDensity Aggregate(int[] rows) => new CategoricalAggregate(this, rows);

    private static float[] OneHot(float[] logits, int size, int classes)
    {
        if (classes < 2 || size < 1 || size % classes != 0 || logits.Length % size != 0)
        {
            throw new ArgumentException($"Categorical latents are whole variables of at least 2 classes; found {logits.Length} logits, "
                + $"{size} an image, of {classes} classes.");
        }

        int bad = Array.FindIndex(logits, l => !float.IsFinite(l));
        if (bad >= 0)
            throw new ArgumentException($"Logits must be finite; found {logits[bad]} at place {bad}.");
        var hot = (float[])logits.Clone();
        CategoricalPrior.ToOneHot(hot, classes);
        return hot;
    }

    private static int Pick(ReadOnlySpan<double> logProbabilities, double uniform)
    {
        int last = 0;
        for (int c = 0; c < logProbabilities.Length; c++)
        {
            double p = Math.Exp(logProbabilities[c]);
            if (p == 0)
                continue;
            last = c;
            uniform -= p;
            if (uniform <= 0)
                break;
        }

        return last; // Rounding may leave a trace at the end.
    }
}
