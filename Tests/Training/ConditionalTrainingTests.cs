using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Training;

/// <summary>Training with labels, from images in sub-folders to samples of a label.</summary>
public sealed class ConditionalTrainingTests : TrainingTest
{
    private static readonly TrainingOptions Conditional = Tiny with { Conditional = true };

    [Test]
    public void LeavesAModelThatKnowsItsLabels()
    {
        Train(Conditional);
        VaeModel model = VaeModel.Load(OutPath);
        Assert.That(model.Architecture.Labels, Is.EqualTo(new[] { "even", "odd" }));
        WeightTensor priors = model.Weights[VaeNetwork.LabelPrior + ".weight"];
        Assert.That(priors.Shape, Is.EqualTo(new[] { 2, 8 }));
        Assert.That(priors.Values, Has.Some.Not.Zero, "priors are learned");
        Assert.That(Stats("heldout"), Has.Count.EqualTo(12));
        PixelImage preview = Png.Load(Path.Combine(RunPath, "preview-0000012.png"));
        int columns = Discs().Split(Conditional.HeldOutFraction, Conditional.Seed).HeldOut.Images.Count;
        Assert.That((preview.Width, preview.Height), Is.EqualTo(((columns * 68) + 4, (3 * 68) + 4)), "images, reconstructions, samples");

        // What the file says of the assets is what it makes of them, in units of their labels' priors.
        using var session = new ModelSession(Device, model);
        ArtSet kept = Discs().Split(Conditional.HeldOutFraction, Conditional.Seed).Train;
        float[] means = session.Encode(ArtSource.ImagesOf(kept), ModelLabels.Of(model.Architecture, kept));
        Assert.That(model.Assets.SelectMany(a => a.Mean), Is.EqualTo(means));
    }

    [Test]
    public void ResumesToTheVeryBytes([Values(LatentKind.Gaussian, LatentKind.Point)] LatentKind latents)
    {
        string objective = latents == LatentKind.Point ? "reconstruction" : "elbo";
        TrainingOptions options = Conditional with { Latent = latents, Objective = objective };
        TrainAndCancel(p => p.Phase == "training" && p.Step == 5, options);
        Train(resume: true);
        AssertModelIs(UndisturbedModel(options, Discs()));
    }

    [Test]
    public void TrainsOnAGridAndWithSeveralWeighedSamples()
    {
        Train(Conditional with { LatentSize = 64, LatentSide = 4, Steps = 2 });
        var learned = new LikelihoodOptions(LikelihoodKind.Laplace, LearnedScale: true);
        TrainingOptions weighed = Conditional with { Objective = "iwae", Samples = 3, Steps = 2, Likelihood = learned };
        Assert.That(Train(weighed).Weights, Does.ContainKey(VaeNetwork.LabelPrior + ".weight"));
    }

    /// <summary>Squares of two colours, which the label alone decides: samples of a label have its colour.</summary>
    [Test]
    public void SamplesOfALabelAreOfThatLabel()
    {
        ArtSet images = Squares(60);
        TrainingOptions options = Conditional with { Steps = 120, PriorSteps = 20, Batch = 16, LearningRate = 5e-3, EmaDecay = 0.9 };
        VaeModel model = Train(options, images);
        using var session = new ModelSession(Device, model);
        foreach (string prior in new[] { "normal", "flow" })
        {
            IReadOnlyList<PixelImage> samples = session.Sample(model.Prior(prior), 1, 20);
            for (int i = 0; i < samples.Count; i++)
            {
                (double red, double blue) = Colour(samples[i]);
                string label = model.Architecture.Labels[i % 2];
                double share = (label == "red" ? red : blue) / (red + blue);
                Assert.That(share, Is.GreaterThan(0.55), $"sample {i} of {label} by {prior}");
            }
        }

        ArtSplit split = images.Split(options.HeldOutFraction, options.Seed);
        SampleProbe probe = SampleProbe.Run(session, split.Train, split.HeldOut, 0, model.Prior(), 1, seed: 1, perLabel: 10, penalty: 1e-3);
        Assert.That((probe.SampleAccuracy, probe.ImageAccuracy), Is.EqualTo((1.0, 1.0)));
        Assert.That(probe.Confusion, Is.EqualTo(new[] { new[] { 10, 0 }, new[] { 0, 10 } }));
        Assert.That(probe.ToString(), Does.Contain("100.0 % of 20 samples").Or.Contain("100.0% of 20 samples"));

        // The same latent under another label turns towards that label's colour.
        AssetLatent asset = model.Assets.First(a => a.Label == "red");
        IReadOnlyList<PixelImage> both = session.Decode([.. asset.Mean, .. asset.Mean], [0, 1]);
        Assert.That(Colour(both[1]).Red / Colour(both[1]).Blue, Is.GreaterThan(1.5 * Colour(both[0]).Red / Colour(both[0]).Blue));
    }

