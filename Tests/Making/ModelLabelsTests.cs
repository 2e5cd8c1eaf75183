using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Tests.Dataset;
using VaeProcgen.Tests.Vulkan;

namespace VaeProcgen.Tests.Making;

public class ModelLabelsTests : VulkanTest
{
    private static readonly VaeArchitecture A = ConditionalTinyModel.Architecture;

    [Test]
    public void AreThePlacesOfNamesInTheModelsList()
    {
        Assert.That(ModelLabels.Of(A, ConditionalTinyModel.Images(3)), Is.EqualTo(new[] { 0, 1, 0 }));
        Assert.That(ModelLabels.Of(A, [new AssetLatent("x", "red", [])]), Is.EqualTo(new[] { 1 }));
        Assert.That(ModelLabels.All(A, "red", 3), Is.EqualTo(new[] { 1, 1, 1 }));
        Assert.That(ModelLabels.InTurn(A, 5), Is.EqualTo(new[] { 0, 1, 0, 1, 0 }));
        Assert.That(ModelLabels.Of(TinyModel.Architecture, ConditionalTinyModel.Images(3)), Is.Null);
        Assert.That(ModelLabels.All(TinyModel.Architecture, "red", 3), Is.Null);
    }

    [Test]
    public void KeepTheirProportionsWhenSpread()
    {
        int[] labelOf = [0, 0, 0, 0, 1, 1];
        Assert.That(ModelLabels.Spread(labelOf, 3), Is.EqualTo(new[] { 0, 0, 1 }));
        Assert.That(ModelLabels.Spread(labelOf, 12)!.Count(l => l == 1), Is.EqualTo(4));
        Assert.That(ModelLabels.Spread(null, 3), Is.Null);
        Assert.That(ModelLabels.At(labelOf, [5, 0]), Is.EqualTo(new[] { 1, 0 }));
        Assert.That(ModelLabels.At(null, [5, 0]), Is.Null);
    }

    [Test]
    public void SayWhatIsUnknown()
    {
        Assert.That(
            () => ModelLabels.Of(A, TinyModel.Images(2)),
            Throws.ArgumentException.With.Message.Contains("00.png").And.Message.Contains("found none")
                .And.Message.Contains("--label: blue, red"));
        Assert.That(
            () => ModelLabels.Of(A, [("a.png", "green")]),
            Throws.ArgumentException.With.Message.EqualTo("a.png: the model knows no label 'green'. It knows blue, red."));
        var many = A with { Labels = Enumerable.Range(0, 30).Select(i => $"l{i:D2}").ToArray() };
        Assert.That(ModelLabels.Known(many), Does.StartWith("l00, ").And.EndsWith("l19 and 10 more ('info' lists them)"));
    }

    [Test]
    public void ASessionDecodesSamplesAndReconstructsByLabel()
    {
        using var session = new ModelSession(Device, ConditionalTinyModel.Create(Device));
        PixelImage[] images = [.. ArtSource.ImagesOf(ConditionalTinyModel.Images(4))];
        byte[][] Sample(int[]? labelOf) => [.. session.Sample(session.Model.Prior(), 1, 4, labelOf: labelOf).Select(i => i.Rgba)];
        Assert.That(Sample(null), Is.EqualTo(Sample([0, 1, 0, 1])), "labels in turn where none are named");
        Assert.That(Sample([0, 0, 0, 0])[1], Is.Not.EqualTo(Sample(null)[1]));
        int[] labelOf = [0, 1, 0, 1];
        var reconstructions = session.Reconstruct(images, labelOf);
        var inTwoSteps = session.Decode(session.Encode(images, labelOf), labelOf);
        Assert.That(inTwoSteps.Select(i => i.Rgba), Is.EqualTo(reconstructions.Select(i => i.Rgba)));
        Assert.That(() => session.Encode(images), Throws.ArgumentException.With.Message.Contains("must be told the label"));
        Assert.That(ModelDescription.Of(session.Model), Does.Contain("Labels:      blue, red (conditional"));
    }

    [Test]
    public void GroupsTellTheModelTheLabelsOfFilesFoldersAndAssets()
    {
        using var art = new ArtFolder();
        art.Image("set/red/1.png", ArtFolder.Noise(8, 8, 1)).Image("loose.png", ArtFolder.Noise(8, 8, 2));
        using var session = new ModelSession(Device, ConditionalTinyModel.Create(Device, "blue/a.png", "red/b.png"));
        string folder = Path.Combine(art.Path, "set"), file = Path.Combine(art.Path, "loose.png");
        LatentGroup group = LatentGroup.Gather(session.Model, ["red/b", folder, file, "blue/a.png"], new ImportOptions(), "blue");
        Assert.That(group.LabelOf, Is.EqualTo(new[] { 1, 1, 0, 0 }));
        float[] encoded = session.Encode([ArtFolder.Noise(8, 8, 1), ArtFolder.Noise(8, 8, 2)], [1, 0]);
        float[] latents = group.Encode(session);
        Assert.That(latents, Is.EqualTo((float[])[1, 1, 1, 1, .. encoded, 0, 0, 0, 0]));
        Assert.That(group.Pictures(session, latents)[0].Rgba, Is.EqualTo(session.Decode([1, 1, 1, 1], [1])[0].Rgba));
        Assert.That(
            () => LatentGroup.Gather(session.Model, [file], new ImportOptions()),
            Throws.ArgumentException.With.Message.Contains("loose.png").And.Message.Contains("--label"));
    }

    [Test]
    public void EachLabelOfASheetBeginsANewRow()
    {
        var samples = new LabelledSamples(A, [], 7);
        Assert.That(samples.LabelOf, Is.EqualTo(new[] { 0, 1, 0, 1, 0, 1, 0 }));
        PixelImage[] images = [.. Enumerable.Range(0, 7).Select(i => ArtFolder.Flat(8, 8, (byte)(i % 2 == 0 ? 200 : 100)))];
        PixelImage sheet = samples.Sheet(images);
        Assert.That((sheet.Width, sheet.Height), Is.EqualTo(((4 * 68) + 4, (2 * 68) + 4)));
        Assert.That((sheet[10, 10].R, sheet[10, 78].R), Is.EqualTo((200, 100)));
        using var folder = new ArtFolder();
        samples.WriteEach(folder.Path, images);
        Assert.That(Directory.GetFiles(Path.Combine(folder.Path, "red")), Has.Length.EqualTo(3));
        Assert.That(new LabelledSamples(A, ["red"], 4).LabelOf, Is.All.EqualTo(1));
    }

    /// <summary>A label of a model file may be anything, and must not lead out of the folder.</summary>
    [TestCase("..")]
    [TestCase("a/b")]
    [TestCase("a\\b")]
    public void ALabelThatIsNoFolderNameIsNotWritten(string label)
    {
        var samples = new LabelledSamples(A with { Labels = ["red", label] }, [], 2);
        Assert.That(samples.RequireFolders, Throws.ArgumentException.With.Message.Contains($"'{label}' can't be the name of a folder"));
    }
}
