using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Training;

public sealed class CheckpointTests
{
    private static readonly OptimizerState State = new(41, [1, -2.5f, 1e-30f], [4, 5, 6], [7, 8, 9], [10, 11, 12], new Dictionary<string, float[]> { ["codebook"] = [13, 14, 15, 16] });

    private TemporaryFolder folder = new();

    private string CheckpointPath => folder.File("vae.checkpoint.safetensors");

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void GivesBackWhatWasSaved()
    {
        State.Save(CheckpointPath, new Dictionary<string, string> { ["total"] = "100", ["options"] = "some" });
        Checkpoint read = Checkpoint.Read(CheckpointPath);
        OptimizerState state = read.State(3, [new Tensor("codebook", Shape.Vector(4))]);
        Assert.That((state.Step, read.Number("total"), read.Text("options")), Is.EqualTo((41L, 100L, "some")));
        Assert.That(state.Weights, Is.EqualTo(State.Weights));
        Assert.That(state.FirstMoment, Is.EqualTo(State.FirstMoment));
        Assert.That(state.SecondMoment, Is.EqualTo(State.SecondMoment));
        Assert.That(state.Average, Is.EqualTo(State.Average));
        Assert.That(state.Carried["codebook"], Is.EqualTo(State.Carried["codebook"]));
    }

    [Test]
    public void ANewOneReplacesTheOld()
    {
        State.Save(CheckpointPath, new Dictionary<string, string>());
        (State with { Step = 42 }).Save(CheckpointPath, new Dictionary<string, string>());
        Assert.That(Checkpoint.Read(CheckpointPath).State(3, []).Step, Is.EqualTo(42));
        Assert.That(folder.Files, Has.Length.EqualTo(1));
    }

    [Test]
    public void KnowsWhetherEveryNumberIsFinite()
    {
        Assert.That(State.IsFinite());
        Assert.That((State with { Weights = [1, float.NaN, 3] }).IsFinite(), Is.False);
        Assert.That((State with { FirstMoment = [float.NegativeInfinity] }).IsFinite(), Is.False);
        Assert.That((State with { SecondMoment = [float.PositiveInfinity] }).IsFinite(), Is.False);
        Assert.That((State with { Average = [0, 0, float.NaN] }).IsFinite(), Is.False);
        Assert.That((State with { Carried = new Dictionary<string, float[]> { ["codebook"] = [float.NaN] } }).IsFinite(), Is.False);
    }

    [Test]
    public void RefusesWhatIsNoCheckpointAndSaysHowToGoOn()
    {
        AssertRefused(() => Checkpoint.Read(CheckpointPath), "Cannot read");
        File.WriteAllText(CheckpointPath, "not a checkpoint at all");
        AssertRefused(() => Checkpoint.Read(CheckpointPath), "safetensors");
        new SafetensorsWriter().Save(CheckpointPath);
        AssertRefused(() => Checkpoint.Read(CheckpointPath).Text("options"), "it has no 'options'");
        AssertRefused(() => Checkpoint.Read(CheckpointPath).State(3, []), "it has no 'step'");
        State.Save(CheckpointPath, new Dictionary<string, string> { ["total"] = "many" });
        AssertRefused(() => Checkpoint.Read(CheckpointPath).Number("total"), "'total' is 'many', not a whole number");
        AssertRefused(() => Checkpoint.Read(CheckpointPath).State(4), "must have the shape [4], found [3]");
    }

    [Test]
    public void RefusesAFileCutShortAnywhere()
    {
        State.Save(CheckpointPath, new Dictionary<string, string> { ["total"] = "100" });
        byte[] whole = File.ReadAllBytes(CheckpointPath);
        foreach (int length in Enumerable.Range(0, whole.Length))
        {
            File.WriteAllBytes(CheckpointPath, whole[..length]);
            AssertRefused(() => Checkpoint.Read(CheckpointPath), "vae.checkpoint.safetensors");
        }
    }

    private static void AssertRefused(TestDelegate read, string why) => Assert.That(read, Throws.TypeOf<TrainingException>()
        .With.Message.Contains(why).And.Message.Contains("Delete the run folder").And.Message.Contains("without --resume"));
}
