using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Editor.Latents;

/// <summary>How a <see cref="LinearProbe"/> is fitted.</summary>
public sealed record LinearProbeOptions
{
    /// <summary>λ, at least 0: how strongly large weights are held back. With 0, classes that can be separated have no optimum.</summary>
    public double Penalty { get; init; } = 1e-3;

    /// <summary>Fitting ends when no slope of the loss is larger, in nats.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Fitting ends after so many steps in any case.</summary>
    public int MostIterations { get; init; } = 1000;
}

/// <summary>
/// A linear classifier, to tell what vectors hold in a form that is easy to read (Alain and Bengio 2016, arXiv:1610.01644):
/// multinomial logistic regression (<see cref="LogisticLoss"/>) on x standardised by the mean and deviation of the training vectors.
/// Dimensions that do not vary there are left out. The same vectors give the same bits.
/// </summary>
public sealed class LinearProbe
{
    private const double SmallestDeviation = 1e-12;

    private readonly double[] mean;
    private readonly double[] inverse;
    private readonly double[] parameters;

    private LinearProbe(double[] mean, double[] inverse, int classes, Minimum minimum)
    {
        (this.mean, this.inverse, Classes) = (mean, inverse, classes);
        (parameters, Loss, Iterations, Converged) = (minimum.Point, minimum.Value, minimum.Iterations, minimum.Converged);
    }

    /// <summary>D, the dimensions of a vector.</summary>
    public int Size => mean.Length;

    /// <summary>K</summary>
    public int Classes { get; }

    /// <summary>Of the training vectors, with the penalty, in nats.</summary>
    public double Loss { get; }

    public int Iterations { get; }

    /// <summary>Whether the optimum was reached, within <see cref="LinearProbeOptions.Tolerance"/>.</summary>
    public bool Converged { get; }

    /// <summary>(W_k, b_k) for each class, [K, D + 1], on standardised vectors.</summary>
    public ReadOnlyMemory<double> Parameters => parameters;

    /// <inheritdoc cref="Fit(ReadOnlySpan{double}, IReadOnlyList{int}, int, int, LinearProbeOptions)"/>
    public static LinearProbe Fit(
        ReadOnlySpan<float> x, IReadOnlyList<int> labels, int size, int classes, LinearProbeOptions? options = null) => Fit(Widen(x), labels, size, classes, options);

    /// <param name="x">[N, D]</param>
    /// <param name="labels">From 0 to K − 1, [N].</param>
    /// <param name="size">D</param>
    /// <param name="classes">K, at least 2; each needs at least one vector.</param>
    /// <param name="options">How to fit.</param>
    /// <exception cref="ArgumentException">Sizes do not agree, a class has no vectors, or a number is not finite.</exception>
    public static LinearProbe Fit(
        ReadOnlySpan<double> x, IReadOnlyList<int> labels, int size, int classes, LinearProbeOptions? options = null)
    {
        options ??= new LinearProbeOptions();
        int n = labels.Count;
        Require(x, labels, size, classes, options);
        double[] mean = new double[size], inverse = new double[size];
        for (int i = 0; i < x.Length; i++)
            mean[i % size] += x[i] / n;
        for (int i = 0; i < x.Length; i++)
            inverse[i % size] += (x[i] - mean[i % size]) * (x[i] - mean[i % size]) / n;
        for (int j = 0; j < size; j++)
        {
            double deviation = Math.Sqrt(inverse[j]);
            inverse[j] = deviation > SmallestDeviation * (1 + Math.Abs(mean[j])) ? 1 / deviation : 0;
        }

        var loss = new LogisticLoss(Standardise(x, mean, inverse), labels.ToArray(), size, classes, options.Penalty);
        var start = new double[loss.ParameterCount];
        return new LinearProbe(
            mean, inverse, classes, LimitedMemoryBfgs.Run(loss.At, start, options.Tolerance, options.MostIterations));
    }

    /// <inheritdoc cref="Predict(ReadOnlySpan{double})"/>
    public int[] Predict(ReadOnlySpan<float> x) => Predict(Widen(x));

    /// <summary>The most probable class of each vector, the first of equals, [N].</summary>
    /// <param name="x">[N, D]</param>
    /// <exception cref="ArgumentException">These are no whole vectors.</exception>
    public int[] Predict(ReadOnlySpan<double> x) =>
        LogProbabilities(x).Chunk(Classes).Select(row => Enumerable.Range(0, Classes).MaxBy(k => row[k])).ToArray();

    /// <summary>ln p(k | x) of each class and vector, [N, K].</summary>
    /// <inheritdoc cref="Predict(ReadOnlySpan{double})"/>
    public double[] LogProbabilities(ReadOnlySpan<double> x)
    {
        if (x.Length % Size != 0)
            throw new ArgumentException($"Expected whole vectors of {Size} dimensions; found {x.Length} values.");
        double[] inputs = Standardise(x, mean, inverse);
        var logs = new double[x.Length / Size * Classes];
        for (int i = 0; i < x.Length / Size; i++)
            LogisticLoss.LogProbabilities(parameters, inputs.AsSpan(i * Size, Size), logs.AsSpan(i * Classes, Classes));
        return logs;
    }

    private static void Require(ReadOnlySpan<double> x, IReadOnlyList<int> labels, int size, int classes, LinearProbeOptions options)
    {
        if (size < 1 || labels.Count == 0 || x.Length != (long)labels.Count * size)
        {
            throw new ArgumentException(
                $"Expected a vector of {size} dimensions for each of {labels.Count} labels; found {x.Length} values.");
        }

        foreach (double value in x)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException("Expected finite vectors; found one with an element that is infinite or not a number.");
        }

        if (classes < 2)
            throw new ArgumentException($"A probe tells at least two classes apart; found {classes}.");
        for (int k = 0; k < classes; k++)
        {
            if (!labels.Contains(k))
                throw new ArgumentException($"Class {k} of {classes} has no vector to learn from. Leave it out, or give it some.");
        }

        if (labels.Any(label => label < 0 || label >= classes))
            throw new ArgumentException($"Labels must be from 0 to {classes - 1}; found {labels.First(l => l < 0 || l >= classes)}.");
        if (!(options.Penalty >= 0) || !double.IsFinite(options.Penalty) || !(options.Tolerance > 0) || options.MostIterations < 1)
        {
            throw new ArgumentException(
                $"The penalty must be at least 0, the tolerance above 0, and iterations at least 1; found {options}.");
        }
    }

    private static double[] Standardise(ReadOnlySpan<double> x, double[] mean, double[] inverse)
    {
        var result = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
            result[i] = (x[i] - mean[i % mean.Length]) * inverse[i % mean.Length];
        return result;
    }

    private static double[] Widen(ReadOnlySpan<float> x)
    {
        var wide = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
            wide[i] = x[i];
        return wide;
    }
}
