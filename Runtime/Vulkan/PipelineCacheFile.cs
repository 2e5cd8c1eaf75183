using System;
using System.Diagnostics;
using System.IO;
using System.Security.Cryptography;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The driver's compiled kernels, kept on disk between runs: a file for each device and driver version.</summary>
/// <remarks>File: 8 bytes of magic, SHA-256 of the data, the data. One that is damaged or missing means an empty cache.</remarks>
internal sealed unsafe class PipelineCacheFile : IDisposable
{
    private const int HashBytes = 32;

    private static readonly byte[] Magic = { (byte)'V', (byte)'A', (byte)'E', (byte)'P', (byte)'I', (byte)'P', (byte)'E', 1 };

    private readonly VulkanContext context;
    private readonly string? path;
    private readonly byte[] loaded;

    public PipelineCacheFile(VulkanContext context)
    {
        this.context = context;
        path = PathFor(context.Adapter);
        loaded = Load(path);
        fixed (byte* data = loaded)
        {
            var info = new PipelineCacheCreateInfo
            {
                SType = StructureType.PipelineCacheCreateInfo,
                InitialDataSize = (nuint)loaded.Length,
                PInitialData = data,
            };
            PipelineCache handle;
            VulkanResult.Check(
                context.Api.CreatePipelineCache(context.Device, &info, null, &handle), "vkCreatePipelineCache", context.Adapter.Info.Name);
            Handle = handle;
        }
    }

    public PipelineCache Handle { get; }

    /// <summary>Writes the file if anything was compiled, and destroys the cache.</summary>
    public void Dispose()
    {
        var data = Read();
        context.Api.DestroyPipelineCache(context.Device, Handle, null);
        if (path != null && data.Length > 0 && !data.AsSpan().SequenceEqual(loaded))
        {
            Save(path, data);
        }
    }

    private static string? PathFor(PhysicalAdapter adapter)
    {
        var uuid = BitConverter.ToString(adapter.PipelineCacheUuid).Replace("-", "").ToLowerInvariant();
        var info = adapter.Info;
        return CacheFolder.FileIn("pipelines", $"{info.VendorId:x8}-{info.DeviceId:x8}-{info.DriverVersion:x8}-{uuid}.bin");
    }

    private static byte[] Load(string? path)
    {
        try
        {
            if (path == null || !File.Exists(path))
            {
                return Array.Empty<byte>();
            }

            var file = File.ReadAllBytes(path).AsSpan();
            var start = Magic.Length + HashBytes;
            if (file.Length > start && file[..Magic.Length].SequenceEqual(Magic))
            {
                var data = file[start..].ToArray();
                if (file[Magic.Length..start].SequenceEqual(Hash(data)))
                {
                    return data;
                }
            }

            Trace.TraceWarning($"The pipeline cache {path} is damaged and is not used; it will be written anew.");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Trace.TraceWarning($"The pipeline cache {path} cannot be read: {cause.Message}");
        }

        return Array.Empty<byte>();
    }

    private static void Save(string path, byte[] data)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            try
            {
                Write(temporary, data);
                if (File.Exists(path))
                {
                    File.Replace(temporary, path, null);
                }
                else
                {
                    File.Move(temporary, path);
                }
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // Only the next start is slower without the file.
            Trace.TraceWarning($"The pipeline cache {path} cannot be written: {cause.Message}");
        }
    }

    private static void Write(string temporary, byte[] data)
    {
        using var file = File.Create(temporary);
        file.Write(Magic);
        file.Write(Hash(data));
        file.Write(data);
        file.Flush(flushToDisk: true);
    }

    private static byte[] Hash(byte[] data)
    {
        using var sha = SHA256.Create();
        return sha.ComputeHash(data);
    }

    // A cache that cannot be read back is as good as an empty one.
    private byte[] Read()
    {
        nuint size = 0;
        if (context.Api.GetPipelineCacheData(context.Device, Handle, &size, null) != Result.Success)
        {
            return Array.Empty<byte>();
        }

        var data = new byte[size];
        fixed (byte* first = data)
        {
            return context.Api.GetPipelineCacheData(context.Device, Handle, &size, first) == Result.Success ? data : Array.Empty<byte>();
        }
    }
}
