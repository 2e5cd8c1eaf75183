namespace VaeProcgen.Tests.Support.Reference;

/// <summary>Y = 0 within a rectangle of each image [H, W, C], X + σ ε elsewhere.</summary>
public static class CorruptReference
{
    /// <summary>Pixels left … left + width − 1 of rows top … top + height − 1.</summary>
    public readonly record struct Rectangle(int Left, int Top, int Width, int Height)
    {
        public bool Holds(int y, int x) => y >= Top && y < Top + Height && x >= Left && x < Left + Width;
    }

    public static double[] Forward(Dims dims, double[] x, double[] normals, double sigma, Rectangle[] deleted)
    {
        var y = new double[dims.Length];
        for (int n = 0; n < dims.N; n++)
        for (int row = 0; row < dims.H; row++)
        for (int column = 0; column < dims.W; column++)
        for (int c = 0; c < dims.C; c++)
        {
            int at = dims.Index(n, row, column, c);
            y[at] = deleted[n].Holds(row, column) ? 0 : x[at] + (sigma * normals[at]);
        }

        return y;
    }

    /// <summary>The error in float32: that of the noise, of its product with σ, and of the sum; none without noise or where Y is 0.</summary>
    public static double[] ForwardBound(double[] expected, double[] normals, double[] normalBounds, double sigma)
    {
        var bound = new double[expected.Length];
        for (int i = 0; i < bound.Length; i++)
        {
            double noise = (sigma * normalBounds[i]) + ErrorBound.Sum(1, System.Math.Abs(sigma * normals[i]));
            bound[i] = sigma == 0 || expected[i] == 0 ? 0 : noise + ErrorBound.Sum(1, System.Math.Abs(expected[i]) + noise);
        }

        return bound;
    }
}
