using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using VaeProcgen.Editor.Benchmarking;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Measures speed on this machine.</summary>
internal sealed class BenchCommand : Command
{
    private readonly Argument<string> what = new("WHAT") { Description = "train, decode, or all with a table of kernels", DefaultValueFactory = _ => "all" };
    private readonly Option<int?> batch = OptionOf.Value<int?>("--batch", "N", "Images at a time [default: 64 to train, 256 to decode]", t => (int)OptionOf.Whole(1, 4096)(t));
    private readonly Option<double> seconds = OptionOf.Value("--seconds", "S", "How long to measure each", OptionOf.NumberAbove(0), 3);
    private readonly Option<string> preset = OptionOf.Text("--preset", "NAME", "The network: " + string.Join(", ", VaePreset.List.Select(p => p.Name)), VaePreset.Default);
    private readonly Option<int> size = OptionOf.Integer("--size", "PX", "Side of the images", 8, 1024, 32);
    private readonly Option<int> latent = OptionOf.Integer("--latent", "Z", "Latent size", 4, 4096, 64);
    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else" };
    private readonly DeviceOptions device;

    public BenchCommand()
        : base("bench", "Measure training and decoding: images a second, and each kernel beside the device's measured peak")
    {
        what.AcceptOnlyFromAmong("train", "decode", "all");
        Add(what);
        foreach (Option option in new Option[] { batch, seconds, preset, size, latent, json })
            Add(option);
        device = new DeviceOptions(this);
        SetAction(Run);
    }

    private void Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        VaeArchitecture architecture = VaePreset.Create(parsed.GetRequiredValue(preset), parsed.GetValue(size), parsed.GetValue(latent), new LikelihoodOptions(LikelihoodKind.Laplace), PaddingMode.Zero);
        using GpuDevice gpu = device.Open(parsed);
        string chosen = parsed.GetRequiredValue(what);
        double time = parsed.GetValue(seconds);
        var timings = new List<Timings>();
        if (chosen != "decode")
            timings.Add(StepBenchmark.Train(gpu, architecture, parsed.GetValue(batch) ?? 64, time));
        if (chosen != "train")
            timings.Add(StepBenchmark.Decode(gpu, architecture, parsed.GetValue(batch) ?? 256, time));
        if (parsed.GetValue(json))
        {
            IEnumerable<object> figures = timings.Select(t => (object)new { what = t.What, batch = t.Batch, steps = t.Milliseconds.Count, min_ms = t.Minimum, median_ms = t.Median, p90_ms = t.Percentile90, images_per_second = t.ImagesPerSecond, device = gpu.Info.Name, path = gpu.Path.ToString() });
            output.WriteLine(JsonSerializer.Serialize(timings.Count == 1 ? figures.First() : figures));
            return;
        }

        output.WriteLine($"{gpu.Info.Name}, {gpu.Path} path; {parsed.GetValue(preset)} network, {architecture.Width}×{architecture.Height}, Z = {architecture.LatentSize}");
        foreach (Timings t in timings)
            output.WriteLine(Invariant($"{t.What,-7} batch {t.Batch,4}: {t.ImagesPerSecond,8:F0} images/s; median {t.Median:F1} ms, best {t.Minimum:F1}, 90th percentile {t.Percentile90:F1} ({t.Milliseconds.Count} times)"));
        if (chosen == "all")
            WriteKernels(output, gpu, StepBenchmark.Profile(gpu, architecture, parsed.GetValue(batch) ?? 64, time));
        output.WriteLine($"Peak memory: {Format.PeakMemory(gpu)}");
    }

    private static void WriteKernels(TextWriter output, GpuDevice gpu, IReadOnlyList<KernelTime> kernels)
    {
        DevicePeak peak = DevicePeak.Measure(gpu);
        double total = kernels.Sum(k => k.Seconds);
        output.WriteLine(Invariant($"Measured peak: {peak.GigaflopsPerSecond:F0} GFLOP/s of multiply-adds, {peak.GigabytesPerSecond:F1} GB/s of copying. The kernels of a training step, slowest first, each timed alone:"));
        output.WriteLine("      ms  share  GFLOP/s  of peak  kernel");
        foreach (KernelTime k in kernels.OrderByDescending(k => k.Seconds))
        {
            string rate = k.Multiplications == 0 ? $"{"",7}  {"",7}" : Invariant($"{k.GigaflopsPerSecond,7:F1}  {k.GigaflopsPerSecond / peak.GigaflopsPerSecond,7:P0}");
            output.WriteLine(Invariant($"{k.Seconds * 1e3,8:F2}  {k.Seconds / total,5:P0}  {rate}  {k.Label} ({k.Kernel})"));
        }
    }

    private static string Invariant(System.FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
