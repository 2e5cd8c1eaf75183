using System;
using System.CommandLine;
using NUnit.Framework;
using VaeProcgen.Editor.Cli;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Cli;

/// <summary>What the command line accepts, and what it says about the rest.</summary>
public class UsageTests
{
    [TestCase("", "Required command was not provided", "See ./vae --help.")]
    [TestCase("trian x", "'trian'", "See ./vae --help.")]
    [TestCase("train", "'DIR'", "See ./vae train --help.")]
    [TestCase("train x", "--out", "See ./vae train --help.")]
    [TestCase("train x --out m --steps 1 --minutes 2", "found --minutes and --steps", "Keep one")]
    [TestCase("train x --out m --minutes 0", "--minutes: expected a number above 0; found '0'.")]
    [TestCase("train x --out m --minutes NaN", "--minutes: expected a number above 0; found 'NaN'.")]
    [TestCase("train x --out m --steps 1.5", "--steps: expected a whole number from 1 to 4294967295; found '1.5'.")]
    [TestCase("train x --out m --size 0", "--size: expected a whole number from 4 to 1024; found '0'.")]
    [TestCase("train x --out m --batch many", "--batch: expected a whole number from 1 to 4096; found 'many'.")]
    [TestCase("train x --out m --slice 32by32", "--slice: Expected a cell size such as 32x32")]
    [TestCase("train x --out m --fit blur", "--fit: expected pixel-perfect, smooth, crop; found 'blur'.")]
    [TestCase("train x --out m --preset huge", "--preset: expected fast, wide, residual, mlp, linear; found 'huge'.")]
    [TestCase("train x --out m --hidden 200x200", "--hidden: expected whole numbers, such as 200,200; found '200x200'.")]
    [TestCase("train x --out m --schedule linear", "--schedule: expected cosine, constant, stages; found 'linear'.")]
    [TestCase("train x --out m --stages 9", "--stages: expected a whole number from 1 to 8; found '9'.")]
    [TestCase("train x --out m --adam-epsilon 0", "--adam-epsilon: expected a number above 0; found '0'.")]
    [TestCase("train x --out m --likelihood cauchy", "--likelihood: expected laplace, gaussian, bernoulli, logistic; found 'cauchy'.")]
    [TestCase("train x --out m --link cosine", "--link: expected sigmoid, identity; found 'cosine'.")]
    [TestCase("train x --out m --augment flip,spin", "--augment: expected none, or some of flip,turns,shift; found 'flip,spin'.")]
    [TestCase("train x --out m --augment none,flip", "--augment: expected none")]
    [TestCase("train x --out m --heldout 0.9", "--heldout: expected a number from 0.001 to 0.5; found '0.9'.")]
    [TestCase("train x --out m --seed -1", "--seed: expected a whole number from 0 to 18446744073709551615; found '-1'.")]
    [TestCase("train x --out m --path fast", "--path: expected texel, shared, matrix; found 'fast'.")]
    [TestCase("sample", "'MODEL'", "See ./vae sample --help.")]
    [TestCase("sample m --count 0", "--count: expected a whole number from 1 to 65536; found '0'.")]
    [TestCase("sample m --temperature -1", "--temperature: expected a number from 0 to 10; found '-1'.")]
    [TestCase("sample m --prior gauss", "--prior: expected flow, mixture, normal, two-layer, categorical, codes, random-codes; found 'gauss'.")]
    [TestCase("reconstruct m", "'IMAGES'")]
    [TestCase("blend m a", "Expected two images for a strip or four for a square; found 1.")]
    [TestCase("blend m a b c", "Expected two images for a strip or four for a square; found 3.")]
    [TestCase("blend m a b --steps 1", "--steps: expected a whole number from 2 to 256; found '1'.")]
    [TestCase("blend m a b --mode cubic", "--mode: expected lerp, slerp; found 'cubic'.")]
    [TestCase("traverse m --range 0", "--range: expected a number from 0.001 to 1000; found '0'.")]
    [TestCase("traverse m --dimensions none", "--dimensions: expected a whole number from 1 to 256; found 'none'.")]
    [TestCase("evaluate m", "'DIR'")]
    [TestCase("evaluate m x --split test", "--split: expected all, train, heldout; found 'test'.")]
    [TestCase("evaluate m x --iwae -1", "--iwae: expected a whole number from 0 to 100000; found '-1'.")]
    [TestCase("evaluate m x --iwae 100001", "--iwae: expected a whole number from 0 to 100000; found '100001'.")]
    [TestCase("evaluate m x --iwae 5 --iwae-images 0", "--iwae-images: expected a whole number from 1 to")]
    [TestCase("evaluate m x --iwae-images 5", "Give --iwae too.")]
    [TestCase("evaluate m x --disentanglement 99", "--disentanglement: expected a whole number from 100 to 737280; found '99'.")]
    [TestCase("export m", "--out", "See ./vae export --help.")]
    [TestCase("export m --out x --assets some", "--assets: expected none, all, or a whole number; found 'some'.")]
    [TestCase("export m --out x --prior", "--prior")]
    [TestCase("bench train --model m", "are for 'bench decode'; found 'bench train'.")]
    [TestCase("bench decode --model m --size 16", "--model says which network it is: leave out --size.")]
    [TestCase("bench decode --model m --grey --likelihood gaussian", "--model says which network it is: leave out --likelihood and --grey.")]
    [TestCase("bench decode --precision mixed", "--precision is for training; found 'bench decode'.")]
    [TestCase("profile decode --precision mixed", "--precision is for training; found 'profile decode'.")]
    [TestCase("demo --minutes soon", "--minutes: expected a number above 0; found 'soon'.")]
    [TestCase("sample m --tune", "'--tune'", "See ./vae sample --help.")]
    [TestCase("info --verbose", "There is no option '--verbose'.", "See ./vae info --help.")]
    [TestCase("reconstruct m a.png --cuont 5", "There is no option '--cuont'.")]
    public void ASlipIsExplained(string line, params string[] said)
    {
        ToolResult result = Tool.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.That(result.Code, Is.EqualTo(ExitCode.Usage));
        foreach (string part in said)
            Assert.That(result.Error, Does.Contain(part));
        Assert.That(result.Error, Does.Not.Contain("   at "));
    }

