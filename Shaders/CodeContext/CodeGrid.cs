using System;

namespace VaeProcgen.Shaders;

/// <summary>
/// A grid of codes in raster order, and which earlier codes a code may depend on: those of the causal window of
/// <see cref="Radius"/> r, r rows of 2r + 1 above and r to the left; or, with r = 0, all of them.
/// </summary>
public readonly record struct CodeGrid
{
    /// <param name="height">h</param>
    /// <param name="width">w; the grid has at least 2 codes.</param>
    /// <param name="radius">r; 0: all earlier codes.</param>
    public CodeGrid(int height, int width, int radius)
    {
        if (height < 1 || width < 1 || (long)height * width is < 2 or > 4096 || radius < 0 || radius >= Math.Max(height, width))
            throw new ArgumentException($"A grid has 2 to 4096 codes and a window that fits (0: all earlier codes); " +
                $"found {height}×{width} with radius {radius}.");
        (Height, Width, Radius) = (height, width, radius);
    }

    public int Height { get; }

    public int Width { get; }

    public int Radius { get; }

    /// <summary>h·w</summary>
    public int Codes => Height * Width;

    /// <summary>Places of the context: 2r (r + 1), or h·w − 1.</summary>
    public int Slots => Radius > 0 ? 2 * Radius * (Radius + 1) : Codes - 1;

    /// <summary>
    /// The earlier position that stands in a slot of the context of <paramref name="position"/>; −1: none, outside the grid or not
    /// yet known.
    /// </summary>
    public int SourceOf(int position, int slot)
    {
        if (Radius == 0)
            return slot < position ? slot : -1;
        int across = (2 * Radius) + 1;
        int y = (position / Width) + (slot / across) - Radius, x = (position % Width) + (slot % across) - Radius;
        return y >= 0 && x >= 0 && x < Width ? (y * Width) + x : -1;
    }
}
