using System.IO;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Cli;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Tests.Dataset;
using VaeProcgen.Tests.Making;

namespace VaeProcgen.Tests.Cli;

/// <summary>
/// Commands on a conditional model: labels from folders and assets, or by --label; and what they say where none is known.
/// </summary>
public class ConditionalCommandTests
{
    private ArtFolder folder = null!;
    private string model = null!;
    private string plain = null!;
    private string images = null!;

    private string this[string name] => Path.Combine(folder.Path, name);

    [OneTimeSetUp]
    public void MakeModelAndImages()
    {
        folder = new ArtFolder();
        (model, plain, images) = (this["model.safetensors"], this["plain.safetensors"], this["images"]);
        for (int i = 0; i < 12; i++)
            folder.Image($"images/{(i % 2 == 0 ? "blue" : "red")}/{i}.png", ArtFolder.Noise(8, 8, i));
        folder.Image("loose/x.png", ArtFolder.Noise(8, 8, 50)).Image("green/green/y.png", ArtFolder.Noise(8, 8, 51));
        using var device = GpuDevice.Create();
        ConditionalTinyModel.Create(device, "blue/0.png", "red/1.png", "blue/2.png", "red/3.png").Save(model);
        TinyModel.Create(device, "0.png").Save(plain);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void SampleMakesLabelsInTurnOrThoseThatAreNamed()
    {
        AssertRuns(Tool.Run("sample", model, "--count", "7", "--out", this["s.png"], "--each", this["each"]), "7 samples of blue, red: ");
        PixelImage sheet = Png.Load(this["s.png"]);
        Assert.That((sheet.Width, sheet.Height), Is.EqualTo(Sheet(columns: 4, rows: 2)));
        Assert.That(Directory.GetFiles(this["each/blue"]).Length + (10 * Directory.GetFiles(this["each/red"]).Length), Is.EqualTo(34));
        AssertRuns(Tool.Run("sample", model, "--count", "4", "--label", "red", "--out", this["red.png"]), "4 samples of red: ");
        AssertRuns(Tool.Run("sample", model, "--count", "4", "--label", "blue", "--out", this["blue.png"]));
        Assert.That(File.ReadAllBytes(this["red.png"]), Is.Not.EqualTo(File.ReadAllBytes(this["blue.png"])));
        string[] both = ["--label", "red", "--label", "blue", "--out", this["both.png"]];
        AssertRuns(Tool.Run(["sample", model, "--count", "4", .. both]), "4 samples of red, blue: ");
        AssertRuns(Tool.Run("info", model), "Labels:      blue, red (conditional");
    }

    [Test]
    public void FoldersAndAssetsBringTheirLabels()
    {
        AssertRuns(Tool.Run("reconstruct", model, images, "--out", this["r.png"]), "12 of 12 images");
        AssertRuns(Tool.Run("evaluate", model, images, "--iwae", "2", "--iwae-images", "3"), "12 images (all)", "IWAE bound");
        AssertRuns(Tool.Run("outliers", model, images, "--count", "3", "--out", this["o.png"]), "The 3 of 12 images");
        AssertRuns(Tool.Run("probe", model, images, "--heldout", "0.5", "--out", this["p.png"]), "test images", "blue", "red");
        AssertRuns(Tool.Run("cluster", model, "--count", "2", "--out", this["c"]), "4 images in 2 clusters");
        AssertRuns(Tool.Run("cluster", model, images, "--count", "2", "--out", this["c"]), "12 images in 2 clusters");
        AssertRuns(Tool.Run("neighbours", model, "red/1", images, "--count", "2", "--out", this["n.png"]), "red/1.png: ");
        AssertRuns(Tool.Run("traverse", model, "red/3", "--out", this["t.png"]), "4 of 4 dimensions");
        AssertRuns(Tool.Run("traverse", model, "--label", "red", "--out", this["t.png"]), "4 of 4 dimensions");
        string[] into = ["--out", this["a.safetensors"], "--sheet", this["a.png"]];
        AssertRuns(Tool.Run(["attributes", model, "--name", "a", "--with", "label:red", "--without", "label:blue", .. into]), "Stored: a");
        AssertRuns(Tool.Run(["attributes", model, "--principal", "1", .. into]), "Stored: principal-1");
    }

    [Test]
    public void ABlendIsOfOneLabel()
    {
        AssertRuns(Tool.Run("blend", model, "red/1", "red/3", "--out", this["b.png"]), "8 images");
        AssertFails(Tool.Run("blend", model, "red/1", "blue/0", "--out", this["never.png"]), "found red and blue", "--label");
        AssertRuns(Tool.Run("blend", model, "red/1", "blue/0", "--label", "red", "--out", this["b1.png"]), "8 images");
        AssertRuns(Tool.Run("blend", model, "red/1", "blue/0", "--label", "blue", "--out", this["b2.png"]), "8 images");
        Assert.That(File.ReadAllBytes(this["b1.png"]), Is.Not.EqualTo(File.ReadAllBytes(this["b2.png"])));
        AssertFails(
            Tool.Run("blend", model, "red/1", this["loose/x.png"], "--out", this["never.png"]),
            "x.png", "found none", "--label: blue, red");
        AssertRuns(Tool.Run("blend", model, "red/1", this["loose/x.png"], "--label", "red", "--out", this["b.png"]), "8 images");
        Assert.That(File.Exists(this["never.png"]), Is.False);
    }

    [Test]
    public void ImagesWithoutALabelNeedOne()
    {
        string loose = this["loose"], file = this["loose/x.png"], green = this["green"], never = this["never"];
        foreach (string[] line in (string[][])
        [
            ["reconstruct", model, file, "--out", never], ["reconstruct", model, loose, "--out", never],
            ["evaluate", model, loose, "--out", never], ["outliers", model, loose, "--out", never],
            ["neighbours", model, file, "--out", never], ["traverse", model, file, "--out", never],
        ])
        {
            AssertFails(Tool.Run(line), "x.png", "first sub-folder; found none", "--label");
            AssertRuns(Tool.Run([.. line[..^1], this["ok.png"], "--label", "red"]));
            AssertFails(Tool.Run([.. line, "--label", "green"]), "--label green: the model knows no such label. It knows blue, red.");
            AssertFails(
                Tool.Run([line[0], plain, .. line[2..], "--label", "red"]),
                "--label red: the model is not conditional", "Leave --label away");
        }

        string red = this["images/red"];
        AssertFails(Tool.Run("cluster", model, red, "--count", "2", "--out", never), "first sub-folder; found none");
        AssertRuns(Tool.Run("cluster", model, red, "--count", "2", "--label", "red", "--out", this["c2"]), "6 images in 2 clusters");
        AssertFails(
            Tool.Run("reconstruct", model, green, "--out", never), "green/y.png: the model knows no label 'green'. It knows blue, red.");
        AssertFails(Tool.Run("sample", model, "--label", "green", "--out", never), "--label green: the model knows no such label");
        AssertFails(Tool.Run("sample", plain, "--label", "red", "--out", never), "not conditional");
        AssertFails(Tool.Run("blend", plain, "0", "0", "--label", "red", "--out", never), "not conditional");
        Assert.That(File.Exists(never) || Directory.Exists(never), Is.False);
    }

    [Test]
    public void ProbeJudgesSamples()
    {
        string[] line = ["probe", model, images, "--of-samples", "5", "--heldout", "0.5", "--out", this["j.png"]];
        AssertRuns(
            Tool.Run(line), "of 10 samples (normal, temperature 1)", "held-out images are told rightly", "blue", "red",
            "Confusion matrix (rows: labels asked for");
        JsonElement report = JsonDocument.Parse(Tool.Run([.. line, "--json"]).Output).RootElement;
        Assert.That(report.GetProperty("samples").GetInt32(), Is.EqualTo(10));
        Assert.That(report.GetProperty("classes").GetArrayLength(), Is.EqualTo(2));
        AssertFails(
            Tool.Run("probe", plain, images, "--of-samples", "5", "--heldout", "0.5"),
            "need a conditional model", "Leave --of-samples away");
        AssertFails(Tool.Run("probe", model, images, "--of-samples", "5", "--prior", "flow"), "no prior 'flow'");
        ToolResult slip = Tool.Run("probe", model, images, "--seed", "5");
        Assert.That(slip.Code, Is.EqualTo(ExitCode.Usage));
        Assert.That(slip.Error, Does.Contain("--seed: nothing is sampled without --of-samples."));
    }

    [Test]
    public void TrainNeedsLabels()
    {
        string[] rest = ["--conditional", "--size", "8", "--steps", "1", "--out", this["never.safetensors"]];
        AssertFails(Tool.Run(["train", this["images/red"], .. rest]), "6 of 6 have none", "Put them into sub-folders");
        folder.Image("one/red/a.png", ArtFolder.Noise(8, 8, 1)).Image("one/red/b.png", ArtFolder.Noise(8, 8, 2));
        AssertFails(Tool.Run(["train", this["one"], .. rest]), "2 to 1024 different labels; found 1");
        Assert.That(File.Exists(this["never.safetensors"]), Is.False);
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
