using System;
using System.Linq;

namespace VaeProcgen.Editor.Priors;

/// <summary>Points with a diagonal uncertainty each: the posteriors N(mean, diag variance) of a training set.</summary>
internal sealed class GaussianPoints
{
    private readonly double[] _means;
    private readonly double[] _variances;

    private GaussianPoints(int size, double[] means, double[] variances)
    {
        Size = size;
        _means = means;
        _variances = variances;
    }

    public int Size { get; }

    public int Count => _means.Length / Size;

    public ReadOnlySpan<double> Mean(int n) => _means.AsSpan(n * Size, Size);

    public ReadOnlySpan<double> Variance(int n) => _variances.AsSpan(n * Size, Size);

    public static GaussianPoints Create(float[] means, float[]? variances, int count, int size) => new(
        size,
        means.Take(count * size).Select(value => (double)value).ToArray(),
        variances == null ? new double[count * size] : variances.Take(count * size).Select(value => (double)value).ToArray());

    public GaussianPoints Subset(ReadOnlySpan<int> indices)
    {
        var means = new double[indices.Length * Size];
        var variances = new double[means.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            Mean(indices[i]).CopyTo(means.AsSpan(i * Size));
            Variance(indices[i]).CopyTo(variances.AsSpan(i * Size));
        }
        return new GaussianPoints(Size, means, variances);
    }

    /// <summary>
    /// The same points, a little less certain: by <paramref name="fraction"/> of the variance of each dimension over all points, and at
    /// least 1e-8, so that no component, of one point or of a constant dimension, shrinks to nothing.
    /// </summary>
    public GaussianPoints Blurred(double fraction)
    {
        var variances = (double[])_variances.Clone();
        for (int j = 0; j < Size; j++)
        {
            double mean = 0;
            double squares = 0;
            for (int n = 0; n < Count; n++)
            {
                mean += Mean(n)[j] / Count;
            }
            for (int n = 0; n < Count; n++)
            {
                squares += (Mean(n)[j] - mean) * (Mean(n)[j] - mean);
            }
            double floor = Math.Max(fraction * squares / Count, 1e-8);
            for (int n = 0; n < Count; n++)
            {
                variances[(n * Size) + j] += floor;
            }
        }
        return new GaussianPoints(Size, _means, variances);
    }
}
