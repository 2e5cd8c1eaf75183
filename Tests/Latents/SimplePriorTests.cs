using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Latents;

/// <summary>The standard normal and the mixture.</summary>
[TestFixture]
public sealed class SimplePriorTests
{
    private const int Draws = 40_000;

    [Test]
    public void StandardNormalHasUnitCovariance()
    {
        float[] z = new StandardNormalPrior(3).SampleMany(1, 0, Draws, 1);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(Mean(z, 3, i), Is.EqualTo(0).Within(5 / Math.Sqrt(Draws)));
            for (int j = 0; j <= i; j++)
            {
                Assert.That(Covariance(z, 3, i, j), Is.EqualTo(i == j ? 1 : 0).Within(5 * Math.Sqrt(2.0 / Draws)));
            }
        }
    }

    [Test]
    public void TemperatureScalesTheDeviation()
    {
        var prior = new StandardNormalPrior(5);
        float[] warm = prior.SampleMany(7, 3, 4, 1);
        float[] cool = prior.SampleMany(7, 3, 4, 0.5f);
        Assert.That(cool, Is.EqualTo(warm.Select(x => x / 2)));
        Assert.That(prior.SampleMany(7, 3, 4, 0), Is.All.EqualTo(0));
    }

    [Test]
    public void MixtureHasItsWeightsMeansAndCovariances()
    {
        GaussianMixturePrior prior = Mixture();
        float[] z = prior.SampleMany(1, 0, Draws, 1);
        float[] left = Rows(z, row => row[0] < 0);
        float[] right = Rows(z, row => row[0] >= 0);
        Assert.That(left.Length / (double)z.Length, Is.EqualTo(0.25).Within(5 * Math.Sqrt(0.25 * 0.75 / Draws)));

        double error = 5 / Math.Sqrt(left.Length / 2);
        Assert.That(Mean(left, 2, 0), Is.EqualTo(-10).Within(error));
        Assert.That(Mean(left, 2, 1), Is.EqualTo(1).Within(error));
        Assert.That(Covariance(left, 2, 0, 0), Is.EqualTo(1).Within(2 * error));
        // The factor [1 0; 0.6 0.8] has the covariance [1 0.6; 0.6 1].
        Assert.That(Covariance(left, 2, 1, 0), Is.EqualTo(0.6).Within(2 * error));
        Assert.That(Covariance(left, 2, 1, 1), Is.EqualTo(1).Within(2 * error));
        Assert.That(Mean(right, 2, 0), Is.EqualTo(10).Within(2 * error));
        Assert.That(Covariance(right, 2, 0, 0), Is.EqualTo(4).Within(8 * error));
        Assert.That(Covariance(right, 2, 1, 0), Is.EqualTo(0).Within(4 * error));
    }

    [Test]
    public void MixtureAtZeroTemperatureGivesItsMeans()
    {
        float[] z = Mixture().SampleMany(1, 0, 100, 0);
        for (int i = 0; i < z.Length; i += 2)
        {
            Assert.That((z[i], z[i + 1]), Is.EqualTo((-10f, 1f)).Or.EqualTo((10f, 2f)));
        }
    }

    [Test]
    public void ComponentsWithoutWeightAreNeverDrawn()
    {
        var prior = new GaussianMixturePrior(new[] { 0f, 1, 0 }, new[] { 1f, 2, 3 }, new float[3]);
        Assert.That(prior.SampleMany(1, 0, 1000, 1), Is.All.EqualTo(2));
    }

    [Test]
    public void BatchesDoNotMatter()
    {
        foreach (ILatentPrior prior in new ILatentPrior[] { Mixture(), new StandardNormalPrior(2) })
        {
            float[] all = prior.SampleMany(3, uint.MaxValue - 1, 5, 0.8f);
            var one = new float[2];
            for (int i = 0; i < 5; i++)
            {
                prior.Sample(3, unchecked(uint.MaxValue - 1 + (uint)i), 0.8f, one);
                Assert.That(one, Is.EqualTo(all[(2 * i)..((2 * i) + 2)]), $"{prior.Kind}, draw {i}");
            }
        }
    }

    [Test]
    public void MixtureSurvivesTheFile()
    {
        SafetensorsFile file = File(Mixture().WriteTo);
        GaussianMixturePrior read = GaussianMixturePrior.TryRead(file)!;
        Assert.That(read.Components, Is.EqualTo(2));
        Assert.That(read.SampleMany(5, 0, 50, 1), Is.EqualTo(Mixture().SampleMany(5, 0, 50, 1)));
        Assert.That(LatentPriors.ReadAll(file, 2).Select(prior => prior.Kind), Is.EqualTo(new[] { "mixture", "normal" }));
        Assert.That(() => LatentPriors.ReadAll(file, 3), Throws.TypeOf<ModelFileException>().With.Message.Contains("2 dimensions"));
    }

    [Test]
    public void AFileWithoutPriorsHasTheStandardNormal()
    {
        SafetensorsFile file = File(_ => { });
        Assert.That(GaussianMixturePrior.TryRead(file), Is.Null);
        Assert.That(LatentPriors.ReadAll(file, 4).Single().Size, Is.EqualTo(4));
    }

    private static IEnumerable<TestCaseData> BadMixtures()
    {
        static TestCaseData Case(string name, string expected, float[] weights, long[] means, params long[] cholesky) =>
            new TestCaseData(weights, means, cholesky, expected).SetArgDisplayNames(name);

        yield return Case("negative weight", "at least 0", new[] { 1f, -1 }, new long[] { 2, 1 }, 2, 1, 1);
        yield return Case("no weight", "not all 0", new[] { 0f, 0 }, new long[] { 2, 1 }, 2, 1, 1);
        yield return Case("NaN weight", "finite", new[] { 1f, float.NaN }, new long[] { 2, 1 }, 2, 1, 1);
        yield return Case("too many means", "found [3, 1]", new[] { 1f, 1 }, new long[] { 3, 1 }, 3, 1, 1);
        yield return Case("flat means", "found [2]", new[] { 1f, 1 }, new long[] { 2 }, 2, 1, 1);
        yield return Case("flat factors", "found [2, 2]", new[] { 1f, 1 }, new long[] { 2, 2 }, 2, 2);
        yield return Case("no dimensions", "invalid", new[] { 1f, 1 }, new long[] { 2, 0 }, 2, 0, 0);
    }

    [TestCaseSource(nameof(BadMixtures))]
    public void ABadMixtureInTheFileIsRefused(float[] weights, long[] means, long[] cholesky, string expected)
    {
        SafetensorsFile file = File(writer =>
        {
            writer.AddFloats("prior.mixture.weights", weights, weights.Length);
            writer.AddFloats("prior.mixture.means", new float[means.Aggregate(1L, (a, b) => a * b)], means);
            writer.AddFloats("prior.mixture.cholesky", new float[cholesky.Aggregate(1L, (a, b) => a * b)], cholesky);
        });
        Assert.That(() => GaussianMixturePrior.TryRead(file), Throws.TypeOf<ModelFileException>().With.Message.Contains(expected));
    }

    [Test]
    public void SizesAreChecked()
    {
        Assert.That(() => new StandardNormalPrior(0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new StandardNormalPrior(3).Sample(1, 0, 1, new float[4]),
            Throws.ArgumentException.With.Message.Contains("3 elements, found 4"));
        Assert.That(() => new GaussianMixturePrior(new float[2], new float[3], new float[3]), Throws.ArgumentException);
        float[] none = Array.Empty<float>();
        Assert.That(() => new GaussianMixturePrior(none, none, none), Throws.ArgumentException);
    }

    private static GaussianMixturePrior Mixture() =>
        new(new[] { 1f, 3 }, new[] { -10f, 1, 10, 2 }, new[] { 1f, 0, 0.6f, 0.8f, 2, 0, 0, 1 });

    private static SafetensorsFile File(Action<SafetensorsWriter> fill)
    {
        var writer = new SafetensorsWriter();
        fill(writer);
        return SafetensorsFile.Parse(SafetensorsTests.Write(writer));
    }

    private static float[] Rows(float[] z, Func<float[], bool> keep) => z.Chunk(2).Where(keep).SelectMany(row => row).ToArray();

    private static double Mean(float[] z, int size, int i) => z.Chunk(size).Average(row => (double)row[i]);

    private static double Covariance(float[] z, int size, int i, int j)
    {
        double meanI = Mean(z, size, i);
        double meanJ = Mean(z, size, j);
        return z.Chunk(size).Average(row => (row[i] - meanI) * (row[j] - meanJ));
    }
}
