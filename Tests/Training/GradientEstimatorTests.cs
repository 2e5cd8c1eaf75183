using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Training;

/// <summary>
/// Two estimators of one gradient, on the device, on a half trained model whose weights stay as they are: step after step draws other
/// noise. Tests/References has the same of the formulas in double precision, with more draws.
/// </summary>
[TestFixture]
public sealed class GradientEstimatorTests() : GpuTest(GpuTestDevice.Paths.First())
{
    private const int Draws = 200;

    private static readonly ArtSet Images = ProceduralArt.Generate(8, 12, seed: 3);

    /// <summary>A decoder with a sigmoid behind it: the ELBO is no polynomial of z.</summary>
    private static readonly TrainingOptions Options = new()
    {
        Preset = "linear", LatentSize = 4, Batch = 8, Steps = 600, Seed = 2, Samples = 8, LearningRate = 0.005,
        Likelihood = new(LikelihoodKind.Gaussian, FixedScale: 0.25f), Annealing = new() { WarmupSteps = 0 },
        Augmentation = new Augmentation(),
    };

    [Test]
    public void PathwiseAndScoreFunctionHaveOneMean() => AssertSameMean(
        steps: 100, Options, Options with { Estimator = GradientEstimator.ScoreFunction }, "pathwise", "score function", leastRatio: 3);

    [Test]
    public void DoublyReparameterizedAndPlainHaveOneMean()
    {
        // Its variance is small where the posterior fits: the training goes on for longer.
        TrainingOptions plain = Options with { Objective = "iwae" };
        TrainingOptions doubly = plain with { Estimator = GradientEstimator.DoublyReparameterized };
        AssertSameMean(steps: 600, doubly, plain, "doubly reparameterized", "plain IWAE", leastRatio: 1);
    }

    /// <summary>Both see the same noise, so the decoder's gradients are equal to the bit; the encoder's differ by a mean of 0.</summary>
    private void AssertSameMean(
        int steps, TrainingOptions steadyOptions, TrainingOptions noisyOptions, string steadyName, string noisyName, double leastRatio)
    {
        float[] weights = Trained(steps);
        using var steady = new SteppedGraph(Device, Images, steadyOptions, learningRate: 0);
        using var noisy = new SteppedGraph(Device, Images, noisyOptions, learningRate: 0);
        steady.TakeWeights(weights);
        noisy.TakeWeights(weights);
        SampleMean[] ofSteady = [], ofNoisy = [], difference = [];
        for (int draw = 0; draw < Draws; draw++)
        {
            steady.Run(1);
            noisy.Run(1);
            Assert.That(steady.Gradient("decoder."), Is.EqualTo(noisy.Gradient("decoder.")), "of the decoder");
            float[] a = steady.Gradient("encoder."), b = noisy.Gradient("encoder.");
            if (draw == 0)
                (ofSteady, ofNoisy, difference) = (Means(a.Length), Means(a.Length), Means(a.Length));
            for (int i = 0; i < a.Length; i++)
            {
                ofSteady[i].Add(a[i]);
                ofNoisy[i].Add(b[i]);
                difference[i].Add((double)b[i] - a[i]);
            }
        }

        Assert.That(steady.Weights(), Is.EqualTo(weights), "a rate of 0");
        // Some pixels are the same in all images: their weights have no gradient under either.
        double[] deviations = [.. difference.Where(d => d.StandardError > 0).Select(d => d.Mean / d.StandardError)];
        double size = Math.Sqrt(deviations.Average(d => d * d)), ratio = ofNoisy.Sum(m => m.Variance) / ofSteady.Sum(m => m.Variance);
        double signal = Math.Sqrt(ofSteady.Sum(m => m.Mean * m.Mean) / difference.Sum(d => d.StandardError * d.StandardError));
        TestContext.Out.WriteLine($"{Draws} draws, {deviations.Length} weights of the encoder, means of {steadyName} and {noisyName}:");
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"they differ by {size:F2} standard errors (root mean square), at most {deviations.Max(Math.Abs):F1};"));
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"the mean gradient is {signal:F1} standard errors long; variance of {noisyName} over {steadyName}: {ratio:F1}"));
        Assert.That(deviations.Select(Math.Abs), Is.All.LessThan(5));
        Assert.That(size, Is.InRange(0.6, 1.4), "what chance gives: 1");
        Assert.That(signal, Is.GreaterThan(1), "else a gradient of 0 would pass");
        Assert.That(ratio, Is.GreaterThan(leastRatio));
    }

    private float[] Trained(int steps)
    {
        using var graph = new SteppedGraph(Device, Images, Options with { Samples = 1 });
        List<StepTotals> totals = graph.Run(steps);
        Assert.That(totals[^1].Loss, Is.LessThan(totals[0].Loss));
        return graph.Weights();
    }

    private static SampleMean[] Means(int count) => [.. Enumerable.Range(0, count).Select(_ => new SampleMean())];
}
