using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Priors;
using VaeProcgen.Editor.Training;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Priors;

[TestFixture]
public sealed class CodebookInitializerTests
{
    [Test]
    public void FindsClustersThatLieApart()
    {
        const int clusters = 8, each = 25, d = 4;
        double[] centres = TestData.Uniform(clusters * d, 1, -50, 50), noise = TestData.Normal(clusters * each * d, 2);
        float[] points = noise.Select((v, i) => (float)(centres[i / d % clusters * d + i % d] + 0.01 * v)).ToArray();
        (float[] codes, float[] shares) = CodebookInitializer.Fit(points, d, clusters, seed: 3);
        Assert.That(shares, Is.All.EqualTo(1f / clusters).Within(1e-6));
        int[] nearest = VectorQuantizeReference.Nearest(d, centres, TestData.ToDouble(codes));
        Assert.That(nearest, Is.Unique);
        for (int i = 0; i < clusters; i++)
            Assert.That(VectorQuantizeReference.SquaredDistance(d, centres, i, TestData.ToDouble(codes), nearest[i]), Is.LessThan(1e-3));
        Assert.That(CodebookInitializer.Distortion(points, d, codes), Is.EqualTo(4e-4).Within(1e-4));
    }

    [Test]
    public void IterationsLowerTheDistortionAndTheSameSeedGivesTheSameBits()
    {
        const int d = 8, k = 32;
        float[] points = TestData.ToFloat(TestData.Normal(700 * d, 1));
        double[] distortions = new[] { 0, 1, 3, 10 }.Select(n =>
            CodebookInitializer.Distortion(points, d, CodebookInitializer.Fit(points, d, k, 5, n).Codes)).ToArray();
        Assert.That(distortions, Is.Ordered.Descending);
        (float[] codes, float[] shares) = CodebookInitializer.Fit(points, d, k, 5);
        Assert.That(CodebookInitializer.Fit(points, d, k, 5).Codes, Is.EqualTo(codes));
        Assert.That(CodebookInitializer.Fit(points, d, k, 6).Codes, Is.Not.EqualTo(codes));
        Assert.That(shares.Sum(), Is.EqualTo(1).Within(1e-5));

        double[] reference = TestData.ToDouble(codes), exact = TestData.ToDouble(points);
        int[] nearest = VectorQuantizeReference.Nearest(d, exact, reference);
        double expected = nearest.Select((code, r) => VectorQuantizeReference.SquaredDistance(d, exact, r, reference, code)).Average();
        Assert.That(CodebookInitializer.Distortion(points, d, codes), Is.EqualTo(expected).Within(1e-5 * expected));
    }

    [Test]
    public void FewerPointsThanCodes()
    {
        (float[] codes, float[] shares) = CodebookInitializer.Fit([1, 2, 3, 4, 5, 6, 7, 8], 4, codes: 8, seed: 1);
        Assert.That(codes, Has.Length.EqualTo(32));
        Assert.That(codes.Chunk(4).Select(c => c[0]).Distinct(), Is.EquivalentTo(new[] { 1f, 5 }));
        Assert.That(shares.Sum(), Is.EqualTo(1).Within(1e-6));
        CodebookState state = CodebookState.Start(codes, shares, pixels: 64);
        Assert.That(state.Counts, Is.All.GreaterThanOrEqualTo(1f));
        Assert.That(state.Sums.Zip(state.Codebook, (s, e) => s / e).Chunk(4).Select(c => c.Average()),
            Is.EqualTo(state.Counts).Within(1e-4));
    }

    [Test]
    public void RefusesWhatCannotBe()
    {
        Assert.That(() => CodebookInitializer.Fit(new float[6], 3, 2, 1), Throws.ArgumentException.With.Message.Contains("multiple of 4"));
        Assert.That(() => CodebookInitializer.Fit([], 4, 2, 1), Throws.ArgumentException.With.Message.Contains("at least one point"));
        Assert.That(() => CodebookInitializer.Fit([0, 0, 0, 0, 1, float.NaN, 0, 0], 4, 2, 1),
            Throws.ArgumentException.With.Message.Contains("Point 1").And.Message.Contains("dimension 1"));
    }
}
