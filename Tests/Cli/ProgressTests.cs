using System;
using System.IO;
using NUnit.Framework;
using VaeProcgen.Editor.Cli;
using VaeProcgen.Editor.Training;

namespace VaeProcgen.Tests.Cli;

public class ProgressTests
{
    private static TrainingProgress At(string phase, long step, long total) =>
        new(phase, step, total, phase == "training" ? 812.4 : 0, TimeSpan.FromSeconds(65), -2310.44, 45.21, 21.35);

    [Test]
    public void PlainLinesComeAtIntervalsAndAtBothEndsOfAPhase()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var time = new HandTime();
        var progress = new PlainProgress(output, time);
        TrainingProgress[] start =
        [
            At("compiling", 1, 3), At("compiling", 2, 3), At("compiling", 3, 3),
            At("calibrating", 0, 0), At("calibrating", 0, 0), At("training", 1, 900),
        ];
        foreach (TrainingProgress p in start)
            progress.Show(p);
        for (int step = 2; step <= 900; step++)
        {
            time.Seconds += 0.03;
            progress.Show(At("training", step, 900));
        }

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[..3], Is.EqualTo(new[] { "compiling 1/3", "compiling 3/3", "calibrating" }));
        Assert.That(lines[3], Is.EqualTo("training 1/900  812 images/s  1:05 left  recon -2310.4 KL 45.2 nats  PSNR 21.4"));
        Assert.That(lines[4..], Has.Length.EqualTo(3), "27 seconds: two on the way, and the end");
        Assert.That(lines[^1], Does.StartWith("training 900/900"));
        Assert.That(output.ToString(), Does.Not.Contain('\e').And.Not.Contain('\r'));
    }

    [Test]
    public void AWarningIsALineOfItsOwnAndAMissingKlIsLeftOut()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new PlainProgress(output, new HandTime());
        progress.Show(At("training", 1, 900) with { Kl = null });
        progress.Show(At("training", 2, 900) with { Warning = "beware" });
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Is.EqualTo(new[] { "training 1/900  812 images/s  1:05 left  recon -2310.4 nats  PSNR 21.4", "Warning: beware" }));
    }

    private sealed class HandTime : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
