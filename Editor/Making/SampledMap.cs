using System;
using System.Collections.Generic;
using System.Globalization;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Making;

/// <summary>A wide texture without seams, its tiles from latents in turn, row after row.</summary>
/// <param name="Columns">Tiles from left to right.</param>
/// <param name="Rows">Tiles from top to bottom.</param>
public sealed record SampledMap(int Columns, int Rows)
{
    private const int MostTiles = 65536;

    /// <summary>Tiles.</summary>
    public int Count => Columns * Rows;

    /// <summary>Columns and rows, such as <c>4x3</c>.</summary>
    /// <exception cref="FormatException">The text is something else, or there are more than 65,536 tiles.</exception>
    public static SampledMap Parse(string text)
    {
        string[] sides = text.Split('x');
        return sides.Length == 2 && TrySide(sides[0], out int columns) && TrySide(sides[1], out int rows)
            && (long)columns * rows <= MostTiles
            ? new SampledMap(columns, rows)
            : throw new FormatException($"expected columns x rows of at most {MostTiles} tiles, such as 4x3; found '{text}'");
    }

    /// <summary>Checks that the model can make it.</summary>
    /// <exception cref="ArgumentException">It can't; the message says why.</exception>
    public void Require(VaeArchitecture architecture)
    {
        TextureMap.Require(architecture);
        (int width, int height) = (architecture.Width, architecture.Height);
        if (4L * Count * width * height > int.MaxValue)
            throw new ArgumentException($"A map of {Columns}×{Rows} tiles of {width}×{height} exceeds 2 GiB. Choose fewer tiles.");
    }

    /// <summary>The map of latents [count, Z].</summary>
    /// <param name="labelOf">Of a conditional model: the label of each.</param>
    public PixelImage Make(ModelSession session, float[] latents, IReadOnlyList<int>? labelOf)
    {
        int z = session.Model.Architecture.LatentSize;
        using var map = new TextureMap(session.Device, session.Model, Columns, Rows);
        for (int i = 0; i < Count; i++)
            map.SetTile(i % Columns, i / Columns, new Latent(latents.AsSpan(i * z, z), labelOf?[i] ?? -1));
        return map.Decode();
    }

    private static bool TrySide(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side >= 1;
}
