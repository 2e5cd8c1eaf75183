using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Cli;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Tests.Dataset;
using TinyModel = VaeProcgen.Tests.Making.TinyModel;

namespace VaeProcgen.Tests.Cli;

/// <summary>The commands that use the latent space: as a person would call them, and what they say about mistakes.</summary>
public class LatentCommandTests
{
    private ArtFolder folder = null!;
    private string model = null!;
    private string bare = null!;
    private string images = null!;

    private string this[string name] => Path.Combine(folder.Path, name);

    [OneTimeSetUp]
    public void MakeModelAndImages()
    {
        folder = new ArtFolder();
        (model, bare, images) = (this["model.safetensors"], this["bare.safetensors"], this["images"]);
        for (int i = 0; i < 12; i++)
            folder.Image($"images/{(i % 2 == 0 ? "even" : "odd")}/{i}.png", ArtFolder.Noise(8, 8, i));
        using var device = GpuDevice.Create();
        VaeModel tiny = TinyModel.Create(device);
        new VaeModel(tiny.Architecture, tiny.Weights).Save(bare);
        new VaeModel(tiny.Architecture, tiny.Weights)
        {
            Scale = tiny.Scale,
            Assets = Enumerable.Range(0, 8)
                .Select(i => new AssetLatent($"{i}.png", i < 4 ? "low" : "high", [i, i * i, i % 2, i < 4 ? 0 : 5])).ToArray(),
        }.Save(model);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void AttributesAreStoredListedUsedAndRemoved()
    {
        string copy = this["copy.safetensors"], sheet = this["attributes.png"];
        byte[] before = File.ReadAllBytes(model);
        AssertRuns(
            Tool.Run(
                "attributes", model, "--name", "height", "--with", "label:high", "--without", "label:low", "--out", copy, "--sheet", sheet),
            "Stored: height", "from 4 images without it to 4 with it", $"Model: {copy}", sheet);
        Assert.That(File.ReadAllBytes(model), Is.EqualTo(before), "--out leaves MODEL as it is");
        VaeModel stored = VaeModel.Load(copy);
        Assert.That(stored.Direction("height"), Is.EqualTo(new float[] { 4, 28, 0, 5 }));
        Assert.That(stored.Hash, Is.EqualTo(VaeModel.Load(model).Hash));
        Assert.That((Png.Load(sheet).Width, Png.Load(sheet).Height), Is.EqualTo(Sheet(columns: 9, rows: 8)));

        AssertRuns(
            Tool.Run("attributes", copy, "--name", "height", "--with", "7", "6", "--without", "0.png", "--rows", "2", "--sheet", sheet),
            "Replaced: height");
        Assert.That(VaeModel.Load(copy).Direction("height"), Is.EqualTo(new[] { 6.5f, 42.5f, 0.5f, 5 }));
        string even = Path.Combine(images, "even"), odd = Path.Combine(images, "odd", "1.png");
        AssertRuns(Tool.Run("attributes", copy, "--name", "even", "--with", even, "--without", odd, "--sheet", sheet), "from 1 images");
        AssertRuns(Tool.Run("attributes", copy, "--principal", "2", "--sheet", sheet), "Stored: principal-2, standard deviation");
        AssertRuns(Tool.Run("attributes", copy, "--principal", "1", "--sheet", sheet), "Stored: principal-1");
        ToolResult list = Tool.Run("attributes", copy, "--list");
        AssertRuns(list, "height, length", "principal-1, standard deviation");
        Assert.That(list.Output, Does.Not.Contain("principal-2"), "earlier principal directions are replaced");
        AssertRuns(Tool.Run("info", copy), "Directions:  even, height, principal-1");

        byte[] Sampled(params string[] moves)
        {
            AssertRuns(Tool.Run(["sample", copy, "--count", "2", "--out", this["s.png"], .. moves]));
            return File.ReadAllBytes(this["s.png"]);
        }

        byte[] still = Sampled();
        Assert.That(Sampled("--direction", "height=0"), Is.EqualTo(still));
        byte[] both = Sampled("--direction", "height=0.1", "--direction", "principal-1=-1");
        Assert.That(both, Is.Not.EqualTo(still).And.Not.EqualTo(Sampled("--direction", "height=0.1")));
        AssertRuns(Tool.Run("blend", copy, "0", "1", "--steps", "2", "--out", this["b0.png"]));
        AssertRuns(Tool.Run("blend", copy, "0", "1", "--steps", "2", "--direction", "height=1", "--out", this["b1.png"]));
        Assert.That(File.ReadAllBytes(this["b1.png"]), Is.Not.EqualTo(File.ReadAllBytes(this["b0.png"])));

        AssertRuns(Tool.Run("attributes", copy, "--remove", "height"), "Removed: height");
        Assert.That(VaeModel.Load(copy).Directions.Keys, Is.EqualTo(new[] { "even", "principal-1" }));
        AssertRuns(Tool.Run("attributes", model, "--list"), "no directions");
    }

    [Test]
    public void Cluster()
    {
        string to = this["clusters"];
        AssertRuns(
            Tool.Run("cluster", model, "--count", "2", "--out", to), "8 images in 2 clusters by k-means", "silhouette", "purity", to);
        string[] sheets = ["cluster-1.png", "cluster-2.png", "clusters.png"];
        Assert.That(Directory.GetFiles(to).Select(Path.GetFileName), Is.EquivalentTo(sheets));
        ToolResult json = Tool.Run("cluster", model, images, "--count", "3", "--json", "--most", "1", "--out", this["c3"]);
        JsonElement report = JsonDocument.Parse(json.Output).RootElement;
        Assert.That(report.GetProperty("images").GetInt32(), Is.EqualTo(12));
        Assert.That(report.GetProperty("clusters").EnumerateArray().Sum(c => c.GetProperty("members").GetArrayLength()), Is.EqualTo(12));
        Assert.That(report.GetProperty("purity").GetDouble(), Is.InRange(0.5, 1));
        PixelImage sheet = Png.Load(this["c3/cluster-1.png"]);
        Assert.That((sheet.Width, sheet.Height), Is.EqualTo(Sheet(1, 1)));
        Assert.That(Tool.Run("cluster", model, images, "--count", "3", "--json", "--out", this["c3"]).Output, Is.EqualTo(json.Output));
        AssertRuns(
            Tool.Run("cluster", model, images, "--method", "mixture", "--restarts", "1", "--out", this["m"]), "by a Gaussian mixture");
    }

    [Test]
    public void Outliers()
    {
        AssertRuns(
            Tool.Run("outliers", model, images, "--count", "3", "--out", this["o.png"]), "The 3 of 12 images", "reconstruction", "KL");
        PixelImage sheet = Png.Load(this["o.png"]);
        Assert.That((sheet.Width, sheet.Height), Is.EqualTo((3 * 68 + 4, 4 + 64 + 1 + 64 + 4)));
        ToolResult json = Tool.Run("outliers", model, images, "--json", "--count", "2", "--seed", "4", "--out", this["o.png"]);
        JsonElement[] found = [.. JsonDocument.Parse(json.Output).RootElement.GetProperty("outliers").EnumerateArray()];
        Assert.That(found.Select(o => o.GetProperty("elbo").GetDouble()).ToArray(), Has.Length.EqualTo(2).And.Ordered);
    }

    [Test]
    public void Probe()
    {
        AssertRuns(
            Tool.Run("probe", model, images, "--heldout", "0.5", "--out", this["p.png"]),
            "5 test images, learned from 7", "accuracy", "even", "odd", "Confusion matrix");
        Assert.That(File.Exists(this["p.png"]));
        ToolResult json = Tool.Run("probe", model, images, "--json", "--heldout", "0.5", "--out", this["p.png"]);
        JsonElement report = JsonDocument.Parse(json.Output).RootElement;
        Assert.That(report.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("label").GetString()),
            Is.EqualTo(new[] { "even", "odd" }));
        var rows = report.GetProperty("confusion").EnumerateArray();
        Assert.That(rows.Sum(row => row.EnumerateArray().Sum(c => c.GetInt32())), Is.EqualTo(5));
    }

