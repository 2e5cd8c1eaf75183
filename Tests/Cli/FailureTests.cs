using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using NUnit.Framework;
using VaeProcgen.Editor.Cli;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Tests.Dataset;
using VaeProcgen.Tests.Making;

namespace VaeProcgen.Tests.Cli;

/// <summary>What is wrong outside the tool: exit code 1, one message that says what and what to do, and no stack trace.</summary>
public class FailureTests
{
    private ArtFolder art = null!;
    private string model = null!;

    private string this[string name] => Path.Combine(art.Path, name);

    [SetUp]
    public void MakeArt()
    {
        art = new ArtFolder();
        model = this["model.safetensors"];
        using var device = GpuDevice.Create();
        TinyModel.Create(device, "a.png").Save(model);
    }

    [TearDown]
    public void DeleteArt() => art.Dispose();

    [Test]
    public void Folders()
    {
        AssertFails(Tool.Run("inspect", this["nowhere"]), "Expected a folder of images at", "found nothing there");
        Directory.CreateDirectory(this["empty"]);
        AssertFails(Tool.Run("inspect", this["empty"]), "found an empty folder", "Add PNG images");
        art.Image("one/only.png", ArtFolder.Noise(8, 8, 1));
        AssertFails(Tool.Run("train", this["one"], "--out", this["m"]), "found only one");
        art.File("text/notes.png", "no image at all"u8.ToArray());
        AssertFails(Tool.Run("train", this["text"], "--out", this["m"]), "found none that can be used", "notes.png");
        AssertFails(Tool.Run("train", "procedural:few", "--out", this["m"]), "procedural:1000", "found 'procedural:few'");
        AssertFails(Tool.Run("train", "procedural:9", "--out", this["m"], "--size", "8"), "between 12 and 1024");
        AssertFails(Tool.Run("train", "procedural:9", "--out", this["m"], "--size", "18", "--steps", "1"), "multiple of 4", "16 or 20");
        AssertFails(Tool.Run("train", "procedural:9", "--out", this["m"], "--latent", "6", "--steps", "1"), "multiple of 4", "Choose 8");
    }

    [Test]
    public void Scratch()
    {
        string[] line = ["inspect", "procedural:9", "--out", this["s.png"], "--host-memory", "0", "--scratch"];
        AssertFails(Tool.Run([.. line, this["nowhere"]]), this["nowhere"], "found none there", "--scratch");
        art.File("file", [1]);
        AssertFails(Tool.Run([.. line, this["file"]]), this["file"], "found none there");
        AssertFails(Tool.Run([.. line, ""]), "at '', found none there");
        ToolResult negative = Tool.Run("inspect", "procedural:9", "--host-memory", "-1");
        Assert.That(negative.Code, Is.EqualTo(ExitCode.Usage));
        Assert.That(negative.Error, Does.Contain("--host-memory").And.Contain("found '-1'"));
    }

    [Test]
    public void Models()
    {
        AssertFails(Tool.Run("sample", this["none.safetensors"]), "none.safetensors");
        art.File("text.safetensors", "hello"u8.ToArray()).Image("image.safetensors", new PixelImage(1, 1));
        AssertFails(Tool.Run("info", this["text.safetensors"]), "text.safetensors");
        AssertFails(Tool.Run("info", this["image.safetensors"]), "PNG image");
        AssertFails(Tool.Run("sample", art.Path), art.Path);
        AssertFails(Tool.Run("sample", model, "--prior", "flow"), "no prior 'flow'; it has mixture, normal");
        AssertFails(Tool.Run("evaluate", model, this["nowhere"]), "Expected a folder of images");
    }

    [Test]
    public void Images()
    {
        art.File("text.png", "no image"u8.ToArray());
        AssertFails(Tool.Run("reconstruct", model, this["text.png"]), "text.png");
        AssertFails(Tool.Run("reconstruct", model, this["nothing.png"]), "nothing.png");
        AssertFails(Tool.Run("blend", model, "a", "b"), "neither under 'b'", "such as a.png");
    }

    [Test]
    public void Outputs()
    {
        Directory.CreateDirectory(this["folder.png"]);
        AssertFails(Tool.Run("sample", model, "--out", this["folder.png"]), "a folder of that name is in the way");
        art.File("file", [1]);
        AssertFails(Tool.Run("sample", model, "--out", this["file/sheet.png"]), this["file"]);
        AssertFails(Tool.Run("train", "procedural:9", "--out", this["file/m"], "--size", "16", "--steps", "1"), "Choose another --out");
    }

    [Test]
    public void Devices() =>
        AssertFails(Tool.Run("sample", model, "--device", "no such device"), "No Vulkan device matches 'no such device'");

    [Test]
    [Platform("Linux")]
    public void WithoutADriverATrainingNamesWhatToInstall()
    {
        using Process process = Tool.Start(NoDriver, "train", "procedural:9", "--out", this["m"], "--steps", "1");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        AssertFails(new ToolResult(process.ExitCode, "", error), "apt-get install libvulkan1 mesa-vulkan-drivers");
    }

    [Test]
    [Platform("Linux")]
    public void InfoNeedsNoDriver()
    {
        using Process machine = Tool.Start(NoDriver, "info"), file = Tool.Start(NoDriver, "info", model);
        string aboutMachine = machine.StandardOutput.ReadToEnd(), aboutFile = file.StandardOutput.ReadToEnd();
        machine.WaitForExit();
        file.WaitForExit();
        Assert.That((machine.ExitCode, file.ExitCode), Is.EqualTo((0, 0)));
        Assert.That(aboutMachine, Does.Contain("Devices: none").And.Contain("apt-get install"));
        Assert.That(aboutFile, Does.Contain("8×8").And.Contain("mixture (1 Gaussians)").And.Contain("a.png"));
    }

    private static Dictionary<string, string> NoDriver => new()
    {
        ["VK_DRIVER_FILES"] = "/nowhere.json", ["VK_ICD_FILENAMES"] = "/nowhere.json",
    };

    private static void AssertFails(ToolResult result, params string[] said)
    {
        Assert.That(result.Code, Is.EqualTo(ExitCode.Failure), result.Output + result.Error);
        Assert.That(result.Error, Does.StartWith("vae: ").And.Not.Contain("   at ").And.Not.Contain("Parameter '"));
        foreach (string part in said)
            Assert.That(result.Error, Does.Contain(part));
    }
}
