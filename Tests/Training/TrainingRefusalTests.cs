using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Training;

/// <summary>What can't be trained is refused before any work, in words that say what to do, and leaves what was there as it was.</summary>
public sealed class TrainingRefusalTests : TrainingTest
{
    [Test]
    public void OneImageOnly() => AssertRefused(() => Train(images: Discs(1)), "at least 2 images", "found 1", "Add images");

    [Test]
    public void ImagesThatAreNotSquare()
    {
        var wide = new ArtSet(16, 8, Enumerable.Range(0, 4).Select(i => new ArtImage($"{i}", "", new byte[4 * 16 * 8])).ToArray());
        AssertRefused(() => Train(images: wide), "square", "16×8", "--size");
    }

    private static IEnumerable<TestCaseData> BadNetworks()
    {
        yield return Case(Tiny with { LatentSize = 6 }, 8, "latent size", "multiple of 4", "found 6", "Choose 8");
        yield return Case(Tiny with { LatentSize = 0 }, 8, "latent size", "found 0", "Choose 4");
        yield return Case(Tiny, 10, "image size", "multiple of 4", "found 10", "Choose 8 or 12");
        yield return Case(Tiny with { Preset = "fast" }, 4, "image size", "at least 8", "found 4", "Choose 8");
        yield return Case(Tiny with { Preset = "huge" }, 8, "no preset 'huge'", "fast, wide, residual, mlp");
        yield return Case(Tiny with { Likelihood = new(LikelihoodKind.Bernoulli, LikelihoodLink.Identity) }, 8, "Bernoulli", "sigmoid");
        yield return Case(Tiny with { Likelihood = new(LikelihoodKind.Laplace, FixedScale: 0) }, 8, "fixed scale", "above 0", "found 0");
        yield return Case(Tiny with { Batch = 0 }, 8, "batch", "1 to 4096");

        static TestCaseData Case(TrainingOptions options, int side, params string[] words) =>
            new TestCaseData(options, side, words).SetArgDisplayNames(string.Join(" ", words));
    }

    [TestCaseSource(nameof(BadNetworks))]
    public void OptionsThatGiveNoNetwork(TrainingOptions options, int side, string[] words)
    {
        AssertRefused(() => Train(options, Discs(side: side)), words);
        Assert.That(Directory.Exists(RunPath), Is.False, "refused before a run folder is made");
    }

    [Test]
    public void MoreThanTheDeviceHasMemoryFor()
    {
        const string fits = "--batch ";
        using var small = GpuDevice.Create(new GpuDeviceOptions { MemoryLimitBytes = 4_000_000 });
        TrainingOptions options = Tiny with { Batch = 2048, Steps = 1 };
        var refusal = Assert.Throws<TrainingException>(() => VaeTraining.Run(small, Discs(), options, OutPath, RunPath, resume: false, _ => { }, default))!;
        Assert.That(refusal.Message, Does.Match(@"needs \d+\.\d GiB").And.Contain(small.Info.Name).And.Contain(fits).And.Contain("--size"));
        Assert.That(Directory.Exists(RunPath), Is.False, "refused before a run folder is made");
        Assert.That(small.AllocatedBytes, Is.Zero, "refused before anything is allocated");

        // What it says would fit, fits, and no more.
        int batch = int.Parse(refusal.Message.Split(fits)[1].Split(')')[0]);
        ArtSet train = Discs().Split(options.HeldOutFraction, options.Seed).Train;
        VaeArchitecture architecture = VaeTraining.ArchitectureFor(options, Discs());
        Assert.That(BytesAt(batch), Is.LessThanOrEqualTo(4_000_000));
        Assert.That(BytesAt(batch + 1), Is.GreaterThan(4_000_000));

        long BytesAt(int size)
        {
            using var workspace = new Workspace(small);
            var graph = new VaeTrainingGraph(architecture, options with { Batch = size }, train.Images.Count, VaeTraining.MostSteps);
            return workspace.BytesFor(graph.StepKernels().SelectMany(k => k.Bindings).Select(b => b.Tensor));
        }
    }

