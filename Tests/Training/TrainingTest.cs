using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Training;

/// <summary>
/// Whole trainings, small enough to be repeated: 16 images of 8×8 pixels, a few steps. One operand path is enough: operators
/// are tested on both. Each test has a folder of its own.
/// </summary>
[TestFixture]
public abstract class TrainingTest() : GpuTest(GpuTestDevice.Paths.First())
{
    protected const int ImageCount = 16;
    protected const int Side = 8;

    protected static readonly TrainingOptions Tiny = new()
    {
        Preset = "fast", LatentSize = 4, Batch = 6, Steps = 12, PriorSteps = 3, Seed = 7, Annealing = new() { WarmupSteps = 2 }, HeldOutFraction = 0.2,
    };

    private static byte[]? undisturbed;

    private string folder = "";

    protected string OutPath => Path.Combine(folder, "model.safetensors");

    protected string RunPath => Path.Combine(folder, "run");

    protected string StatsPath => Path.Combine(RunPath, "stats.jsonl");

    protected string VaeCheckpoint => Path.Combine(RunPath, "vae.checkpoint.safetensors");

    protected string PriorCheckpoint => Path.Combine(RunPath, "prior.checkpoint.safetensors");

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("vaeprocgen-test-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    /// <summary>A path in the test's folder.</summary>
    protected string InFolder(string name) => Path.Combine(folder, name);

    /// <summary>Discs of various places, sizes and colours on a transparent ground.</summary>
    protected static ArtSet Discs(int count = ImageCount, int side = Side) => new(side, side, Enumerable.Range(0, count).Select(i =>
    {
        var rgba = new byte[side * side * 4];
        double x = side * (0.35 + (0.15 * (i % 3))), y = side * (0.35 + (0.15 * (i / 3 % 3))), r = side * (0.2 + (0.02 * (i % 5)));
        for (int p = 0; p < side * side; p++)
        {
            if (Math.Pow((p % side) + 0.5 - x, 2) + Math.Pow((p / side) + 0.5 - y, 2) <= r * r)
                new byte[] { (byte)(40 + (i * 13)), (byte)(220 - (i * 11)), (byte)(i % 4 * 80), 255 }.CopyTo(rgba, 4 * p);
        }

        return new ArtImage($"{(i % 2 == 0 ? "even" : "odd")}/{i:D2}", i % 2 == 0 ? "even" : "odd", rgba);
    }).ToArray());

    /// <summary>Runs a training in the test's folder.</summary>
    protected VaeModel Train(
        TrainingOptions? options = null, ArtSet? images = null, bool resume = false, Action<TrainingProgress>? progress = null,
        CancellationToken token = default) =>
        VaeTraining.Run(Device, images ?? Discs(), options ?? Tiny, OutPath, RunPath, resume, progress ?? (_ => { }), token);

    /// <summary>Runs a training until <paramref name="when"/> holds of its progress, and cancels it there, as Ctrl-C does.</summary>
    protected void TrainAndCancel(Func<TrainingProgress, bool> when, TrainingOptions? options = null, bool resume = false)
    {
        using var cancel = new CancellationTokenSource();
        Assert.That(
            () => Train(options, resume: resume, progress: p => CancelWhen(when(p)), token: cancel.Token),
            Throws.InstanceOf<OperationCanceledException>());

        void CancelWhen(bool now)
        {
            if (now)
                cancel.Cancel();
        }
    }

    /// <summary>The bytes of the model that an undisturbed training gives: of <see cref="Tiny"/>, made once for all tests.</summary>
    protected byte[] UndisturbedModel() => undisturbed ??= UndisturbedModel(Tiny, Discs());

    /// <summary>The same for any training, in a run folder of its own.</summary>
    protected byte[] UndisturbedModel(TrainingOptions options, ArtSet images)
    {
        string path = InFolder("undisturbed.safetensors");
        VaeTraining.Run(Device, images, options, path, InFolder("undisturbed-run"), false, _ => { }, CancellationToken.None);
        return File.ReadAllBytes(path);
    }

    /// <summary>The model's file has these bytes. (NUnit compares millions of bytes one by one, with boxes.)</summary>
    protected void AssertModelIs(byte[] expected) =>
        Assert.That(File.ReadAllBytes(OutPath).AsSpan().SequenceEqual(expected), "the model file has the same bytes");

    /// <summary>The lines of stats.jsonl of a phase.</summary>
    protected List<JsonElement> Stats(string phase) =>
        File.ReadLines(StatsPath).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(e => e.GetProperty("phase").GetString() == phase).ToList();

    protected long[] StatSteps(string phase) => Stats(phase).Select(e => e.GetProperty("step").GetInt64()).ToArray();
}