    [Test]
    public void Neighbours()
    {
        string file = Path.Combine(images, "odd", "1.png");
        ToolResult result = Tool.Run("neighbours", model, "3", file, "--count", "2", "--out", this["n.png"]);
        AssertRuns(result, "3.png: ", $"{file}: ");
        Assert.That(result.Output.Split('\n')[0], Does.Not.Contain("3.png ("), "an asset is no neighbour of its own");
        PixelImage sheet = Png.Load(this["n.png"]);
        Assert.That((sheet.Width, sheet.Height), Is.EqualTo(Sheet(columns: 3, rows: 2)));
        AssertRuns(Tool.Run("neighbours", model, "3", "--count", "64", "--out", this["n.png"]));
    }

    [Test]
    public void WhatIsWrongIsSaidBeforeAnythingIsWritten()
    {
        string sheet = this["never.png"];
        byte[] before = File.ReadAllBytes(model);
        string[] flat = [Path.Combine(images, "odd"), "--out", sheet];
        AssertFails(Attributes("--name", "a", "--with", "label:high", "--without", "label:none"), "label 'none'; it has high, low");
        AssertFails(Attributes("--name", "a", "--with", "label:high", "--without", "7", "1"), "1 images are in both groups, such as 7.png");
        AssertFails(Attributes("--name", "a", "--with", "label:high", "--without", "nowhere.png"), "neither under 'nowhere.png'");
        AssertFails(Attributes("--name", "a=b", "--with", "1", "--without", "2"), "Choose another name");
        AssertFails(Attributes("--name", "principal-1", "--with", "1", "--without", "2"), "a name that --principal gives");
        AssertFails(Attributes("--principal", "5"), "8 latents of 4 dimensions have 4 principal directions at most");
        AssertFails(Tool.Run("attributes", bare, "--principal", "1", "--sheet", sheet), "0 latents of 4 dimensions");
        AssertFails(Tool.Run("attributes", model, "--remove", "shiny"), "no direction 'shiny'; it has none");
        AssertFails(Tool.Run("sample", model, "--direction", "shiny=1", "--out", sheet), "no direction 'shiny'");
        AssertFails(Tool.Run("blend", model, "1", "2", "--direction", "shiny=1", "--out", sheet), "no direction 'shiny'");
        AssertFails(Tool.Run("cluster", model, "--count", "9", "--out", sheet), "8 images can't be put into 9 clusters");
        AssertFails(Tool.Run("cluster", bare, "--count", "2", "--out", sheet), "no assets to group");
        AssertFails(Tool.Run("cluster", model, this["nowhere"], "--count", "2", "--out", sheet), "Expected a folder");
        AssertFails(Tool.Run("outliers", model, this["nowhere"], "--out", sheet), "Expected a folder");
        AssertFails(Tool.Run(["probe", model, .. flat]), "at least two labels to learn from; found none");
        AssertFails(Tool.Run("neighbours", bare, "1", "--out", sheet), "holds no assets");
        AssertFails(Tool.Run("neighbours", model, "none.png", "--out", sheet), "neither under 'none.png'");
        Assert.That(File.Exists(sheet) || Directory.Exists(sheet), Is.False);
        Assert.That(File.ReadAllBytes(model), Is.EqualTo(before));

        ToolResult Attributes(params string[] rest) => Tool.Run(["attributes", model, .. rest, "--sheet", sheet]);
    }

