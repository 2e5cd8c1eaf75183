using System.IO;
using System.Threading;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Training;

public sealed class RunFolderTests
{
    private TemporaryFolder folder = new();

    private string RunPath => folder.File("run");

    private string StatsPath => Path.Combine(RunPath, "stats.jsonl");

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void ASecondTrainingIsKeptOut([Values] bool resume)
    {
        using RunFolder first = RunFolder.Open(RunPath, resume: false);
        Assert.That(() => RunFolder.Open(RunPath, resume),
            Throws.TypeOf<TrainingException>().With.Message.Contains("Another training is running")
                .And.Message.Contains(RunPath).And.Message.Contains("--run"));
        first.Log(("phase", "training"), ("step", 1));
        Assert.That(File.ReadAllText(StatsPath), Is.EqualTo("{\"phase\":\"training\",\"step\":1}\n"), "the first goes on undisturbed");
    }

    [Test]
    public void WhatIsWrittenInTheBackgroundIsInOrderAndWaitedFor()
    {
        using (RunFolder run = RunFolder.Open(RunPath, resume: false))
        {
            run.Background.Post(() => Thread.Sleep(50));
            foreach (int step in new[] { 1, 2, 3 })
                run.LogInBackground(("step", step));
        }

        Assert.That(File.ReadAllText(StatsPath), Is.EqualTo("{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n"));
    }

    [Test]
    public void AnUnfinishedTrainingIsNotOverwritten()
    {
        Leave("vae.checkpoint.safetensors", "precious");
        Assert.That(() => RunFolder.Open(RunPath, resume: false),
            Throws.TypeOf<TrainingException>().With.Message.Contains("unfinished")
                .And.Message.Contains("--resume").And.Message.Contains("--run"));
        Assert.That(File.ReadAllText(Path.Combine(RunPath, "vae.checkpoint.safetensors")), Is.EqualTo("precious"));
        using RunFolder resumed = RunFolder.Open(RunPath, resume: true);
        Assert.That(resumed.VaeCheckpoint, Does.Exist);
    }

    [Test]
    public void ThereMustBeSomethingToResume()
    {
        Assert.That(() => RunFolder.Open(RunPath, resume: true),
            Throws.TypeOf<TrainingException>().With.Message.Contains("no checkpoint").And.Message.Contains("without --resume"));
        using RunFolder other = RunFolder.Open(RunPath, resume: false);
        Assert.That(other.Path, Is.EqualTo(RunPath), "the refusal left no lock");
    }

    [Test]
    public void ANewTrainingReplacesWhatAFinishedOneLeftAndNothingElse()
    {
        string[] ours = ["stats.jsonl", "preview-0000012.png", "prior.checkpoint.safetensors", "vae.checkpoint.safetensors.0123.tmp"];
        string[] others = ["notes.txt", "preview.png", "art.png.tmp", "model.safetensors"];
        foreach (string name in (string[])[.. ours, .. others])
            Leave(name, "{}");
        using (RunFolder run = RunFolder.Open(RunPath, resume: false))
            run.Log(("phase", "training"), ("step", 3));
        foreach (string name in others)
            Assert.That(Path.Combine(RunPath, name), Does.Exist);
        Assert.That(Directory.GetFiles(RunPath), Has.Length.EqualTo(others.Length + 2), "stats.jsonl and the lock are new");
        Assert.That(File.ReadAllLines(StatsPath), Has.Length.EqualTo(1));
    }

    [Test]
    public void AFolderThatCanNotBeAFolderIsRefused()
    {
        File.WriteAllText(folder.File("file"), "");
        Assert.That(() => RunFolder.Open(folder.File("file"), resume: false),
            Throws.TypeOf<TrainingException>().With.Message.Contains("can't be written").And.Message.Contains("--run"));
        Assert.That(() => RunFolder.Open(Path.Combine(folder.File("file"), "below"), resume: false),
            Throws.TypeOf<TrainingException>().With.Message.Contains("can't be written"));
    }

    [Test]
    public void FiguresThatAreNotFiniteAreLeftOut()
    {
        using (RunFolder run = RunFolder.Open(RunPath, resume: false))
            run.Log(("phase", "training"), ("step", 2L), ("psnr", double.PositiveInfinity), ("kl", double.NaN), ("reconstruction", -1.5));
        Assert.That(File.ReadAllText(StatsPath), Is.EqualTo("{\"phase\":\"training\",\"step\":2,\"reconstruction\":-1.5}\n"));
    }

    [Test]
    public void AResumptionForgetsTheLinesThatItWillWriteAgain()
    {
        string[] kept =
        [
            """{"phase":"training","step":1}""", """{"phase":"heldout","step":1}""", """{"phase":"training","step":2}""",
            """{"phase":"prior","step":9}""",
        ];
        string[] dropped =
        [
            """{"phase":"training","step":3}""", """{"phase":"heldout","step":3}""", "[1]", """{"step":1}""", "", """{"phase":"train""",
        ];
        Leave("stats.jsonl", string.Join('\n', [.. kept, .. dropped]));
        Leave("vae.checkpoint.safetensors", "");
        using (RunFolder run = RunFolder.Open(RunPath, resume: true))
        {
            run.ForgetAfter(2, "training", "heldout");
            Assert.That(File.ReadAllLines(StatsPath), Is.EqualTo(kept));
            run.Log(("phase", "training"), ("step", 3));
        }

        Assert.That(File.ReadAllLines(StatsPath), Is.EqualTo((string[])[.. kept, """{"phase":"training","step":3}"""]));
    }

    [Test]
    public void PreviewsSortByStepAndFinishingRemovesTheCheckpoints()
    {
        Leave("vae.checkpoint.safetensors", "");
        Leave("prior.checkpoint.safetensors", "");
        using RunFolder run = RunFolder.Open(RunPath, resume: true);
        run.SavePreview(42, new PixelImage(1, 1, [1, 2, 3, 255]));
        Assert.That(Png.Load(Path.Combine(RunPath, "preview-0000042.png")).Rgba, Is.EqualTo(new byte[] { 1, 2, 3, 255 }));
        run.Finish();
        Assert.That(run.VaeCheckpoint, Does.Not.Exist);
        Assert.That(run.PriorCheckpoint, Does.Not.Exist);
    }

    [Test]
    [Platform("Linux", Reason = "/dev/full")]
    public void AFullDiskIsSaidPlainly()
    {
        Leave("vae.checkpoint.safetensors", "");
        File.CreateSymbolicLink(StatsPath, "/dev/full");
        using RunFolder run = RunFolder.Open(RunPath, resume: true);
        Assert.That(() => run.Log(("phase", "training"), ("step", 1)),
            Throws.TypeOf<TrainingException>().With.Message.Contains("stats.jsonl")
                .And.Message.Contains("space").And.Message.Contains("--resume"));
    }

    private void Leave(string name, string text)
    {
        Directory.CreateDirectory(RunPath);
        File.WriteAllText(Path.Combine(RunPath, name), text);
    }
}
