using System;
using System.Collections.Generic;
using System.IO;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Tests.Training;

/// <summary>A number that is not finite stops the training; what was good before it stays.</summary>
public sealed class DivergenceTests : TrainingTest
{
    private const string Older = "an older model";

    /// <summary>A KL weight whose squared gradients exceed what a float holds, once its warm-up begins.</summary>
    [Test]
    public void StopsAtTheFirstBadStepAndKeepsTheLastGoodCheckpoint()
    {
        TrainingOptions absurd = Tiny with { KlWeight = 1e25, MaxGradientNorm = 0, CheckpointSeconds = 1e-6 };
        File.WriteAllText(OutPath, Older);
        AssertDiverges(() => Train(absurd), "step 1");
        OptimizerState kept = StateAt(VaeCheckpoint);
        Assert.That((kept.Step, kept.IsFinite()), Is.EqualTo((1L, true)));
        Assert.That(File.ReadAllText(OutPath), Is.EqualTo(Older));
        AssertDiverges(() => Train(absurd, resume: true), "step 1");
        Assert.That(StateAt(VaeCheckpoint).IsFinite());
    }

    [Test]
    public void AWeightThatIsNotFiniteStopsIt([Values(float.NaN, float.PositiveInfinity)] float bad)
    {
        TrainAndCancel(p => p.Phase == "training" && p.Step == 3);
        OptimizerState state = StateAt(VaeCheckpoint);
        state.Weights[0] = bad;
        byte[] poisoned = Store(state, VaeCheckpoint);
        AssertDiverges(() => Train(resume: true), "step 3");
        Assert.That(File.ReadAllBytes(VaeCheckpoint).AsSpan().SequenceEqual(poisoned), "nothing worse is written over it");
    }

    /// <summary>The average of the weights has no part in the loss: it is found when it would be saved.</summary>
    [Test]
    public void ABadAverageIsNotSaved()
    {
        TrainAndCancel(p => p.Phase == "training" && p.Step == 3);
        OptimizerState state = StateAt(VaeCheckpoint);
        state.Average[0] = float.NaN;
        byte[] poisoned = Store(state, VaeCheckpoint);
        AssertDiverges(() => Train(resume: true));
        Assert.That(File.ReadAllBytes(VaeCheckpoint).AsSpan().SequenceEqual(poisoned));
        Assert.That(OutPath, Does.Not.Exist);
    }

    [Test]
    public void APriorThatDivergesKeepsTheModelsOwnCheckpoint()
    {
        TrainAndCancel(p => p.Phase == "prior" && p.Step == 1);
        OptimizerState state = StateAt(PriorCheckpoint);
        state.Weights[0] = float.NaN;
        Store(state, PriorCheckpoint);
        AssertDiverges(() => Train(resume: true), "step 1");
        File.Delete(PriorCheckpoint);
        Train(resume: true);
        Assert.That(OutPath, Does.Exist);
    }

    private static void AssertDiverges(Action train, string where = "diverged") =>
        Assert.That(() => train(), Throws.TypeOf<TrainingException>().With.Message.Contains("diverged").And.Message.Contains(where)
            .And.Message.Contains("checkpoint").And.Message.Contains("--learning-rate").And.Message.Contains("--max-gradient-norm"));

    private static OptimizerState StateAt(string path) =>
        Checkpoint.Read(path).State(SafetensorsFile.Read(path).Get("weights").Count);

    private static byte[] Store(OptimizerState state, string path)
    {
        state.Save(path, new Dictionary<string, string>(SafetensorsFile.Read(path).Metadata));
        return File.ReadAllBytes(path);
    }
}
