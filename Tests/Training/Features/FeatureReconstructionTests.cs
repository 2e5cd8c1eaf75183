using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Editor.Training.Features;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;
using TinyModel = VaeProcgen.Tests.Models.TinyModel;

namespace VaeProcgen.Tests.Training.Features;

/// <summary>The reconstruction term in features against a composition in double precision: x̂ = σ(l), two convolutions, the likelihood.</summary>
public sealed class FeatureReconstructionTests(OperandPath path) : GpuTest(path)
{
    private const int N = 3, Side = 8;
    private const double LargestRelativeError = 1e-4;

    private static readonly VaeArchitecture Model =
        new(NetworkKind.Conv, Side, Side, 4, [4, 8], new LikelihoodOptions(LikelihoodKind.Laplace));

    private static readonly Dims Pixels = new(N, Side, Side, 4);

    private static readonly LikelihoodReference.Settings Gaussian =
        new(LikelihoodReference.Distribution.Gaussian, LikelihoodReference.Link.Identity);

    private static readonly Dictionary<string, WeightTensor> Weights = FeatureNetwork.ParametersOf(Model).Parameters
        .ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, TinyModel.Draw(p)));

    private static readonly double[] Logits = TestData.Uniform(Pixels.Length, 1, -2, 2), Images = TestData.Uniform(Pixels.Length, 2, 0);

    [Test]
    public void TheReferenceIsItsOwnDerivative() =>
        FiniteDifference.Check(l => Reference(l).Loss, Logits, Reference(Logits).Gradient, "dLogits", Pixels.Locate);

    [Test]
    public void LossAndGradientAreThoseOfTheFormula()
    {
        using var workspace = new Workspace(Device);
        Tensor logits = new("logits", new Shape(N, Side, Side, 4)), images = new("images", new Shape(N, Side, Side, 4));
        workspace.Upload<float>(logits, TestData.ToFloat(Logits));
        workspace.Upload<float>(images, TestData.ToFloat(Images));
        var graph = new Graph();
        var features = new FeatureReconstruction(graph, Model, logits, images);
        var loss = new MeanLoss("loss", features.NegativeLogLikelihood);
        graph.Add(loss);
        (IReadOnlyList<KernelSpec> backward, Gradients gradients) = graph.Backward();
        using var program = new GpuProgram(workspace, "features", [.. graph.Prepare(), .. features.TargetKernels(), .. graph.Forward(), .. backward]);
        features.Load(workspace, Weights);
        program.Run();

        (double expected, double[] gradient, double square) = Reference(Logits);
        Assert.That(features.Count, Is.EqualTo(2 * 2 * 8));
        Assert.That(workspace.Download<float>(loss.Output)[0], Is.EqualTo(expected).Within(LargestRelativeError * Math.Abs(expected)));
        Assert.That(workspace.Download<float>(features.Totals)[1], Is.EqualTo(square).Within(LargestRelativeError * square));
        float[] actual = workspace.Download<float>(gradients.Of(logits));
        double error = Math.Sqrt(actual.Zip(gradient, (a, r) => (a - r) * (a - r)).Sum()), size = Math.Sqrt(gradient.Sum(r => r * r));
        Assert.That(error / size, Is.LessThan(LargestRelativeError), "‖dl − dl_ref‖ / ‖dl_ref‖");
    }

    /// <summary>In a whole training step: every weight of the VAE gets a gradient, and those of J stay as they were.</summary>
    [Test]
    public void ATrainingStepLeavesTheFeatureNetworkAsItIs()
    {
        var options = new TrainingOptions { Preset = "residual", LatentSize = 4, Batch = N, Steps = 1, FeatureSteps = 1, Seed = 3 };
        var images = new Editor.Dataset.ArtSet(Side, Side, [.. Enumerable.Range(0, N).Select(i =>
            new Editor.Dataset.ArtImage($"{i}", "", TestData.Bytes(Side * Side * 4, i + 1)))]);
        VaeArchitecture architecture = VaeTraining.ArchitectureFor(options, images);
        using var workspace = new Workspace(Device);
        var graph = new VaeTrainingGraph(architecture, options, N, mostSteps: 1);
        FeatureReconstruction features = graph.Features!;
        using var training = new RecordedTraining(workspace, "step", graph.Parameters, graph.AdamW, graph.Table, new BatchSampler(N, N, 3), graph.StepKernels());
        graph.Upload(workspace, images);
        training.Initialize(3);
        features.Load(workspace, features.Parameters.Parameters.ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, TinyModel.Draw(p))));
        float[] before = workspace.Download<float>(features.Parameters.Values), weights = workspace.Download<float>(graph.Parameters.Values);
        var totals = new List<StepTotals>();
        training.Run(1, new Schedule(10, 3, 1e-3, 1, 0, graph.Optimizer), totals);

        Assert.That(workspace.Download<float>(features.Parameters.Values), Is.EqualTo(before));
        float[] after = workspace.Download<float>(graph.Parameters.Values);
        foreach (Parameter p in graph.Parameters.Parameters)
            Assert.That(p.Gather(after), Is.Not.EqualTo(p.Gather(weights)), p.Name);
        Assert.That(totals[0].FeatureSquare, Is.Positive);
        Assert.That(totals[0].NegativeLogLikelihood, Is.Not.EqualTo(totals[0].Loss * N), "that of the pixels");
    }

    private static (double Loss, double[] Gradient, double Square) Reference(double[] logits)
    {
        double[] means = ActivationReference.Forward(ActivationReference.Kind.Sigmoid, logits);
        (double[][] inputs, double[][] before, double[] features) = Features(means);
        double[] target = Features(Images).Features;
        double[] d = LikelihoodReference.Backward(Gaussian, N, features, target);
        for (int i = before.Length - 1; i >= 0; i--)
        {
            d = ActivationReference.Backward(ActivationReference.Kind.LeakyReLU, before[i], d);
            d = Conv2dReference.Backward(Layer(i), inputs[i], Weight($"encoder.conv{i}.weight"), d).dX;
        }

        return (LikelihoodReference.Forward(Gaussian, N, features, target),
            ActivationReference.Backward(ActivationReference.Kind.Sigmoid, logits, d), features.Zip(target, (a, b) => (a - b) * (a - b)).Sum());
    }

    private static (double[][] Inputs, double[][] Before, double[] Features) Features(double[] x)
    {
        List<double[]> inputs = [], before = [];
        for (int i = 0; i < Model.Channels.Count; i++)
        {
            inputs.Add(x);
            before.Add(Conv2dReference.Forward(Layer(i), x, Weight($"encoder.conv{i}.weight"), Weight($"encoder.conv{i}.bias")));
            x = ActivationReference.Forward(ActivationReference.Kind.LeakyReLU, before[i]);
        }

        return ([.. inputs], [.. before], x);
    }

    private static Conv2dReference.Geometry Layer(int i) => new(
        new Dims(N, Side >> i, Side >> i, i == 0 ? 4 : Model.Channels[i - 1]), Model.Channels[i], 4, 4, Stride: 2, Pad: 1);

    private static double[] Weight(string name) => TestData.ToDouble(Weights[name].Values);
}
