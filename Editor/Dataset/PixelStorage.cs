using System;
using System.IO;

namespace VaeProcgen.Editor.Dataset;

/// <summary>Where the pixels of a set lie, see <see cref="PixelStore"/>.</summary>
/// <param name="HostBytes">A set of so many bytes of pixels or fewer lies in the host's memory, a larger one in a file.</param>
/// <param name="Folder">Where the file is made.</param>
public sealed record PixelStorage(long HostBytes, string Folder)
{
    // The rest is for everything else that a training holds, and for the file in the system's cache.
    private const int ShareOfMemory = 4;

    /// <summary>A quarter of the machine's memory; then the system's folder for large temporary files.</summary>
    public static PixelStorage Default { get; } = new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory, ScratchFolder());

    // Many a system keeps /tmp in memory, which is where such a set can't stay; /var/tmp is its folder for what is too large for that.
    private static string ScratchFolder() =>
        OperatingSystem.IsLinux() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TMPDIR")) && Directory.Exists("/var/tmp")
            ? "/var/tmp"
            : Path.GetTempPath();
}
