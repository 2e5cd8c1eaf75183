using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Training;

/// <summary>
/// An exact figure for a whole training: the best ELBO of a linear VAE is the likelihood of probabilistic PCA (Lucas et al. 2019,
/// arXiv:1911.02469).
/// </summary>
[TestFixture]
public sealed class LinearVaeTests() : GpuTest(GpuTestDevice.Paths.First())
{
    private const double MostNatsBelow = 0.05;

    [Test]
    public void TrainingReachesTheLikelihoodOfProbabilisticPca([Values(4, 8)] int latent)
    {
        ArtSet images = Waves(200, 8);
        TrainingOptions options = new()
        {
            Preset = "linear", LatentSize = latent, Pixels = PixelFormat.Grey, Batch = 200, Steps = 3500, Seed = 1, LearningRate = 0.1,
            Likelihood = new(LikelihoodKind.Gaussian, LikelihoodLink.Identity, LearnedScale: true), MaxGradientNorm = 0,
            Annealing = new() { WarmupSteps = 0 }, Augmentation = new Augmentation(),
        };
        using var graph = new SteppedGraph(Device, images, options);
        graph.Run((int)options.Steps!);
        VaeArchitecture architecture = graph.Graph.Architecture;
        double[] x = TestData.ToDouble(new ModelInputs(architecture, images).All());
        double elbo = ProbabilisticPcaReference.Elbo(
            new(graph.Average("encoder.head.weight"), graph.Average("encoder.head.bias"), graph.Average("decoder.logits.weight"),
                graph.Average("decoder.logits.bias"), Math.Exp(graph.Average("likelihood.log_scale")[0])), x);
        double oracle = ProbabilisticPcaReference.BestLogLikelihood(x, architecture.Values, latent);
        TestContext.Out.WriteLine(FormattableString.Invariant(
            $"Z = {latent}: ELBO {elbo:F4}, probabilistic PCA {oracle:F4}, difference {oracle - elbo:F4} nats an image"));
        Assert.That(oracle - elbo, Is.InRange(0, MostNatsBelow));
    }

    /// <summary>
    /// Sums of four waves of falling amplitude under noise, cut off at black: a few directions that are worth learning above an even floor.
    /// (Where eigenvalues differ by orders of magnitude, or the mean is far from 0, gradient descent takes much longer over the last tenth
    /// of a nat.)
    /// </summary>
    private static ArtSet Waves(int count, int side)
    {
        const int waves = 4;
        double[] amplitudes = TestData.Normal(count * waves, 1), noise = TestData.Normal(count * side * side, 2);
        return new ArtSet(side, side, Enumerable.Range(0, count).Select(n =>
        {
            var rgba = new byte[side * side * 4];
            for (int i = 0; i < side * side; i++)
            {
                double x = ((i % side) + 0.5) / side, y = ((i / side) + 0.5) / side, value = 0.1 + (0.25 * noise[(n * side * side) + i]);
                for (int j = 0; j < waves; j++)
                    value += 0.2 / (1 + (0.5 * j)) * amplitudes[(n * waves) + j] * Math.Cos(Math.PI * ((j % 3 * x) + (j / 3 * y)));
                byte grey = (byte)Math.Clamp(Math.Round(255 * value), 0, 255);
                (rgba[4 * i], rgba[(4 * i) + 1], rgba[(4 * i) + 2], rgba[(4 * i) + 3]) = (grey, grey, grey, 255);
            }

            return new ArtImage($"{n:D3}", "", rgba);
        }).ToArray());
    }
}
