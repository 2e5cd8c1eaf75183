using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Benchmarking;

/// <summary>One kernel's part of a step.</summary>
/// <param name="Label">What the dispatch is for.</param>
/// <param name="Kernel">Which kernel.</param>
/// <param name="Seconds">Median over the runs measured.</param>
/// <param name="Multiplications">Multiply-adds; 0 where bandwidth is what counts.</param>
/// <param name="Bytes">Of the tensors that it reads and writes, each counted once: the least that must be moved.</param>
public sealed record KernelTime(string Label, string Kernel, double Seconds, long Multiplications, long Bytes)
{
    /// <summary>2 · multiply-adds / time</summary>
    public double GigaflopsPerSecond => 2e-9 * Multiplications / Seconds;

    /// <summary>Bytes / time</summary>
    public double GigabytesPerSecond => 1e-9 * Bytes / Seconds;

    /// <summary>The roofline (Williams, Waterman, Patterson 2009): the time that the arithmetic or the movement takes at the measured peak.</summary>
    public double LeastSeconds(DevicePeak peak) => Math.Max(2e-9 * Multiplications / peak.GigaflopsPerSecond, 1e-9 * Bytes / peak.GigabytesPerSecond);

    /// <summary>What would be saved if the kernel ran at the roofline.</summary>
    public double SecondsToWin(DevicePeak peak) => Math.Max(0, Seconds - LeastSeconds(peak));
}

/// <summary>The kernels of a training step, or of decoding a batch, each timed by itself, in the order in which they run.</summary>
/// <param name="What">train or decode</param>
/// <param name="Batch">Images.</param>
public sealed record KernelProfile(string What, int Batch, IReadOnlyList<KernelTime> Kernels)
{
    public double Seconds => Kernels.Sum(k => k.Seconds);

    /// <summary>Kernels of one name together, those with the most time to win first.</summary>
    public IReadOnlyList<(string Kernel, double Seconds, double ToWin)> MostToWin(DevicePeak peak, int count) => Kernels
        .GroupBy(k => k.Kernel)
        .Select(g => (g.Key, g.Sum(k => k.Seconds), g.Sum(k => k.SecondsToWin(peak))))
        .OrderByDescending(k => k.Item3)
        .Take(count)
        .ToList();

    /// <summary>A training step on synthetic images.</summary>
    /// <param name="seconds">How long to measure.</param>
    /// <param name="precision">How products are computed.</param>
    public static KernelProfile Train(GpuDevice device, VaeArchitecture architecture, int batch, double seconds, Precision precision = Precision.Full)
    {
        using var workspace = new Workspace(device);
        (RecordedTraining training, Schedule schedule) = StepBenchmark.Build(workspace, architecture, batch, profile: true, precision: precision);
        using (training)
        {
            var totals = new List<StepTotals>();
            return Measure("train", batch, seconds, training.Kernels, () =>
            {
                training.Run(1, schedule, totals);
                return training.ReadTimes();
            });
        }
    }

    /// <summary>Decoding a batch to pixels, with weights of zero, which take as long as any.</summary>
    /// <param name="seconds">How long to measure.</param>
    public static KernelProfile Decode(GpuDevice device, VaeArchitecture architecture, int batch, double seconds)
    {
        using var workspace = new Workspace(device);
        var graph = new Graph();
        var latents = new Tensor("latents", Shape.Matrix(batch, architecture.LatentSize));
        var labels = new Tensor("labels", Shape.Vector(batch));
        Tensor values = VaeNetwork.AddMeanDecoder(graph, new ParameterSet("weights"), architecture, latents, labels);
        FinishTexture finish = TextureOptions.Default.Finish(values, architecture.Packing, architecture.Height, architecture.Width);
        using var program = new GpuProgram(workspace, "decode", graph.ForwardToPixels(finish), profile: true);
        return Measure("decode", batch, seconds, program.Kernels, () =>
        {
            program.Run();
            return program.ReadTimes();
        });
    }

    private static KernelProfile Measure(
        string what, int batch, double seconds, IReadOnlyList<KernelSpec> kernels, Func<IReadOnlyList<(KernelSpec Kernel, double Seconds)>> run)
    {
        run();
        run();
        var runs = new List<IReadOnlyList<(KernelSpec Kernel, double Seconds)>>();
        var watch = Stopwatch.StartNew();
        do
        {
            runs.Add(run());
        }
        while (watch.Elapsed.TotalSeconds < seconds);
        return new KernelProfile(what, batch, kernels
            .Select((k, i) => new KernelTime(k.Label, k.Kernel, runs.Select(r => r[i].Seconds).Order().ElementAt(runs.Count / 2), k.Multiplications, BytesOf(k)))
            .ToList());
    }

    private static long BytesOf(KernelSpec kernel) => kernel.Bindings.Select(b => b.Tensor).Distinct().Sum(t => 4 * t.Shape.Count);
}
