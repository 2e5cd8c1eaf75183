using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Y[n, h, w] = (X[n, h, w] | zeros up to a multiple of 4 channels | e[n]): copies, exact in float32. X is [N, H, W, C], e [N, E].
/// </summary>
public static class ConcatChannelsReference
{
    /// <summary>Of Y.</summary>
    public static Dims OutputDims(Dims x, int e) => x with { C = Padded(x) + e };

    /// <summary>The class formula.</summary>
    public static double[] Forward(Dims x, int e, double[] values, double[] vectors)
    {
        Dims y = OutputDims(x, e);
        var result = new double[y.Length];
        for (int pixel = 0; pixel < x.N * x.H * x.W; pixel++)
        {
            Array.Copy(values, pixel * x.C, result, pixel * y.C, x.C);
            Array.Copy(vectors, pixel / (x.H * x.W) * e, result, pixel * y.C + Padded(x), e);
        }

        return result;
    }

    /// <summary>dX is a slice of dY, and de[n] the sum over the pixels of another. Both written (=).</summary>
    public static (double[] DX, double[] DE) Backward(Dims x, int e, double[] dY)
    {
        Dims y = OutputDims(x, e);
        double[] dX = new double[x.Length], dE = new double[x.N * e];
        for (int pixel = 0; pixel < x.N * x.H * x.W; pixel++)
        {
            Array.Copy(dY, pixel * y.C, dX, pixel * x.C, x.C);
            for (int j = 0; j < e; j++)
                dE[pixel / (x.H * x.W) * e + j] += dY[pixel * y.C + Padded(x) + j];
        }

        return (dX, dE);
    }

    /// <summary>The error of de in float32; dX is exact.</summary>
    public static double[] EmbeddingGradientBound(Dims x, int e, double[] dY) =>
        Array.ConvertAll(Backward(x, e, ErrorBound.Absolute(dY)).DE, magnitude => ErrorBound.Sum(x.H * x.W, magnitude));

    private static int Padded(Dims x) => (x.C + 3) / 4 * 4;
}
