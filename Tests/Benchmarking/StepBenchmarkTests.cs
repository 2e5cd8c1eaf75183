using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Benchmarking;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Benchmarking;

[TestFixture]
public sealed class StepBenchmarkTests() : GpuTest(GpuTestDevice.Paths.First())
{
    private const double Seconds = 0.1;

    private static readonly VaeArchitecture Small =
        VaePreset.Create("fast", 12, 4, new LikelihoodOptions(LikelihoodKind.Laplace), PaddingMode.Zero);

    [Test]
    public void TimesTrainingSteps()
    {
        Timings timings = StepBenchmark.Train(Device, Small, 4, Seconds);
        Assert.That(timings.Milliseconds, Has.Count.GreaterThanOrEqualTo(3).And.All.Positive);
        Assert.That(timings.Batch, Is.EqualTo(4));
        Assert.That(timings.Minimum, Is.LessThanOrEqualTo(timings.Median));
        Assert.That(timings.Median, Is.LessThanOrEqualTo(timings.Percentile90));
        Assert.That(timings.ImagesPerSecond, Is.EqualTo(4000 / timings.Median).Within(1e-9));
    }

    [Test]
    public void TimesGreyImagesUnderAnotherLikelihood()
    {
        VaeArchitecture grey = VaePreset.Create("mlp", 12, 4, new LikelihoodOptions(LikelihoodKind.Bernoulli), PaddingMode.Zero, hidden: [16]);
        Assert.That(StepBenchmark.Train(Device, grey with { Pixels = PixelFormat.Grey }, 4, Seconds).Milliseconds, Has.Count.GreaterThanOrEqualTo(3));
    }

    [Test]
    public void QuantilesAreOfTheSortedTimes()
    {
        var timings = new Timings("x", 10, [5, 1, 4, 2, 3]);
        Assert.That((timings.Minimum, timings.Median, timings.Percentile90), Is.EqualTo((1.0, 3.0, 4.0)));
        Assert.That(timings.ImagesPerSecond, Is.EqualTo(10_000 / 3.0).Within(1e-9));
    }
}
