using NUnit.Framework;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Decode;

public class TextureOptionsTests
{
    [Test]
    public void EqualOptionsAreEqualValues()
    {
        TextureOptions one = new() { EdgeBleed = 2, Palette = Palette.Parse("000000 ffffff") }, other = new() { EdgeBleed = 2, Palette = Palette.Parse("#000000,#ffffff") };
        Assert.That(one, Is.EqualTo(other));
        Assert.That(one.GetHashCode(), Is.EqualTo(other.GetHashCode()));
        Assert.That(one with { Mipmaps = true }, Is.Not.EqualTo(other));
        Assert.That(new TextureOptions(), Is.EqualTo(TextureOptions.Default));
    }

    [Test]
    public void LevelsGoDownToOnePixel()
    {
        var options = new TextureOptions { Mipmaps = true };
        Assert.That((options.LevelsOf(1, 1), options.LevelsOf(32, 32), options.LevelsOf(5, 13)), Is.EqualTo((1, 6, 4)));
        Assert.That(TextureOptions.Default.LevelsOf(32, 32), Is.EqualTo(1));
    }

    [Test]
    public void GoodOptionsPass() => Assert.That(new TextureOptions { AlphaThreshold = 1, EdgeBleed = 16 }.Validate().EdgeBleed, Is.EqualTo(16));

    [Test]
    public void BadOptionsAreRefused()
    {
        (TextureOptions Options, string Message)[] bad =
        [
            (new() { Alpha = (AlphaMode)7 }, "found 7"),
            (new() { Encoding = (ColorEncoding)7 }, "found 7"),
            (new() { Dithering = (Dithering)7 }, "found 7"),
            (new() { AlphaThreshold = 0 }, "above 0"),
            (new() { AlphaThreshold = 1.1f }, "at most 1"),
            (new() { AlphaThreshold = float.NaN }, "NaN"),
            (new() { EdgeBleed = -1 }, "found -1"),
            (new() { EdgeBleed = 17 }, "found 17"),
            (new() { Dithering = Dithering.Ordered }, "needs a Palette"),
        ];
        foreach ((TextureOptions options, string message) in bad)
            Assert.That(options.Validate, Throws.ArgumentException.With.Message.Contains(message));
    }
}
