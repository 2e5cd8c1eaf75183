using System;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>A mean over independent values, and how far it may be off.</summary>
/// <param name="Value">Mean.</param>
/// <param name="StandardError">√(Σ(v − mean)² / (n − 1) / n); NaN for one value, which says nothing about its spread.</param>
public readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>Sums in the order of the values.</summary>
    public static Estimate OfMean(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values)
            sum += value;
        double mean = sum / values.Length;
        foreach (double value in values)
            squares += (value - mean) * (value - mean);
        return new Estimate(mean, values.Length > 1 ? Math.Sqrt(squares / (values.Length - 1) / values.Length) : double.NaN);
    }
}
