using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;

namespace VaeProcgen.Tests.Evaluation;

public class LaplacianPyramidTests
{
    [TestCase(8, 8, "8×8")]
    [TestCase(16, 16, "16×16")]
    [TestCase(31, 31, "31×31 16×16")]
    [TestCase(30, 64, "30×64")]
    [TestCase(64, 128, "64×128 32×64 16×32")]
    public void LevelsHalveDownToSixteen(int width, int height, string sizes) => Assert.That(
        string.Join(" ", LaplacianPyramid.Sizes(width, height).Select(s => $"{s.Width}×{s.Height}")), Is.EqualTo(sizes));

    [Test]
    public void AConstantIsInTheLastLevelAlone()
    {
        float[] image = [.. Enumerable.Range(0, 33 * 35 * 3).Select(i => i % 3 / 4f)];
        double[] fine = LaplacianPyramid.Level(image, 33, 35, 3, 0), coarse = LaplacianPyramid.Level(image, 33, 35, 3, 1);
        Assert.That(fine, Has.Length.EqualTo(image.Length).And.All.Zero.Within(1e-15));
        Assert.That(coarse, Is.EqualTo(Enumerable.Range(0, 17 * 18 * 3).Select(i => i % 3 / 4.0)).Within(1e-15));
    }

    [Test]
    public void AnImpulseGoesThroughTheFilter()
    {
        var image = new float[40 * 40];
        image[(20 * 40) + 12] = 1;
        double[] coarse = LaplacianPyramid.Level(image, 40, 40, 1, 1);
        double[] column = [.. Enumerable.Range(4, 5).Select(x => coarse[(10 * 20) + x] * 256 / 6)];
        Assert.That(column, Is.EqualTo(new[] { 0.0, 1, 6, 1, 0 }).Within(1e-12), "every second value of (1, 4, 6, 4, 1)");
        Assert.That(coarse.Sum(), Is.EqualTo(0.25).Within(1e-12));
        double[] fine = LaplacianPyramid.Level(image, 40, 40, 1, 0);
        // At the impulse the doubled level has ((1·1 + 6·6 + 1·1) 2/256)² ...
        Assert.That(fine[(20 * 40) + 12], Is.EqualTo(1 - Math.Pow(38 * 2 / 256.0, 2)).Within(1e-12));
    }

    [Test]
    public void ASmallImageIsItsOnlyLevel()
    {
        float[] image = EvaluationData.Formula(0, 5, 3);
        Assert.That(LaplacianPyramid.Level(image, 5, 3, 4, 0), Is.EqualTo(image.Select(v => (double)v)));
    }
}
