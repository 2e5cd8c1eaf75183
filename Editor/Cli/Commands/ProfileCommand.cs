using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using VaeProcgen.Editor.Benchmarking;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Times each kernel beside what the device can do at most.</summary>
internal sealed class ProfileCommand : Command
{
    private const int Named = 3;

    private readonly Argument<string> what = new("WHAT") { Description = "train or decode" };
    private readonly Option<int?> batch = OptionOf.Value<int?>("--batch", "N", "Images at a time [default: 64]", t => (int)OptionOf.Whole(1, 4096)(t));
    private readonly Option<double> seconds = OptionOf.Value("--seconds", "S", "How long to measure", OptionOf.NumberAbove(0), 3);
    private readonly Option<string?> trace = OptionOf.Text("--trace", "FILE", "Also write a trace for chrome://tracing or ui.perfetto.dev");
    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else" };
    private readonly NetworkOptions network;
    private readonly DeviceOptions device;

    public ProfileCommand()
        : base("profile", "Time each kernel of a training step, or of decoding, beside the device's measured peak, and say where most is to be won")
    {
        what.AcceptOnlyFromAmong("train", "decode");
        Add(what);
        foreach (Option option in new Option[] { batch, seconds, trace, json })
            Add(option);
        network = new NetworkOptions(this, what, "The network of a model, in place of a preset");
        device = new DeviceOptions(this, tunes: true);
        SetAction(Run);
    }

    private void Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        VaeArchitecture architecture = network.Architecture(parsed, network.Load(parsed));
        using GpuDevice gpu = device.Open(parsed);
        int images = parsed.GetValue(batch) ?? 64;
        double time = parsed.GetValue(seconds);
        KernelProfile profile = parsed.GetRequiredValue(what) == "train"
            ? KernelProfile.Train(gpu, architecture, images, time, network.Precision(parsed))
            : KernelProfile.Decode(gpu, architecture, images, time);
        DevicePeak peak = DevicePeak.Measure(gpu);
        if (parsed.GetValue(trace) is { } path)
            ChromeTrace.Save(path, profile, peak);
        if (parsed.GetValue(json))
            output.WriteLine(JsonSerializer.Serialize(Figures(gpu, profile, peak)));
        else
            Write(output, gpu, profile, peak);
    }

    private static object Figures(GpuDevice gpu, KernelProfile profile, DevicePeak peak) => new
    {
        device = gpu.Info.Name,
        path = gpu.Path.ToString(),
        what = profile.What,
        batch = profile.Batch,
        milliseconds = 1e3 * profile.Seconds,
        peak = new { gflops = peak.GigaflopsPerSecond, gbytes = peak.GigabytesPerSecond },
        mostToWin = profile.MostToWin(peak, Named).Select(k => new { kernel = k.Kernel, milliseconds = 1e3 * k.Seconds, toWin = 1e3 * k.ToWin }),
        kernels = profile.Kernels.Select(k => new
        {
            label = k.Label, kernel = k.Kernel, milliseconds = 1e3 * k.Seconds, gflops = k.GigaflopsPerSecond, gbytes = k.GigabytesPerSecond,
            shareOfPeak = k.LeastSeconds(peak) / k.Seconds,
        }),
    };

    private static void Write(TextWriter output, GpuDevice gpu, KernelProfile profile, DevicePeak peak)
    {
        Line($"{gpu.Info.Name}, {gpu.Path} path; {profile.What}, batch {profile.Batch}: {1e3 * profile.Seconds:F2} ms in {profile.Kernels.Count} kernels, each timed by itself");
        Line($"Measured peak: {peak.GigaflopsPerSecond:F0} GFLOP/s of multiply-adds on registers, {peak.GigabytesPerSecond:F1} GB/s of copying.");
        Line($"      ms  share  GFLOP/s   GB/s  of peak  kernel");
        foreach (KernelTime k in profile.Kernels.OrderByDescending(k => k.Seconds))
        {
            string rate = k.Multiplications == 0 ? "" : k.GigaflopsPerSecond.ToString("F1", CultureInfo.InvariantCulture);
            Line($"{1e3 * k.Seconds,8:F3}  {k.Seconds / profile.Seconds,5:P0}  {rate,7}  {k.GigabytesPerSecond,5:F1}  {k.LeastSeconds(peak) / k.Seconds,7:P0}  {k.Label} ({k.Kernel})");
        }

        Line($"Of peak: the time that arithmetic or movement takes at the measured peak, whichever is longer, over the time taken; tensors that fit into caches may be above.");
        Line($"Most time to win:");
        foreach ((string kernel, double taken, double toWin) in profile.MostToWin(peak, Named))
            Line($"{1e3 * toWin,8:F2} of {1e3 * taken:F2} ms  {kernel}");

        void Line(System.FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
