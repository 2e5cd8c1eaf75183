using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Models;

public sealed class VaeRunnerTests(OperandPath path) : GpuTest(path)
{
    private const int Batch = 4;

    private static readonly VaeArchitecture Architecture = TinyModel.Architecture;

    /// <summary>The runner's networks are the training's, to the bit; only the link from logits to pixels is its own.</summary>
    [TestCase("residual", LikelihoodLink.Sigmoid)]
    [TestCase("mlp", LikelihoodLink.Identity)]
    public void ComputesWhatTheTrainingGraphComputes(string preset, LikelihoodLink link)
    {
        ArtSet images = ProceduralArt.Generate(Batch, 12, seed: 1);
        var options = new TrainingOptions
        {
            Preset = preset, LatentSize = 8, Batch = Batch, Steps = 1, Augmentation = new Augmentation(),
            Likelihood = new(LikelihoodKind.Gaussian, link),
        };
        using var workspace = new Workspace(Device);
        var graph = new VaeTrainingGraph(VaeTraining.ArchitectureFor(options, images), options, Batch, mostSteps: 1);
        var sampler = new BatchSampler(Batch, Batch, options.Seed);
        using var training = new RecordedTraining(
            workspace, "step", graph.Parameters, graph.AdamW, graph.Table, sampler, graph.StepKernels());
        graph.Upload(workspace, images);
        training.Initialize(options.Seed);
        float[] weights = training.Capture().Weights;
        training.Run(1, new Schedule(1, options.Seed, LearningRate: 0, KlWeight: 1, EmaDecay: 0, graph.Optimizer), []);

        using var runner = new VaeRunner(Device, graph.Architecture, Batch);
        runner.LoadWeights(p => graph.Parameters.Parameters.Single(q => q.Name == p.Name).Gather(weights));
        float[] x = workspace.Download<float>(graph.Gather.Output);
        var rows = new uint[Batch];
        sampler.RowsAt(0, rows);
        float[] all = new ModelInputs(graph.Architecture, images).All();
        float[] batch = rows.SelectMany(r => all.Skip((int)r * graph.Architecture.Values).Take(graph.Architecture.Values)).ToArray();
        Assert.That(x.Zip(batch, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-6), "both premultiply alike");

        (float[] mean, float[] logVariance) = runner.Encode(x);
        float[] head = workspace.Download<float>(graph.Head);
        Assert.That(mean, Is.EqualTo(head.Where((_, i) => i % 16 < 8)));
        Assert.That(logVariance, Is.EqualTo(head.Where((_, i) => i % 16 >= 8)));

        double[] logits = TestData.ToDouble(workspace.Download<float>(graph.Logits));
        var kind = link == LikelihoodLink.Sigmoid ? ActivationReference.Kind.Sigmoid : ActivationReference.Kind.Identity;
        Compare.Within(
            runner.Decode(workspace.Download<float>(graph.Latents)), ActivationReference.Forward(kind, logits),
            ActivationReference.ForwardBound(kind, logits), "decoded", i => $"{i}");
    }

    [Test]
    public void EveryPresetEncodesAndDecodes([Values("fast", "wide", "residual", "mlp")] string preset, [Values] PaddingMode padding)
    {
        VaeArchitecture a = VaePreset.Create(preset, 16, 8, new LikelihoodOptions(LikelihoodKind.Laplace), padding);
        using var runner = new VaeRunner(Device, a, Batch);
        runner.LoadWeights(TinyModel.Draw);
        (float[] mean, float[] logVariance) = runner.Encode(Images(a, 3));
        Assert.That((mean.Length, logVariance.Length), Is.EqualTo((3 * 8, 3 * 8)));
        Assert.That(mean.Concat(logVariance).All(float.IsFinite));
        Assert.That(mean.Chunk(8).Select(z => string.Join(" ", z)), Is.Unique);
        float[] decoded = runner.Decode(mean);
        Assert.That(decoded, Has.Length.EqualTo(3 * a.Values).And.All.InRange(0f, 1f));
        Assert.That(decoded.Chunk(a.Values).Select(x => string.Join(" ", x)), Is.Unique);
        Assert.That(decoded.Distinct().Count(), Is.GreaterThan(100));
    }

    /// <summary>Whatever the count, and whatever an earlier batch left behind, each image comes out as if it were alone.</summary>
    [TestCase(1)]
    [TestCase(4)]
    [TestCase(5)]
    [TestCase(11)]
    public void AnyCountGivesWhatEachGivesAlone(int count)
    {
        using VaeRunner runner = Load();
        float[] x = Images(Architecture, count);
        (float[] mean, float[] logVariance) = runner.Encode(x);
        float[] decoded = runner.Decode(mean);
        for (int i = count - 1; i >= 0; i--)
        {
            (float[] m, float[] l) = runner.Encode(x.AsSpan(i * Architecture.Values, Architecture.Values));
            Assert.That(m, Is.EqualTo(mean.Skip(i * 4).Take(4)));
            Assert.That(l, Is.EqualTo(logVariance.Skip(i * 4).Take(4)));
            Assert.That(runner.Decode(m), Is.EqualTo(decoded.Skip(i * Architecture.Values).Take(Architecture.Values)));
        }
    }

    [Test]
    public void NothingGivesNothing()
    {
        using VaeRunner runner = Load();
        Assert.That(runner.Encode([]).Mean, Is.Empty);
        Assert.That(runner.Decode([]), Is.Empty);
    }

    [Test]
    public void RefusesPartsOfImagesAndLatents()
    {
        using VaeRunner runner = Load();
        Assert.That(() => runner.Encode(new float[(2 * Architecture.Values) + 64]),
            Throws.ArgumentException.With.Message.Contains("images of 8×8×4").And.Message.Contains("576 values")
                .And.Message.Contains("2.25"));
        Assert.That(() => runner.Decode(new float[6]),
            Throws.ArgumentException.With.Message.Contains("latents of 4").And.Message.Contains("6 values").And.Message.Contains("1.5"));
    }

    [Test]
    public void TakesNewWeightsAtAnyTime()
    {
        using VaeRunner runner = Load();
        float[] x = Images(Architecture, 2);
        float[] before = runner.Encode(x).Mean;
        runner.LoadWeights(p => new float[p.LogicalShape.Aggregate(1, (a, b) => a * b)]);
        Assert.That(runner.Encode(x).Mean, Is.All.Zero);
        runner.LoadWeights(TinyModel.Draw);
        Assert.That(runner.Encode(x).Mean, Is.EqualTo(before));
    }

    [Test]
    public void NamesItsParametersAsTheModelFileDoes()
    {
        using VaeRunner runner = Load();
        IEnumerable<string> names = TinyModel.WeightsFor(Architecture).Keys;
        Assert.That(runner.Parameters.Select(p => p.Name), Is.EquivalentTo(names));
        var model = new VaeModel(Architecture, TinyModel.WeightsFor(Architecture));
        float[] x = Images(Architecture, 2);
        float[] drawn = runner.Encode(x).Mean;
        runner.LoadWeights(model.WeightsOf);
        Assert.That(runner.Encode(x).Mean, Is.EqualTo(drawn));
    }

    private VaeRunner Load()
    {
        var runner = new VaeRunner(Device, Architecture, Batch);
        runner.LoadWeights(TinyModel.Draw);
        return runner;
    }

    private static float[] Images(VaeArchitecture a, int count) => TestData.ToFloat(TestData.Uniform(count * a.Values, 1, 0, 1));
}
