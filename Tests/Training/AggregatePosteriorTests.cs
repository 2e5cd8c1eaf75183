using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Tests.Models;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Training;

[TestFixture]
public sealed class AggregatePosteriorTests() : GpuTest(GpuTestDevice.Paths.First())
{
    private const int Count = 7;

    private static readonly int Z = TinyModel.Architecture.LatentSize;

    [Test]
    public void HoldsThePosteriorOfEachImageAndThenOfItsMirrorImage()
    {
        using VaeRunner runner = Load();
        ArtSet images = Noise(), mirrored = Mirrored(images);
        AggregatePosterior aggregate = AggregatePosterior.Encode(runner, images, withMirrored: true);
        (float[] mean, float[] logVariance) = runner.Encode(new ModelInputs(runner.Architecture, images).All());
        (float[] mirroredMean, float[] mirroredLogVariance) = runner.Encode(new ModelInputs(runner.Architecture, mirrored).All());
        Assert.That((aggregate.Size, aggregate.Count), Is.EqualTo((Z, 2 * Count)));
        Assert.That(aggregate.Mean, Is.EqualTo(mean.Concat(mirroredMean)));
        Assert.That(aggregate.Variance, Is.EqualTo(logVariance.Concat(mirroredLogVariance).Select(l => (float)Math.Exp(l))));
        Assert.That(aggregate.MeanOf(2), Is.EqualTo(mean.Skip(2 * Z).Take(Z)));
        Assert.That(AggregatePosterior.Encode(runner, images, withMirrored: false).Mean, Is.EqualTo(mean));
    }

    [Test]
    public void StandardisesByTheMeansOfAllImages()
    {
        using VaeRunner runner = Load();
        AggregatePosterior aggregate = AggregatePosterior.Encode(runner, Noise(), withMirrored: false);
        float[][] rows = aggregate.Standardised().Chunk(2 * Z).ToArray();
        Assert.That(rows, Has.Length.EqualTo(Count));
        for (int j = 0; j < Z; j++)
        {
            double centre = rows.Average(r => r[j]);
            Assert.That(centre, Is.EqualTo(0).Within(1e-5));
            Assert.That(rows.Average(r => Math.Pow(r[j] - centre, 2)), Is.EqualTo(1).Within(1e-4));
            for (int i = 0; i < Count; i++)
            {
                int at = (i * Z) + j;
                Assert.That((rows[i][j] * aggregate.Deviation[j]) + aggregate.Center[j], Is.EqualTo(aggregate.Mean[at]).Within(1e-5));
                Assert.That(rows[i][j + Z] * aggregate.Deviation[j], Is.EqualTo(Math.Sqrt(aggregate.Variance[at])).Within(1e-5));
            }
        }
    }

    [Test]
    public void SomeOfManyAreEvenlySpread()
    {
        using VaeRunner runner = Load();
        AggregatePosterior all = AggregatePosterior.Encode(runner, Noise(), withMirrored: false), some = all.AtMost(3);
        int[] kept = [0, 2, 4];
        Assert.That(some.Mean, Is.EqualTo(kept.SelectMany(all.MeanOf)));
        Assert.That(some.Variance, Is.EqualTo(kept.SelectMany(i => all.Variance[(i * Z)..((i + 1) * Z)])));
        Assert.That(some.Center[1], Is.EqualTo(kept.Average(i => all.MeanOf(i)[1])).Within(1e-6));
        Assert.That(all.AtMost(Count), Is.SameAs(all));
    }

    /// <summary>A dimension that the model does not use must not be blown up.</summary>
    [Test]
    public void ADimensionThatNeverVariesKeepsAFiniteScale()
    {
        using var runner = new VaeRunner(Device, TinyModel.Architecture, 4);
        runner.LoadWeights(p => new float[p.LogicalShape.Aggregate(1, (a, b) => a * b)]);
        AggregatePosterior aggregate = AggregatePosterior.Encode(runner, Noise(), withMirrored: false);
        Assert.That(aggregate.Deviation, Is.All.EqualTo(1e-3f));
        Assert.That(aggregate.Standardised().All(float.IsFinite));
    }

    private VaeRunner Load()
    {
        var runner = new VaeRunner(Device, TinyModel.Architecture, 4);
        runner.LoadWeights(TinyModel.Draw);
        return runner;
    }

    private static ArtSet Noise()
    {
        var random = new Random(1);
        return new ArtSet(8, 8, Enumerable.Range(0, Count).Select(i =>
        {
            var rgba = new byte[8 * 8 * 4];
            random.NextBytes(rgba);
            return new ArtImage($"{i}", "", rgba);
        }).ToArray());
    }

    private static ArtSet Mirrored(ArtSet images)
    {
        static byte[] Mirror(byte[] rgba) =>
            Enumerable.Range(0, 64).SelectMany(p => rgba.Skip(4 * ((p / 8 * 8) + 7 - (p % 8))).Take(4)).ToArray();
        return new ArtSet(8, 8, images.Images.Select(image => image with { Rgba = Mirror(image.Rgba) }).ToArray());
    }
}
