using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Latents;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Training;

public sealed class CodePriorTrainingGraphTests(OperandPath path) : GpuTest(path)
{
    /// <summary>
    /// On the same weights, the device's −log p and that of the runtime's own network agree within 16 times what single precision may
    /// plausibly be off: exponentials and quotients err by that many roundings on a device.
    /// </summary>
    [TestCase(0, 0)]
    [TestCase(2, 3)]
    public void TheDeviceComputesWhatTheRuntimeComputes(int radius, int labels)
    {
        const int images = 5, batch = 37;
        var shape = new CodePriorShape(new CodeGrid(5, 4, radius), Codes: 13, Dimensions: 4, Embedding: 8, Hidden: 36, Blocks: 2, labels);
        var graph = new CodePriorTrainingGraph(shape, images, batch, mostSteps: 1, contextDrop: 0, labelDrop: 0.4f);
        int[] codes = Enumerable.Range(0, images * shape.Grid.Codes).Select(i => i * i % 13).ToArray();
        int[]? kinds = labels == 0 ? null : Enumerable.Range(0, images).Select(i => i % labels).ToArray();
        using var workspace = new Workspace(Device);
        using var training = new RecordedTraining(
            workspace, "code prior", graph.Parameters, graph.AdamW, graph.Table, new BatchSampler(images, batch, 1), graph.StepKernels());
        graph.Upload(workspace, codes, kinds);
        training.Initialize(1);
        float[] weights = training.Capture().Weights;
        var totals = new List<StepTotals>();
        training.Run(1, new Schedule(10, Seed: 1, LearningRate: 0, KlWeight: 0, EmaDecay: 0, graph.Optimizer), totals);

        var rows = new uint[batch];
        new BatchSampler(images, batch, 1).RowsAt(0, rows);
        float[] nll = workspace.Download<float>(graph.Nll.Output);
        uint[] positions = workspace.Download<uint>(graph.Context.Position), given = workspace.Download<uint>(graph.Context.Label);
        var tensors = graph.Parameters.Parameters.ToDictionary(p => p.Name, p => p.Gather(weights));
        CodePrior prior = graph.Assemble(weights, new float[13 * 4]);
        var random = new Random(1);
        double RandomPart() => ((2 * random.NextDouble()) - 1) * Math.Pow(2, -24);
        var reference = new CodePriorReference(shape, tensors);
        var disturbed = new CodePriorReference(shape, tensors)
        {
            Round = value => value * (1 + RandomPart()),
            Disturb = (value, magnitude, terms) => value + (RandomPart() * Math.Sqrt(terms) * magnitude),
        };
        double largest = 0, worst = 0, sum = 0;
        for (int r = 0; r < batch; r++)
        {
            int[] grid = codes.Skip((int)rows[r] * shape.Grid.Codes).Take(shape.Grid.Codes).ToArray();
            int? label = given[r] < labels ? (int)given[r] : null;
            double runtime = prior.NegativeLogLikelihoods(grid, label is { } l ? [l] : null)[positions[r]];
            double expected = reference.NegativeLogLikelihoods(grid, label)[positions[r]];
            largest = Math.Max(largest, Math.Abs(disturbed.NegativeLogLikelihoods(grid, label)[positions[r]] - expected));
            worst = Math.Max(worst, Math.Abs(nll[4 * r] - runtime));
            sum += runtime;
        }

        Assert.That(worst, Is.LessThan(16 * largest));
        Assert.That(16 * largest, Is.LessThan(1e-4), "the tolerance itself is meaningful");
        Assert.That(totals[0].Loss, Is.EqualTo(sum / batch).Within(1e-5));
        Assert.That(totals[0].Loss, Is.EqualTo(Math.Log(13)).Within(0.5), "at the start all codes are about as likely");
        if (labels > 0)
            Assert.That(given.Take(batch).Distinct(), Has.Some.EqualTo((uint)labels).And.Some.LessThan((uint)labels));
    }

