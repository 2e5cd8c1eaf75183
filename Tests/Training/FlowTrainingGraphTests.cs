using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Training;

[TestFixture]
public sealed class FlowTrainingGraphTests() : GpuTest(GpuTestDevice.Paths.First())
{
    private const int Z = 4;

    /// <summary>
    /// Two assets far apart: samples of the trained flow, drawn by the runtime's own network, must lie near one or the other. That
    /// holds only if both networks agree in names, time features and layout.
    /// </summary>
    [Test]
    public void LearnsADistributionThatTheRuntimeDrawsFrom()
    {
        const int hidden = 32, blocks = 2, batch = 128, steps = 400;
        float[][] centres = [[1, -1, 0.5f, 1], [-1, 1, 0.5f, -1]];
        float[] posterior = centres.SelectMany(c => (float[])[.. c, 0.05f, 0.05f, 0.05f, 0.05f]).ToArray();
        using var workspace = new Workspace(Device);
        var graph = new FlowTrainingGraph(Z, hidden, blocks, imageCount: 2, batch, mostSteps: 32);
        using var training = new RecordedTraining(
            workspace, "flow step", graph.Parameters, graph.AdamW, graph.Table, new BatchSampler(2, batch, 1), graph.StepKernels());
        workspace.Upload<float>(graph.Posterior, posterior);
        training.Initialize(1);
        var totals = new List<StepTotals>();
        var schedule = new Schedule(steps, Seed: 1, LearningRate: 5e-3, KlWeight: 0, EmaDecay: 0.98, graph.Optimizer);
        while (training.Step < steps)
            training.Run((int)Math.Min(32, steps - training.Step), schedule, totals);
        Assert.That(totals.TakeLast(20).Average(t => t.Square), Is.LessThan(0.7 * totals.Take(5).Average(t => t.Square)));

        float[] average = training.AverageWeights();
        Dictionary<string, float[]> weights = graph.Parameters.Parameters.ToDictionary(p => p.Name, p => p.Gather(average));
        weights["prior.flow.mean"] = new float[Z];
        weights["prior.flow.std"] = [1, 1, 1, 1];
        float[][] samples = new FlowPrior(Z, hidden, blocks, (name, _) => weights[name]).SampleMany(seed: 3, 0, 200, 1f).Chunk(Z).ToArray();
        int[] near = centres.Select(c => samples.Count(s => s.Zip(c, (a, b) => Math.Abs(a - b)).Max() < 0.5)).ToArray();
        Assert.That(near.Sum(), Is.GreaterThan(160), "of 200 samples near an asset");
        Assert.That(near, Is.All.GreaterThan(50), "of 200 samples near each");
    }
}
