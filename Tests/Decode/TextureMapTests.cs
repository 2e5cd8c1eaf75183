using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Models;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Decode;

public sealed class TextureMapTests(OperandPath path) : GpuTest(path)
{
    private static readonly VaeArchitecture Flat =
        new(NetworkKind.Conv, 16, 16, 8, [8, 12], new LikelihoodOptions(LikelihoodKind.Laplace), PaddingMode.Circular);

    private static readonly VaeArchitecture Grid = Flat with { LatentSide = 4, LatentSize = 64 };
    private static readonly VaeArchitecture Wide = Flat with { Width = 24, Height = 8, Channels = [4, 8, 16] };
    private static readonly VaeArchitecture Grey = Flat with { Pixels = PixelFormat.Grey, Channels = [8] };
    private static readonly VaeArchitecture Conditional = Flat with { Labels = ["moss", "sand", "snow"] };
    private static readonly VaeArchitecture ConditionalGrid = Grid with { Labels = ["moss", "sand", "snow"] };

    private static IEnumerable<TestCaseData> Models() =>
        new[]
        {
            (nameof(Flat), Flat), (nameof(Grid), Grid), (nameof(Wide), Wide), (nameof(Grey), Grey),
            (nameof(Conditional), Conditional), (nameof(ConditionalGrid), ConditionalGrid),
        }.Select(m => new TestCaseData(m.Item2).SetArgDisplayNames(m.Item1));

    [TestCaseSource(nameof(Models))]
    public void OneTileIsTheOrdinaryTexture(VaeArchitecture a)
    {
        VaeModel model = ModelOf(a);
        Latent latent = LatentOf(a, 1);
        using var map = new TextureMap(Device, model, 1, 1);
        map.SetTile(0, 0, latent);
        using var texture = new TextureModel(Device, model);
        Assert.That(map.Decode().Rgba, Is.EqualTo(texture.Decode(latent).Rgba));
    }

    [Test]
    public void EqualTilesRepeat([Values] bool isGrid)
    {
        VaeArchitecture a = isGrid ? Grid : Flat;
        using var map = new TextureMap(Device, ModelOf(a), 3, 2);
        for (int i = 0; i < 6; i++)
            map.SetTile(i % 3, i / 3, LatentOf(a, 1));
        PixelImage whole = map.Decode();
        Assert.That((whole.Width, whole.Height), Is.EqualTo((3 * a.Width, 2 * a.Height)));
        PixelImage tile = whole.Crop(0, 0, a.Width, a.Height);
        for (int i = 1; i < 6; i++)
            Assert.That(whole.Crop(i % 3 * a.Width, i / 3 * a.Height, a.Width, a.Height).Rgba, Is.EqualTo(tile.Rgba), $"tile {i}");
        Assert.That(tile.Rgba.Distinct().Count(), Is.GreaterThan(8), "it shows something");
    }

    /// <summary>One program, with circular padding, for the whole map at once: what a model of textures of that size would be.</summary>
    [TestCaseSource(nameof(Models))]
    public void TheWholeIsWhatOneProgramMakes(VaeArchitecture a)
    {
        using TextureMap map = MapOf(a);
        Assert.That(map.Decode().Rgba, Is.EqualTo(InOneProgram(a, map.Columns, map.Rows)));
    }

    [TestCaseSource(nameof(Models))]
    public void ARegionIsAPartOfTheWhole(VaeArchitecture a)
    {
        using TextureMap map = MapOf(a);
        PixelImage whole = map.Decode();
        (int x, int y, int width, int height)[] regions =
        [
            (0, 0, 1, 1), (5, 3, 13, 7), (a.Width - 3, a.Height - 1, 7, 3), (-1, -1, 2, 2), (-1000, 999, 9, 5),
            (map.Width - 5, map.Height - 5, 11, 10), (7, 9, map.Width + 6, 3), (1, 1, map.Width, map.Height),
        ];
        foreach ((int x, int y, int width, int height) in regions)
        {
            byte[] found = map.Decode(x, y, width, height).Rgba;
            Assert.That(found, Is.EqualTo(CropAround(whole, x, y, width, height)), $"{width}×{height} at ({x}, {y})");
        }

    }

    [Test]
    public void TheSizeOfABlockDoesNotShow([Values(1, 20, 4096)] int blockPixels, [Values] bool isGrid)
    {
        using TextureMap map = MapOf(isGrid ? Grid : Flat), other = MapOf(isGrid ? Grid : Flat, blockPixels);
        Assert.That(other.Decode().Rgba, Is.EqualTo(map.Decode().Rgba));
    }