    [Test]
    public void EveryCommandHasHelp()
    {
        foreach (Command command in Editor.Cli.Program.Commands())
        {
            ToolResult result = Tool.Run(command.Name, "--help");
            Assert.That(result.Code, Is.Zero);
            Assert.That(result.Output, Does.Contain($"vae {command.Name}").And.Contain(command.Description!));
            Assert.That(result.Output, command.Name == "inspect" ? Does.Contain("--out") : Does.Contain("--device"));
        }

        foreach (string name in new[] { "train", "bench", "profile", "demo" })
            Assert.That(Tool.Run(name, "--help").Output, Does.Contain("--tune"));
        Assert.That(Tool.Run("--help").Output, Does.Contain("Usage:").And.Contain("demo").And.Contain("train <DIR>"));
    }

    [Test]
    public void LeftAloneATrainingTakesTheDefaultsForTenMinutes() =>
        Assert.That(Parse("").ToJson(), Is.EqualTo(new TrainingOptions { Minutes = 10 }.ToJson()));

    [Test]
    public void EveryOptionArrives() => Assert.That(
        Parse("--epochs 2.5 --preset mlp --latent 8 --likelihood Gaussian --scale 0.5 --tile --augment shift,turns --batch 3 --seed 7 "
            + "--learning-rate 1e-4 --weight-decay 0.1 --max-gradient-norm 0 --kl-weight 2 --kl-warmup 0 --ema 0.9 --prior-steps 0 "
            + "--heldout 0.2 --checkpoint-seconds 5 --hidden 200,100 --schedule stages --stages 3 --adam-epsilon 1e-4").ToJson(),
        Is.EqualTo(new TrainingOptions
        {
            Epochs = 2.5,
            Preset = "mlp",
            LatentSize = 8,
            Likelihood = new(LikelihoodKind.Gaussian, FixedScale: 0.5f),
            Padding = PaddingMode.Circular,
            Augmentation = new(QuarterTurns: true, WrapShift: true),
            Batch = 3,
            Seed = 7,
            LearningRate = 1e-4,
            WeightDecay = 0.1,
            MaxGradientNorm = 0,
            KlWeight = 2,
            Annealing = new() { WarmupSteps = 0 },
            EmaDecay = 0.9,
            PriorSteps = 0,
            HeldOutFraction = 0.2,
            CheckpointSeconds = 5,
            Hidden = [200, 100],
            Rate = new() { Kind = RateKind.Stages, Stages = 3 },
            AdamEpsilon = 1e-4,
        }.ToJson()));

    [TestCase("--augment none", false, false, false)]
    [TestCase("--augment flip", true, false, false)]
    [TestCase("--augment flip,turns,shift", true, true, true)]
    public void Augmentations(string line, bool flip, bool turns, bool shift) =>
        Assert.That(Parse(line).Augmentation, Is.EqualTo(new Augmentation(flip, turns, shift)));

    [Test]
    public void BeingCancelledHasItsOwnCode()
    {
        var command = new Command("work", "Works");
        command.SetAction(void (_) => throw new OperationCanceledException("Stopped; go on with --resume."));
        Assert.That(Tool.Run([command], "work"), Is.EqualTo(
            new ToolResult(ExitCode.Cancelled, "", $"Stopped; go on with --resume.{Environment.NewLine}")));
    }

    [Test]
    public void AMistakeOfOursIsNotHidden()
    {
        var command = new Command("work", "Works");
        command.SetAction(void (_) => throw new InvalidOperationException("a bug"));
        Assert.That(() => Tool.Run([command], "work"), Throws.InvalidOperationException);
    }

    [Test]
    public void WhatIsWrongWithAnArgumentIsSaidWithoutItsNameInTheCode() =>
        Assert.That(CommandLine.Explain(new ArgumentOutOfRangeException("size", 5, "Expected more.")), Is.EqualTo("Expected more."));

    [Test]
    public void WhatFailsInAParallelLoopIsSaidAsIfItHadFailedAlone()
    {
        Assert.That(CommandLine.Explain(new AggregateException(new ArtImportException("The disk is full."))), Is.EqualTo("The disk is full."));
        Assert.That(CommandLine.Explain(new AggregateException(new InvalidOperationException("ours"))), Is.Null);
    }

    private static TrainingOptions Parse(string line)
    {
        var command = new Command("train", "Trains");
        var flags = new TrainingFlags(command);
        ParseResult parsed = command.Parse(line);
        Assert.That(parsed.Errors, Is.Empty);
        return flags.Options(parsed);
    }
}