    /// <summary>
    /// Grids of 2×2 codes of two kinds, with probabilities that no product of single codes has: the learned distribution over all
    /// 4⁴ grids is that of the data, with the label and without.
    /// </summary>
    [Test]
    public void LearnsAKnownJointDistribution()
    {
        int[][] grids = [[0, 1, 2, 3], [0, 1, 3, 2], [3, 3, 3, 3], [1, 0, 0, 1], [2, 2, 0, 0]];
        int[][] repeats = [[6, 3, 1, 0, 0], [0, 0, 2, 5, 3]];
        var codes = new List<int>();
        var kinds = new List<int>();
        for (int kind = 0; kind < 2; kind++)
        {
            for (int g = 0; g < grids.Length; g++)
            {
                codes.AddRange(Enumerable.Repeat(grids[g], repeats[kind][g]).SelectMany(c => c));
                kinds.AddRange(Enumerable.Repeat(kind, repeats[kind][g]));
            }
        }

        const int steps = 250, batch = 60;
        var shape = new CodePriorShape(new CodeGrid(2, 2, 0), Codes: 4, Dimensions: 4, Embedding: 4, Hidden: 32, Blocks: 1, Labels: 2);
        var graph = new CodePriorTrainingGraph(shape, kinds.Count, batch, mostSteps: 50, contextDrop: 0, labelDrop: 0.5f);
        using var workspace = new Workspace(Device);
        using var training = new RecordedTraining(
            workspace, "code prior", graph.Parameters, graph.AdamW, graph.Table,
            new BatchSampler(kinds.Count, batch, 1), graph.StepKernels());
        graph.Upload(workspace, [.. codes], [.. kinds]);
        training.Initialize(1);
        var schedule = new Schedule(steps, Seed: 1, LearningRate: 2e-2, KlWeight: 0, EmaDecay: 0.98, graph.Optimizer);
        var totals = new List<StepTotals>();
        while (training.Step < steps)
            training.Run(50, schedule, totals);

        CodePrior prior = graph.Assemble(training.AverageWeights(), new float[16]);
        int[] all = Enumerable.Range(0, 256).SelectMany(i => new[] { i & 3, (i >> 2) & 3, (i >> 4) & 3, i >> 6 }).ToArray();
        double TotalVariation(int? label)
        {
            double[] p = prior.NegativeLogLikelihoods(all, label is { } l ? Enumerable.Repeat(l, 256).ToArray() : null)
                .Chunk(4).Select(nll => Math.Exp(-nll.Sum())).ToArray();
            Assert.That(p.Sum(), Is.EqualTo(1).Within(1e-5), "probabilities of all grids");
            double[] truth = new double[256];
            for (int g = 0; g < grids.Length; g++)
            {
                double times = label is { } kind ? repeats[kind][g] / 10.0 : (repeats[0][g] + repeats[1][g]) / 20.0;
                truth[grids[g][0] | (grids[g][1] << 2) | (grids[g][2] << 4) | (grids[g][3] << 6)] = times;
            }

            return 0.5 * p.Zip(truth, (a, b) => Math.Abs(a - b)).Sum();
        }

        Assert.That(TotalVariation(0), Is.LessThan(0.05));
        Assert.That(TotalVariation(1), Is.LessThan(0.05));
        Assert.That(TotalVariation(null), Is.LessThan(0.08));
        int[][] samples = prior.SampleCodes(4, 0, 500, 1, label: 0).Chunk(4).ToArray();
        double Share(int g) => samples.Count(s => s.SequenceEqual(grids[g])) / 500.0;
        Assert.That(Share(0), Is.EqualTo(0.6).Within(0.15));
        Assert.That(Share(1), Is.EqualTo(0.3).Within(0.15));
    }

    [Test]
    public void RefusesCodesOfAnotherKind()
    {
        using var workspace = new Workspace(Device);
        var graph = new CodePriorTrainingGraph(new CodePriorShape(new CodeGrid(2, 2, 0), 8, 4), imageCount: 2, batch: 1, mostSteps: 1);
        Assert.That(() => graph.Upload(workspace, new int[7]),
            Throws.ArgumentException.With.Message.Contains("8 codes from 0 to 7; found 7"));
        Assert.That(() => graph.Upload(workspace, [0, 1, 2, 3, 4, 5, 6, 8]),
            Throws.ArgumentException.With.Message.Contains("and 8 at place 7"));
    }
}
