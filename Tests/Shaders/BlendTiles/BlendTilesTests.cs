using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class BlendTilesTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 4, 5, 3)]
    [TestCase(1, 3, 8, 1, 7)]
    [TestCase(4, 4, 12, 6, 10)]
    [TestCase(5, 2, 3, 13, 5)]
    [TestCase(2, 8, 16, 3, 31)]
    public void Forward(int tileH, int tileW, int channels, int h, int w)
    {
        int rows = BlendTiles.TilesFor(h, tileH), columns = BlendTiles.TilesFor(w, tileW) + 1;
        Dims tile = new(rows * columns, tileH, tileW, channels), y = new(1, h, w, channels);
        double[] tiles = TestData.Normal(tile.Length, 1);
        foreach ((int dy, int dx) in new[] { (0, 0), (tileH - 1, 0), (tileH / 2, tileW - 1) })
        {
            (int originY, int originX) = (dy + (tileH / 2), dx + (tileW / 2));
            using var check = new OperatorCheck(Device);
            var blend = new BlendTiles("blend", check.Input("tiles", tile, tiles), columns, check.Words("origin", [(uint)originY, (uint)originX]), h, w);
            check.RunKernels([.. blend.Forward()]);
            double[] expected = BlendTilesReference.Forward(tiles, tile, columns, originY, originX, y);
            Compare.Within(check.Value(blend.Output), expected, BlendTilesReference.ForwardBound(expected, tiles.Max(System.Math.Abs)), $"from {originY}, {originX}", y.Locate);
        }
    }

    [Test]
    public void EqualTilesGiveThemselves()
    {
        (int h, int w, int rows, int columns) = (7, 9, BlendTiles.TilesFor(7, 3), BlendTiles.TilesFor(9, 4));
        Dims one = new(1, 3, 4, 8), tile = one with { N = rows * columns }, y = new(1, h, w, 8);
        double[] values = TestData.Normal(one.Length, 2), tiles = Enumerable.Repeat(values, tile.N).SelectMany(v => v).ToArray();
        using var check = new OperatorCheck(Device);
        var blend = new BlendTiles("blend", check.Input("tiles", tile, tiles), columns, check.Words("origin", [2, 3]), h, w);
        check.RunKernels([.. blend.Forward()]);
        float[] found = check.Value(blend.Output);
        for (int i = 0; i < found.Length; i++)
            Assert.That(found[i], Is.EqualTo((float)values[one.Index(0, (2 + (i / 8 / w)) % 3, (3 + (i / 8 % w)) % 4, i % 8)]));
    }

    [Test]
    public void TooFewTilesAreRefused() => Assert.That(
        () => new BlendTiles("blend", new Tensor("tiles", new Shape(8, 4, 4, 4)), 2, new Tensor("origin", Shape.Vector(2)), 4, 4),
        Throws.ArgumentException.With.Message.Contains("3 rows of 3 tiles"));
}
