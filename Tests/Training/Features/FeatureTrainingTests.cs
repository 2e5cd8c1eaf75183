using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Dataset;

namespace VaeProcgen.Tests.Training.Features;

/// <summary>Whole trainings with a feature network: two phases, and every interruption ends with the same bytes.</summary>
public sealed class FeatureTrainingTests : TrainingTest
{
    private static readonly TrainingOptions Options = Tiny with { Steps = 6, FeatureSteps = 40 };

    private static byte[]? expected;

    private string FeatureCheckpoint => Path.Combine(RunPath, "features.checkpoint.safetensors");

    [Test]
    public void TheModelKeepsItsFeatureNetwork()
    {
        VaeModel trained = Train(Options);
        VaeModel model = VaeModel.Load(OutPath);
        Assert.That(model.Hash, Is.EqualTo(trained.Hash));
        IEnumerable<string> names = FeatureNetwork.ParametersOf(model.Architecture).Parameters.Select(p => p.Name);
        Assert.That(model.FeatureWeights.Keys, Is.EquivalentTo(names).And.All.StartsWith("encoder.").And.None.StartsWith("encoder.head"));
        foreach ((string name, WeightTensor weight) in trained.FeatureWeights)
            Assert.That((model.FeatureWeights[name].Shape, model.FeatureWeights[name].Values), Is.EqualTo((weight.Shape, weight.Values)), name);
        Assert.That(model.FeatureWeights["encoder.conv0.weight"].Values, Is.Not.EqualTo(model.Weights["encoder.conv0.weight"].Values));

        AssertShowsTheFeatures();
        JsonElement last = Stats("training")[^1];
        Assert.That(last.GetProperty("featureError").GetDouble(), Is.Positive);
        Assert.That(StatSteps("training"), Is.EqualTo(Enumerable.Range(1, 6)));
        Assert.That(FeatureCheckpoint, Does.Not.Exist, "checkpoints go when a training is done");

        VaeModel ofPixels = Train(Options with { FeatureSteps = 0 });
        Assert.That(ofPixels.Hash, Is.Not.EqualTo(model.Hash));
        Assert.That(ofPixels.FeatureWeights, Is.Empty);
        Assert.That(Stats("training")[^1].TryGetProperty("featureError", out _), Is.False);
    }

    [Test]
    public void StreamedImagesGiveTheSameFeatures()
    {
        VaeModel resident = Train(Options), streamed = Train(Options with { ImageMemoryBytes = 0 }, OnDisk.Of(Discs()));
        foreach ((string name, WeightTensor weight) in resident.FeatureWeights)
            Assert.That(streamed.FeatureWeights[name].Values, Is.EqualTo(weight.Values), name);
        Assert.That(streamed.Hash, Is.EqualTo(resident.Hash));
    }

    [TestCase(1)]
    [TestCase(2, Description = "after the second submission, of up to 32 steps")]
    public void ResumesInTheMiddleOfTheFeatureNetwork(int step)
    {
        TrainAndCancel(p => p.Phase == "features" && p.Step >= step, Options);
        Assert.That(Checkpoint.Read(FeatureCheckpoint).Number("step"), Is.InRange(step, 33));
        Assert.That(VaeCheckpoint, Does.Not.Exist);
        Assert.That(() => Train(Options), Throws.TypeOf<TrainingException>().With.Message.Contains("unfinished training"));
        Assert.That(
            () => Train(images: Discs(ImageCount - 1), resume: true),
            Throws.TypeOf<TrainingException>().With.Message.Contains("images are not those"));
        AssertResumes();
    }

