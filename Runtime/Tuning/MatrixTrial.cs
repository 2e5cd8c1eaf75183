using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Tuning;

/// <summary>
/// Whether a device's matrix units are faster than its shared path at products of half operands. A driver may offer them and compute them
/// slowly, so one product is timed on both, once for a device, and the answer is remembered with its tiles (<see cref="TileMemory"/>).
/// </summary>
public static class MatrixTrial
{
    internal const string Problem = "matrix units";

    // [4096, 512] × [512, 512]: large enough for any device to be busy, and below a second on the slowest.
    private const int Rows = 4096;
    private const int Depth = 512;
    private const int Columns = 512;
    private const int Rounds = 5;

    // The units are there for several times; a little more is noise.
    private const double LeastGain = 1.2;

    /// <summary>
    /// Call it before programs are built that compute in mixed precision: <see cref="GpuDevice.Path"/> becomes <see cref="OperandPath.Matrix"/> where no
    /// path was asked for, the device has matrix units, and they are faster. <see cref="TileTuning"/> says whether that may be measured now.
    /// </summary>
    public static void Apply(GpuDevice device)
    {
        if (!MayDecide(device.Path, device.IsPathGiven, device.Matrices, device.Tuning))
            return;
        bool mayMeasure = device.Tuning != TileTuning.Remembered && device.Limits.TimestampPeriodNs > 0;
        if (IsFaster(device.Tiles, mayMeasure, isAgain: device.Tuning == TileTuning.Again, () => Measure(device)))
            device.UseMatrices();
    }

    /// <summary>Whether the path is open to a trial at all: nobody asked for one, and there are units in place of the shared path.</summary>
    internal static bool MayDecide(OperandPath path, bool isPathGiven, MatrixShape? matrices, TileTuning tuning) =>
        path == OperandPath.Shared && !isPathGiven && matrices != null && tuning != TileTuning.Off;

    /// <param name="measure">Seconds of the shared path, and of matrix units.</param>
    internal static bool IsFaster(TileMemory memory, bool mayMeasure, bool isAgain, Func<(double Shared, double Matrix)> measure)
    {
        bool isKnown = memory.Find(Problem) != null && (!isAgain || memory.IsNew(Problem));
        if (!isKnown && mayMeasure)
        {
            (double shared, double matrix) = measure();
            OperandPath faster = shared > LeastGain * matrix ? OperandPath.Matrix : OperandPath.Shared;
            memory.Keep(Problem, new TileChoice(faster.ToString(), new Dictionary<string, double>
            {
                [nameof(OperandPath.Shared)] = Math.Round(1e6 * shared, 1), [nameof(OperandPath.Matrix)] = Math.Round(1e6 * matrix, 1),
            }));
            memory.Save();
        }

        return memory.Find(Problem)?.Kernel == nameof(OperandPath.Matrix);
    }

    /// <summary>The least seconds of each, in turn.</summary>
    internal static (double Shared, double Matrix) Measure(GpuDevice device)
    {
        var parameters = new ParameterSet("trial") { Mixed = new MixedPrecision() };
        KernelSpec product = new Linear("trial", parameters, new Tensor("rows", Shape.Matrix(Rows, Depth)), Columns).Forward().Single();
        using var workspace = new Workspace(device);
        workspace.Reserve(product.Bindings.Select(b => b.Tensor));
        double Time(OperandPath path) => workspace.Time(product.On(path)[0], path, times: 2);
        (double Shared, double Matrix) best = (double.MaxValue, double.MaxValue);
        for (int round = 0; round < Rounds; round++)
            best = (Math.Min(best.Shared, Time(OperandPath.Shared)), Math.Min(best.Matrix, Time(OperandPath.Matrix)));
        return best;
    }
}
