using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Latents;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Training;

/// <summary>A whole step with two stochastic layers, with its own noise, against double precision.</summary>
public sealed class TwoLayerGraphTests(OperandPath path) : GpuTest(path)
{
    private const int N = 3, Z = 4, Top = 8, Side = 4, Values = Side * Side * 4;
    private const double Scale = 0.5, LargestRelativeError = 1e-4;

    private static readonly VaeArchitecture Architecture = new(
        NetworkKind.Mlp, Side, Side, Z, [8], new LikelihoodOptions(LikelihoodKind.Gaussian, FixedScale: (float)Scale))
    {
        TopLatentSize = Top,
    };

    /// <summary>Central differences of the double reference, for some weights of every parameter.</summary>
    [TestCase("sampled-elbo", 1, 1.0)]
    [TestCase("sampled-elbo", 3, 0.7)]
    [TestCase("iwae", 3, 1.0)]
    public void EveryGradientIsThatOfTheFormula(string objective, int samples, double klWeight)
    {
        var options = new TrainingOptions
        {
            LatentSize = Z, TopLatentSize = Top, Objective = objective, Samples = samples, Batch = N, KlWeight = klWeight, Seed = 5,
            Steps = 1,
            Likelihood = Architecture.Likelihood, Augmentation = new Augmentation(),
        }.Validate();
        using var workspace = new Workspace(Device);
        var graph = new VaeTrainingGraph(Architecture, options, N, mostSteps: 1);
        using var training = new RecordedTraining(
            workspace, "two layers", graph.Parameters, graph.AdamW, graph.Table, new BatchSampler(N, N, 5), graph.StepKernels());
        graph.Upload(workspace, Noise());
        training.Initialize(5);
        var totals = new List<StepTotals>();
        training.Run(1, new Schedule(1, 5, LearningRate: 0, klWeight, EmaDecay: 0, graph.Optimizer), totals);

        Reparameterize top = graph.Graph.Operators.OfType<Reparameterize>().Single(o => o.Name == "top posterior");
        float[] stored = workspace.Download<float>(graph.Parameters.Values);
        float[] gradients = workspace.Download<float>(graph.Parameters.Gradients);
        var reference = new Reference(
            TestData.ToDouble(workspace.Download<float>(graph.Gather.Output)), TestData.ToDouble(workspace.Download<float>(graph.Epsilon)),
            TestData.ToDouble(workspace.Download<float>(top.Epsilon)), samples, objective == "iwae" ? null : klWeight);
        var weights = graph.Parameters.Parameters.ToDictionary(p => p.Name, p => TestData.ToDouble(p.Gather(stored)));
        (double loss, double ratio) = reference.Loss(weights);
        Assert.That(totals[0].Loss, Is.EqualTo(loss).Within(LargestRelativeError * Math.Abs(loss)));
        Assert.That(totals[0].Kl, Is.EqualTo(ratio).Within(LargestRelativeError * Math.Abs(ratio)), "of all rows");
        Assert.That(weights.Keys, Has.Some.StartsWith("encoder.top.").And.Some.StartsWith("prior.top."));

        foreach (Parameter p in graph.Parameters.Parameters)
        {
            float[] gradient = p.Gather(gradients);
            double[] values = weights[p.Name];
            double error = 0, size = 0;
            for (int i = 0; i < values.Length; i += Math.Max(1, values.Length / 12))
            {
                double found = Derivative(values, i, () => reference.Loss(weights).Loss);
                error += Math.Pow(gradient[i] - found, 2);
                size += found * found;
            }

            Assert.That(Math.Sqrt(error / size), Is.LessThan(LargestRelativeError), p.Name);
        }

        // The prior that is sampled on the host is the network that was trained on the device.
        float[] z2 = workspace.Download<float>(top.Output);
        Tensor head = graph.Graph.Operators.Single(o => o.Name == "prior.top.head").Output;
        var layer = new GaussianLayer(
            "prior.top", Top, VaeNetwork.TopWidth, Z, (name, _) => graph.Parameters.Parameters.Single(p => p.Name == name).Gather(stored));
        double[] ours = TestData.ToDouble(layer.Apply(z2)), theirs = TestData.ToDouble(workspace.Download<float>(head));
        Assert.That(
            Math.Sqrt(ours.Zip(theirs, (a, b) => (a - b) * (a - b)).Sum() / ours.Sum(a => a * a)), Is.LessThan(LargestRelativeError));
    }