    /// <summary>More values in a tensor than 32 bits count: streamed images, or activations.</summary>
    [TestCase(0L)]
    [TestCase(null)]
    public void MoreThanAnyDeviceCanCount(long? imageMemory)
    {
        TrainingOptions options = Tiny with { Preset = "fast", Batch = 4096, Steps = 1, ImageMemoryBytes = imageMemory };
        AssertRefused(() => Train(options, ProceduralArt.Generate(3, 1024, seed: 1)), "needs more than 8 GiB of device memory for one tensor", "--batch ", "would fit");
        Assert.That(Directory.Exists(RunPath), Is.False, "refused before a run folder is made");
    }

    [Test]
    public void AModelFileThatCanNotBeWritten()
    {
        Directory.CreateDirectory(OutPath);
        AssertRefused(() => Train(), OutPath, "it is a folder", "--out");
        Directory.Delete(OutPath);
        File.WriteAllText(InFolder("file"), "");
        AssertRefused(() => TrainTo(Path.Combine(InFolder("file"), "model.safetensors")), "can't be written", "--out");
        Assert.That(Directory.Exists(RunPath), Is.False, "refused before a run folder is made");
    }

    [Test]
    public void AnotherTrainingInTheSameRunFolder()
    {
        bool tried = false;
        Train(progress: p =>
        {
            if (tried || p.Phase != "training")
                return;
            tried = true;
            AssertRefused(() => TrainTo(InFolder("other.safetensors")), "Another training is running", RunPath, "--run");
            AssertRefused(() => Train(resume: true), "Another training is running");
        });
        Assert.That(tried);
        Assert.That(OutPath, Does.Exist, "the first goes on undisturbed");
    }

    [Test]
    public void ARunThatIsUnfinishedOrNotThereOrDamagedOrOfOtherImages()
    {
        AssertRefused(() => Train(resume: true), "no checkpoint to resume", "without --resume");
        TrainAndCancel(p => p.Phase == "training" && p.Step == 2);
        byte[] checkpoint = File.ReadAllBytes(VaeCheckpoint);

        AssertRefused(() => Train(), "unfinished training", "--resume", "--run");
        AssertRefused(() => Train(images: Discs(ImageCount - 1), resume: true), "images are not those", "--size", "--slice", "--fit");
        AssertRefused(() => Train(images: Discs(side: 12), resume: true), "images are not those");
        Assert.That(File.ReadAllBytes(VaeCheckpoint).AsSpan().SequenceEqual(checkpoint));

        File.WriteAllBytes(VaeCheckpoint, checkpoint[..(checkpoint.Length / 2)]);
        AssertRefused(() => Train(resume: true), VaeCheckpoint, "can't be used", "cut short", "Delete the run folder");
        File.WriteAllText(VaeCheckpoint, "{ \"some\": \"other file\" }");
        AssertRefused(() => Train(resume: true), VaeCheckpoint, "can't be used", "Delete the run folder");
        new SafetensorsWriter().Save(VaeCheckpoint);
        AssertRefused(() => Train(resume: true), VaeCheckpoint, "it has no 'images'", "Delete the run folder");
    }

    [Test]
    public void ADamagedPriorCheckpoint()
    {
        TrainAndCancel(p => p.Phase == "prior" && p.Step == 1);
        File.WriteAllBytes(PriorCheckpoint, File.ReadAllBytes(PriorCheckpoint)[..1000]);
        AssertRefused(() => Train(resume: true), PriorCheckpoint, "cut short");
        // Without it the prior starts anew.
        File.Delete(PriorCheckpoint);
        Train(resume: true);
        AssertModelIs(UndisturbedModel());
    }

    private void TrainTo(string path) => VaeTraining.Run(Device, Discs(), Tiny, path, RunPath, false, _ => { }, default);

    private static void AssertRefused(Action train, params string[] words)
    {
        var error = Assert.Throws<TrainingException>(() => train())!;
        foreach (string word in words)
            Assert.That(error.Message, Does.Contain(word));
    }
}
