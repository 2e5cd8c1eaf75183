using System;
using System.IO;
using NUnit.Framework;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Samples;

/// <summary>The game without a window runs its frames under validation, and leaves a picture and a report.</summary>
public class MenagerieTests
{
    private string path = null!;

    [SetUp]
    public void ChoosePath() => path = Path.Combine(Path.GetTempPath(), $"Menagerie-{Guid.NewGuid():N}.png");

    [TearDown]
    public void DeletePicture() => File.Delete(path);

    [Test]
    public void RunsAndReports()
    {
        SampleResult result = Sample.Run("Menagerie", "--validation", "--out", path);
        Assert.That((result.Code, result.Error), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.Contain("within the budget of 4 ms in").And.Contain("99th percentile").And.Contain("1000 creatures"));
        Assert.That(Png.Load(path).Width, Is.EqualTo(24 * 16));
        Assert.That(Sample.Run("Menagerie", "--budget", "none").Code, Is.EqualTo(2));
    }
}
