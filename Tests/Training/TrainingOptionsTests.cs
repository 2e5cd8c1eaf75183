using System.Collections.Generic;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Training;

public sealed class TrainingOptionsTests
{
    private static readonly TrainingOptions Valid = new() { Steps = 10 };

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("no length", new TrainingOptions(), "steps, epochs or minutes", "found 0");
        yield return Case("two lengths", Valid with { Epochs = 3 }, "steps, epochs or minutes", "found 2");
        yield return Case("no steps", Valid with { Steps = 0 }, "length", "above 0");
        yield return Case("too many steps", Valid with { Steps = 1L + uint.MaxValue }, "steps", "at most 4294967295", "found 4294967296");
        yield return Case("negative epochs", new TrainingOptions { Epochs = -1 }, "length", "above 0");
        yield return Case("endless epochs", new TrainingOptions { Epochs = double.PositiveInfinity }, "length", "finite");
        yield return Case("no minutes", new TrainingOptions { Minutes = 0 }, "length", "above 0");
        yield return Case("NaN minutes", new TrainingOptions { Minutes = double.NaN }, "length", "above 0");
        yield return Case("prior steps", Valid with { PriorSteps = -1 }, "prior's steps", "or above", "found -1");
        yield return Case("empty batch", Valid with { Batch = 0 }, "batch", "1 to 4096", "found 0");
        yield return Case("huge batch", Valid with { Batch = 4097 }, "batch", "1 to 4096", "found 4097");
        yield return Case("no rate", Valid with { LearningRate = 0 }, "learning rate", "above 0", "found 0");
        yield return Case("huge rate", Valid with { LearningRate = 1.5 }, "learning rate", "at most 1", "1.5");
        yield return Case("NaN rate", Valid with { LearningRate = double.NaN }, "learning rate", "NaN");
        yield return Case("epsilon", Valid with { AdamEpsilon = 0 }, "epsilon of Adam", "above 0", "found 0");
        yield return Case("stages", Valid with { Rate = new() { Stages = 9 } }, "stages", "1 to 8", "found 9");
        yield return Case("decay", Valid with { WeightDecay = -0.1 }, "weight decay", "0 to 1", "-0.1");
        yield return Case("clipping", Valid with { MaxGradientNorm = -1 }, "gradient norm", "0 (none) or above", "-1");
        yield return Case("warm-up", Valid with { Annealing = new() { WarmupSteps = -1 } }, "KL warm-up", "0 steps or more", "-1");
        yield return Case("KL weight", Valid with { KlWeight = -2 }, "KL weight", "0 or above", "-2");
        yield return Case("EMA", Valid with { EmaDecay = 1 }, "average", "below 1", "found 1");
        yield return Case("checkpoints", Valid with { CheckpointSeconds = 0 }, "checkpoints", "above 0", "found 0");
        yield return Case("none held out", Valid with { HeldOutFraction = 0 }, "held-out", "above 0", "found 0");
        yield return Case("most held out", Valid with { HeldOutFraction = 0.6 }, "held-out", "at most 0.5", "0.6");
        yield return Case("score function", Valid with { Estimator = GradientEstimator.ScoreFunction }, "optimal scale", "--scale learned");

        static TestCaseData Case(string name, TrainingOptions options, params string[] words) =>
            new TestCaseData(options, words).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Refused))]
    public void RefusesWhatIsOutOfRange(TrainingOptions options, string[] words)
    {
        var error = Assert.Throws<TrainingException>(() => options.Validate())!;
        foreach (string word in words)
            Assert.That(error.Message, Does.Contain(word));
    }

    [Test]
    public void AcceptsTheEndsOfEachRange()
    {
        Assert.That(Valid.Validate(), Is.SameAs(Valid));
        TrainingOptions low = new()
        {
            Steps = 1, Batch = 1, PriorSteps = 0, WeightDecay = 0, MaxGradientNorm = 0, Annealing = new() { WarmupSteps = 0 }, KlWeight = 0, EmaDecay = 0,
        };
        Assert.That(low.Validate(), Is.SameAs(low));
        TrainingOptions high = new() { Epochs = 0.01, Batch = 4096, LearningRate = 1, WeightDecay = 1, HeldOutFraction = 0.5 };
        Assert.That(high.Validate(), Is.SameAs(high));
    }

    [Test]
    public void SurvivesJson()
    {
        TrainingOptions options = new()
        {
            Preset = "residual", LatentSize = 12, Likelihood = new(LikelihoodKind.Gaussian, LikelihoodLink.Identity, 0.25f),
            Padding = PaddingMode.Circular, Batch = 5, Seed = ulong.MaxValue, Minutes = 0.1, LearningRate = 1.0 / 3, WeightDecay = 0.01,
            MaxGradientNorm = 7, Annealing = new() { WarmupSteps = 8 }, KlWeight = 0.3, EmaDecay = 0.99,
            Augmentation = new(QuarterTurns: true, WrapShift: true), PriorSteps = 9, HeldOutFraction = 0.25,
            Hidden = [12, 8], Rate = new() { Kind = RateKind.Stages, Stages = 2 }, AdamEpsilon = 1e-4,
        };
        Assert.That(TrainingOptions.FromJson(options.ToJson()).ToJson(), Is.EqualTo(options.ToJson()));
        Assert.That(options.ToJson(), Does.Contain("\"Gaussian\"").And.Contain("\"Circular\""), "names, not numbers");
    }

    [TestCase("null")]
    [TestCase("{")]
    [TestCase("""{"Batch":"many"}""")]
    [TestCase("""{"Padding":"Spherical"}""")]
    public void RefusesOtherText(string json) =>
        Assert.That(
            () => TrainingOptions.FromJson(json), Throws.TypeOf<TrainingException>().With.Message.Contains("options can't be read"));
}
