using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Tuning;

/// <summary>
/// Which tiles were the fastest, by problem: a kernel, its constants and the operand path. Kept on disk beside the compiled pipelines, in a file
/// of JSON for each device, driver and version of this library. A file that is damaged, or of others, is as good as none.
/// </summary>
/// <remarks>Safe for several threads. Of several processes that write at a time the last one wins, and the file is whole.</remarks>
public sealed class TileMemory
{
    private const string Format = "vaeprocgen-tiles-1";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly object gate = new();
    private readonly Heading heading;
    private readonly SortedDictionary<string, TileChoice> choices = new(StringComparer.Ordinal);
    private readonly HashSet<string> found = new();
    private bool isLoaded;

    internal TileMemory(GpuDeviceInfo device, string version, string kernels, string? path)
    {
        heading = new Heading(Format, device.Name, device.Driver, version, kernels);
        FilePath = path;
    }

    /// <summary>Where it is kept; null where there is no place for it.</summary>
    public string? FilePath { get; }

    /// <summary>Problems whose tiles are remembered.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                Load();
                return choices.Count;
            }
        }
    }

    /// <summary>The memory of a device.</summary>
    public static TileMemory For(GpuDeviceInfo device)
    {
        string version = typeof(TileMemory).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
        // Mesa's software driver has the same numbers in all its versions, but not the same text.
        using var sha = SHA256.Create();
        string driver = BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes(device.Name + "\n" + device.Driver)), 0, 4).Replace("-", "").ToLowerInvariant();
        string? path = CacheFolder.FileIn("tiles", $"{device.VendorId:x8}-{device.DeviceId:x8}-{device.DriverVersion:x8}-{driver}-{version}.json");
        return new TileMemory(device, version, KernelLibrary.Fingerprint, path);
    }

    internal TileChoice? Find(string problem)
    {
        lock (gate)
        {
            Load();
            return choices.TryGetValue(problem, out TileChoice? choice) ? choice : null;
        }
    }

    /// <summary>Whether it was measured since this memory was opened.</summary>
    internal bool IsNew(string problem)
    {
        lock (gate)
        {
            return found.Contains(problem);
        }
    }

    internal void Keep(string problem, TileChoice choice)
    {
        lock (gate)
        {
            Load();
            choices[problem] = choice;
            found.Add(problem);
        }
    }

    /// <summary>Writes what was found, together with what others have written since. Failing that, only the next start is slower.</summary>
    internal void Save()
    {
        lock (gate)
        {
            if (FilePath == null)
            {
                return;
            }

            Take(Read());
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
                AtomicFile.Write(FilePath, stream => JsonSerializer.Serialize(stream, new Contents(heading, choices), Json));
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ModelFileException)
            {
                Trace.TraceWarning($"The tiles that were found can't be kept in {FilePath}: {cause.Message}");
            }
        }
    }

    private void Load()
    {
        if (!isLoaded)
        {
            isLoaded = true;
            Take(Read());
        }
    }

    private void Take(Contents? file)
    {
        foreach ((string problem, TileChoice choice) in file?.Tiles ?? [])
        {
            if (!found.Contains(problem))
            {
                choices[problem] = choice;
            }
        }
    }

    private Contents? Read()
    {
        try
        {
            if (FilePath == null || !File.Exists(FilePath))
            {
                return null;
            }

            var file = JsonSerializer.Deserialize<Contents>(File.ReadAllBytes(FilePath), Json);
            if (file?.Of is { Format: not null } && file.Tiles?.Values.All(c => c?.Kernel != null) == true)
            {
                return file.Of == heading ? file : null;
            }

            Trace.TraceWarning($"The tiles remembered in {FilePath} are damaged and not used; the file will be written anew.");
        }
        catch (JsonException)
        {
            Trace.TraceWarning($"The tiles remembered in {FilePath} are damaged and not used; the file will be written anew.");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Trace.TraceWarning($"The tiles remembered in {FilePath} can't be read: {cause.Message}");
        }

        return null;
    }

    /// <summary>What a file is about; the fingerprint is for those who change kernels between versions.</summary>
    private sealed record Heading(string Format, string Device, string Driver, string Version, string Kernels);

    private sealed record Contents(Heading Of, SortedDictionary<string, TileChoice> Tiles);
}

/// <summary>The fastest way to run a problem.</summary>
/// <param name="Kernel">Its kernel, with the variant.</param>
/// <param name="Microseconds">What each took; for those who read the file.</param>
internal sealed record TileChoice(string Kernel, IReadOnlyDictionary<string, double> Microseconds);
