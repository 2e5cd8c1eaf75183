using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Latents;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Evaluation;

public class TwoLayerPosteriorsTests
{
    private const ulong Seed = 3;

    private static readonly LikelihoodOptions Options = new(LikelihoodKind.Gaussian, LikelihoodLink.Identity);

    private static readonly ImageLikelihood Likelihood = new(Options, 0.8);

    private static GaussianLayer Layer(int inputs, int outputs, int seed, double size = 1)
    {
        Dictionary<string, float[]> tensors = GaussianLayerReference.Draw("layer", inputs, 5, outputs, seed, size);
        return new GaussianLayer("layer", inputs, 5, outputs, (name, _) => tensors[name]);
    }

    /// <summary>With q(z₂|z₁) = p(z₂) and p(z₁|z₂) = N(0, I), whatever z₁ and z₂, nothing is left of the second layer.</summary>
    [Test]
    public void ASecondLayerThatSaysNothingCostsNothing()
    {
        GaussianPosteriors first = EvaluationData.Posteriors(7, 4, 1);
        var q = new TwoLayerPosteriors(first, Layer(4, 8, 1, size: 0), Layer(8, 4, 2, size: 0));
        float[] z = q.SampleAll(Seed, 2);
        Assert.That(z, Is.EqualTo(first.SampleAll(Seed, 2)));
        for (int n = 0; n < 7; n++)
        {
            float[] row = z[(4 * n)..((4 * n) + 4)];
            Assert.That(q.LogRatio(Seed, n, 2, row), Is.EqualTo(first.LogRatio(Seed, n, 2, row)).Within(1e-9));
        }

        Assert.That(q.KlPerDimension(Seed)[4..], Is.All.EqualTo(0).Within(1e-9));
        Assert.That(q.MeanVariance()[..4], Is.EqualTo(first.MeanVariance()));
        Assert.That(q.MeanVariance()[4..], Is.All.Zero);
    }

    /// <summary>Both log ratios by the densities of the definition; the KL is their mean over the draws.</summary>
    [Test]
    public void TheLogRatioIsThatOfBothDraws()
    {
        const int count = 3, size = 4, top = 8;
        GaussianPosteriors first = EvaluationData.Posteriors(count, size, 1);
        GaussianLayer encoder = Layer(size, top, 1), decoder = Layer(top, size, 2);
        var q = new TwoLayerPosteriors(first, encoder, decoder);
        for (int n = 0; n < count; n++)
        {
            double mean = 0;
            for (int k = 0; k < TwoLayerPosteriors.Draws; k++)
            {
                var z = new float[size];
                q.Sample(Seed, n, k, z);
                var normals = new float[count * top];
                Philox.FillNormals(Seed, 0x406, (uint)k, normals);
                float[] posterior = encoder.Apply(z);
                float[] z2 = [.. Enumerable.Range(0, top).Select(j =>
                    (float)(posterior[j] + (Math.Exp(0.5 * posterior[top + j]) * normals[(n * top) + j])))];
                float[] prior = decoder.Apply(z2);
                double expected = first.LogDensity(n, z) - LogNormal(z, prior) + LogNormal(z2, posterior) - GaussianPosteriors.LogPrior(z2);
                Assert.That(q.LogRatio(Seed, n, k, z), Is.EqualTo(expected).Within(1e-5));
                mean += expected / TwoLayerPosteriors.Draws;
            }

            Assert.That(q.KlOf(n, Seed).Sum(), Is.EqualTo(mean).Within(1e-5));
        }

        Assert.That(q.KlPerDimension(Seed), Has.Length.EqualTo(size + top));
        Assert.That(q.MeanVariance(Seed), Has.Length.EqualTo(size + top));
        Assert.That(q.KlPerDimension(Seed).Sum(), Is.EqualTo(Enumerable.Range(0, count).Average(n => q.KlOf(n, Seed).Sum())).Within(1e-9));
        Assert.That(() => KlDecomposition.Of(q, 0), Throws.ArgumentException);
    }

    /// <summary>
    /// Of a model with one number a layer, log p(x) by integration over both; importance sampling comes to it, and one draw stays below.
    /// </summary>
    [Test]
    public void TheBoundComesToTheEvidence()
    {
        const int count = 4, samples = 4000, grid = 161;
        GaussianLayer encoder = Layer(1, 1, 5), decoder = Layer(1, 1, 6);
        float[] x = [0.3f, -0.8f, 1.1f, 0];
        var first = new GaussianPosteriors(x, [.. Enumerable.Repeat((float)Math.Log(0.5), count)], 1);
        var images = new ScoredImages(x, new TwoLayerPosteriors(first, encoder, decoder), x);
        double[] evidence = [.. Enumerable.Range(0, count).Select(n => Integrate(grid, z2 =>
        {
            float[] prior = decoder.Apply([(float)z2]);
            return Math.Exp(GaussianPosteriors.LogPrior([(float)z2])) * Integrate(grid, z1 =>
                Math.Exp(LogNormal([(float)z1], prior) + Likelihood.LogDensity([x[n]], [(float)z1])));
        }))];
        ImportanceWeights[] weights = ImportanceWeightedBound.PerImage(Likelihood, z => z, images, samples, Seed);
        for (int n = 0; n < count; n++)
        {
            double tolerance = 5 / Math.Sqrt(weights[n].EffectiveSamples);
            Assert.That(tolerance, Is.LessThan(0.25), "the tolerance itself is meaningful");
            Assert.That(weights[n].LogMean, Is.EqualTo(Math.Log(evidence[n])).Within(tolerance));
        }

        ImportanceWeightedBound bound = ImportanceWeightedBound.Of(Likelihood, z => z, images, samples, Seed);
        Assert.That(bound.FirstDraw.Value, Is.EqualTo(ElboEvaluator.Sampled(Likelihood, z => z, images, Seed).Average()).Within(1e-12));
        ElboReport elbo = ElboEvaluator.Evaluate(Options, z => z, images, 0.8, Seed);
        Assert.That(elbo.Kl, Is.EqualTo(elbo.KlPerDimension!.Sum()));
    }

    private static double LogNormal(float[] z, float[] head) => Enumerable.Range(0, z.Length).Sum(j =>
    {
        double variance = Math.Exp(head[z.Length + j]);
        return -0.5 * (Math.Log(2 * Math.PI * variance) + (Math.Pow((double)z[j] - head[j], 2) / variance));
    });

    /// <summary>By the trapezoidal rule from −8 to 8.</summary>
    private static double Integrate(int points, Func<double, double> f) =>
        Enumerable.Range(0, points).Sum(i => f(-8 + (16.0 * i / (points - 1)))) * 16 / (points - 1);
}
