using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>q(z) = (1/N) Σ_n q(z|x_n), and the product of its marginals.</summary>
internal abstract class AggregateDensity(int count)
{
    /// <summary>N</summary>
    protected int Count { get; } = count;

    /// <summary>N in whole vectors of four; what pads the last one must have no density.</summary>
    protected int Padded4 { get; } = (count + 3) / 4;

    public Vector256<double>[] CreateTerms() => new Vector256<double>[Padded4];

    /// <summary>log q(z) and Σ_j log q(z_j).</summary>
    /// <param name="z">[Z]</param>
    /// <param name="terms">Of <see cref="CreateTerms"/>; what was in it is lost.</param>
    /// <param name="joint">Another one.</param>
    public abstract (double Joint, double Product) LogDensities(
        ReadOnlySpan<float> z, Vector256<double>[] terms, Vector256<double>[] joint);

    /// <summary>Row <paramref name="j"/> of values that are stored by row, N padded to whole vectors.</summary>
    protected ReadOnlySpan<Vector256<double>> Row(double[] values, int j) =>
        MemoryMarshal.Cast<double, Vector256<double>>(values).Slice(j * Padded4, Padded4);

    /// <summary>log (1/N) Σ_n exp(term_n)</summary>
    protected double LogMeanExp(Vector256<double>[] terms)
    {
        Vector256<double> largest = terms[0], sums = Vector256<double>.Zero;
        foreach (Vector256<double> term in terms)
            largest = Vector256.Max(largest, term);
        double most = Math.Max(Math.Max(largest[0], largest[1]), Math.Max(largest[2], largest[3]));
        Vector256<double> shift = Vector256.Create(most);
        foreach (Vector256<double> term in terms)
            sums += Vector256.Exp(term - shift);
        return most + Math.Log((sums[0] + sums[1] + (sums[2] + sums[3])) / Count);
    }
}

/// <summary>Of Gaussians, stored by dimension: log q(z_j|x_n) = constant + curvature (z_j − mean)².</summary>
internal sealed class GaussianAggregate : AggregateDensity
{
    private readonly double[] means;
    private readonly double[] curvatures;
    private readonly double[] constants;

    public GaussianAggregate(GaussianPosteriors posteriors, int[] rows)
        : base(rows.Length)
    {
        int padded = 4 * Padded4, size = posteriors.Size;
        (means, curvatures, constants) = (new double[size * padded], new double[size * padded], new double[size * padded]);
        Array.Fill(constants, double.NegativeInfinity);
        for (int n = 0; n < Count; n++)
        {
            for (int j = 0; j < size; j++)
            {
                double l = posteriors.LogVariance(rows[n])[j];
                means[(j * padded) + n] = posteriors.Mean(rows[n])[j];
                curvatures[(j * padded) + n] = -0.5 * Math.Exp(-l);
                constants[(j * padded) + n] = -0.5 * (Math.Log(2 * Math.PI) + l);
            }
        }
    }

    public override (double Joint, double Product) LogDensities(
        ReadOnlySpan<float> z, Vector256<double>[] terms, Vector256<double>[] joint)
    {
        Array.Clear(joint);
        double product = 0;
        for (int j = 0; j < z.Length; j++)
        {
            ReadOnlySpan<Vector256<double>> mean = Row(means, j), curvature = Row(curvatures, j);
            ReadOnlySpan<Vector256<double>> constant = Row(constants, j);
            Vector256<double> at = Vector256.Create((double)z[j]);
            for (int i = 0; i < terms.Length; i++)
            {
                Vector256<double> d = at - mean[i];
                terms[i] = constant[i] + (curvature[i] * d * d);
                joint[i] += terms[i];
            }

            product += LogMeanExp(terms);
        }

        return (LogMeanExp(joint), product);
    }
}

/// <summary>Of categorical variables, stored by class: log q(z_d = c|x_n), and the marginals, which are means of probabilities.</summary>
internal sealed class CategoricalAggregate : AggregateDensity
{
    private readonly double[] logProbabilities;
    private readonly double[] marginals;

    public CategoricalAggregate(CategoricalPosteriors posteriors, int[] rows)
        : base(rows.Length)
    {
        int padded = 4 * Padded4, size = posteriors.Size;
        (logProbabilities, marginals) = (new double[size * padded], new double[size]);
        Array.Fill(logProbabilities, double.NegativeInfinity);
        for (int j = 0; j < size; j++)
        {
            for (int n = 0; n < Count; n++)
            {
                logProbabilities[(j * padded) + n] = posteriors.LogProbabilities(rows[n])[j];
                marginals[j] += Math.Exp(posteriors.LogProbabilities(rows[n])[j]) / Count;
            }
        }
    }

    public override (double Joint, double Product) LogDensities(
        ReadOnlySpan<float> z, Vector256<double>[] terms, Vector256<double>[] joint)
    {
        Array.Clear(joint);
        double product = 0;
        for (int j = 0; j < z.Length; j++)
        {
            if (z[j] == 0)
                continue;
            ReadOnlySpan<Vector256<double>> ofClass = Row(logProbabilities, j);
            for (int i = 0; i < joint.Length; i++)
                joint[i] += ofClass[i];
            product += Math.Log(marginals[j]);
        }

        return (LogMeanExp(joint), product);
    }
}
