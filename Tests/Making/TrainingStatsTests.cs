using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Making;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Making;

public class TrainingStatsTests
{
    public const string Example = """
        {"phase":"training","step":10,"epoch":0.5,"reconstruction":800.5,"kl":17,"psnr":6.5,"learningRate":0.001,"imagesPerSecond":3000}
        {"phase":"heldout","step":10,"reconstruction":790,"kl":16,"psnr":7}
        {"phase":"training","step":20,"reconstruction":-100,"kl":40,"imagesPerSecond":1000}
        {"phase":"training","step":30,"reconstruction":-200,"kl":60,"psnr":15,"imagesPerSecond":2000}
        {"phase":"heldout","step":30,"reconstruction":-150,"kl":61,"psnr":14}
        {"phase":"prior","step":5,"loss":70.5}

        """;

    private static TrainingStats Read(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("stats.jsonl"), text);
        return TrainingStats.Read(folder.File("stats.jsonl"));
    }

    [Test]
    public void ReadsEveryPhase()
    {
        TrainingStats stats = Read(Example);
        string[] phases = ["training", "heldout", "training", "training", "heldout", "prior"];
        Assert.That(stats.Lines.Select(l => l.Phase), Is.EqualTo(phases));
        Assert.That(stats.HeldOut, Is.EqualTo(new TrainingStat("heldout", 30, -150, 61, 14, null, null)));
        Assert.That(stats.Training!.Step, Is.EqualTo(30));
        Assert.That(stats.Lines[2].Psnr, Is.Null, "a figure that was not finite is left out");
        Assert.That(stats.Speed, Is.EqualTo(2000), "the median");
    }

    [Test]
    public void ALineCutShortIsPassedOver()
    {
        Assert.That(Read(Example + "{\"phase\":\"training\",\"ste").Lines, Has.Count.EqualTo(6));
        Assert.That(Read("null\n{}\n").Lines, Is.Empty);
    }

    [Test]
    public void DrawsTrainingBesideHeldOut()
    {
        string[] charts = [.. Read(Example).Charts()];
        Assert.That(charts, Has.Length.EqualTo(4));
        Assert.That(charts[0], Does.Contain("reconstruction").And.Contain("reconstruction, held out").And.Contain("nats"));
        Assert.That(charts[2], Does.Contain("PSNR, held out"));
        Assert.That(charts[3], Does.Contain("velocity loss"));
    }

    [Test]
    public void ActiveUnitsAreReadAndDrawn()
    {
        TrainingStats stats = Read("""{"phase":"heldout","step":30,"kl":4,"activeUnits":3,"units":8,"klPerDimension":[1,3]}""");
        Assert.That((stats.HeldOut!.ActiveUnits, stats.HeldOut.Units), Is.EqualTo((3, 8)));
        Assert.That(stats.Charts()[3], Does.Contain("active units"));
    }

    [Test]
    public void WithoutFiguresThereAreStillCharts()
    {
        TrainingStats stats = Read("");
        Assert.That((stats.HeldOut, stats.Training, stats.Speed), Is.EqualTo(((TrainingStat?)null, (TrainingStat?)null, (double?)null)));
        Assert.That(stats.Charts(), Has.Count.EqualTo(3).And.All.Contains("No values yet"));
    }
}
