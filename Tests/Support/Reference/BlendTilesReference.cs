using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>Tiles [rows · columns, h, w, C] blended bilinearly by how near their centres are; see Shaders/BlendTiles.</summary>
internal static class BlendTilesReference
{
    /// <param name="tiles">[rows · columns, h, w, C]</param>
    /// <param name="tile">Their shape; N counts all tiles.</param>
    /// <param name="columns">Tiles in a row.</param>
    /// <param name="originY">The cell that the output begins with.</param>
    /// <param name="originX">The cell that the output begins with.</param>
    /// <param name="y">[1, H, W, C]</param>
    public static double[] Forward(double[] tiles, Dims tile, int columns, int originY, int originX, Dims y)
    {
        var result = new double[y.Length];
        for (int row = 0; row < y.H; row++)
        for (int column = 0; column < y.W; column++)
        for (int c = 0; c < y.C; c++)
        {
            double sum = 0;
            for (int n = 0; n < tile.N; n++)
            {
                // A tile weighs 1 at its centre and 0 at those of its neighbours.
                double down = 1 - Math.Abs((originY + row + 0.5) / tile.H - (n / columns + 0.5));
                double right = 1 - Math.Abs((originX + column + 0.5) / tile.W - (n % columns + 0.5));
                if (down > 0 && right > 0)
                    sum += down * right * tiles[tile.Index(n, (originY + row) % tile.H, (originX + column) % tile.W, c)];
            }

            result[y.Index(0, row, column, c)] = sum;
        }

        return result;
    }

    /// <summary>
    /// For tiles of at most <paramref name="largest"/>: of a + f (b − a) the difference, the weight (a division, 2.5 ulp), the product and the sum
    /// round, at most 2 · (1 + 5 + 1) + 1 times u on values of this size; then once more of two such values.
    /// </summary>
    public static double[] ForwardBound(double[] expected, double largest) =>
        Array.ConvertAll(expected, _ => ErrorBound.SecondOrder * 30 * ErrorBound.UnitRoundoff * largest);
}
