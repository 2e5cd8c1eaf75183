using System;
using System.Diagnostics;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Cli;

/// <summary>Figures as people read them.</summary>
internal static class Format
{
    /// <summary>1:05, or 1:02:05 from an hour on.</summary>
    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? $"{(long)time.TotalHours}:{time:mm\\:ss}"
        : $"{time:m\\:ss}";

    public static string Bytes(long bytes) => bytes >= 1L << 30
        ? $"{bytes / (double)(1L << 30):F1} GiB"
        : bytes >= 1L << 20 ? $"{bytes / (double)(1L << 20):F0} MiB" : $"{bytes / (double)(1L << 10):F0} KiB";

    /// <summary>The most memory that this process took so far, the device's buffers included where they are the host's memory.</summary>
    public static string PeakMemory()
    {
        using Process process = Process.GetCurrentProcess();
        return Bytes(process.PeakWorkingSet64);
    }

    /// <inheritdoc cref="PeakMemory()"/>
    /// <param name="device">Its buffers' own peak is named beside it.</param>
    public static string PeakMemory(GpuDevice device) => $"{PeakMemory()} (GPU buffers: {Bytes(device.PeakAllocatedBytes)})";
}
