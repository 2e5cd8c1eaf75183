using System.IO;
using System.Linq;
using System.Text.Json;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Editor.Benchmarking;

/// <summary>Writes a profile as a trace for chrome://tracing or ui.perfetto.dev: the kernels one after another, in microseconds.</summary>
public static class ChromeTrace
{
    /// <param name="path">Written beside and renamed.</param>
    public static void Save(string path, KernelProfile profile, DevicePeak peak)
    {
        double at = 0;
        object[] events = profile.Kernels.Select(k =>
        {
            double start = at;
            at += k.Seconds;
            return (object)new
            {
                name = k.Label, cat = k.Kernel, ph = "X", ts = 1e6 * start, dur = 1e6 * k.Seconds, pid = 1, tid = 1,
                args = new { kernel = k.Kernel, gflops = k.GigaflopsPerSecond, gbytes = k.GigabytesPerSecond, toWinMicroseconds = 1e6 * k.SecondsToWin(peak) },
            };
        }).ToArray();
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, new { displayTimeUnit = "ms", traceEvents = events }));
    }
}