    [TestCase("attributes m", "Expected one of --name, --principal, --list, --remove; found none.")]
    [TestCase("attributes m --list --principal 3", "found --principal and --list.")]
    [TestCase("attributes m --name a --with x", "--name needs images --with the attribute and images --without it.")]
    [TestCase("attributes m --principal 2 --with x", "--with and --without go with --name; found --principal.")]
    [TestCase("attributes m --principal 0", "--principal: expected a whole number from 1 to 64; found '0'.")]
    [TestCase("attributes m --name a --with x --wihtout y", "There is no option '--wihtout'.")]
    [TestCase("attributes m --name a --with --without y", "--with")]
    [TestCase("sample m --direction shiny", "--direction: expected NAME=AMOUNT", "found 'shiny'.")]
    [TestCase("blend m a b --direction shiny=x", "--direction: expected NAME=AMOUNT")]
    [TestCase("cluster m", "--count is needed for k-means")]
    [TestCase("cluster m --count 1", "--count: expected a whole number from 2 to 1024; found '1'.")]
    [TestCase("cluster m --count 2 --method tree", "--method: expected kmeans, mixture; found 'tree'.")]
    [TestCase("outliers m", "'DIR'", "See ./vae outliers --help.")]
    [TestCase("outliers m d --count 0", "--count: expected a whole number from 1 to 4096; found '0'.")]
    [TestCase("probe m", "'DIR'")]
    [TestCase("probe m d --heldout 1", "--heldout: expected a number from 0.001 to 0.9; found '1'.")]
    [TestCase("probe m d --penalty -1", "--penalty: expected a number from 0 to 1000000; found '-1'.")]
    [TestCase("neighbours m", "'IMAGES'")]
    [TestCase("neighbours m a --count 65", "--count: expected a whole number from 1 to 64; found '65'.")]
    public void ASlipIsExplained(string line, params string[] said)
    {
        ToolResult result = Tool.Run(line.Split(' '));
        Assert.That(result.Code, Is.EqualTo(ExitCode.Usage), result.Output + result.Error);
        foreach (string part in said)
            Assert.That(result.Error, Does.Contain(part));
    }

    // 8×8 images at eight times their size, with gaps of 4.
    private static (int, int) Sheet(int columns, int rows) => (columns * 68 + 4, rows * 68 + 4);

    private static void AssertRuns(ToolResult result, params string[] said)
    {
        Assert.That(result.Code, Is.Zero, result.Error);
        foreach (string part in said)
            Assert.That(result.Output, Does.Contain(part));
    }

    private static void AssertFails(ToolResult result, params string[] said)
    {
        Assert.That(result.Code, Is.EqualTo(ExitCode.Failure), result.Output + result.Error);
        Assert.That(result.Error, Does.StartWith("vae: ").And.Not.Contain("   at "));
        foreach (string part in said)
            Assert.That(result.Error, Does.Contain(part));
    }
}
