using System;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Benchmarking;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Benchmarking;

[TestFixture]
public sealed class DecodeBenchmarkTests() : GpuTest(GpuTestDevice.Paths.First())
{
    private static readonly VaeArchitecture Small =
        VaePreset.Create("fast", 12, 4, new LikelihoodOptions(LikelihoodKind.Laplace), PaddingMode.Zero);

    [Test]
    public void TimesEachBatchToMemoryAndToAnImage()
    {
        var timings = DecodeBenchmark.Measure(Device, DecodeBenchmark.MadeUp(Device, Small), [1, 5], seconds: 0.02);
        Assert.That(timings.Select(t => (t.Timings.Batch, t.Readback)), Is.EqualTo(new[] { (1, true), (1, false), (5, true), (5, false) }));
        foreach (DecodeTimings t in timings)
            Assert.That(t.Timings.Milliseconds, Has.Count.GreaterThanOrEqualTo(3).And.All.Positive);
    }

    [Test]
    public void DumpsValuesAndThePixelsMadeOfThem()
    {
        string path = Path.Combine(Path.GetTempPath(), $"dump-{Guid.NewGuid():N}.safetensors");
        try
        {
            DecodeBenchmark.Dump(Device, DecodeBenchmark.MadeUp(Device, Small), 3, path);
            SafetensorsFile file = SafetensorsFile.Read(path);
            Assert.That(file.GetFloats("latents"), Has.Length.EqualTo(3 * 4).And.Some.Not.Zero);
            float[] values = file.GetFloats("values");
            Assert.That(values, Has.Length.EqualTo(3 * Small.Values));
            byte[] expected = Premultiplied.ToRgba8(values);
            Assert.That(file.GetBytes("pixels"), Is.EqualTo(expected).Using<byte, byte>((a, b) => Math.Abs(a - b) <= 1));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
