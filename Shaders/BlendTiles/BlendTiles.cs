using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// A part of a map of tiles whose features run into each other. The features that a tile's latent gives belong to the tile's centre; at
/// the cell j of the map that is cell j mod h of its tile, the two tiles whose centres lie around it are blended by how near they are:
/// <para>Y[y, x] = lerp over t and s of T[t, s][j mod h, i mod w], j = origin + y, i likewise;
/// t = ⌊v / 2h⌋ and t + 1 with the weight (v mod 2h) / 2h of the second, v = 2j + 1 − h.</para>
/// Tiles are [rows · columns, h, w, C], Y is [1, H, W, C]. A layer that is affine in the latent gives for Y what it would give for latents
/// blended so. Equal tiles give themselves, to the bit: lerp(a, b) = a + f (b − a).
/// </summary>
public sealed class BlendTiles
{
    private readonly Tensor tiles;
    private readonly Tensor origin;
    private readonly int columns;

    /// <param name="name">Name in reports.</param>
    /// <param name="tiles">[rows · columns, h, w, C], row after row; as many as <see cref="TilesFor"/> says for each direction.</param>
    /// <param name="columns">Tiles in a row.</param>
    /// <param name="origin">Words (first row, first column): the cell of the tiles' frame that Y begins with; at least (h − 1) / 2 and (w − 1) / 2, and less than h and w more.</param>
    /// <param name="height">H, in cells.</param>
    /// <param name="width">W, in cells.</param>
    /// <exception cref="ArgumentException">The tiles do not suffice.</exception>
    public BlendTiles(string name, Tensor tiles, int columns, Tensor origin, int height, int width)
    {
        (int rowsNeeded, int columnsNeeded) = (TilesFor(height, tiles.Shape.H), TilesFor(width, tiles.Shape.W));
        if (columns < columnsNeeded || tiles.Shape.N < rowsNeeded * columns)
            throw new ArgumentException($"{name} of {height}×{width} cells needs {rowsNeeded} rows of {columnsNeeded} tiles; found {tiles} in rows of {columns}.");
        (this.tiles, this.origin, this.columns) = (tiles, origin, columns);
        Output = new Tensor(name, new Shape(1, height, width, tiles.Shape.C));
    }

    /// <summary>[1, H, W, C]</summary>
    public Tensor Output { get; }

    /// <summary>How many tiles in a row so many cells may touch, wherever they begin.</summary>
    public static int TilesFor(int cells, int tileCells) => (((2 * tileCells) - 1 + (2 * (cells - 1))) / (2 * tileCells)) + 2;

    public IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.BlendTiles(Grid.Elementwise(Output.Shape.Count4), tiles: tiles, origin: origin, y: Output,
            h: Output.Shape.H, w: Output.Shape.W, c4: Output.Shape.C4, tileH: tiles.Shape.H, tileW: tiles.Shape.W, columns: columns) with { Label = Output.Name };
    }
}
