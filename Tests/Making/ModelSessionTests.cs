using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Tests.Dataset;
using VaeProcgen.Tests.ModelFile;
using VaeProcgen.Tests.Vulkan;

namespace VaeProcgen.Tests.Making;

public class ModelSessionTests : VulkanTest
{
    [Test]
    public void ImagesInAndOut()
    {
        using var session = new ModelSession(Device, TinyModel.Create(Device));
        PixelImage[] images = [.. ArtSource.ImagesOf(TinyModel.Images(3))];
        Assert.That(session.Encode(images), Has.Length.EqualTo(3 * TinyModel.LatentSize));
        var reconstructions = session.Reconstruct(images);
        Assert.That(reconstructions.Select(i => (i.Width, i.Height)), Is.EqualTo(Enumerable.Repeat((8, 8), 3)));
        Assert.That(session.Decode(session.Encode(images)).Select(i => i.Rgba), Is.EqualTo(reconstructions.Select(i => i.Rgba)));
        Assert.That(
            () => session.Encode([new PixelImage(8, 7)]),
            Throws.ArgumentException.With.Message.Contains("takes images of 8×8; found 8×7"));
    }

    [Test]
    public void TheSameSeedMakesTheSameImages()
    {
        using var session = new ModelSession(Device, TinyModel.Create(Device));
        byte[][] Sample(ulong seed, float temperature = 1) =>
            [.. session.Sample(session.Model.Prior(), seed, 3, temperature).Select(i => i.Rgba)];
        Assert.That(Sample(5), Is.EqualTo(Sample(5)).And.Not.EqualTo(Sample(6)));
        Assert.That(Sample(5, 0), Is.All.EqualTo(Sample(6, 0)[0]), "temperature 0 is the centre");
    }

    [Test]
    public void AssetsAreFoundByNameAndFilesByPath()
    {
        using var session = new ModelSession(Device, TinyModel.Create(Device, "sword.png", "food/apple.png", "food/pear.png"));
        using var art = new ArtFolder();
        art.Image("file.png", ArtFolder.Noise(4, 4, 9));
        float[] Resolve(string text) => LatentSource.Resolve(session, text, FitMode.PixelPerfect);
        Assert.That(Resolve("food/apple.png"), Is.EqualTo(new float[] { 1, 1, 1, 1 }));
        Assert.That(Resolve("food/pear"), Is.EqualTo(new float[] { 2, 2, 2, 2 }));
        PixelImage fitted = ArtFit.Fit(ArtFolder.Noise(4, 4, 9), 8, FitMode.PixelPerfect, out _);
        Assert.That(Resolve(Path.Combine(art.Path, "file.png")), Is.EqualTo(session.Encode([fitted])));
        Assert.That(
            () => Resolve("PEAR.png"), Throws.ArgumentException.With.Message.EndsWith("under 'PEAR.png'. Did you mean food/pear.png?"));
        Assert.That(
            () => Resolve("shield"), Throws.ArgumentException.With.Message.Contains("3 assets, such as sword.png, food/apple.png"));
    }

    [Test]
    public void OnlySquareModelsTakeFittedArt()
    {
        var wide = new VaeModel(TinyModel.Architecture with { Width = 16 }, TinyModel.Create(Device).Weights);
        Assert.That(() => ModelSession.SideOf(wide), Throws.ArgumentException.With.Message.Contains("16×8"));
    }

    [Test]
    public void TheDescriptionNamesEverything()
    {
        string text = ModelDescription.Of(TinyModel.Create(Device, "a.png", "b.png"));
        Assert.That(text, Does.Contain("8×8").And.Contain("conv, channels 4").And.Contain("laplace, scale 0.25")
            .And.Contain("mixture (1 Gaussians); normal").And.Contain("options: {").And.Contain("a.png").And.Contain("b.png"));
    }

    [Test]
    public void ADemoShowsEverythingOnOnePage()
    {
        using var folder = new TemporaryFolder();
        ArtSet images = TinyModel.Images(20);
        var demo = new Demo(folder.File("demo"), new DemoArt("Noise <&>", images, IsReal: true), seed: 1);
        Directory.CreateDirectory(demo.RunFolder);
        File.WriteAllText(Path.Combine(demo.RunFolder, "stats.jsonl"), TrainingStatsTests.Example);
        using var session = new ModelSession(Device, TinyModel.Create(Device, [.. images.Images.Select(i => i.Name)]));

        var files = demo.Show(session, 0.1, new Editor.Report.HtmlFigure("Time", "2:00"));
        Assert.That(files.Skip(1), Is.All.Matches<string>(File.Exists), "all but the model, which was not trained here");
        Assert.That(files.Select(Path.GetFileName), Is.EqualTo(new[]
        {
            Demo.ModelName, Demo.OriginalsName, Demo.SamplesName, Demo.BlendsName, Demo.PageName,
        }));
        string page = File.ReadAllText(files[^1]);
        Assert.That(page, Does.Contain("Noise &lt;&amp;&gt;").And.Contain("14.0 dB").And.Contain("2:00").And.Contain("<svg"));
        Assert.That(page.Split("data:image/png;base64,"), Has.Length.EqualTo(5), "four sheets lie in the page");
        Assert.That(page, Does.Not.Contain("src=\"http").And.Not.Contain("<script"));
    }
}
