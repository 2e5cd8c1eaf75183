using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using VaeProcgen.Runtime.Decode;

namespace Menagerie;

/// <summary>What the frames took, and what was decoded in them.</summary>
internal sealed class FrameReport
{
    private readonly double budget;
    private readonly List<double> host = new();
    private readonly List<FrameStatistics> frames = new();

    /// <param name="budget">Milliseconds of device time a frame.</param>
    public FrameReport(double budget) => this.budget = budget;

    /// <param name="milliseconds">Of the host, for the update.</param>
    public void Add(double milliseconds, FrameStatistics statistics)
    {
        host.Add(milliseconds);
        frames.Add(statistics);
    }

    public void Write(TextWriter output)
    {
        double[] sorted = host.Order().ToArray();
        int kept = frames.Count(f => f.Milliseconds <= budget);
        int decoded = frames.Sum(f => f.Decoded), shared = frames.Sum(f => f.Shared);
        Line($"device time a frame   median {Median(frames.Select(f => f.Milliseconds)):F2} ms, most {frames.Max(f => f.Milliseconds):F2} ms, by what such batches took before");
        Line($"                      within the budget of {budget:0.##} ms in {kept} of {frames.Count} frames");
        Line($"host time an update   median {Median(host):F2} ms, 99th percentile {sorted[(int)(0.99 * (sorted.Length - 1))]:F2} ms, most {sorted[^1]:F2} ms");
        Line($"textures decoded      {decoded}, {(double)decoded / frames.Count:F1} a frame");
        Line($"found in the cache    {shared}");
        Line($"waiting at the end    {frames[^1].Waiting}");

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