    [Test]
    public void RolledTilesMakeTheRolledMap([Values] bool isGrid)
    {
        VaeArchitecture a = isGrid ? Grid : Flat;
        using TextureMap map = MapOf(a), rolled = MapOf(a, shiftX: 2, shiftY: 1);
        Assert.That(rolled.Decode().Rgba, Is.EqualTo(CropAround(map.Decode(), 2 * a.Width, a.Height, map.Width, map.Height)));
    }

    /// <summary>With random weights all cells are alike: steps from cell to cell are as large inside a tile as from tile to tile.</summary>
    [Test]
    public void ThereIsNoSeam([Values] bool isGrid)
    {
        VaeArchitecture a = isGrid ? Grid : Flat;
        using var map = new TextureMap(Device, ModelOf(a), 8, 8);
        for (int i = 0; i < 64; i++)
            map.SetTile(i % 8, i / 8, LatentOf(a, i));
        PixelImage whole = map.Decode();
        double border = 0, inside = 0;
        for (int x = 0; x < whole.Width; x += a.Reduction)
        {
            double step = Enumerable.Range(0, whole.Height).Average(y => Step(whole[x, y], whole[(x + whole.Width - 1) % whole.Width, y]));
            (border, inside) = x % a.Width == 0 ? (border + step, inside) : (border, inside + step);
        }

        int cells = a.Width / a.Reduction;
        Assert.That(border / 8, Is.LessThan(1.25 * inside / (8 * (cells - 1))));
        Assert.That(border, Is.GreaterThan(0));
    }

    [Test]
    public void ATileChangesOnlyWhatIsNear()
    {
        using TextureMap map = MapOf(Grid);
        PixelImage before = map.Decode();
        map.SetTile(1, 1, LatentOf(Grid, 77));
        PixelImage after = map.Decode();
        // Two cells around the tile's 16 to 31: the receptive field of one 3×3 convolution and the transposed ones after it.
        int reach = 2 * Grid.Reduction, near = 0;
        bool IsNear(int at, int size) => (at - (16 - reach) + size) % size < 16 + (2 * reach);
        for (int i = 0; i < before.Width * before.Height; i++)
        {
            (int x, int y) = (i % before.Width, i / before.Width);
            bool isNear = IsNear(x, before.Width) && IsNear(y, before.Height);
            if (!isNear)
                Assert.That(after[x, y], Is.EqualTo(before[x, y]), $"({x}, {y})");
            near += isNear && after[x, y] != before[x, y] ? 1 : 0;
        }

        Assert.That(near, Is.GreaterThan(200));
    }

    [Test]
    public void WhatCannotBeDecodedIsRefused()
    {
        VaeModel model = ModelOf(Flat);
        using (var map = new TextureMap(Device, model, 3, 1))
        {
            map.SetTile(0, 0, LatentOf(Flat, 1));
            map.SetTile(1, 0, LatentOf(Flat, 2));
            Assert.That(() => map.Decode(), Throws.InvalidOperationException.With.Message.Contains("column 2 of row 0"));
            Assert.That(() => map.SetTile(3, 0, LatentOf(Flat, 1)), Throws.ArgumentException.With.Message.Contains("3×1"));
            Assert.That(() => map.SetTile(0, 0, LatentOf(Grid, 1)), Throws.ArgumentException.With.Message.Contains("8 values"));
            Assert.That(
                () => map.SetTile(0, 0, new Latent(new float[8], label: 1)), Throws.ArgumentException.With.Message.Contains("conditional"));
            Assert.That(() => map.Decode(0, 0, 0, 4), Throws.ArgumentException);
            map.Dispose();
            Assert.That(() => map.Decode(), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => map.SetTile(0, 0, LatentOf(Flat, 1)), Throws.TypeOf<ObjectDisposedException>());
        }

        Assert.That(() => new TextureMap(Device, model, 0, 1), Throws.ArgumentException.With.Message.Contains("0×1"));
        Assert.That(() => new TextureMap(Device, model, 1 << 20, 1 << 20), Throws.ArgumentException);
        Assert.That(() => new TextureMap(Device, model, 1, 1, blockPixels: 0), Throws.ArgumentException.With.Message.Contains("found 0"));
    }

