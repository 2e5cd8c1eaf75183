using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Latents;

/// <summary>Rows of images decoded at μ + λ e, with λ from −2 at the left to 2 at the right; in the middle λ = 0.</summary>
public static class DirectionSheet
{
    /// <summary>Images a row.</summary>
    public const int Columns = 9;

    private const float Reach = 2;

    /// <summary>λ of a column.</summary>
    public static float AmountOf(int column) => (Reach * 2 * column / (Columns - 1)) - Reach;

    /// <param name="rows">Where each row starts from, and the direction that it follows; [Z] both.</param>
    /// <param name="labelOf">Of a conditional model: the label of each row.</param>
    /// <exception cref="ArgumentException">There is no row, or one has another number of dimensions.</exception>
    public static PixelImage Draw(
        ModelSession session, IReadOnlyList<(float[] From, float[] Direction)> rows, IReadOnlyList<int>? labelOf = null)
    {
        int[]? ofEach = labelOf?.SelectMany(label => Enumerable.Repeat(label, Columns)).ToArray();
        return ContactSheet.Grid(session.Decode(Latents(rows), ofEach), new SheetOptions { Columns = Columns });
    }

    /// <returns>[rows, <see cref="Columns"/>, Z]</returns>
    /// <inheritdoc cref="Draw"/>
    public static float[] Latents(IReadOnlyList<(float[] From, float[] Direction)> rows) => rows.SelectMany(row =>
    {
        int z = row.From.Length;
        var latents = new float[Columns * z];
        for (int column = 0; column < Columns; column++)
            LatentMath.Move(row.From, row.Direction, AmountOf(column), latents.AsSpan(column * z, z));
        return latents;
    }).ToArray();
}
