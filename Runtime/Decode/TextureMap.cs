using System;
using System.Runtime.InteropServices;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>
/// A wide texture without seams from a tileable model: columns × rows tiles, each with a latent of its own, around a torus. It is decoded
/// as one image, or region by region: the same pixel has the same bits whichever region it is decoded in.
/// <para>Flat latents are blended bilinearly from tile centre to tile centre (<see cref="BlendTiles"/>); grids of latents lie side by side.
/// The convolutions run on across the borders. A map of one tile is the model's ordinary texture, a map of equal tiles repeats it.</para>
/// <para>Pixels have straight alpha and sRGB. Memory is bounded: a square is decoded at a time, with as many cells around it as the
/// convolutions reach. Safe for several threads, one at a time.</para>
/// </summary>
public sealed class TextureMap : IDisposable
{
    private const int MostTiles = 1 << 24;

    private readonly object gate = new();
    private readonly VaeModel model;
    private readonly VaeArchitecture a;
    private readonly LabelPriors? labelPriors;
    private readonly float[]?[] latents;
    private readonly int[] labels;
    private readonly Workspace workspace;
    private readonly MapGraph graph;
    private readonly FinishTexture finish;
    private readonly GpuProgram program;
    private readonly int blockRows;
    private readonly int blockColumns;
    private bool disposed;

    /// <param name="device">Where to run; it outlives the map.</param>
    /// <param name="model">A convolutional, tileable one.</param>
    /// <param name="columns">Tiles from left to right.</param>
    /// <param name="rows">Tiles from top to bottom.</param>
    /// <param name="blockPixels">Side of the squares that are decoded at a time: larger ones take more memory and less work.</param>
    /// <exception cref="ArgumentException">The model does not fit (<see cref="Require"/>), or a number is out of range.</exception>
    /// <exception cref="ModelFileException">The model lacks weights that its architecture needs.</exception>
    public TextureMap(GpuDevice device, VaeModel model, int columns, int rows, int blockPixels = 128)
    {
        Require(model.Architecture);
        (this.model, a) = (model, model.Architecture);
        bool isTooLarge = (long)columns * rows > MostTiles
            || (long)columns * a.Width > int.MaxValue || (long)rows * a.Height > int.MaxValue;
        if (columns < 1 || rows < 1 || isTooLarge)
        {
            throw new ArgumentException($"A map has 1×1 to {MostTiles} tiles, and sides of less than 2^31 pixels; "
                + $"found {columns}×{rows} tiles of {a.Width}×{a.Height}.");
        }

        if (blockPixels is < 1 or > 4096)
            throw new ArgumentException($"Squares of 1 to 4096 pixels a side are decoded at a time; found {blockPixels}.");
        (Columns, Rows) = (columns, rows);
        latents = new float[columns * rows][];
        labels = new int[columns * rows];
        labelPriors = LabelPriors.TryRead(model);
        int cells = Grid.DivideUp(blockPixels, a.Reduction);
        (blockRows, blockColumns) = (Math.Min(cells, Height / a.Reduction), Math.Min(cells, Width / a.Reduction));
        // How far the convolutions reach does not depend on the extent.
        int halo = new MapGraph(a, new ParameterSet("weights"), 1, 1).Halo;
        var parameters = new ParameterSet("weights") { IsFrozen = true };
        graph = new MapGraph(a, parameters, blockRows + (2 * halo), blockColumns + (2 * halo));
        Shape pixels = graph.Values.Shape;
        finish = TextureOptions.Default.Finish(graph.Values, a.Packing, pixels.H, pixels.W);
        workspace = new Workspace(device);
        try
        {
            var stored = new float[parameters.Count];
            foreach (Parameter parameter in parameters.Parameters)
                parameter.Scatter(model.WeightsOf(parameter), stored);
            workspace.Upload<float>(parameters.Values, stored);
            using (var prepare = new GpuProgram(workspace, "prepare weights", graph.Prepare()))
                prepare.Run();
            program = new GpuProgram(workspace, "decode a block of a map", graph.ForwardToPixels(finish));
        }
        catch
        {
            workspace.Dispose();
            throw;
        }
    }

    /// <summary>Tiles from left to right.</summary>
    public int Columns { get; }

    /// <summary>Tiles from top to bottom.</summary>
    public int Rows { get; }

    /// <summary>Pixels.</summary>
    public int Width => Columns * a.Width;

    /// <summary>Pixels.</summary>
    public int Height => Rows * a.Height;

    /// <summary>Checks that a model's textures can be decoded region by region.</summary>
    /// <exception cref="ArgumentException">They can't; the message says why, and what to train.</exception>
    public static void Require(VaeArchitecture architecture)
    {
        NetworkKind network = architecture.Network;
        if (architecture.IsFullyConnected)
        {
            throw new ArgumentException($"A map needs a network that works alike everywhere; {network} makes an image as one vector. "
                + "Train the preset fast or wide with --tile.");
        }

        if (network != NetworkKind.Conv)
        {
            throw new ArgumentException($"A map needs a network of convolutions alone; {network} normalizes over the whole image, so that a "
                + "region would look otherwise alone than in its map. Train the preset fast or wide with --tile.");
        }

        if (architecture.Padding != PaddingMode.Circular)
            throw new ArgumentException("The model's textures do not tile: it pads images with zeros. Train with --tile.");
    }

