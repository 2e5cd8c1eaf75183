using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Tuning;

/// <summary>Chooses among the alternatives of dispatches: by what is remembered, or by measuring.</summary>
internal sealed class TileTuner
{
    /// <summary>What takes less is not worth compiling other tiles for: on GPUs it is mostly the way to the device and back.</summary>
    public const double LeastSeconds = 5e-5;

    /// <summary>Another tile has to take less than this share of the usual one's time: noise is not to decide.</summary>
    public const double Margin = 0.95;

    private const int Rounds = 5;
    private const int LeastRounds = 3;
    private const double MostSecondsOfProblem = 1;

    // A first look at this much more than the best one's time ends it; less may be a machine that is shared with others.
    private const double Hopeless = 2.5;

    // A measurement below a millisecond is of several dispatches.
    private const double SecondsOfMeasurement = 1e-3;
    private const int MostTimes = 16;

    private readonly TileMemory memory;
    private readonly TileTuning tuning;
    private readonly OperandPath path;
    private readonly double mostSeconds;
    private readonly Stopwatch watch = Stopwatch.StartNew();

    /// <param name="memory">What is remembered, and where to keep what is found.</param>
    /// <param name="tuning">Whether to look at it, and when to measure.</param>
    /// <param name="path">The device's.</param>
    /// <param name="mostSeconds">Begin nothing more after this long; the rest is measured the next time.</param>
    public TileTuner(TileMemory memory, TileTuning tuning, OperandPath path, double mostSeconds = 60)
    {
        (this.memory, this.tuning, this.path, this.mostSeconds) = (memory, tuning, path, mostSeconds);
    }

    /// <summary>Runs a dispatch so many times and gives the seconds of one.</summary>
    public delegate double Measurement(KernelSpec kernel, int times);

    /// <summary>The kernels as they are to run.</summary>
    /// <param name="kernels">As operators describe them.</param>
    /// <param name="measure">
    /// Runs kernels on the program's own tensors: what they hold is overwritten, with what the program itself would write there.
    /// </param>
    /// <param name="progress">Called with (done, total) of the problems that are measured.</param>
    public IReadOnlyList<KernelSpec> Choose(IEnumerable<KernelSpec> kernels, Measurement measure, Action<int, int>? progress = null)
    {
        List<IReadOnlyList<KernelSpec>> all = kernels.Select(k => k.On(path)).ToList();
        if (tuning is TileTuning.FirstUse or TileTuning.Again)
            MeasureWhatIsUnknown(all, measure, progress);
        return all.Select(alternatives => Remembered(alternatives) ?? alternatives[0]).ToList();
    }

    /// <summary>Kernel, path and constants: all on which the time of a dispatch depends, but for the tile.</summary>
    internal static string ProblemOf(KernelSpec kernel, OperandPath path) =>
        $"{path.ToString().ToLowerInvariant()} {kernel.Kernel.Split('.')[0]}({string.Join(",", kernel.Constants)})";

    private void MeasureWhatIsUnknown(List<IReadOnlyList<KernelSpec>> all, Measurement measure, Action<int, int>? progress)
    {
        List<IReadOnlyList<KernelSpec>> unknown = all
            .Where(alternatives => alternatives.Count > 1 && WritesOnly(alternatives[0]) && !IsKnown(alternatives))
            .GroupBy(alternatives => ProblemOf(alternatives[0], path))
            .Select(same => same.First())
            .ToList();
        for (int i = 0; i < unknown.Count && watch.Elapsed.TotalSeconds < mostSeconds; i++)
        {
            memory.Keep(ProblemOf(unknown[i][0], path), Fastest(unknown[i], measure));
            progress?.Invoke(i + 1, unknown.Count);
        }

        if (unknown.Count > 0)
            memory.Save();
    }

    private bool IsKnown(IReadOnlyList<KernelSpec> alternatives) =>
        tuning == TileTuning.Again ? memory.IsNew(ProblemOf(alternatives[0], path)) : Remembered(alternatives) != null;

    private KernelSpec? Remembered(IReadOnlyList<KernelSpec> alternatives) =>
        tuning != TileTuning.Off && alternatives.Count > 1 && memory.Find(ProblemOf(alternatives[0], path)) is { } choice
            ? alternatives.FirstOrDefault(k => k.Kernel == choice.Kernel)
            : null;

    /// <summary>Whether it may be run for a trial: it touches nothing that it also reads, so that running it twice is running it once.</summary>
    private static bool WritesOnly(KernelSpec kernel) =>
        !kernel.Bindings.Where(b => b.Writes).Select(b => RootOf(b.Tensor)).Intersect(kernel.Bindings.Where(b => !b.Writes).Select(b => RootOf(b.Tensor))).Any();

    private static Tensor RootOf(Tensor tensor) => tensor.Base is { } b ? RootOf(b) : tensor;

    private static TileChoice Fastest(IReadOnlyList<KernelSpec> alternatives, Measurement measure)
    {
        double usual = FirstLook(alternatives[0], measure), best = usual;
        if (usual < LeastSeconds)
            return Choice(alternatives[0], [(alternatives[0], [usual])]);
        var looks = new List<(KernelSpec Kernel, double Seconds)> { (alternatives[0], usual) };
        foreach (KernelSpec other in alternatives.Skip(1))
        {
            looks.Add((other, FirstLook(other, measure)));
            best = Math.Min(best, looks[^1].Seconds);
        }

        // The usual one stays in, to be displaced or not.
        List<(KernelSpec Kernel, List<double> Seconds)> contenders = looks
            .Where((look, i) => i == 0 || look.Seconds < Hopeless * best)
            .Select(look => (look.Kernel, new List<double>()))
            .ToList();
        if (contenders.Count == 1)
            return Choice(alternatives[0], looks.Select(look => (look.Kernel, new List<double> { look.Seconds })));
        int times = (int)Math.Min(MostTimes, Math.Ceiling(SecondsOfMeasurement / best));
        double spent = 0;
        for (int round = 0; round < Rounds && (round < LeastRounds || spent < MostSecondsOfProblem); round++)
        {
            // To and fro, so that a device that warms up, or throttles, favours none.
            foreach ((KernelSpec kernel, List<double> seconds) in round % 2 == 0 ? contenders : Enumerable.Reverse(contenders))
            {
                seconds.Add(measure(kernel, times));
                spent += times * seconds[^1];
            }
        }

        (KernelSpec Kernel, List<double> Seconds) first = contenders[0], fastest = contenders.OrderBy(c => Best(c.Seconds)).First();
        bool displaces = Best(fastest.Seconds) < Margin * Best(first.Seconds);
        return Choice(displaces ? fastest.Kernel : first.Kernel, looks.Select(look =>
            (look.Kernel, contenders.FirstOrDefault(c => c.Kernel == look.Kernel).Seconds ?? [look.Seconds])));
    }

    /// <summary>The first run compiles, and does not count.</summary>
    private static double FirstLook(KernelSpec kernel, Measurement measure)
    {
        measure(kernel, 1);
        return measure(kernel, 1);
    }

    private static TileChoice Choice(KernelSpec chosen, IEnumerable<(KernelSpec Kernel, List<double> Seconds)> all) =>
        new(chosen.Kernel, all.ToDictionary(a => a.Kernel.Kernel, a => Math.Round(1e6 * Best(a.Seconds), 1)));

    /// <summary>The least: whatever else the machine does can only add to a time.</summary>
    private static double Best(List<double> seconds) => seconds.Min();
}
