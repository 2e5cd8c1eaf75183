using System;
using System.Collections.Concurrent;
using System.IO;
using System.IO.Compression;
using System.Security.Cryptography;

namespace VaeProcgen.Shaders;

/// <summary>The compiled kernels (SPIR-V), embedded in this assembly when it is built.</summary>
public static class KernelLibrary
{
    private static readonly ConcurrentDictionary<string, byte[]> Loaded = new();
    private static readonly Lazy<string> LazyFingerprint = new(ComputeFingerprint);

    /// <summary>The same for the same kernels: 16 digits of the SHA-256 of all.</summary>
    public static string Fingerprint => LazyFingerprint.Value;

    /// <summary>SPIR-V of a kernel for an operand path.</summary>
    public static byte[] Load(string kernel, OperandPath path) =>
        Loaded.GetOrAdd(kernel + path switch
        {
            OperandPath.Texel => ".texel.spv",
            OperandPath.Matrix => ".matrix.spv",
            _ => ".shared.spv",
        }, Read);

    private static byte[] Read(string entryName)
    {
        using Stream stream = Open();
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        ZipArchiveEntry entry = archive.GetEntry(entryName)
            ?? throw new InvalidOperationException($"The assembly VaeProcgen.Shaders holds no kernel '{entryName}'; rebuild it with its project file.");
        using Stream content = entry.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private static Stream Open() => typeof(KernelLibrary).Assembly.GetManifestResourceStream("kernels.zip")
        ?? throw new InvalidOperationException("The assembly VaeProcgen.Shaders holds no kernels; rebuild it with its project file.");

    private static string ComputeFingerprint()
    {
        using Stream stream = Open();
        using var sha = SHA256.Create();
        return BitConverter.ToString(sha.ComputeHash(stream), 0, 8).Replace("-", "").ToLowerInvariant();
    }
}