    /// <summary>Gives a tile its latent, or another one: only regions near it change.</summary>
    /// <exception cref="ArgumentException">There is no such tile, or the latent is of another model.</exception>
    public void SetTile(int column, int row, Latent latent)
    {
        if (column < 0 || column >= Columns || row < 0 || row >= Rows)
            throw new ArgumentException($"The map has {Columns}×{Rows} tiles; there is none in column {column} of row {row}.");
        model.Require(latent);
        float[] values = latent.Values.ToArray();
        labelPriors?.Unwhiten(latent.Label, latent.Values, values);
        lock (gate)
        {
            ThrowIfDisposed();
            (latents[(row * Columns) + column], labels[(row * Columns) + column]) = (values, latent.Label);
        }
    }

    /// <summary>The whole map.</summary>
    /// <exception cref="InvalidOperationException">A tile has no latent yet.</exception>
    public PixelImage Decode() => Decode(0, 0, Width, Height);

    /// <summary>A part of the map.</summary>
    /// <param name="x">Column of its first pixel; any number, as the map goes around.</param>
    /// <param name="y">Row of its first pixel.</param>
    /// <param name="width">Pixels; more than the map has begin again.</param>
    /// <param name="height">Pixels.</param>
    /// <exception cref="ArgumentException">A side is below 1, or the image would exceed 2 GiB.</exception>
    /// <exception cref="InvalidOperationException">A tile that shows in the region has no latent yet.</exception>
    public PixelImage Decode(int x, int y, int width, int height)
    {
        var region = new PixelImage(width, height);
        (long left, long top) = (Modulo(x, Width), Modulo(y, Height));
        lock (gate)
        {
            ThrowIfDisposed();
            for (long row = top / a.Reduction; row * a.Reduction < top + height; row += blockRows)
            {
                for (long column = left / a.Reduction; column * a.Reduction < left + width; column += blockColumns)
                    DecodeBlock(row, column, region, left, top);
            }
        }

        return region;
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
            program.Dispose();
            workspace.Dispose();
        }
    }

    /// <summary>Decodes the block that begins with a cell, and copies what lies in the region.</summary>
    private void DecodeBlock(long row, long column, PixelImage region, long left, long top)
    {
        Stage(row - graph.Halo, column - graph.Halo);
        program.Run();
        uint[] words = workspace.Download<uint>(finish.Pixels);
        (int haloPixels, int stride) = (graph.Halo * a.Reduction, finish.Levels[0].Width);
        (long blockTop, long blockLeft) = ((row * a.Reduction) - top, (column * a.Reduction) - left);
        int firstX = (int)Math.Max(0, blockLeft), endX = (int)Math.Min(region.Width, blockLeft + (blockColumns * a.Reduction));
        int firstY = (int)Math.Max(0, blockTop), endY = (int)Math.Min(region.Height, blockTop + (blockRows * a.Reduction));
        for (int y = firstY; y < endY; y++)
        {
            int from = ((haloPixels + (int)(y - blockTop)) * stride) + haloPixels + (int)(firstX - blockLeft);
            MemoryMarshal.AsBytes(words.AsSpan(from, endX - firstX)).CopyTo(region.Rgba.AsSpan(4 * ((y * region.Width) + firstX)));
        }
    }

    /// <summary>Uploads the latents for a rectangle that begins with a cell, halo included.</summary>
    private void Stage(long row, long column)
    {
        int width = a.LatentSize / a.Cells, count = graph.TileRows * graph.TileColumns;
        (int tileHeight, int tileWidth) = (a.Height / a.Reduction, a.Width / a.Reduction);
        var values = new float[count * width];
        var labelWords = new uint[count];
        (long firstRow, long firstColumn) = (row, column);
        if (graph.Origin != null)
        {
            // The tile whose centre is the last one before the first cell, in each direction.
            firstRow = FloorDivide((2 * row) + 1 - tileHeight, 2 * tileHeight);
            firstColumn = FloorDivide((2 * column) + 1 - tileWidth, 2 * tileWidth);
            workspace.Upload<uint>(graph.Origin, [(uint)(row - (firstRow * tileHeight)), (uint)(column - (firstColumn * tileWidth))]);
        }

        for (int i = 0; i < count; i++)
        {
            (long r, long c) = (firstRow + (i / graph.TileColumns), firstColumn + (i % graph.TileColumns));
            int cell = 0;
            if (graph.Origin == null)
            {
                (r, c) = (Modulo(r, Rows * tileHeight), Modulo(c, Columns * tileWidth));
                cell = (int)(((r % tileHeight) * tileWidth) + (c % tileWidth));
                (r, c) = (r / tileHeight, c / tileWidth);
            }

            (int tileRow, int tileColumn) = ((int)Modulo(r, Rows), (int)Modulo(c, Columns));
            int tile = (tileRow * Columns) + tileColumn;
            float[] latent = latents[tile] ?? throw new InvalidOperationException(
                $"The tile in column {tileColumn} of row {tileRow} has no latent yet. Give it one with {nameof(SetTile)}.");
            latent.AsSpan(cell * width, width).CopyTo(values.AsSpan(i * width));
            labelWords[i] = (uint)Math.Max(0, labels[tile]);
        }

        workspace.Upload<float>(graph.Latents, values);
        if (graph.Labels != null)
            workspace.Upload<uint>(graph.Labels, labelWords);
    }

    private static long Modulo(long value, long by) => ((value % by) + by) % by;

    private static long FloorDivide(long value, long by) => (value - Modulo(value, by)) / by;

    private void ThrowIfDisposed()
    {
        if (disposed)
            throw new ObjectDisposedException(nameof(TextureMap), "The map was disposed: nothing can be decoded with it any more.");
    }
}
