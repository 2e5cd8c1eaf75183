using System;
using System.Collections.Concurrent;
using System.IO;
using System.IO.Compression;

namespace VaeProcgen.Shaders;

/// <summary>The compiled kernels (SPIR-V), embedded in this assembly when it is built.</summary>
public static class KernelLibrary
{
    private static readonly ConcurrentDictionary<string, byte[]> Loaded = new();

    /// <summary>SPIR-V of a kernel for an operand path.</summary>
    public static byte[] Load(string kernel, OperandPath path) =>
        Loaded.GetOrAdd(kernel + (path == OperandPath.Texel ? ".texel.spv" : ".shared.spv"), Read);

    private static byte[] Read(string entryName)
    {
        using Stream stream = typeof(KernelLibrary).Assembly.GetManifestResourceStream("kernels.zip")
            ?? throw new InvalidOperationException("The assembly VaeProcgen.Shaders holds no kernels; rebuild it with its project file.");
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        ZipArchiveEntry entry = archive.GetEntry(entryName)
            ?? throw new InvalidOperationException($"The assembly VaeProcgen.Shaders holds no kernel '{entryName}'; rebuild it with its project file.");
        using Stream content = entry.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }
}
