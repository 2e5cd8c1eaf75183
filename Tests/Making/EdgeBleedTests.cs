using NUnit.Framework;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Making;

public class EdgeBleedTests
{
    [Test]
    public void ColourSpreadsUnderTransparencyAndAlphaStays()
    {
        var image = new PixelImage(5, 1);
        image[0, 0] = new Rgba8(200, 10, 0, 255);
        image[4, 0] = new Rgba8(100, 30, 0, 1);
        PixelImage bled = EdgeBleed.Apply(image);
        Assert.That(
            new[] { bled[0, 0], bled[1, 0], bled[2, 0], bled[3, 0], bled[4, 0] },
            Is.EqualTo(new Rgba8[] { new(200, 10, 0, 255), new(200, 10, 0, 0), new(150, 20, 0, 0), new(100, 30, 0, 0), new(100, 30, 0, 1) }));
        Assert.That(image[1, 0], Is.EqualTo(default(Rgba8)), "the original is untouched");
    }

    [Test]
    public void NothingVisibleStaysNothing() => Assert.That(EdgeBleed.Apply(new PixelImage(3, 3)).Rgba, Is.All.Zero);
}
