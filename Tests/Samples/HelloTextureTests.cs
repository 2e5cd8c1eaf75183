using System;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Samples;

/// <summary>The smallest sample: a seed makes a texture, the same one each time.</summary>
public class HelloTextureTests
{
    private string folder = null!;

    [SetUp]
    public void ChooseFolder() => folder = Directory.CreateTempSubdirectory("vaeprocgen-hello-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void ASeedMakesATexture()
    {
        byte[] first = Make("7", "first.png"), again = Make("7", "again.png"), other = Make("8", "other.png");
        Assert.That(first, Is.EqualTo(again));
        Assert.That(first, Is.Not.EqualTo(other));
        Assert.That(first.Distinct().Count(), Is.GreaterThan(20), "a picture of something");
    }

    private byte[] Make(string seed, string name)
    {
        string path = Path.Combine(folder, name);
        SampleResult result = Sample.Run("HelloTexture", seed, path);
        Assert.That((result.Code, result.Error), Is.EqualTo((0, "")));
        return Png.Load(path).Rgba;
    }
}
