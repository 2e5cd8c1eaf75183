using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// The folder of one training: stats.jsonl (a line of figures now and then), preview-STEP.png, the checkpoints
/// features.checkpoint.safetensors, vae.checkpoint.safetensors and prior.checkpoint.safetensors, and a lock that keeps a second training
/// out.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string VaeCheckpointName = "vae.checkpoint.safetensors";
    private const string FeatureCheckpointName = "features.checkpoint.safetensors";

    private readonly FileStream lockFile;
    private StreamWriter stats;

    private RunFolder(string path, FileStream lockFile)
    {
        (Path, this.lockFile) = (path, lockFile);
        stats = OpenStats();
    }

    public string Path { get; }

    /// <summary>What is written while a training goes on, in order. All others wait for it first.</summary>
    public BackgroundWork Background { get; } = new();

    public string StatsPath => System.IO.Path.Combine(Path, "stats.jsonl");

    public string VaeCheckpoint => System.IO.Path.Combine(Path, VaeCheckpointName);

    /// <summary>Of the feature network that is trained before the model, where there is one.</summary>
    public string FeatureCheckpoint => System.IO.Path.Combine(Path, FeatureCheckpointName);

    /// <summary>The checkpoint of the phase that has come furthest, of those that hold the options and the images.</summary>
    public string LatestCheckpoint => File.Exists(VaeCheckpoint) ? VaeCheckpoint : FeatureCheckpoint;

    public string PriorCheckpoint => System.IO.Path.Combine(Path, "prior.checkpoint.safetensors");

    /// <summary>Opens the folder for one training. A new one replaces what a finished one left; an unfinished one is never lost.</summary>
    /// <exception cref="TrainingException">Another training is using it, it can't be written, it holds an unfinished training and
    /// <paramref name="resume"/> is false, or it holds none and <paramref name="resume"/> is true.</exception>
    public static RunFolder Open(string path, bool resume)
    {
        try
        {
            Directory.CreateDirectory(path);
            var lockFile = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                bool unfinished = new[] { VaeCheckpointName, FeatureCheckpointName }.Any(name => File.Exists(System.IO.Path.Combine(path, name)));
                if (unfinished && !resume)
                    throw new TrainingException($"{path} holds an unfinished training. Continue it with --resume, choose another folder with --run, or delete the folder.");
                if (!unfinished && resume)
                    throw new TrainingException($"{path} holds no checkpoint to resume from. Start without --resume, or name the folder of the run with --run.");
                foreach (string file in Directory.GetFiles(path).Where(f => IsCutShort(f) || (!resume && IsOurs(f))))
                    File.Delete(file);
                return new RunFolder(path, lockFile);
            }
            catch
            {
                lockFile.Dispose();
                throw;
            }
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            throw new TrainingException($"Another training is running in {path}. Wait for it, stop it, or choose another folder with --run.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"The run folder {path} can't be written: {e.Message} Choose another one with --run.", e);
        }
    }

    /// <summary>Appends one line of figures; a value that is null or not finite is left out.</summary>
    /// <exception cref="TrainingException">The line can't be written: the disk is full, perhaps.</exception>
    public void Log(params (string Name, object? Value)[] figures)
    {
        try
        {
            stats.WriteLine(JsonSerializer.Serialize(figures.Where(f => f.Value is not (null or double.NaN or double.PositiveInfinity or double.NegativeInfinity)).ToDictionary(f => f.Name, f => f.Value)));
        }
        catch (IOException e)
        {
            throw new TrainingException($"{StatsPath} can't be written: {e.Message} Free some space; what is saved can be continued with --resume.", e);
        }
    }

    /// <summary>The same in the background, after all that was posted before.</summary>
    public void LogInBackground(params (string Name, object? Value)[] figures) => Background.Post(() => Log(figures));

    /// <summary>
    /// Drops the lines past <paramref name="step"/> in the given phases, which a resumed training will write again, and a line
    /// that was cut short.
    /// </summary>
    public void ForgetAfter(long step, params string[] phases)
    {
        stats.Dispose();
        string[] lines = File.ReadLines(StatsPath).Where(line => !IsCutOrAfter(line, step, phases)).ToArray();
        AtomicFile.Write(StatsPath, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))));
        stats = OpenStats();
    }

    public void SavePreview(long step, PixelImage sheet) =>
        AtomicFile.Write(System.IO.Path.Combine(Path, $"preview-{step:D7}.png"), stream => stream.Write(Png.Default.Encode(sheet)));

    /// <summary>The training is complete: what was kept for a resumption goes.</summary>
    public void Finish()
    {
        File.Delete(VaeCheckpoint);
        File.Delete(FeatureCheckpoint);
        File.Delete(PriorCheckpoint);
    }

    public void Dispose()
    {
        Background.WaitQuietly();
        stats.Dispose();
        lockFile.Dispose();
    }

    // Unbuffered: each line is in the file at once, and one that could not be written is not tried again on closing.
    private StreamWriter OpenStats() =>
        new(new FileStream(StatsPath, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0)) { AutoFlush = true, NewLine = "\n" };

    private static bool IsCutOrAfter(string line, long step, string[] phases)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return phases.Contains(json.RootElement.GetProperty("phase").GetString()) && json.RootElement.GetProperty("step").GetInt64() > step;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return true;
        }
    }

    private static bool IsOurs(string file) => System.IO.Path.GetFileName(file) is "stats.jsonl" or "prior.checkpoint.safetensors"
        || (System.IO.Path.GetFileName(file).StartsWith("preview-", StringComparison.Ordinal) && file.EndsWith(".png", StringComparison.Ordinal));

    /// <summary>Whether <see cref="AtomicFile"/> was killed while it wrote this.</summary>
    private static bool IsCutShort(string file) => file.EndsWith(".tmp", StringComparison.Ordinal)
        && new[] { "vae.checkpoint.", "features.checkpoint.", "prior.checkpoint.", "preview-", "stats.jsonl." }.Any(System.IO.Path.GetFileName(file).StartsWith);

    // EWOULDBLOCK from flock on Unix, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsSharingViolation(IOException e) => (e.HResult & 0xFFFF) is 11 or 32 or 33 or 35;
}
