using System.IO;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Benchmarking;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.ModelFile;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Benchmarking;

[TestFixture]
public sealed class KernelProfileTests() : GpuTest(GpuTestDevice.Paths.First())
{
    private const double Seconds = 0.1;

    private static readonly DevicePeak Peak = new(GigaflopsPerSecond: 100, GigabytesPerSecond: 10);

    private static readonly VaeArchitecture Small =
        VaePreset.Create("fast", 12, 4, new LikelihoodOptions(LikelihoodKind.Laplace), PaddingMode.Zero);

    [Test]
    public void TimesEachKernel([Values] bool train)
    {
        KernelProfile profile = train ? KernelProfile.Train(Device, Small, 4, Seconds) : KernelProfile.Decode(Device, Small, 4, Seconds);
        Assert.That((profile.What, profile.Batch), Is.EqualTo((train ? "train" : "decode", 4)));
        Assert.That(profile.Kernels.Select(k => k.Label), train
            ? Has.Some.Contains("encoder.conv0").And.Some.Contains("AdamW")
            : Has.Some.Contains("decoder.deconv0").And.Some.Contains("pixels"));
        Assert.That(profile.Kernels.Select(k => k.Seconds), Is.All.InRange(0, 10).And.Some.Positive);
        Assert.That(profile.Kernels.Select(k => k.Bytes), Is.All.Positive);
        Assert.That(profile.Kernels.Sum(k => k.Multiplications), Is.Positive);
    }

    [Test]
    public void TheRooflineIsTheLongerOfArithmeticAndMovement()
    {
        var computing = new KernelTime("a", "gemm", Seconds: 0.05, Multiplications: 1_000_000_000, Bytes: 100_000_000); // 0.02 s and 0.01 s
        var moving = new KernelTime("b", "copy", Seconds: 0.025, Multiplications: 0, Bytes: 200_000_000);               // 0.02 s
        var cached = new KernelTime("c", "copy", Seconds: 0.001, Multiplications: 0, Bytes: 200_000_000);
        Assert.That(computing.LeastSeconds(Peak), Is.EqualTo(0.02).Within(1e-12));
        Assert.That((computing.GigaflopsPerSecond, computing.GigabytesPerSecond), Is.EqualTo((40.0, 2.0)));
        Assert.That(moving.SecondsToWin(Peak), Is.EqualTo(0.005).Within(1e-12));
        Assert.That(cached.SecondsToWin(Peak), Is.Zero);
        var profile = new KernelProfile("train", 1, [moving, computing, cached]);
        Assert.That(profile.MostToWin(Peak, 1).Single().Kernel, Is.EqualTo("gemm"));
        Assert.That(profile.MostToWin(Peak, 3)[1].Seconds, Is.EqualTo(0.026).Within(1e-12));
    }

    [Test]
    public void TheTraceLaysKernelsOneAfterAnother()
    {
        using var folder = new TemporaryFolder();
        var profile = new KernelProfile("decode", 1, [new KernelTime("first", "k", 1e-3, 0, 16), new KernelTime("second", "k", 2e-3, 0, 16)]);
        ChromeTrace.Save(folder.File("trace.json"), profile, Peak);
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllText(folder.File("trace.json")));
        JsonElement second = trace.RootElement.GetProperty("traceEvents")[1];
        Assert.That(second.GetProperty("name").GetString(), Is.EqualTo("second"));
        Assert.That(second.GetProperty("ts").GetDouble(), Is.EqualTo(1000).Within(1e-6));
        Assert.That(second.GetProperty("dur").GetDouble(), Is.EqualTo(2000).Within(1e-6));
    }
}
