using System;
using System.Collections.Generic;
using System.IO;
using NUnit.Framework;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Samples;

/// <summary>The sample with an engine of its own: it draws, and the validation layer has nothing to say.</summary>
public class JoinEngineTests
{
    private const int Columns = 16;

    private string path = null!;

    [SetUp]
    public void ChoosePath() => path = Path.Combine(Path.GetTempPath(), $"JoinEngine-{Guid.NewGuid():N}.png");

    [TearDown]
    public void DeleteFrame() => File.Delete(path);

    [Test]
    public void DrawsADifferentCreatureInEachCell()
    {
        SampleResult result = Sample.Run("JoinEngine", "--validation", "--out", path);
        Assert.That((result.Code, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.StartWith("256 creatures: "));

        PixelImage frame = Png.Load(path);
        Assert.That((frame.Width, frame.Height), Is.EqualTo((1024, 1024)));
        HashSet<string> cells = [];
        int side = frame.Width / Columns;
        for (int i = 0; i < Columns * Columns; i++)
        {
            byte[] cell = frame.Crop(i % Columns * side, i / Columns * side, side, side).Rgba;
            Assert.That(cells.Add(Convert.ToBase64String(cell)), Is.True, $"cell {i} shows what another one shows");
            Assert.That(ColoursOf(cell), Is.GreaterThan(4), $"cell {i} is empty");
        }
    }

    [Test]
    public void AnUnknownArgumentIsRefusedBeforeWorkBegins()
    {
        SampleResult result = Sample.Run("JoinEngine", "--out", path, "--valdation");
        Assert.That((result.Code, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.Contain("'--valdation'"));
        Assert.That(File.Exists(path), Is.False);
    }

    private static int ColoursOf(byte[] rgba)
    {
        HashSet<int> colours = [];
        for (int i = 0; i < rgba.Length; i += 4)
            colours.Add(BitConverter.ToInt32(rgba, i));
        return colours.Count;
    }
}
