using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;
using static VaeProcgen.Tests.Support.Reference.ProbabilisticPcaReference;

namespace VaeProcgen.Tests.References;

public sealed class ProbabilisticPcaReferenceTests
{
    private const int D = 7, Latent = 3;

    private readonly double[] x = Data(50, seed: 4);

    /// <summary>Three figures that share no formula: of eigenvalues, the fitted Gaussian's density, and the fitted VAE's ELBO.</summary>
    [Test]
    public void TheBestLinearVaeHasTheLikelihoodOfProbabilisticPca()
    {
        double best = BestLogLikelihood(x, D, Latent);
        LinearVae vae = Best(x, D, Latent);
        Assert.That(LogLikelihood(vae, x), Is.EqualTo(best).Within(1e-10));
        Assert.That(Elbo(vae, x), Is.EqualTo(best).Within(1e-10));
    }

    /// <summary>Any other linear VAE has an ELBO below its own likelihood, and that is below the best one.</summary>
    [Test]
    public void NoLinearVaeIsBetter([Values(1, 2, 3, 4)] int seed)
    {
        LinearVae best = Best(x, D, Latent);
        foreach (double amount in new[] { 1e-3, 0.03, 1 })
        {
            double[] Off(double[] weights, int part) =>
                [.. weights.Zip(TestData.Normal(weights.Length, (10 * seed) + part), (w, e) => w + (amount * e))];
            LinearVae other = new(Off(best.Encoder, 1), Off(best.EncoderBias, 2), Off(best.Decoder, 3), Off(best.DecoderBias, 4),
                best.Scale * Math.Exp(amount));
            double likelihood = LogLikelihood(other, x);
            Assert.That(Elbo(other, x), Is.LessThan(likelihood));
            Assert.That(likelihood, Is.LessThan(BestLogLikelihood(x, D, Latent)));
        }
    }

    /// <summary>The expectation over q in closed form, against draws.</summary>
    [Test]
    public void TheElboIsTheMeanOverDraws()
    {
        LinearVae vae = Best(x, D, Latent) with { Scale = 0.8 };
        double[] noise = TestData.Normal(20_000 * Latent, 9), image = x[..D];
        double Sum(int count, Func<int, double> term) => Enumerable.Range(0, count).Sum(term);
        double[] head = [.. vae.EncoderBias.Select((b, j) => b + Sum(D, i => image[i] * vae.Encoder[(i * 2 * Latent) + j]))];
        var mean = new SampleMean();
        foreach (double[] e in noise.Chunk(Latent))
        {
            double[] z = [.. e.Select((v, j) => head[j] + (Math.Exp(0.5 * head[Latent + j]) * v))];
            double log = 0;
            for (int j = 0; j < Latent; j++)
                log += 0.5 * ((e[j] * e[j]) + head[Latent + j] - (z[j] * z[j]));
            for (int i = 0; i < D; i++)
            {
                double difference = (image[i] - vae.DecoderBias[i] - Sum(Latent, j => z[j] * vae.Decoder[(j * D) + i])) / vae.Scale;
                log -= 0.5 * (Math.Log(2 * Math.PI * vae.Scale * vae.Scale) + (difference * difference));
            }

            mean.Add(log);
        }

        Assert.That(mean.Mean, Is.EqualTo(Elbo(vae, image)).Within(4 * mean.StandardError));
    }

    /// <summary>Three directions above a floor, off the origin.</summary>
    private static double[] Data(int count, int seed)
    {
        double[] factors = TestData.Normal(count * Latent, seed), mix = TestData.Normal(Latent * D, seed + 1);
        double[] noise = TestData.Normal(count * D, seed + 2);
        return
        [
            .. Enumerable.Range(0, count * D).Select(i =>
                3 + (0.3 * noise[i]) + Enumerable.Range(0, Latent).Sum(j => factors[(i / D * Latent) + j] * mix[(j * D) + (i % D)])),
        ];
    }
}