    [Test]
    public void ImagesWithoutALabelOrOfOneLabelAreRefusedBeforeTheWork()
    {
        ArtSet discs = Discs();
        ArtSet Relabelled(Func<ArtImage, int, string> label) =>
            new(Side, Side, discs.Images.Select((image, i) => image with { Label = label(image, i) }).ToArray());
        AssertRefused(Relabelled((image, i) => i == 3 ? "" : image.Label), "1 of 16 have none, such as odd/03", "--conditional");
        AssertRefused(Relabelled((_, _) => ""), "16 of 16 have none");
        AssertRefused(Relabelled((_, _) => "one"), "2 to 1024 different labels", "found 1");
        string held = discs.Split(Conditional.HeldOutFraction, Conditional.Seed).HeldOut.Images[0].Name;
        AssertRefused(Relabelled((image, _) => image.Name == held ? "rare" : image.Label), "All images of rare", "--seed");
        Assert.That(Directory.Exists(RunPath), Is.False, "refused before a run folder is made");

        void AssertRefused(ArtSet images, params string[] words)
        {
            var error = Assert.Throws<TrainingException>(() => Train(Conditional, images))!;
            foreach (string word in words)
                Assert.That(error.Message, Does.Contain(word));
        }
    }

    [Test]
    public void MirrorImagesHaveTheLabelsOfTheirImages()
    {
        VaeModel model = Train(Conditional with { Steps = 3 });
        using var session = new ModelSession(Device, model);
        ArtSet images = Discs();
        AggregatePosterior aggregate = AggregatePosterior.Encode(session.Runner, images, withMirrored: true);
        byte[] Mirror(byte[] rgba) =>
            [.. Enumerable.Range(0, Side * Side).SelectMany(p => rgba.Skip(4 * ((p / Side * Side) + Side - 1 - (p % Side))).Take(4))];
        var mirrored = new ArtSet(Side, Side, images.Images.Select(i => i with { Rgba = Mirror(i.Rgba) }).ToArray());
        float[] Means(ArtSet set) => ScoredImages.Of(session.Runner, set).Posteriors.Centres;
        Assert.That(aggregate.Mean, Is.EqualTo(Means(images).Concat(Means(mirrored))));
    }

    /// <summary>Red and blue squares of various places and sizes.</summary>
    private static ArtSet Squares(int count) => new(Side, Side, Enumerable.Range(0, count).Select(i =>
    {
        var rgba = new byte[Side * Side * 4];
        bool isRed = i % 2 == 0;
        byte[] colour = [(byte)(isRed ? 220 : 20), (byte)(i * 3 % 60), (byte)(isRed ? 20 : 220), 255];
        int size = 3 + (i / 2 % 3), left = i / 6 % (Side - size), top = i * 7 / 3 % (Side - size);
        for (int y = top; y < top + size; y++)
        {
            for (int x = left; x < left + size; x++)
                colour.CopyTo(rgba, 4 * ((y * Side) + x));
        }

        string label = isRed ? "red" : "blue";
        return new ArtImage($"{label}/{i:D2}", label, rgba);
    }).ToArray());

    /// <summary>Premultiplied red and blue of an image, summed.</summary>
    private static (double Red, double Blue) Colour(PixelImage image)
    {
        double red = 1, blue = 1;
        for (int p = 0; p < image.Rgba.Length; p += 4)
        {
            red += image.Rgba[p] * image.Rgba[p + 3] / 255.0;
            blue += image.Rgba[p + 2] * image.Rgba[p + 3] / 255.0;
        }

        return (red, blue);
    }
}
