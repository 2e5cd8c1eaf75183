using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Evaluation;

public class SlicedWassersteinTests
{
    private static float[] Noise(int count, int width, int height, int seed, double most = 1) =>
        TestData.ToFloat(TestData.Uniform(count * width * height * 4, seed, 0, most));

    /// <summary>Expected values from a program of its own, in numpy, with the same random numbers.</summary>
    [TestCase(19, 16, 3, new[] { 0.12198729032597437 })]
    [TestCase(5, 8, 2, new[] { 0.6913801228241508 })]
    [TestCase(40, 33, 2, new[] { 0.12221965984953215, 0.15912424450081955 })]
    [TestCase(4, 5, 3, new[] { 0.7445180223574099 })]
    public void IsWhatAnotherProgramFinds(int width, int height, int count, double[] expected)
    {
        float[] a = EvaluationData.Formulas(0, count, width, height), b = EvaluationData.Formulas(5, count, width, height);
        double[][] found = SlicedWasserstein.Distances(a, [b, a], width, height, seed: 7);
        Assert.That(found.Select(level => level[0]), Is.EqualTo(expected).Within(1e-6));
        Assert.That(found.Select(level => level[1]), Is.All.Zero, "of a set from itself");
    }

    /// <summary>Each set is brought to mean 0 and deviation 1, and only then compared.</summary>
    [Test]
    public void BrightnessAndContrastDoNotCount()
    {
        float[] a = Noise(4, 8, 8, 1), b = [.. a.Select(v => 0.25f + (0.5f * v))];
        Assert.That(SlicedWasserstein.Distances(a, [b], 8, 8, 1)[0][0], Is.Zero.Within(1e-6));
    }

    [Test]
    public void RoundingInAConstantChannelIsNotBlownUp()
    {
        // Opaque, and all but opaque: one value of alpha in 64 a step lower.
        float[] a = [.. Noise(4, 8, 8, 1).Select((v, i) => i % 4 == 3 ? 1 : v)];
        float[] b = [.. a.Select((v, i) => i % 256 == 3 ? 254 / 255f : v)];
        Assert.That(SlicedWasserstein.Distances(a, [b], 8, 8, 1)[0][0], Is.Positive.And.LessThan(0.03));
    }

    [Test]
    public void SamplesLikeTheImagesAreAsFarAsTheImagesFromEachOther()
    {
        float[] images = Noise(40, 8, 8, 3);
        SlicedWasserstein alike = Measure(images, 8, 8, count => Noise(count, 8, 8, 4), seed: 2)!;
        Assert.That(alike.Images, Is.EqualTo(20));
        Assert.That(alike.Samples, Is.EqualTo(alike.Reference).Within(0.5 * alike.Reference));
        // Smooth images are far from noise.
        float[] Smooth(int count) => [.. Enumerable.Range(0, count * 256).Select(i => (i / 4 % 8 / 8f) + (i / 256 * 0.02f))];
        SlicedWasserstein different = Measure(images, 8, 8, Smooth, seed: 2)!;
        Assert.That(different.Samples, Is.GreaterThan(3 * different.Reference));
        Assert.That(different.Reference, Is.EqualTo(alike.Reference), "the reference does not depend on the samples");
    }

    [Test]
    public void TheReportIsScaledAndAveraged()
    {
        float[] images = Noise(5, 32, 32, 5);
        var asked = new List<int>();
        SlicedWasserstein report = Measure(images, 32, 32, count =>
        {
            asked.Add(count);
            return Noise(count, 32, 32, 6);
        }, seed: 3)!;
        Assert.That(asked, Is.EqualTo(new[] { 2 }));
        Assert.That(report.Levels.Select(l => (l.Width, l.Height)), Is.EqualTo(new[] { (32, 32), (16, 16) }));
        Assert.That(report.Samples, Is.EqualTo(report.Levels.Average(l => l.Samples)));
        Assert.That(report.Reference, Is.EqualTo(report.Levels.Average(l => l.Reference)).And.InRange(1, 1000));
        Assert.That(Measure(images, 32, 32, count => Noise(count, 32, 32, 6), seed: 3)!.Levels, Is.EqualTo(report.Levels));
        Assert.That(Measure(images, 32, 32, count => Noise(count, 32, 32, 6), seed: 3, most: 1)!.Images, Is.EqualTo(1));
    }

    [Test]
    public void OneImageHasNoHalves() =>
        Assert.That(Measure(Noise(1, 8, 8, 1), 8, 8, _ => throw new AssertionException("no samples"), 0), Is.Null);

    private static SlicedWasserstein? Measure(float[] images, int width, int height, Func<int, float[]> sample, ulong seed, int most = SlicedWasserstein.MostImages)
    {
        float[][] each = [.. images.Chunk(width * height * 4)];
        return SlicedWasserstein.Of(each.Length, n => each[n], width, height, sample, seed, most);
    }

    [Test]
    public void SetsOfOtherSizesAreRefused() => Assert.That(
        () => SlicedWasserstein.Distances(new float[128], [new float[64]], 4, 4, 0),
        Throws.ArgumentException.With.Message.Contains("4×4×4 values; found sets of 128, 64 values"));
}
