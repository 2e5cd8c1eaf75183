using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Models;

/// <summary>The runner gives and takes latents in units of their label's prior, and no divergence changes by that.</summary>
public sealed class LabelPriorTests(OperandPath path) : GpuTest(path)
{
    private const int Batch = 4;

    [TestCase(8, 0)]
    [TestCase(36, 3, Description = "nine Gaussians an image, side by side")]
    public void TheDivergenceFromTheLabelsPriorIsThatFromTheStandardNormalInItsUnits(int z, int side)
    {
        ArtSet images = ProceduralArt.Generate(Batch, 12, seed: 1);
        var options = new TrainingOptions
        {
            LatentSize = z, LatentSide = side, Conditional = true, Batch = Batch, Steps = 1, Augmentation = new Augmentation(),
        };
        VaeArchitecture a = VaePreset.Create("fast", 12, z, new LikelihoodOptions(LikelihoodKind.Laplace), PaddingMode.Zero, side)
            with { Labels = images.Labels };
        using var workspace = new Workspace(Device);
        var graph = new VaeTrainingGraph(a, options, Batch, mostSteps: 1);
        var sampler = new BatchSampler(Batch, Batch, options.Seed);
        using var training = new RecordedTraining(
            workspace, "step", graph.Parameters, graph.AdamW, graph.Table, sampler, graph.StepKernels());
        graph.Upload(workspace, images);
        training.Initialize(options.Seed);
        OptimizerState state = training.Capture();
        Parameter table = graph.Parameters.Parameters.Single(p => p.Name == VaeNetwork.LabelPrior + ".weight");
        float[] priors = TestData.ToFloat(TestData.Uniform(a.Labels.Count * 2 * z, 5));
        table.Scatter(priors, state.Weights);
        training.Restore(state);
        training.Run(1, new Schedule(1, options.Seed, LearningRate: 0, KlWeight: 1, EmaDecay: 0, graph.Optimizer), []);

        var rows = new uint[Batch];
        sampler.RowsAt(0, rows);
        int[] labelOf = rows.Select(r => a.LabelIndex(images.Images[(int)r].Label)).ToArray();
        Assert.That(labelOf, Is.Unique);
        Tensor kl = graph.Graph.Operators.OfType<GaussianKl>().Single().Output;
        double[] head = TestData.ToDouble(workspace.Download<float>(graph.Head));
        double[] priorHead = labelOf.SelectMany(l => priors.Skip(l * 2 * z).Take(2 * z)).Select(v => (double)v).ToArray();
        Rounded[] expected = TwoGaussianKlReference.Forward(z / a.Cells, head, priorHead);
        Compare.Within(workspace.Download<float>(kl), expected, "KL on the device", i => $"[{i}]");

        using var runner = new VaeRunner(Device, a, Batch);
        runner.LoadWeights(p => graph.Parameters.Parameters.Single(q => q.Name == p.Name).Gather(state.Weights));
        (float[] mean, float[] logVariance) = runner.Encode(workspace.Download<float>(graph.Gather.Output), labelOf);
        float[] whitened = mean.Zip(logVariance, (m, l) => (float)(0.5 * (((double)m * m) + Math.Exp(l) - l - 1))).ToArray();
        Compare.Within(whitened, expected, "KL from N(0, I)", i => $"[{i}]");

        // z = μ_y + σ_y u goes to the decoder: what it drew in training, in units of the priors, gives the images of training.
        float[] drawn = workspace.Download<float>(graph.Latents);
        float[] u = drawn.Select((v, i) => (float)((v - Prior(i, 0)) * Math.Exp(-0.5 * Prior(i, 1)))).ToArray();
        float[] decoded = runner.Decode(u, labelOf), logits = workspace.Download<float>(graph.Logits);
        double[] images01 = logits.Select(l => 1 / (1 + Math.Exp(-(double)l))).ToArray();
        Assert.That(decoded.Zip(images01, (x, y) => Math.Abs(x - y)).Max(), Is.LessThan(1e-5));

        // μ_y (part 0) or log σ_y² (part 1) of an element of [N, Z]: a cell's means lie before its log variances.
        double Prior(int i, int part)
        {
            int cell = z / a.Cells, at = i % z;
            return priorHead[(i / z * 2 * z) + (((2 * (at / cell)) + part) * cell) + (at % cell)];
        }
    }

    [Test]
    public void AnUntrainedPriorChangesNothingAndLabelsReachBothNetworks()
    {
        VaeArchitecture a = TinyModel.Architecture with { Labels = ["a", "b"] };
        using var runner = new VaeRunner(Device, a, Batch);
        runner.LoadWeights(p => p.Name.StartsWith(VaeNetwork.LabelPrior, StringComparison.Ordinal)
            ? new float[p.LogicalShape[0] * p.LogicalShape[1]]
            : TinyModel.Draw(p));
        float[] x = TestData.ToFloat(TestData.Uniform(a.Values, 1, 0, 1)), pair = [.. x, .. x];
        float[] mean = runner.Encode(pair, [0, 1]).Mean;
        Assert.That(mean.Take(4), Is.Not.EqualTo(mean.Skip(4)), "the encoder is told the label");
        float[] decoded = runner.Decode([1, 2, 3, 4, 1, 2, 3, 4], [0, 1]);
        Assert.That(decoded.Take(a.Values), Is.Not.EqualTo(decoded.Skip(a.Values)), "the decoder is told the label");

        // More than a batch, in another order: each latent keeps its own label.
        int[] labelOf = [1, 0, 1, 1, 0, 0, 1];
        float[] many = runner.Decode(Enumerable.Repeat(new float[] { 1, 2, 3, 4 }, 7).SelectMany(u => u).ToArray(), labelOf);
        for (int i = 0; i < 7; i++)
            Assert.That(many.Skip(i * a.Values).Take(a.Values), Is.EqualTo(decoded.Skip(labelOf[i] * a.Values).Take(a.Values)));
    }

    [Test]
    public void RefusesMissingUnknownAndNeedlessLabels()
    {
        VaeArchitecture a = TinyModel.Architecture with { Labels = ["a", "b"] };
        using VaeRunner conditional = new(Device, a, Batch), plain = new(Device, TinyModel.Architecture, Batch);
        conditional.LoadWeights(TinyModel.Draw);
        plain.LoadWeights(TinyModel.Draw);
        Assert.That(
            () => conditional.Decode(new float[4]),
            Throws.ArgumentException.With.Message.Contains("must be told the label").And.Message.Contains("a, b"));
        Assert.That(() => conditional.Decode(new float[4], [2]), Throws.ArgumentException.With.Message.Contains("no label 2"));
        Assert.That(
            () => conditional.Decode(new float[8], [1]),
            Throws.ArgumentException.With.Message.Contains("a label for each of 2; found 1"));
        Assert.That(() => plain.Decode(new float[4], [0]), Throws.ArgumentException.With.Message.Contains("not conditional"));
        Assert.That(ModelLabels.InTurn(TinyModel.Architecture, 3), Is.Null);
    }
}
