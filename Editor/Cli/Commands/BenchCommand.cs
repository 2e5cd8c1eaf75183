using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
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
    private readonly Argument<string> what = new("WHAT") { Description = "train, decode, or all", DefaultValueFactory = _ => "all" };
    private readonly Option<int?> batch = OptionOf.Value<int?>("--batch", "N", "Images at a time [default: 64 to train; 1, 16, 64 and 256 to decode]", t => (int)OptionOf.Whole(1, 4096)(t));
    private readonly Option<double> seconds = OptionOf.Value("--seconds", "S", "How long to measure each", OptionOf.NumberAbove(0), 3);
    private readonly Option<int> images = OptionOf.Integer("--images", "N", "Images that lie on the device while it trains", 1, 10_000_000, StepBenchmark.Images);

    private readonly Option<string?> dump = OptionOf.Text(
        "--dump", "FILE", "Also write what 64 latents decode to, as values and as pixels, into a safetensors file");

    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else" };
    private readonly NetworkOptions network;
    private readonly DeviceOptions device;

    public BenchCommand()
        : base("bench", "Measure training and decoding: images a second")
    {
        what.AcceptOnlyFromAmong("train", "decode", "all");
        Add(what);
        foreach (Option option in new Option[] { batch, seconds, images, dump, json })
            Add(option);
        network = new NetworkOptions(this, what, "Decode with a model's weights, in place of made-up ones");
        device = new DeviceOptions(this, tunes: true);
        Validators.Add(Refuse);
        SetAction(Run);
    }

    private void Refuse(CommandResult result)
    {
        bool Given(Option option) => result.GetResult(option) is { Implicit: false };
        if (result.GetValue(what) != "decode" && (Given(network.Model) || Given(dump)))
            result.AddError($"{network.Model.Name} and {dump.Name} are for 'bench decode'; found 'bench {result.GetValue(what)}'.");
    }

    private void Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        VaeModel? loaded = network.Load(parsed);
        VaeArchitecture architecture = network.Architecture(parsed, loaded);
        using GpuDevice gpu = device.Open(parsed);
        string chosen = parsed.GetRequiredValue(what);
        double time = parsed.GetValue(seconds);
        var train = new List<Timings>();
        IReadOnlyList<DecodeTimings> decode = [];
        if (chosen != "decode")
            train.Add(StepBenchmark.Train(gpu, architecture, parsed.GetValue(batch) ?? 64, time, parsed.GetValue(images), network.Precision(parsed)));
        if (chosen != "train")
        {
            loaded ??= DecodeBenchmark.MadeUp(gpu, architecture);
            if (parsed.GetValue(dump) is { } target)
                DecodeBenchmark.Dump(gpu, loaded, count: 64, target);
            decode = DecodeBenchmark.Measure(gpu, loaded, parsed.GetValue(batch) is { } one ? [one] : DecodeBenchmark.Batches, time);
        }

        if (parsed.GetValue(json))
        {
            string path = gpu.Path.ToString();
            output.WriteLine(JsonSerializer.Serialize(new
            {
                device = gpu.Info.Name, path, parameters = StepBenchmark.ParametersOf(architecture), device_bytes = gpu.PeakAllocatedBytes, train = train.Select(Figures), decode = decode.Select(d => Figures(d.Timings, d.Readback)),
            }));
            return;
        }

        output.WriteLine(
            $"{gpu.Info.Name}, {gpu.Path} path; {network.Describe(parsed)}, {architecture.Width}×{architecture.Height}, Z = {architecture.LatentSize}");
        foreach (Timings t in train)
            WriteTimings(output, t, "");
        foreach (DecodeTimings d in decode)
            WriteTimings(output, d.Timings, d.Readback ? " to memory" : " to image ");
        output.WriteLine($"Peak memory: {Format.PeakMemory(gpu)}");
    }

    private static Dictionary<string, object> Figures(Timings t) => new()
    {
        ["batch"] = t.Batch, ["steps"] = t.Milliseconds.Count, ["min_ms"] = t.Minimum, ["median_ms"] = t.Median, ["p90_ms"] = t.Percentile90,
        ["images_per_second"] = t.ImagesPerSecond,
    };

    private static Dictionary<string, object> Figures(Timings t, bool readback) => new(Figures(t)) { ["readback"] = readback };

    private static void WriteTimings(TextWriter output, Timings t, string where) => output.WriteLine(Invariant(
        $"{t.What,-7} batch {t.Batch,4}{where}: {t.ImagesPerSecond,8:F0} images/s; median {t.Median:F2} ms, best {t.Minimum:F2}, 90th percentile {t.Percentile90:F2} ({t.Milliseconds.Count} times)"));

    private static string Invariant(System.FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
