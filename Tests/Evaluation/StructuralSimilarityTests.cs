using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;

namespace VaeProcgen.Tests.Evaluation;

public class StructuralSimilarityTests
{
    /// <summary>Expected values from a program of its own, in numpy, that takes each window's moments by themselves.</summary>
    [TestCase(16, 16, 0.04854965004980247, 0.678373201028703)]
    [TestCase(13, 5, -0.2681828444478553, 0.5238538065152186)]
    [TestCase(11, 11, 0.1171673409600017, 0.7089544009543761)]
    [TestCase(4, 4, -0.3217998891642405, 0.4902081678146013)]
    [TestCase(12, 20, 0.038481183508760494, 0.6722340142384251)]
    public void IsWhatAnotherProgramFinds(int width, int height, double apart, double halfway)
    {
        float[] a = EvaluationData.Formula(0, width, height), b = EvaluationData.Formula(1, width, height);
        float[] half = [.. a.Zip(b, (x, y) => (x + y) * 0.5f)];
        Assert.That(StructuralSimilarity.Of(a, b, width, height), Is.EqualTo(apart).Within(1e-10));
        Assert.That(StructuralSimilarity.Of(a, half, width, height), Is.EqualTo(halfway).Within(1e-10));
        Assert.That(StructuralSimilarity.Of(b, a, width, height), Is.EqualTo(apart).Within(1e-10), "symmetric");
    }

    [Test]
    public void EqualImagesAreAtOne()
    {
        float[] a = EvaluationData.Formula(2, 13, 12), empty = new float[a.Length];
        Assert.That(StructuralSimilarity.Of(a, a, 13, 12), Is.EqualTo(1).Within(1e-12));
        Assert.That(StructuralSimilarity.Of(empty, empty, 13, 12), Is.EqualTo(1).Within(1e-12));
        // Uniform: (2 · 0 · 1 + C1) / (0 + 1 + C1)
        Assert.That(StructuralSimilarity.Of(empty, [.. empty.Select(_ => 1f)], 13, 12), Is.EqualTo(1e-4 / 1.0001).Within(1e-12));
    }

    [Test]
    public void EachPairIsMeasuredByItself()
    {
        float[] x = EvaluationData.Formulas(0, 3, 12, 11), y = EvaluationData.Formulas(4, 3, 12, 11);
        double[] each = [.. Enumerable.Range(0, 3).Select(k =>
            StructuralSimilarity.Of(EvaluationData.Formula(k, 12, 11), EvaluationData.Formula(k + 4, 12, 11), 12, 11))];
        Assert.That(StructuralSimilarity.OfEach(x, y, 12, 11), Is.EqualTo(each));
    }

    [Test]
    public void OtherSizesAreRefused() => Assert.That(
        () => StructuralSimilarity.Of(new float[64], new float[48], 4, 4),
        Throws.ArgumentException.With.Message.Contains("4×4×4 values; found 64 and 48"));
}
