using System;
using System.Linq;

namespace VaeProcgen.Editor.Latents;

/// <summary>
/// Eigenvalues and eigenvectors of a real symmetric matrix, by Jacobi's rotations: A = Σ_k λ_k v_k v_kᵀ. Each rotation makes one pair of
/// off-diagonal elements 0; cycles over all pairs go on until those left are rounding errors. Slower than tridiagonalisation, and the
/// most exact way there is; sizes up to a thousand take seconds.
/// </summary>
public static class SymmetricEigen
{
    private const int MostCycles = 64;
    private const double Precision = 1e-15;

    /// <param name="matrix">[n, n]; only what is on and above the diagonal is read, nothing is changed.</param>
    /// <param name="n">Rows and columns.</param>
    /// <returns>λ [n], largest first, and v [n, n], row k being the unit eigenvector of λ_k; its largest element is positive.</returns>
    /// <exception cref="ArgumentException">The matrix has another size, or an element that is not finite.</exception>
    public static (double[] Values, double[] Vectors) Solve(ReadOnlySpan<double> matrix, int n)
    {
        if (n < 1 || matrix.Length != n * n)
            throw new ArgumentException($"Expected a matrix of {n}×{n}; found {matrix.Length} elements.");
        double[] a = matrix.ToArray();
        if (!a.All(double.IsFinite))
            throw new ArgumentException("Expected a matrix of finite elements; found one that is infinite or not a number.");
        var v = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            v[(i * n) + i] = 1;
            for (int j = 0; j < i; j++)
                a[(i * n) + j] = a[(j * n) + i];
        }

        double negligible = Precision * Math.Sqrt(a.Sum(x => x * x)) / n;
        for (int cycle = 0; cycle < MostCycles && Cycle(a, v, n, negligible); cycle++)
            continue;
        return InOrder(a, v, n);
    }

    /// <returns>Whether anything was rotated.</returns>
    private static bool Cycle(double[] a, double[] v, int n, double negligible)
    {
        bool rotated = false;
        for (int p = 0; p < n - 1; p++)
        {
            for (int q = p + 1; q < n; q++)
            {
                double off = a[(p * n) + q];
                if (Math.Abs(off) <= negligible)
                    continue;
                rotated = true;
                // tan of the smaller angle that makes the element 0: t² + 2 t cot(2φ) − 1 = 0.
                double cotangent = (a[(q * n) + q] - a[(p * n) + p]) / (2 * off);
                double t = Math.CopySign(1, cotangent) / (Math.Abs(cotangent) + Math.Sqrt((cotangent * cotangent) + 1));
                double c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
                for (int k = 0; k < n; k++)
                    Rotate(ref a[(k * n) + p], ref a[(k * n) + q], c, s);
                for (int k = 0; k < n; k++)
                    Rotate(ref a[(p * n) + k], ref a[(q * n) + k], c, s);
                a[(p * n) + q] = a[(q * n) + p] = 0; // but for rounding
                for (int k = 0; k < n; k++)
                    Rotate(ref v[(p * n) + k], ref v[(q * n) + k], c, s);
            }
        }

        return rotated;
    }

    private static void Rotate(ref double x, ref double y, double c, double s) => (x, y) = ((c * x) - (s * y), (s * x) + (c * y));

    private static (double[] Values, double[] Vectors) InOrder(double[] a, double[] v, int n)
    {
        int[] order = Enumerable.Range(0, n).OrderByDescending(i => a[(i * n) + i]).ToArray();
        var vectors = new double[n * n];
        for (int k = 0; k < n; k++)
        {
            ReadOnlySpan<double> from = v.AsSpan(order[k] * n, n);
            double largest = 0;
            foreach (double element in from)
                largest = Math.Abs(element) > Math.Abs(largest) ? element : largest;
            for (int j = 0; j < n; j++)
                vectors[(k * n) + j] = largest < 0 ? -from[j] : from[j];
        }

        return (order.Select(i => a[(i * n) + i]).ToArray(), vectors);
    }
}
