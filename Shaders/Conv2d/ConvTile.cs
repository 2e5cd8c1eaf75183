using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Shaders;

/// <summary>A shape of the tiles into which a kernel of products cuts its result: so many rows and columns a workgroup.</summary>
/// <param name="Path">The operand path that has it.</param>
internal readonly record struct ConvTile(OperandPath Path, int Rows, int Columns)
{
    /// <summary>The value of TILE (Conv2d/*.comp, Include/tile_shared.glsl).</summary>
    public int Variant => Path == OperandPath.Texel ? Rows : (1000 * Rows) + Columns;

    /// <summary>Groups of rows.</summary>
    public int Down(int rows) => Grid.DivideUp(rows, Rows);

    /// <summary>Groups of columns.</summary>
    public int Across(int columns4) => Grid.DivideUp(4 * columns4, Columns);

    /// <summary>One dispatch by each of the shapes that suit it: none is larger than the result by half of itself.</summary>
    /// <param name="rows">Of the result.</param>
    /// <param name="columns4">Of the result, in vec4s.</param>
    /// <param name="texelRows">Those of the texel path that are worth trying, the usual one first.</param>
    /// <param name="mostRows">The largest on the shared path.</param>
    /// <param name="make">The dispatch by one shape.</param>
    public static KernelSpec Each(int rows, int columns4, IEnumerable<int> texelRows, int mostRows, Func<ConvTile, KernelSpec> make)
    {
        // The usual one is the largest square but for what a small result would leave idle of it.
        (int, int) usual = (rows > 32 ? 64 : 32, columns4 > 8 ? 64 : 32);
        var all = texelRows.Select(r => new ConvTile(OperandPath.Texel, r, 32))
            .Concat(OfGpus.Where(t => t.Rows <= mostRows && t.Rows < rows + 32 && t.Columns < (4 * columns4) + 32)
                .OrderBy(t => (t.Rows, t.Columns) == usual ? 0 : 1))
            .Select(tile => new KernelAlternative(tile.Path, make(tile)))
            .Where(a => a.Path != OperandPath.Matrix || a.Kernel.HasHalfOperands)
            .ToList();
        return all[0].Kernel with { Alternatives = all };
    }

    /// <summary>
    /// Rows of tiles on the texel path, for so many of the result, the usual first: 16. More fetch less for each product; fewer make shorter loops,
    /// which some processors are faster at.
    /// </summary>
    /// <param name="least">The kernel has tiles of so many at least,</param>
    /// <param name="most">and of so many at most.</param>
    public static IEnumerable<int> TexelRows(int rows, int least, int most) =>
        rows <= 1 && least == 1 ? [1] : rows <= 4 ? [4] : new[] { 16, 8, 32 }.Where(r => r < 2 * rows && r <= most);

    /// <summary>Larger ones fetch less for each product; smaller ones give a large device more workgroups, and take fewer registers.</summary>
    private static readonly ConvTile[] OfGpus =
    [
        new(OperandPath.Shared, 64, 64), new(OperandPath.Shared, 32, 64), new(OperandPath.Shared, 64, 32), new(OperandPath.Shared, 32, 32),
        new(OperandPath.Shared, 128, 64),
        new(OperandPath.Matrix, 64, 64), new(OperandPath.Matrix, 32, 64), new(OperandPath.Matrix, 64, 32), new(OperandPath.Matrix, 32, 32),
    ];
}