    [TestCase(NetworkKind.Residual, PaddingMode.Circular, "normalizes over the whole image")]
    [TestCase(NetworkKind.Mlp, PaddingMode.Circular, "one vector")]
    [TestCase(NetworkKind.Conv, PaddingMode.Zero, "do not tile")]
    public void ModelsWithoutMapsAreRefused(NetworkKind network, PaddingMode padding, string message)
    {
        var model = new VaeModel(Flat with { Network = network, Padding = padding }, new Dictionary<string, WeightTensor>());
        Assert.That(() => new TextureMap(Device, model, 2, 2), Throws.ArgumentException.With.Message.Contains(message));
    }

    private TextureMap MapOf(VaeArchitecture a, int blockPixels = 16, int shiftX = 0, int shiftY = 0)
    {
        var map = new TextureMap(Device, ModelOf(a), 3, 2, blockPixels);
        for (int i = 0; i < 6; i++)
            map.SetTile(i % 3, i / 3, LatentOf(a, (((i / 3) + shiftY) % 2 * 3) + (((i % 3) + shiftX) % 3)));
        return map;
    }

    private byte[] InOneProgram(VaeArchitecture a, int columns, int rows)
    {
        (int h, int w) = (a.Height / a.Reduction, a.Width / a.Reduction);
        var parameters = new ParameterSet("weights");
        var graph = new MapGraph(a, parameters, rows * h, columns * w);
        FinishTexture finish = TextureOptions.Default.Finish(graph.Values, a.Packing, rows * a.Height, columns * a.Width);
        using var workspace = new Workspace(Device);
        var stored = new float[parameters.Count];
        VaeModel model = ModelOf(a);
        foreach (Parameter parameter in parameters.Parameters)
            parameter.Scatter(model.WeightsOf(parameter), stored);
        workspace.Upload<float>(parameters.Values, stored);
        int each = a.LatentSize / a.Cells, count = graph.TileRows * graph.TileColumns;
        var values = new List<float>();
        var labels = new List<uint>();
        LabelPriors? priors = LabelPriors.TryRead(model);
        for (int i = 0; i < count; i++)
        {
            (int row, int column, int cell) = (i / graph.TileColumns, i % graph.TileColumns, 0);
            if (graph.Origin == null)
                (row, column, cell) = (row / h, column / w, (row % h * w) + (column % w));
            else
                (row, column) = (row + rows - 1, column + columns - 1); // The frame begins one tile before the map.
            Latent latent = LatentOf(a, (row % rows * columns) + (column % columns));
            float[] z = latent.Values.ToArray();
            priors?.Unwhiten(latent.Label, latent.Values, z);
            values.AddRange(z.AsSpan(cell * each, each));
            labels.Add((uint)Math.Max(0, latent.Label));
        }

        workspace.Upload<float>(graph.Latents, values.ToArray());
        if (graph.Labels != null)
            workspace.Upload<uint>(graph.Labels, labels.ToArray());
        if (graph.Origin != null)
            workspace.Upload<uint>(graph.Origin, [(uint)h, (uint)w]);
        using var program = new GpuProgram(workspace, "whole map", [.. graph.Prepare(), .. graph.ForwardToPixels(finish)]);
        program.Run();
        return workspace.Download<uint>(finish.Pixels).Take(finish.Pixels.Shape.C).SelectMany(BitConverter.GetBytes).ToArray();
    }

    private VaeModel ModelOf(VaeArchitecture a)
    {
        using var runner = new VaeRunner(Device, a.Validate(), batch: 1);
        return new VaeModel(a, runner.Parameters.ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, TinyModel.Draw(p))));
    }

    private static Latent LatentOf(VaeArchitecture a, int seed) =>
        new(TestData.ToFloat(TestData.Normal(a.LatentSize, 50 + seed)), a.IsConditional ? seed % a.Labels.Count : -1);

    private static byte[] CropAround(PixelImage whole, int x, int y, int width, int height)
    {
        var crop = new PixelImage(width, height);
        int Modulo(int value, int by) => ((value % by) + by) % by;
        for (int i = 0; i < width * height; i++)
            crop[i % width, i / width] = whole[Modulo(x + (i % width), whole.Width), Modulo(y + (i / width), whole.Height)];
        return crop.Rgba;
    }

    private static double Step(Rgba8 p, Rgba8 q) => Math.Abs(p.R - q.R) + Math.Abs(p.G - q.G) + Math.Abs(p.B - q.B) + Math.Abs(p.A - q.A);
}