    /// <summary>Also before the first step of either phase; and other options of who resumes don't count.</summary>
    [Test]
    public void ResumesBeforeTheFirstStepAndInTheMiddleOfTheModel()
    {
        TrainAndCancel(p => p.Phase == "compiling", Options);
        Assert.That(Checkpoint.Read(FeatureCheckpoint).Number("step"), Is.Zero);
        TrainAndCancel(p => p.Phase == "training" && p.Step == 3, Tiny with { Seed = 99 }, resume: true);
        Assert.That(Checkpoint.Read(VaeCheckpoint).Number("step"), Is.EqualTo(3));
        AssertResumes(new TrainingOptions { Minutes = 5, FeatureSteps = 77 });
    }

    [Test]
    public void ADamagedOrLostCheckpoint()
    {
        TrainAndCancel(p => p.Phase == "training" && p.Step == 2, Options);
        byte[] bytes = File.ReadAllBytes(FeatureCheckpoint);
        File.WriteAllBytes(FeatureCheckpoint, bytes[..(bytes.Length / 2)]);
        Assert.That(() => Train(resume: true), Throws.TypeOf<TrainingException>().With.Message.Contains(FeatureCheckpoint));
        // Without it the phase is done again.
        File.Delete(FeatureCheckpoint);
        AssertResumes();
    }

    /// <summary>The time of the first phase is the model's loss; where it would take most of it, the training doesn't begin.</summary>
    [Test]
    public void ALengthInMinutesIncludesTheFeatureNetwork()
    {
        TrainingOptions brief = Options with { Steps = null, PriorSteps = null, Minutes = 0.02 };
        Assert.That(() => Train(brief with { FeatureSteps = 10_000_000 }), Throws.TypeOf<TrainingException>()
            .With.Message.Contains("more than half of the 0.02").And.Message.Contains("--features").And.Message.Contains("--minutes"));
        Assert.That(FeatureCheckpoint, Does.Not.Exist);

        TrainAndCancel(p => p.Phase == "features" && p.Step == 1, brief with { FeatureSteps = 2 });
        Assert.That(Checkpoint.Read(FeatureCheckpoint).Number("milliseconds"), Is.InRange(1, 600));
        Assert.That(long.Parse(Train(resume: true).Provenance["steps"]), Is.Positive);
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        TrainingOptions o = Options;
        yield return Case("negative", o with { FeatureSteps = -1 }, "0 (none) or above", "-1");
        yield return Case("no KL", o with { Latent = LatentKind.Point, Objective = "reconstruction" }, "an objective that has a KL");
        yield return Case("samples", o with { Samples = 2, Objective = "sampled-elbo" }, "one sample an image");
        yield return Case("binarized", o with { Binarize = true, Likelihood = new(LikelihoodKind.Bernoulli) }, "not binarized");
        yield return Case("learned scale", o with { Likelihood = new(LikelihoodKind.Gaussian, LearnedScale: true) }, "--features", "can't be learned", "--scale optimal");
        yield return Case("logistic", o with { Likelihood = new(LikelihoodKind.DiscretizedLogistic, LearnedScale: true) }, "can't be learned", "a number");

        static TestCaseData Case(string name, TrainingOptions options, params string[] words) =>
            new TestCaseData(options, words).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Refused))]
    public void RefusesWhatDoesNotGoTogether(TrainingOptions options, string[] words)
    {
        var error = Assert.Throws<TrainingException>(() => options.Validate())!;
        foreach (string word in words)
            Assert.That(error.Message, Does.Contain(word));
    }

    private void AssertShowsTheFeatures()
    {
        Assert.That(StatSteps("features"), Is.Ordered.Ascending.And.Unique);
        Assert.That(StatSteps("features")[^1], Is.EqualTo(Options.FeatureSteps));
    }

    private void AssertResumes(TrainingOptions? options = null)
    {
        Train(options, resume: true);
        AssertModelIs(expected ??= UndisturbedModel(Options, Discs()));
        AssertShowsTheFeatures();
        Assert.That(StatSteps("training"), Is.EqualTo(Enumerable.Range(1, 6)));
        Assert.That(File.Exists(FeatureCheckpoint) || File.Exists(VaeCheckpoint) || File.Exists(PriorCheckpoint), Is.False);
    }
}
