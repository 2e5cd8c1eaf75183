using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Training;

/// <summary>The importance-weighted bound as a training minimises it: whole graphs, not the loss alone.</summary>
[TestFixture]
public sealed class ImportanceWeightedTrainingTests() : GpuTest(GpuTestDevice.Paths.First())
{
    private static readonly ArtSet Images = ProceduralArt.Generate(12, 12, seed: 5);

    private static readonly TrainingOptions Options = new()
    {
        Preset = "fast", LatentSize = 4, Batch = 6, Steps = 60, Seed = 4, Objective = "iwae", Annealing = new() { WarmupSteps = 0 },
        Likelihood = new(LikelihoodKind.Gaussian, LearnedScale: true), Augmentation = new Augmentation(),
    };

    /// <summary>K = 1 is the ELBO with the KL at the sample.</summary>
    [Test]
    public void OneSampleIsTheSampledElboToTheBit()
    {
        using var one = new SteppedGraph(Device, Images, Options);
        using var sampled = new SteppedGraph(Device, Images, Options with { Objective = "sampled-elbo" });
        List<StepTotals> losses = one.Run(8), others = sampled.Run(8);
        Assert.That(one.Weights(), Is.EqualTo(sampled.Weights()));
        Assert.That(losses.Select(t => t.NegativeLogLikelihood), Is.EqualTo(others.Select(t => t.NegativeLogLikelihood)).And.Unique);
    }

    [Test]
    public void MoreSamplesGiveATighterBound()
    {
        const int draws = 25;
        float[] weights = Train(Options with { Objective = "elbo" });
        var bounds = new List<SampleMean>();
        foreach (int samples in new[] { 1, 4, 16 })
        {
            using var graph = new SteppedGraph(Device, Images, Options with { Samples = samples, Batch = 12 }, learningRate: 0);
            graph.TakeWeights(weights);
            var mean = new SampleMean();
            foreach (StepTotals totals in graph.Run(draws))
                mean.Add(totals.Loss);
            TestContext.Out.WriteLine(FormattableString.Invariant(
                $"K = {samples}: loss {mean.Mean:F3} ± {mean.StandardError:F3} nats an image"));
            double error = bounds.Count == 0 ? 0 : Math.Sqrt(mean.Variance / draws + (bounds[^1].Variance / draws));
            if (bounds.Count > 0)
                Assert.That(bounds[^1].Mean - mean.Mean, Is.GreaterThan(3 * error), $"K = {samples}");
            bounds.Add(mean);
        }
    }

    [TestCase(GradientEstimator.Pathwise)]
    [TestCase(GradientEstimator.DoublyReparameterized)]
    public void Trains(GradientEstimator estimator) => Train(Options with { Samples = 4, Estimator = estimator });

    private float[] Train(TrainingOptions options)
    {
        using var graph = new SteppedGraph(Device, Images, options);
        List<StepTotals> totals = graph.Run((int)options.Steps!);
        double first = totals.Take(5).Average(t => t.Loss), last = totals.TakeLast(5).Average(t => t.Loss);
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"{options.Objective}, {options.Estimator}: loss {first:F1}, in the end {last:F1} nats an image"));
        Assert.That(last, Is.LessThan(first - 100));
        return graph.Weights();
    }
}
