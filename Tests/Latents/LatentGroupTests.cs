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
using TinyModel = VaeProcgen.Tests.Making.TinyModel;

namespace VaeProcgen.Tests.Latents;

public class LatentGroupTests : VulkanTest
{
    private static readonly ImportOptions Import = new();

    private VaeModel Make() => new(TinyModel.Architecture, TinyModel.Create(Device).Weights)
    {
        LatentMean = [0, 0, 0, 0],
        LatentDeviation = [1, 2, 0.001f, 0.05f],
        Assets =
        [
            new("red/a.png", "red", [0, 0, 0, 0]), new("red/b.png", "red", [1, 0, 9, 9]), new("blue/c.png", "blue", [0, 6, 0, 0]),
        ],
    };

    [Test]
    public void FilesFoldersAssetsAndLabels()
    {
        using var art = new ArtFolder();
        art.Image("set/1.png", ArtFolder.Noise(8, 8, 1)).Image("set/2.png", ArtFolder.Noise(8, 8, 2));
        using var session = new ModelSession(Device, Make());
        string folder = Path.Combine(art.Path, "set"), file = Path.Combine(folder, "2.png");
        LatentGroup group = LatentGroup.Gather(session.Model, ["label:red", folder, file, "red/a", "blue/c.png"], Import);
        Assert.That(group.Names, Is.EqualTo(new[] { "red/a.png", "red/b.png", "1.png", "2.png", "blue/c.png" }), "once each");
        float[] latents = group.Encode(session);
        float[] encoded = session.Encode([ArtFolder.Noise(8, 8, 1), ArtFolder.Noise(8, 8, 2)]);
        Assert.That(latents, Is.EqualTo((float[])[0, 0, 0, 0, 1, 0, 9, 9, .. encoded, 0, 6, 0, 0]));
        var pictures = group.Pictures(session, latents);
        Assert.That(pictures[2].Rgba, Is.EqualTo(ArtFolder.Noise(8, 8, 1).Rgba), "images are shown as they are");
        Assert.That(pictures[4].Rgba, Is.EqualTo(session.Decode([0, 6, 0, 0])[0].Rgba), "assets are decoded");
        Assert.That(group.IsAsset(0, "red/a.png"));
        Assert.That(group.IsAsset(0, "red/b.png") || group.IsAsset(2, "1.png"), Is.False);
    }

    [Test]
    public void WhatTwoGroupsShareIsFound()
    {
        using var art = new ArtFolder();
        art.Image("set/1.png", ArtFolder.Noise(8, 8, 1)).Image("set/2.png", ArtFolder.Noise(8, 8, 2));
        VaeModel model = Make();
        LatentGroup Gather(params string[] words) => LatentGroup.Gather(model, words, Import);
        Assert.That(Gather("label:red").SharedWith(Gather("red/b", "blue/c")), Is.EqualTo(new[] { "red/b.png" }));
        Assert.That(Gather(Path.Combine(art.Path, "set")).SharedWith(Gather(Path.Combine(art.Path, "set", "1.png"))), Has.Count.EqualTo(1));
        Assert.That(Gather("label:red").SharedWith(Gather("label:blue")), Is.Empty);
    }

    [Test]
    public void WhatIsNotThereIsSaid()
    {
        VaeModel model = Make();
        Assert.That(() => LatentGroup.Gather(model, ["label:green"], Import),
            Throws.ArgumentException.With.Message.Contains("no assets with the label 'green'; it has blue, red"));
        Assert.That(() => LatentGroup.Gather(model, ["a.png"], Import),
            Throws.ArgumentException.With.Message.Contains("Did you mean red/a.png"));
        Assert.That(() => LatentGroup.Gather(model, [], Import), Throws.ArgumentException.With.Message.Contains("found nothing listed"));
        using var art = new ArtFolder();
        Assert.That(() => LatentGroup.Gather(model, [art.Path], Import), Throws.TypeOf<ArtImportException>());
        art.File("text.png", "no image"u8.ToArray());
        Assert.That(() => LatentGroup.Gather(model, [Path.Combine(art.Path, "text.png")], Import), Throws.TypeOf<ImageFormatException>());
    }

    [Test]
    public void NeighboursAreMeasuredInDeviationsOfDimensionsThatVary()
    {
        VaeModel model = Make();
        var near = new LatentNeighbours(model);
        Assert.That(near.Find([0, 0, 0, 0], 5).Select(n => (n.Asset.Name, n.Distance)),
            Is.EqualTo(new[] { ("red/a.png", 0.0), ("red/b.png", 1.0), ("blue/c.png", 3.0) }), "the last two dimensions do not vary");
        Assert.That(near.Find([0, 5, 0, 0], 1)[0].Asset.Name, Is.EqualTo("blue/c.png"));
        Assert.That(near.Find([0, 0, 0, 0], 1, asset => asset.Name == "red/a.png")[0].Asset.Name, Is.EqualTo("red/b.png"));
        Assert.That(() => new LatentNeighbours(new VaeModel(model.Architecture, model.Weights)),
            Throws.ArgumentException.With.Message.Contains("holds no assets"));
    }
}
