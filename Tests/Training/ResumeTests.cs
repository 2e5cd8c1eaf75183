using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Training;

namespace VaeProcgen.Tests.Training;

/// <summary>A training that was interrupted, however and wherever, ends with the very bytes of one that was not.</summary>
public sealed class ResumeTests : TrainingTest
{
    [Test]
    public void AfterCancelling([Values(1, 5, 11)] int step)
    {
        TrainAndCancel(p => p.Phase == "training" && p.Step == step);
        Assert.That(Checkpoint.Read(VaeCheckpoint).Number("step"), Is.EqualTo(step));
        Assert.That(OutPath, Does.Not.Exist);
        AssertResumesToTheVeryBytes();
    }

    /// <summary>Also when the person who resumes gives other options: those of the run count.</summary>
    [Test]
    public void AfterCancellingBeforeTheFirstStepAndOnceMore()
    {
        TrainAndCancel(p => p.Phase == "compiling");
        Assert.That(Checkpoint.Read(VaeCheckpoint).Number("step"), Is.Zero);
        TrainingOptions other = Tiny with { Seed = 99, Batch = 3, CheckpointSeconds = 1000 };
        TrainAndCancel(p => p.Phase == "training" && p.Step == 7, other, resume: true);
        AssertResumesToTheVeryBytes(new TrainingOptions { Minutes = 5, CheckpointSeconds = 0.001 });
    }

    [Test]
    public void AfterCancellingThePrior()
    {
        TrainAndCancel(p => p.Phase == "prior");
        Assert.That(Checkpoint.Read(VaeCheckpoint).Number("step"), Is.EqualTo(Tiny.Steps));
        Assert.That(Checkpoint.Read(PriorCheckpoint).Number("step"), Is.EqualTo(1));
        AssertResumesToTheVeryBytes();
    }

    /// <summary>As a power cut leaves it: an old checkpoint, later lines of figures, the last one cut, and half a checkpoint.</summary>
    [Test]
    public void AfterAnAbruptEnd()
    {
        TrainAndCancel(p => p.Phase == "training" && p.Step == 4);
        byte[] old = File.ReadAllBytes(VaeCheckpoint);
        TrainAndCancel(p => p.Phase == "training" && p.Step == 9, resume: true);
        File.WriteAllBytes(VaeCheckpoint, old);
        File.WriteAllBytes(VaeCheckpoint + ".0123456789abcdef.tmp", old[..100]);
        File.AppendAllText(StatsPath, """{"phase":"training","st""");
        AssertResumesToTheVeryBytes();
        Assert.That(Directory.GetFiles(RunPath, "*.tmp"), Is.Empty);
    }

    /// <summary>A length in minutes becomes steps once, at the start. (Here, too, the batch is larger than the set.)</summary>
    [Test]
    public void ALengthInMinutesIsMeasuredOnce()
    {
        long total = 0;
        TrainingOptions brief = Tiny with { Steps = null, Minutes = 0.02, PriorSteps = null, Batch = 2 * ImageCount };
        TrainAndCancel(
            p =>
            {
                total = p.Phase == "training" ? p.Total : 0;
                return total > 0;
            },
            brief);
        Assert.That(total, Is.GreaterThan(1));
        Assert.That(Train(brief, resume: true).Provenance["steps"], Is.EqualTo($"{total}"));
        Assert.That(StatSteps("training")[^1], Is.EqualTo(total));
        Assert.That(StatSteps("prior"), Is.Ordered.Ascending.And.Not.Empty);
    }

    private void AssertResumesToTheVeryBytes(TrainingOptions? options = null)
    {
        Train(options, resume: true);
        AssertModelIs(UndisturbedModel());
        long[] all = Enumerable.Range(1, (int)Tiny.Steps!).Select(i => (long)i).ToArray();
        Assert.That(StatSteps("training"), Is.EqualTo(all));
        Assert.That(StatSteps("heldout"), Is.EqualTo(all));
        Assert.That(StatSteps("prior"), Is.Ordered.Ascending.And.Unique);
        Assert.That(StatSteps("prior")[^1], Is.EqualTo(Tiny.PriorSteps));
        Assert.That(File.Exists(VaeCheckpoint) || File.Exists(PriorCheckpoint), Is.False);
        Assert.That(() => Train(resume: true), Throws.TypeOf<TrainingException>().With.Message.Contains("no checkpoint"), "it is finished");
    }
}
