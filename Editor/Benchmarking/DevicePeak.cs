using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Benchmarking;

/// <summary>What a device can do at most, measured: the best of several runs.</summary>
/// <param name="GigaflopsPerSecond">Multiply-adds on registers, two operations each.</param>
/// <param name="GigabytesPerSecond">Reading one large tensor and writing another, both counted.</param>
public sealed record DevicePeak(double GigaflopsPerSecond, double GigabytesPerSecond)
{
    private const int Rounds = 1024;
    private const int MultiplyAddsPerRound = 48;
    private const int Groups = 256;
    private const int Tries = 5;

    public static DevicePeak Measure(GpuDevice device)
    {
        using var workspace = new Workspace(device);
        var x = new Tensor("x", Shape.Vector(4));
        var y = new Tensor("y", Shape.Matrix(Groups * 64, 4));
        double computing = Best(workspace, [Kernels.PeakMultiplyAdd(new Grid(Groups), x: x, y: y, rounds: Rounds)]);
        var from = new Tensor("from", Shape.Matrix(4 << 20, 4));
        var to = new Tensor("to", from.Shape);
        double moving = Best(workspace, [Kernels.Activation(Grid.Elementwise(from.Shape.Count4), x: from, y: to, count4: from.Shape.Count4, channels: 4, activation: (int)Activation.None)]);
        return new DevicePeak(2e-9 * Groups * 64 * Rounds * MultiplyAddsPerRound / computing, 2e-9 * 4 * from.Shape.Count / moving);
    }

    private static double Best(Workspace workspace, IReadOnlyList<KernelSpec> kernels)
    {
        using var program = new GpuProgram(workspace, "peak", kernels);
        return Enumerable.Range(0, Tries).Select(_ =>
        {
            var watch = Stopwatch.StartNew();
            program.Run();
            workspace.Device.WaitIdle();
            return watch.Elapsed.TotalSeconds;
        }).Min();
    }
}
