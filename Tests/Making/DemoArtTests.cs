using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Making;
using VaeProcgen.Tests.Dataset;

namespace VaeProcgen.Tests.Making;

/// <summary>Which art a demonstration takes, on machines that are folders.</summary>
public class DemoArtTests
{
    private const string Silk = "usr/share/icons/silk/16x16", Minetest = "usr/share/games/minetest/games/minetest_game";

    private static ArtFolder With(ArtFolder root, string folder, int count)
    {
        foreach (int i in Enumerable.Range(0, count))
            root.Image($"{folder}/{i}.png", ArtFolder.Noise(16, 16, i));
        return root;
    }

    [Test]
    public void TakesThePrettiestThatIsThere()
    {
        using var root = new ArtFolder();
        DemoArt own = DemoArt.Find(root.Path);
        Assert.That((own.IsReal, own.Images.Width, own.Images.Images.Count), Is.EqualTo((false, 32, 1000)));

        DemoArt textures = DemoArt.Find(With(root, Minetest, 120).Path);
        Assert.That((textures.IsReal, textures.Images.Width, textures.Images.Images.Count), Is.EqualTo((true, 16, 120)));
        Assert.That(textures.Name, Does.StartWith("Minetest"));

        Assert.That(DemoArt.Find(With(root, Silk, 101).Path).Name, Does.StartWith("Silk").And.Contain("CC-BY-2.5"));
    }

    [Test]
    public void AHandfulIsNotEnough()
    {
        using var root = new ArtFolder();
        Assert.That(DemoArt.Find(With(root, Silk, 20).Path).IsReal, Is.False);
    }
}
