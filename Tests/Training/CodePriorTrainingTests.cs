using System;
using System.IO;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Training;

public sealed class CodePriorTrainingTests : TrainingTest
{
    private static readonly CodePriorShape Shape = new(new CodeGrid(2, 2, 0), Codes: 8, Dimensions: 4, Embedding: 4, Hidden: 16, Blocks: 1);
    private static readonly CodeSet Data = new(Enumerable.Range(0, 48).Select(i => i * 5 % 8).ToArray()),
        HeldOut = new([0, 5, 2, 7, 4, 1, 6, 3]);
    private static readonly float[] Codebook = Enumerable.Range(0, 32).Select(i => (float)i).ToArray();

    [Test]
    public void LearnsAndReportsTheCodesHeldOut()
    {
        using RunFolder run = RunFolder.Open(RunPath, resume: false);
        var training = new CodePriorTraining(Device, Tiny with { PriorSteps = 40 }, run, _ => { }, CancellationToken.None);
        CodePrior prior = training.Train(Shape, Data, HeldOut, Codebook, seconds: null, modelSteps: 1);
        Assert.That(training.Steps, Is.EqualTo(40));
        Assert.That(training.HeldOutNats, Is.LessThan(Math.Log(8)), "better than chance: the sets follow one rule");
        Assert.That(prior.NegativeLogLikelihoods(HeldOut.Codes).Average(), Is.EqualTo(training.HeldOutNats));
        Assert.That(prior.Codebook.ToArray(), Is.EqualTo(Codebook));
        double[] figures = Stats("prior").Where(e => e.TryGetProperty("heldOut", out _)).Select(e => e.GetProperty("heldOut").GetDouble())
            .ToArray();
        Assert.That(figures, Has.Length.EqualTo(10));
        Assert.That(figures[^1], Is.EqualTo(training.HeldOutNats).And.LessThan(figures[0]));
    }

    [Test]
    public void SomeOfManyGridsAreEvenlySpread()
    {
        CodeSet all = new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [10, 11, 12, 13, 14]);
        CodeSet some = all.AtMost(2, each: 2);
        Assert.That((some.Codes, some.Labels), Is.EqualTo((new[] { 0, 1, 4, 5 }, new[] { 10, 12 })));
        Assert.That((all with { Labels = null }).AtMost(2, each: 2).Labels, Is.Null);
        Assert.That(all.AtMost(5, each: 2), Is.SameAs(all));
    }

    [Test]
    public void AResumedTrainingGivesTheSamePrior()
    {
        byte[] Train(string name, Action<TrainingProgress> progress, CancellationToken token, string? checkpoint = null)
        {
            using RunFolder run = RunFolder.Open(InFolder(name), resume: false);
            if (checkpoint != null)
                File.Copy(checkpoint, run.PriorCheckpoint);
            var writer = new SafetensorsWriter();
            new CodePriorTraining(Device, Tiny with { PriorSteps = 24 }, run, progress, token).Train(Shape, Data, null, Codebook, null, 1)
                .WriteTo(writer);
            return SafetensorsTests.Write(writer);
        }

        byte[] whole = Train("whole", _ => { }, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Assert.That(() => Train("stopped", _ => stop.Cancel(), stop.Token), Throws.InstanceOf<OperationCanceledException>());
        string saved = Path.Combine(InFolder("stopped"), "prior.checkpoint.safetensors");
        Assert.That(Checkpoint.Read(saved).Number("step"), Is.InRange(1, 23));
        Assert.That(Train("resumed", _ => { }, CancellationToken.None, saved).AsSpan().SequenceEqual(whole));
    }
}
