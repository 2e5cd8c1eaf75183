using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;

namespace VaeProcgen.Tests.Training;

/// <summary>kill -9 at whatever moment it comes, against the tool in a process of its own.</summary>
public sealed class KilledTrainingTests : TrainingTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Test]
    public void ResumesToTheVeryBytes()
    {
        ArtSet images = ProceduralArt.Generate(16, 12, seed: 0);
        using Process child = StartTool(
            "train", "procedural:16", "--size", "12", "--out", OutPath, "--run", RunPath, "--latent", "4", "--batch", "6",
            "--steps", "60", "--prior-steps", "3", "--checkpoint-seconds", "0.001", "--seed", "7",
            "--path", Device.Path.ToString().ToLowerInvariant());
        var watch = Stopwatch.StartNew();
        bool IsUnderWay() => File.Exists(VaeCheckpoint) && File.ReadAllText(StatsPath).Count(c => c == '\n') > 2;
        while (!child.HasExited && watch.Elapsed < Patience && !IsUnderWay())
            Thread.Sleep(1);
        Assert.That(child.HasExited, Is.False, "it ended before it was killed");
        child.Kill();
        child.WaitForExit();

        Checkpoint left = Checkpoint.Read(VaeCheckpoint);
        Assert.That(left.Number("step"), Is.InRange(1, 59));
        TrainingOptions options = TrainingOptions.FromJson(left.Text("options"));
        Train(options, images, resume: true);
        AssertModelIs(UndisturbedModel(options, images));
        Assert.That(StatSteps("training"), Is.Ordered.Ascending.And.Unique);
        Assert.That(StatSteps("training")[^1], Is.EqualTo(60));
        Assert.That(Directory.GetFiles(RunPath, "*.tmp"), Is.Empty);
    }

    private static Process StartTool(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Editor.Cli.Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        Process child = Process.Start(start)!;
        child.OutputDataReceived += (_, line) => TestContext.Out.WriteLine(line.Data);
        child.ErrorDataReceived += (_, line) => TestContext.Out.WriteLine(line.Data);
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return child;
    }
}
