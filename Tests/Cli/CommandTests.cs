using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Cli;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Tests.Dataset;
using VaeProcgen.Tests.Making;

namespace VaeProcgen.Tests.Cli;

/// <summary>Each command once, as a person would call it.</summary>
public class CommandTests
{
    private ArtFolder folder = null!;
    private string model = null!;
    private string images = null!;

    private string this[string name] => Path.Combine(folder.Path, name);

    [OneTimeSetUp]
    public void MakeModelAndImages()
    {
        folder = new ArtFolder();
        model = this["model.safetensors"];
        images = this["images"];
        for (int i = 0; i < 6; i++)
            folder.Image($"images/{i}.png", ArtFolder.Noise(8, 8, i));
        using var device = GpuDevice.Create();
        TinyModel.Create(device, "0.png", "1.png", "2.png", "3.png").Save(model);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void Sample()
    {
        string[] line =
        [
            "sample", model, "--count", "5", "--seed", "9", "--prior", "normal", "--out", this["samples.png"], "--each", this["each"],
        ];
        AssertRuns(Tool.Run(line), "5 samples: ", "Each by itself: ");
        Assert.That(SizeOf("samples.png"), Is.EqualTo(Sheet(columns: 3, rows: 2)));
        Assert.That(Directory.GetFiles(this["each"]), Has.Length.EqualTo(5));
        Assert.That((Png.Load(this["each/0000.png"]).Width, Png.Load(this["each/0000.png"]).Height), Is.EqualTo((8, 8)));
        byte[] first = File.ReadAllBytes(this["samples.png"]);
        AssertRuns(Tool.Run(line));
        Assert.That(File.ReadAllBytes(this["samples.png"]), Is.EqualTo(first), "the same seed");
        AssertRuns(Tool.Run([.. line, "--temperature", "0.5"]));
        Assert.That(File.ReadAllBytes(this["samples.png"]), Is.Not.EqualTo(first));
    }

    [Test]
    public void Reconstruct()
    {
        AssertRuns(Tool.Run("reconstruct", model, images, Path.Combine(images, "1.png"), "--out", this["r.png"]), "7 of 7 images");
        AssertRuns(Tool.Run("reconstruct", model, images, "--count", "2", "--out", this["r.png"]), "2 of 6 images");
        (int width, int height) = SizeOf("r.png");
        Assert.That((width, height), Is.EqualTo((2 * 68 + 4, 4 + 64 + 1 + 64 + 4)), "two originals, each above its reconstruction");
    }

    [Test]
    public void Blend()
    {
        AssertRuns(Tool.Run("blend", model, "0", Path.Combine(images, "5.png"), "--steps", "4", "--out", this["strip.png"]), "4 images");
        Assert.That(SizeOf("strip.png"), Is.EqualTo(Sheet(columns: 4, rows: 1)));
        AssertRuns(Tool.Run("blend", model, "0", "1", "2", "3", "--steps", "3", "--mode", "slerp", "--out", this["square.png"]), "9 images");
        Assert.That(SizeOf("square.png"), Is.EqualTo(Sheet(columns: 3, rows: 3)));
    }

    [Test]
    public void EvaluateInFeatures()
    {
        string withFeatures = this["features.safetensors"];
        AssertRuns(Tool.Run("train", images, "--size", "8", "--out", withFeatures, "--preset", "mlp", "--latent", "4", "--steps", "2",
            "--features", "2", "--prior-steps", "1", "--heldout", "0.2"), "Model: ");
        AssertRuns(Tool.Run("evaluate", withFeatures, images, "--samples", "1"), "feature error", "of 400 features");
        AssertRuns(Tool.Run("evaluate", model, images, "--samples", "1", "--features", withFeatures), "feature error");
        ToolResult refused = Tool.Run("evaluate", withFeatures, images, "--features", model);
        Assert.That(refused.Code, Is.Not.Zero);
        Assert.That(refused.Error, Does.Contain(model).And.Contain("train --features STEPS"));
    }

    [Test]
    public void Traverse()
    {
        AssertRuns(
            Tool.Run("traverse", model, "--out", this["t.png"]),
            "4 of 4 dimensions from -3 to 3: ", "row  dimension  spread", "  1          0");
        Assert.That(SizeOf("t.png"), Is.EqualTo(Sheet(columns: 9, rows: 4)));
        string[] line = ["traverse", model, "3", "--dimensions", "2", "--range", "1.5", "--steps", "5", "--out", this["t2.png"]];
        AssertRuns(Tool.Run(line), "2 of 4 dimensions from -1.5 to 1.5", "3.000");
        Assert.That(SizeOf("t2.png"), Is.EqualTo(Sheet(columns: 5, rows: 2)));
    }

    [Test]
    public void Evaluate()
    {
        string near = this["near.png"];
        ToolResult json = Tool.Run("evaluate", model, images, "--json", "--samples", "3", "--split", "heldout", "--out", near);
        Assert.That((json.Code, json.Error), Is.EqualTo((0, "")));
        JsonElement report = JsonDocument.Parse(json.Output).RootElement;
        Assert.That(report.GetProperty("samples").GetInt32(), Is.EqualTo(3));
        Assert.That(File.Exists(near));
        AssertRuns(
            Tool.Run("evaluate", model, images), "6 images (all)", "64 samples (mixture)", "ELBO", "units active", "total correlation",
            "SSIM", "of 3 images from samples (mixture), and from 3 other images");
        AssertRuns(
            Tool.Run("evaluate", model, images, "--iwae", "3", "--iwae-images", "2", "--kl-chart", this["charts/kl.svg"]),
            "(K = 3, 2 images; ", "KL of each latent dimension: ");
        Assert.That(File.ReadAllText(this["charts/kl.svg"]), Does.StartWith("<svg").And.Contain("active: "));
    }

    [Test]
    public void Inspect()
    {
        AssertRuns(
            Tool.Run("inspect", images, "--size", "16", "--out", this["sheet.png"]), "6 images of 16×16", "6 enlarged by a whole factor");
        Assert.That(SizeOf("sheet.png"), Is.EqualTo((3 * (16 * 8 + 4) + 4, 2 * (16 * 8 + 4) + 4)));
        ToolResult json = Tool.Run("inspect", images, "--size", "4", "--slice", "4", "--json", "--out", this["cells.png"]);
        Assert.That(JsonDocument.Parse(json.Output).RootElement.GetProperty("accepted").GetInt32(), Is.EqualTo(24));
    }

    /// <summary>Every command that reads sets has the options, and says the same with them.</summary>
    [Test]
    public void ImagesOnDisk()
    {
        string[] onDisk = ["--host-memory", "0", "--scratch", folder.Path];
        AssertRuns(Tool.Run(["inspect", images, "--out", this["sheet.png"], .. onDisk]), "6 images of 32×32", "of pixels lie on disk");
        foreach (string[] line in (string[][])[["evaluate", model, images, "--iwae", "2", "--json"], ["outliers", model, images, "--json"]])
            Assert.That(Tool.Run([.. line, .. onDisk]), Is.EqualTo(Tool.Run(line)));
        byte[] Train(params string[] more)
        {
            AssertRuns(Tool.Run(["train", images, "--size", "8", "--out", this["disk.safetensors"], "--latent", "4", "--steps", "3", "--prior-steps", "2", .. more]));
            return File.ReadAllBytes(this["disk.safetensors"]);
        }

        Assert.That(Train(onDisk).AsSpan().SequenceEqual(Train()));
    }

    [Test]
    public void Info()
    {
        AssertRuns(Tool.Run("info"), "VaeProcgen 0.", "Vulkan bindings: ", "* is used, by the ", "Tuned tile shapes: ");
        AssertRuns(Tool.Run("info", "--path", "shared"), "by the shared path");
        AssertRuns(Tool.Run("info", model), "Images:      8×8", "Assets:      4", "    3.png");
    }

    [Test]
    public void Train()
    {
        string[] line =
        [
            "train", "procedural:12", "--size", "12", "--preset", "mlp", "--latent", "4", "--batch", "4", "--steps", "3",
            "--prior-steps", "2", "--out", this["trained.safetensors"],
        ];
        AssertRuns(
            Tool.Run(line), "12 images of 12×12 from the procedural generator", $"Model: {this["trained.safetensors"]}",
            $"Run folder: {this["trained-run"]}", "Held-out images: reconstruction ", "Peak memory: ");
        AssertRuns(Tool.Run("sample", this["trained.safetensors"], "--count", "1", "--out", this["one.png"]));
        AssertRuns(Tool.Run("evaluate", this["trained.safetensors"], "procedural:12", "--split", "train"), "those trained on");
    }

    [Test]
    [Platform("Linux")]
    public void CtrlCStopsATrainingThatCanBeResumed()
    {
        using Process process = Tool.Start(
            new Dictionary<string, string>(), "train", "procedural:12", "--size", "12", "--preset", "mlp", "--latent", "4",
            "--steps", "1000000", "--out", this["stopped.safetensors"]);
        while (process.StandardError.ReadLine() is { } line && !line.StartsWith("training", StringComparison.Ordinal))
            continue;
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"])!)
            kill.WaitForExit();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(ExitCode.Cancelled), error);
        Assert.That(error, Does.Contain("Ctrl-C again stops at once").And.Contain("Continue with:"));
        Assert.That(error.TrimEnd(), Does.Contain("--steps 1000000").And.EndsWith("--resume"));
        Assert.That(File.Exists(this["stopped-run/vae.checkpoint.safetensors"]));
        Assert.That(File.Exists(this["stopped.safetensors"]), Is.False);
    }

    // 8×8 images at eight times their size, with gaps of 4.
    private static (int, int) Sheet(int columns, int rows) => (columns * 68 + 4, rows * 68 + 4);

    private (int Width, int Height) SizeOf(string name)
    {
        PixelImage sheet = Png.Load(this[name]);
        return (sheet.Width, sheet.Height);
    }

    private static void AssertRuns(ToolResult result, params string[] said)
    {
        Assert.That(result.Code, Is.Zero, result.Error);
        foreach (string part in said)
            Assert.That(result.Output, Does.Contain(part));
    }
}
