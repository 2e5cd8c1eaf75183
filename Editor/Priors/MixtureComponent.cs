using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VaeProcgen.Editor.Priors;

/// <summary>One Gaussian of a mixture under EM, in double precision.</summary>
internal sealed class MixtureComponent
{
    private readonly int _size;
    private readonly double[] _mean;
    private readonly double[] _cholesky;

    /// <summary>[Z, Z]: row j is column j of L⁻¹, so that L⁻¹ d adds up rows, in order, without sums across a vector.</summary>
    private readonly double[] _whiten;

    /// <summary>The diagonal of the precision matrix: Σ_i (L⁻¹)_ij².</summary>
    private readonly double[] _precision;
    private readonly double _logNormaliser;

    /// <param name="mean">m, [Z].</param>
    /// <param name="covariance">S, [Z, Z], positive definite; its lower triangle is read and replaced by L.</param>
    private MixtureComponent(double[] mean, double[] covariance)
    {
        _size = mean.Length;
        _mean = mean;
        _cholesky = covariance;
        Factor(_cholesky, _size);
        _whiten = InverseTransposed(_cholesky, _size);
        _precision = new double[_size];
        double logDeterminant = 0;
        for (int j = 0; j < _size; j++)
        {
            for (int i = j; i < _size; i++)
            {
                double value = _whiten[(j * _size) + i];
                _precision[j] += value * value;
            }
            logDeterminant += 2 * Math.Log(_cholesky[(j * _size) + j]);
        }
        _logNormaliser = -0.5 * ((_size * Math.Log(2 * Math.PI)) + logDeterminant);
    }

    /// <summary>m, [Z].</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>L, [Z, Z], with zeros above the diagonal.</summary>
    public ReadOnlySpan<double> Cholesky => _cholesky;

    /// <summary>
    /// The maximum of Σ_n r_n <see cref="LogDensity"/>: m = Σ r x / Σ r and S = (1-λ) C + λ diag C + Σ r diag v / Σ r, with
    /// C = Σ r (x - m)(x - m)ᵀ / Σ r. Null when the responsibilities add up to nothing.
    /// </summary>
    public static MixtureComponent? Estimate(GaussianPoints points, Func<int, double> responsibility, double shrinkage)
    {
        int size = points.Size;
        var mean = new double[size];
        double total = 0;
        for (int n = 0; n < points.Count; n++)
        {
            double r = responsibility(n);
            total += r;
            AddScaled(r, points.Mean(n), mean);
        }
        if (total < 1e-8)
        {
            return null;
        }
        for (int j = 0; j < size; j++)
        {
            mean[j] /= total;
        }

        var covariance = new double[size * size];
        var variance = new double[size];
        var difference = new double[size];
        for (int n = 0; n < points.Count; n++)
        {
            double r = responsibility(n);
            // In many dimensions almost all responsibilities vanish; below this they could not show in the sums.
            if (r < 1e-18 * total)
            {
                continue;
            }
            AddScaled(r, points.Variance(n), variance);
            ReadOnlySpan<double> x = points.Mean(n);
            for (int j = 0; j < size; j++)
            {
                difference[j] = x[j] - mean[j];
            }
            for (int i = 0; i < size; i++)
            {
                AddScaled(r * difference[i], difference.AsSpan(0, i + 1), covariance.AsSpan(i * size, i + 1));
            }
        }
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                covariance[(i * size) + j] *= (1 - shrinkage) / total;
            }
            ref double diagonal = ref covariance[(i * size) + i];
            diagonal = (diagonal + variance[i]) / total;
        }
        return new MixtureComponent(mean, covariance);
    }

    /// <summary>
    /// -½ (Z ln 2π + ln |S| + (1-λ) dᵀS⁻¹d + Σ_j (S⁻¹)_jj (λ d_j² + v_j)) with d = x - m: the log-density expected over the
    /// point's own uncertainty v. λ = 0 is the plain density; with λ &gt; 0, maximising it shrinks S towards its diagonal by λ.
    /// </summary>
    /// <param name="x">The point, [Z].</param>
    /// <param name="v">Its variance, [Z].</param>
    /// <param name="shrinkage">λ.</param>
    /// <param name="scratch">[Z], overwritten.</param>
    public double LogDensity(ReadOnlySpan<double> x, ReadOnlySpan<double> v, double shrinkage, Span<double> scratch)
    {
        Span<double> white = scratch.Slice(0, _size);
        white.Clear();
        double marginal = 0;
        for (int j = 0; j < _size; j++)
        {
            double d = x[j] - _mean[j];
            marginal += _precision[j] * ((shrinkage * d * d) + v[j]);
            AddScaled(d, _whiten.AsSpan((j * _size) + j, _size - j), white.Slice(j));
        }
        double joint = 0;
        foreach (double value in white)
        {
            joint += value * value;
        }
        return _logNormaliser - (0.5 * (((1 - shrinkage) * joint) + marginal));
    }

    /// <summary>y += a x.</summary>
    private static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        ReadOnlySpan<Vector<double>> from = MemoryMarshal.Cast<double, Vector<double>>(x);
        Span<Vector<double>> to = MemoryMarshal.Cast<double, Vector<double>>(y);
        var factor = new Vector<double>(a);
        for (int i = 0; i < from.Length; i++)
        {
            to[i] += factor * from[i];
        }
        for (int i = from.Length * Vector<double>.Count; i < x.Length; i++)
        {
            y[i] += a * x[i];
        }
    }

    /// <summary>Replaces the lower triangle of S by L with L Lᵀ = S, and the rest by zeros.</summary>
    private static void Factor(double[] matrix, int size)
    {
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[(i * size) + j];
                for (int k = 0; k < j; k++)
                {
                    sum -= matrix[(i * size) + k] * matrix[(j * size) + k];
                }
                if (i != j)
                {
                    matrix[(i * size) + j] = sum / matrix[(j * size) + j];
                }
                else
                {
                    // The variance floor keeps S positive definite; rounding may still take a pivot below it.
                    matrix[(i * size) + i] = Math.Sqrt(Math.Max(sum, 1e-10 * matrix[(i * size) + i]));
                }
            }
            Array.Clear(matrix, (i * size) + i + 1, size - i - 1);
        }
    }

    /// <summary>L⁻¹, transposed.</summary>
    private static double[] InverseTransposed(double[] cholesky, int size)
    {
        var inverse = new double[size * size];
        for (int j = 0; j < size; j++)
        {
            for (int i = j; i < size; i++)
            {
                double sum = i == j ? 1 : 0;
                for (int k = j; k < i; k++)
                {
                    sum -= cholesky[(i * size) + k] * inverse[(j * size) + k];
                }
                inverse[(j * size) + i] = sum / cholesky[(i * size) + i];
            }
        }
        return inverse;
    }
}
