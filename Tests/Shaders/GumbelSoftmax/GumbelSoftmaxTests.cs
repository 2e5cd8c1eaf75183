using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class GumbelSoftmaxTests(OperandPath path) : GpuTest(path)
{
    private static readonly StepState Step = new(Index: 41, Seed: 0x0123_4567_89AB_CDEF);

    [TestCase(1, 1, 4, 1, 1f, false)]
    [TestCase(3, 4, 3, 1, 0.5f, false)]
    [TestCase(13, 2, 6, 3, 0.7f, true, Description = "variables cross vec4s; three samples of a row")]
    [TestCase(5, 12, 5, 2, 0.1f, false)]
    [TestCase(2, 4, 127, 1, 2f, true)]
    [TestCase(127, 2, 2, 1, 0.01f, true)]
    public void ForwardAndGradients(int n, int d, int c, int k, float temperature, bool straightThrough)
    {
        var reference = new GumbelSoftmaxReference(n, d, c, k);
        double[] logits = TestData.Uniform(reference.LogitDims.Length, 1, -3, 3), dY = TestData.Uniform(reference.SampleDims.Length, 2);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("logits", reference.LogitDims, logits);
        var op = new GumbelSoftmax("z", input, check.Step(Step with { Temperature = temperature }), c, k, straightThrough);
        check.Run(check.Graph.Add(op), dY);

        Assert.That(op.Variables, Is.EqualTo(d));
        GpuGumbels drawn = GpuGumbels.Draw(reference.SampleDims.Length, Step);
        Compare.Within(check.Value(op.Noise), drawn.Values, drawn.Bound, "noise", reference.SampleDims.Locate);
        double[] noise = TestData.ToDouble(check.Value(op.Noise)), soft = TestData.ToDouble(check.Value(op.Soft));
        Compare.Within(check.Value(op.Soft), reference.Forward(logits, noise, temperature),
            reference.ForwardBound(logits, noise, temperature), "y", reference.SampleDims.Locate);
        Compare.Within(check.Gradient(input), reference.Backward(soft, dY, temperature), reference.BackwardBound(soft, dY, temperature),
            "dLogits", reference.LogitDims.Locate);
        if (straightThrough)
            Assert.That(check.Value(op.Output).Chunk(c), Is.EqualTo(soft.Chunk(c).Select(OneHot)), "one-hot at the largest");
        else
            Assert.That(op.Output, Is.SameAs(op.Soft));
    }

    [Test]
    public void AtALowTemperatureAlmostAllSamplesAreOneHot()
    {
        const int d = 16, c = 8;
        double[] y = Sample(n: 64, d, c, new double[d * c], temperature: 0.01f, out _);
        double share = y.Chunk(c).Average(p => p.Max() > 1 - 1e-3 ? 1.0 : 0.0);
        // Left out are those whose two largest scores lie within τ log 1000 = 0.07 of each other.
        Assert.That(share, Is.GreaterThan(0.9));
    }

    /// <summary>The entropy of the samples rises with the temperature, from near 0 to near log C.</summary>
    [Test]
    public void EntropyFollowsTheTemperature()
    {
        const int n = 13, d = 8, c = 5;
        double[] logits = TestData.Uniform(d * c, 3, -2, 2);
        var reference = new GumbelSoftmaxReference(n, d, c);
        double[] entropies = new[] { 0.1f, 0.5f, 1f, 5f, 100f }.Select(temperature =>
        {
            double[] y = Sample(n, d, c, logits, temperature, out double[] noise);
            double[] all = Enumerable.Repeat(logits, n).SelectMany(l => l).ToArray();
            double[] expected = reference.Forward(all, noise, temperature), bound = reference.ForwardBound(all, noise, temperature);
            // |d(−y log y)| = |1 + log y| dy; below 1e-30 an entry adds nothing that shows.
            double error = expected.Zip(bound, (p, b) => p < 1e-30 ? 1e-28 : b * (1 + Math.Abs(Math.Log(p)))).Sum() / (n * d);
            double entropy = Entropy(y) / (n * d);
            Assert.That(entropy, Is.EqualTo(Entropy(expected) / (n * d)).Within(1.01 * error), $"temperature {temperature}");
            return entropy;
        }).ToArray();
        Assert.That(entropies, Is.Ordered.Ascending);
        Assert.That(entropies[0], Is.LessThan(0.2 * Math.Log(c)));
        Assert.That(entropies[^1], Is.GreaterThan(0.99 * Math.Log(c)));
    }

    /// <summary>Moments of 65,536 draws lie within 5 standard errors of those of Gumbel(0, 1).</summary>
    [Test]
    public void NoiseIsGumbel()
    {
        Sample(n: 1024, d: 16, c: 4, new double[64], temperature: 1, out double[] noise);
        const double mean = 0.5772156649015329, variance = Math.PI * Math.PI / 6;
        // The fourth central moment of a Gumbel is 5.4 variances squared, so that of the variance's estimate is 4.4.
        double tolerance = 5 / Math.Sqrt(noise.Length);
        Assert.Multiple(() =>
        {
            Assert.That(noise.Average(), Is.EqualTo(mean).Within(tolerance * Math.Sqrt(variance)));
            Assert.That(noise.Average(g => (g - mean) * (g - mean)), Is.EqualTo(variance).Within(tolerance * variance * Math.Sqrt(4.4)));
            Assert.That(noise.Zip(noise.Skip(1), (a, b) => (a - mean) * (b - mean)).Average(), Is.EqualTo(0).Within(tolerance * variance));
            foreach (double g in new[] { -1.5, 0, 2, 5 })
            {
                double share = Math.Exp(-Math.Exp(-g));
                Assert.That(noise.Average(v => v < g ? 1.0 : 0), Is.EqualTo(share).Within(tolerance * Math.Sqrt(share * (1 - share))),
                    $"share below {g}");
            }
        });
    }

    /// <summary>The largest score falls on each class as often as softmax(logits) says, independently in each sample of a row.</summary>
    [Test]
    public void ClassesAreDrawnFromTheDistribution()
    {
        const int n = 2048, d = 2, c = 6, k = 2;
        double[] logits = TestData.Uniform(d * c, 5, -2, 2), pi = GumbelSoftmaxReference.Softmax(logits, c);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("logits", new Dims(n, 1, 1, d * c), Enumerable.Repeat(logits, n).SelectMany(l => l).ToArray());
        var op = new GumbelSoftmax("z", input, check.Step(Step), c, k, straightThrough: true);
        check.RunKernels([.. op.Forward()]);

        int[] drawn = check.Value(op.Output).Chunk(c).Select(hot => Array.IndexOf(hot, 1f)).ToArray();
        Assert.Multiple(() =>
        {
            for (int variable = 0; variable < d; variable++)
            {
                int[] classes = drawn.Where((_, i) => i % d == variable).ToArray();
                for (int j = 0; j < c; j++)
                {
                    double p = pi[variable * c + j];
                    Assert.That(classes.Average(v => v == j ? 1.0 : 0), Is.EqualTo(p).Within(5 * Math.Sqrt(p * (1 - p) / (n * k))),
                        $"variable {variable}, class {j}");
                }

                double equal = pi.Skip(variable * c).Take(c).Sum(p => p * p);
                double found = classes.Chunk(k).Average(pair => pair[0] == pair[1] ? 1.0 : 0);
                Assert.That(found, Is.EqualTo(equal).Within(5 * Math.Sqrt(equal * (1 - equal) / n)),
                    $"variable {variable}: both samples equal");
            }
        });
    }

    [TestCase(12, 1, 1, "at least 2 classes")]
    [TestCase(12, 5, 1, "found l [3, 1, 1, 12]")]
    [TestCase(10, 5, 1, "a multiple of 4")]
    [TestCase(12, 4, 0, "at least 1 sample")]
    public void RefusesWhatItCanNotSample(int channels, int classes, int samples, string expected) => Assert.That(
        () => new GumbelSoftmax("z", new Tensor("l", Shape.Matrix(3, channels)), new Tensor("step", Shape.Vector(16)), classes, samples),
        Throws.ArgumentException.With.Message.Contains(expected));

    private static float[] OneHot(double[] p)
    {
        var hot = new float[p.Length];
        hot[Array.IndexOf(p, p.Max())] = 1;
        return hot;
    }

    private static double Entropy(double[] p) => -p.Sum(v => v > 0 ? v * Math.Log(v) : 0);

    /// <summary>Samples of n rows with the same logits.</summary>
    private double[] Sample(int n, int d, int c, double[] logits, float temperature, out double[] noise)
    {
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("logits", new Dims(n, 1, 1, d * c), Enumerable.Repeat(logits, n).SelectMany(l => l).ToArray());
        var op = new GumbelSoftmax("z", input, check.Step(Step with { Temperature = temperature }), c);
        check.RunKernels([.. op.Forward()]);
        noise = TestData.ToDouble(check.Value(op.Noise));
        return TestData.ToDouble(check.Value(op.Output));
    }
}