    private static double Derivative(double[] values, int i, Func<double> f)
    {
        const double h = 1e-5;
        double centre = values[i];
        values[i] = centre + h;
        double above = f();
        values[i] = centre - h;
        double below = f();
        values[i] = centre;
        return (above - below) / (2 * h);
    }

    private static ArtSet Noise() => new(Side, Side, Enumerable.Range(0, N).Select(i =>
        new ArtImage($"{i}", "", TestData.Bytes(Values, 20 + i).Select((b, j) => j % 4 == 3 ? (byte)255 : b).ToArray())).ToArray());

    /// <param name="images">[N, Values]</param>
    /// <param name="first">ε of z₁, [N·K, Z].</param>
    /// <param name="second">ε of z₂, [N·K, Top].</param>
    /// <param name="samples">K</param>
    /// <param name="klWeight">β of the sampled ELBO; null: the importance-weighted bound.</param>
    private sealed class Reference(double[] images, double[] first, double[] second, int samples, double? klWeight)
    {
        /// <summary>The loss, and the sum of the log ratios of all rows.</summary>
        public (double Loss, double Ratio) Loss(IReadOnlyDictionary<string, double[]> weights)
        {
            double loss = 0, total = 0;
            for (int n = 0; n < N; n++)
            {
                double[] x = images[(n * Values)..((n + 1) * Values)];
                double[] head = Dense(weights, "encoder.head", Tanh(Dense(weights, "encoder.linear0", x)));
                var logWeights = new double[samples];
                for (int k = 0; k < samples; k++)
                {
                    int row = (n * samples) + k;
                    double[] z1 = Draw(head, first, row), posterior = Layer(weights, "encoder.top", z1), z2 = Draw(posterior, second, row);
                    double ratio = LogNormal(z1, head) - LogNormal(z1, Layer(weights, "prior.top", z2))
                        + LogNormal(z2, posterior) - LogNormal(z2, new double[2 * Top]);
                    double[] logits = Dense(weights, "decoder.logits", Tanh(Dense(weights, "decoder.linear0", z1)));
                    double square = logits.Zip(x, (l, value) => Math.Pow(value - (1 / (1 + Math.Exp(-l))), 2)).Sum();
                    double nll = (square / (2 * Scale * Scale)) + (Values * 0.5 * Math.Log(2 * Math.PI * Scale * Scale));
                    total += ratio;
                    logWeights[k] = -nll - ratio;
                    loss += klWeight is { } beta ? (nll + (beta * ratio)) / (N * samples) : 0;
                }

                if (klWeight == null)
                    loss -= (logWeights.Max() + Math.Log(logWeights.Average(w => Math.Exp(w - logWeights.Max())))) / N;
            }

            return (loss, total);
        }

        private static double[] Draw(double[] head, double[] noise, int row)
        {
            int size = head.Length / 2;
            return [.. Enumerable.Range(0, size).Select(j => head[j] + (Math.Exp(0.5 * head[size + j]) * noise[(row * size) + j]))];
        }

        private static double LogNormal(double[] z, double[] head) => z.Select((v, j) =>
            -0.5 * (Math.Log(2 * Math.PI) + head[z.Length + j] + (Math.Pow(v - head[j], 2) * Math.Exp(-head[z.Length + j])))).Sum();

        private static double[] Layer(IReadOnlyDictionary<string, double[]> weights, string name, double[] x) =>
            GaussianLayerReference.Apply(x, part => weights[$"{name}.{part}"]);

        private static double[] Dense(IReadOnlyDictionary<string, double[]> weights, string name, double[] x) =>
            GaussianLayerReference.Linear(x, weights[name + ".weight"], weights[name + ".bias"]);

        private static double[] Tanh(double[] x) => GaussianLayerReference.Tanh(x);
    }
}
