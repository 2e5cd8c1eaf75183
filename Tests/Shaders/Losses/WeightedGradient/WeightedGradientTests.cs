using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class WeightedGradientTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, 1)]
    [TestCase(3, 1, 1, 13)]
    [TestCase(13, 3, 5, 6)]
    [TestCase(127, 1, 1, 64)]
    public void ForwardAndGradient(int n, int h, int w, int c)
    {
        var dims = new Dims(n, h, w, c);
        double[] x = TestData.Uniform(dims.Length, 1), weights = TestData.Uniform(n, 2), dY = TestData.Uniform(dims.Length, 3);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("x", dims, x);
        Tensor output = check.Graph.Add(new WeightedGradient("y", input, check.Constant("weights", new Dims(n, 1, 1, 1), weights)));
        check.Run(output, dY);
        Assert.That(check.Value(output), Is.EqualTo(TestData.ToFloat(x)));
        Rounded[] expected = [.. dY.Select((d, i) => (Rounded)weights[i / (h * w * c)] * d)];
        Compare.Within(check.Gradient(input), expected, "dx", dims.Locate);
    }

    /// <summary>
    /// The doubly reparameterized gradient of a tiny model: nll = z·a + b by a linear layer, p(z) = N(0, I), an own head for each row so
    /// that samples are drawn independently. The encoder receives w̃² ∂(−log w)/∂z ∂z/∂φ, the decoder w̃ ∂nll/∂a, both over N.
    /// </summary>
    [TestCase(1, 1)]
    [TestCase(2, 3)]
    [TestCase(3, 64)]
    public void DoublyReparameterizedGradient(int n, int samples)
    {
        const int latent = 4;
        int rows = n * samples;
        double[] heads = TestData.Uniform(n * 2 * latent, 1), a = TestData.Uniform(latent, 2), b = [40];
        double[] head = [.. heads.Chunk(2 * latent).SelectMany(h => Enumerable.Repeat(h, samples).SelectMany(v => v))];
        using var check = new OperatorCheck(Device);
        Tensor headInput = check.Input("head", new Dims(rows, 1, 1, 2 * latent), head);
        var sample = new Reparameterize("z", headInput, check.Step(new StepState(Index: 3, Seed: 17)));
        var weighted = new WeightedGradient("weighted z", check.Graph.Add(sample));
        var decoder = new Linear("decoder", check.Parameters, check.Graph.Add(weighted), 1);
        var ratio = new GaussianLogRatio("ratio", weighted.Output, headInput, detachPosterior: true);
        var loss = new ImportanceWeightedLoss("loss", check.Graph.Add(decoder), check.Graph.Add(ratio), samples);
        weighted.Weights = loss.Weights;
        check.Run(check.Graph.Add(loss), dOutput: null, a, b);

        double[] z = TestData.ToDouble(check.Value(sample.Output)), epsilon = TestData.ToDouble(check.Value(sample.Epsilon));
        Rounded[] nll = [.. z.Chunk(latent).Select(v => Rounded.Sum(v.Zip(a, (p, q) => (Rounded)p * q).Append(b[0])))];
        (Rounded[] figures, Rounded[] weights) =
            ImportanceWeightedReference.Forward(samples, nll, GaussianLogRatioReference.Forward(latent, z, head));
        Rounded[] d = ImportanceWeightedReference.Backward(samples, weights);
        Rounded[] dRatio = GaussianLogRatioReference.Backward(latent, z, head, null, d).DZ;
        Rounded[] dZ = [.. dRatio.Select((v, i) => weights[i / latent] * (d[i / latent] * a[i % latent] + v))];
        Rounded[] dHead = new Rounded[head.Length], dA = new Rounded[latent];
        for (int i = 0; i < dZ.Length; i++)
        {
            int at = i / latent * 2 * latent + i % latent;
            (dHead[at], dHead[at + latent]) = (dZ[i], 0.5 * dZ[i] * epsilon[i] * Rounded.Exp(0.5 * head[at + latent]));
        }

        for (int j = 0; j < latent; j++)
            dA[j] = Rounded.Sum(Enumerable.Range(0, rows).Select(r => d[r] * z[r * latent + j]));
        Compare.Within(check.Value(loss.Output), figures, "figures", i => $"[{i}]");
        Compare.Within(check.Gradient(headInput), dHead, "dhead", new Dims(rows, 1, 1, 2 * latent).Locate);
        Compare.Within(check.Gradient(decoder.Weight), dA, "da", i => $"[{i}]");
        RequireEquation8(heads, epsilon, a, b[0], samples, dHead);
    }

    [Test]
    public void RefusesWhatCannotBe()
    {
        var x = new Tensor("x", Shape.Matrix(6, 8));
        Assert.That(() => new WeightedGradient("y", x, new Tensor("weights", Shape.Matrix(3, 1))),
            Throws.ArgumentException.With.Message.Contains("x [6, 1, 1, 8]").And.Message.Contains("weights [3, 1, 1, 1]"));
        var graph = new Graph();
        graph.Add(new WeightedGradient("y", x));
        Assert.That(() => graph.Backward(), Throws.InvalidOperationException.With.Message.Contains("set Weights"));
    }

    /// <summary>The expected gradients, summed over the samples of each image, are those of the estimator written out by itself.</summary>
    private static void RequireEquation8(double[] heads, double[] epsilon, double[] a, double b, int samples, Rounded[] dHead)
    {
        int latent = a.Length, n = heads.Length / (2 * latent);
        double[] plain = new double[2 * latent], doubly = new double[2 * latent];
        for (int image = 0; image < n; image++)
        {
            DoublyReparameterizedReference.Estimate(heads[(image * 2 * latent)..((image + 1) * 2 * latent)],
                epsilon.AsSpan(image * samples * latent, samples * latent), LogJoint, plain, doubly);
            for (int i = 0; i < 2 * latent; i++)
            {
                double sum = Enumerable.Range(image * samples, samples).Sum(r => dHead[r * 2 * latent + i].Value);

                // The device's z is rounded to float32; the estimator's is not.
                Assert.That(-n * sum, Is.EqualTo(doubly[i]).Within(1e-5), $"image {image}, element {i}");
            }
        }

        double LogJoint(ReadOnlySpan<double> z, Span<double> gradient)
        {
            double log = -b;
            for (int j = 0; j < latent; j++)
            {
                log -= z[j] * a[j] + 0.5 * (Math.Log(2 * Math.PI) + z[j] * z[j]);
                gradient[j] = -a[j] - z[j];
            }

            return log;
        }
    }
}
