using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Dataset;

namespace VaeProcgen.Tests.Training;

public sealed class VaeTrainingTests : TrainingTest
{
    /// <summary>The default network, from images to a model file and all that stands beside it.</summary>
    [Test]
    public void LeavesAModelThatLoadsAndARunFolderThatShowsHowItCameAbout()
    {
        ArtSet images = ProceduralArt.Generate(16, 16, seed: 1);
        TrainingOptions options = Tiny with { Preset = "fast", LatentSize = 8, Batch = 8, Steps = 60, PriorSteps = 4 };
        VaeModel trained = Train(options, images);

        VaeModel model = VaeModel.Load(OutPath);
        ArtSet kept = images.Split(options.HeldOutFraction, options.Seed).Train;
        Assert.That(model.Hash, Is.EqualTo(trained.Hash).And.Length.EqualTo(64));
        Assert.That(model.Architecture.ToJson(), Is.EqualTo(VaeTraining.ArchitectureFor(options, images).ToJson()));
        Assert.That(model.Assets.Select(a => (a.Name, a.Label)), Is.EqualTo(kept.Images.Select(i => (i.Name, i.Label))));
        Assert.That(model.Assets.Select(a => a.Mean.Length), Is.All.EqualTo(8));
        Assert.That(model.Priors.Select(p => p.Kind), Is.EqualTo(new[] { "flow", "mixture", "normal" }));
        Assert.That(model.Prior().SampleMany(1, 0, 4, 1f).All(float.IsFinite));
        Assert.That(model.Scale, Is.InRange(LikelihoodOptions.SmallestScale, 1.0));
        Assert.That(model.Provenance["images"], Is.EqualTo(images.ContentHash));
        Assert.That(model.Provenance["steps"], Is.EqualTo("60"));
        Assert.That(model.Provenance["trainingImages"], Is.EqualTo($"{kept.Images.Count}"));
        Assert.That(model.Provenance["options"], Is.EqualTo(options.ToJson()));

        double[] losses = Stats("training")
            .Select(e => e.GetProperty("reconstruction").GetDouble() + e.GetProperty("kl").GetDouble()).ToArray();
        Assert.That(losses[^1], Is.LessThan(losses[0] - 300), "nats an image");
        Assert.That(StatSteps("training")[^1], Is.EqualTo(60));
        JsonElement last = Stats("training")[^1];
        string[] figures = ["epoch", "psnr", "learningRate", "klWeight", "gradientNorm", "imagesPerSecond"];
        Assert.That(figures.Select(f => last.GetProperty(f).ValueKind), Is.All.EqualTo(JsonValueKind.Number));
        Assert.That(StatSteps("heldout"), Is.EqualTo(Enumerable.Range(1, 30).Select(i => 2L * i)), "25 milestones or a few more");
        Assert.That(StatSteps("prior")[^1], Is.EqualTo(4));

        string[] previews = Directory.GetFiles(RunPath, "preview-*.png").Order().ToArray();
        string[] expected = Enumerable.Range(1, 30).Select(i => $"preview-{2 * i:D7}.png").ToArray();
        Assert.That(previews.Select(Path.GetFileName), Is.EqualTo(expected));
        PixelImage sheet = Png.Default.Decode(File.ReadAllBytes(previews[^1]), previews[^1]);
        Assert.That(sheet.Rgba.Distinct().Count(), Is.GreaterThan(8));
        Assert.That(File.Exists(VaeCheckpoint) || File.Exists(PriorCheckpoint), Is.False, "checkpoints go when a training is done");
    }

    /// <summary>The options of a comparison with a paper, down to a run without priors.</summary>
    [Test]
    public void APaperSettingIsTrained()
    {
        LikelihoodOptions bernoulli = new(LikelihoodKind.Bernoulli);
        VaeModel model = Train(Tiny with
        {
            Preset = "mlp", Hidden = [8, 12], Pixels = PixelFormat.Grey, Binarize = true, Likelihood = bernoulli, Objective = "iwae", Samples = 3,
            Rate = new() { Kind = RateKind.Stages, Stages = 2 }, LearningRate = 1e-3, AdamEpsilon = 1e-4, PriorSteps = 0, EmaDecay = 0, MaxGradientNorm = 0,
        });
        Assert.That(model.Architecture.Channels, Is.EqualTo(new[] { 8, 12 }));
        Assert.That(model.Weights["encoder.linear0.weight"].Shape, Is.EqualTo(new[] { Side * Side, 8 }));
        Assert.That(model.Priors.Select(p => p.Kind), Is.EqualTo(new[] { "normal" }));
        Assert.That(model.Provenance["priorSteps"], Is.EqualTo("0"));
        Assert.That(model.Scale, Is.EqualTo(1));
        Assert.That(Stats("prior"), Is.Empty);
        Assert.That(Stats("training")[^1].GetProperty("learningRate").GetDouble(), Is.EqualTo(7.2e-4).Within(1e-9), "of the second stage");
    }

    /// <summary>Also what follows the steps: held-out figures, the scale, the posteriors and the priors.</summary>
    [TestCase(null)]
    [TestCase(0L)]
    public void ImagesOnDiskGiveTheSameBytes(long? imageMemory)
    {
        TrainingOptions options = Tiny with { ImageMemoryBytes = imageMemory };
        Train(options);
        byte[] expected = File.ReadAllBytes(OutPath);
        string[] figures = [.. Stats("heldout").Select(e => e.GetRawText())];
        Train(options, OnDisk.Of(Discs()));
        Assert.That(File.ReadAllBytes(OutPath).AsSpan().SequenceEqual(expected));
        Assert.That(Stats("heldout").Select(e => e.GetRawText()), Is.EqualTo(figures));
    }

    [Test]
    public void TheSameSeedGivesTheSameBytesAndAnotherOneAnotherModel()
    {
        VaeModel model = Train();
        AssertModelIs(UndisturbedModel());
        VaeModel other = Train(Tiny with { Seed = 8, Steps = null, Epochs = 5.5 });
        Assert.That(other.Hash, Is.Not.EqualTo(model.Hash));
        double perEpoch = int.Parse(other.Provenance["trainingImages"], CultureInfo.InvariantCulture) / (double)Tiny.Batch;
        Assert.That(other.Provenance["steps"], Is.EqualTo($"{Math.Round(5.5 * perEpoch)}"));
    }
}
