using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class CategoricalReferenceTests
{
    [TestCase(1, 1, 2, 1, 1.0)]
    [TestCase(2, 3, 5, 3, 0.7)]
    [TestCase(3, 1, 13, 2, 2.0)]
    public void RelaxedSamplesAgreeWithFiniteDifferences(int n, int d, int c, int k, double temperature)
    {
        var reference = new GumbelSoftmaxReference(n, d, c, k);
        double[] logits = TestData.Uniform(n * d * c, 1, -2, 2), noise = TestData.Normal(n * k * d * c, 2),
            dY = TestData.Uniform(noise.Length, 3);
        double[] dLogits = reference.Backward(reference.Forward(logits, noise, temperature), dY, temperature);
        FiniteDifference.CheckBackward(v => reference.Forward(v, noise, temperature), logits, dY, dLogits, "dLogits",
            reference.LogitDims.Locate);
    }

    [Test]
    public void WithoutNoiseAtTemperatureOneTheSampleIsTheDistribution()
    {
        double[] pi = [0.1, 0.2, 0.7];
        double[] y = new GumbelSoftmaxReference(1, 1, 3).Forward(pi.Select(p => Math.Log(p) + 5).ToArray(), new double[3], 1);
        Assert.That(y, Is.EqualTo(pi).Within(1e-14));
        double[] cold = new GumbelSoftmaxReference(1, 1, 3).Forward(Array.ConvertAll(pi, Math.Log), [3, 0, 0], 0.01);
        Assert.That(cold, Is.EqualTo(new double[] { 1, 0, 0 }).Within(1e-5), "log 0.1 + 3 is the largest");
    }

    [TestCase(1, 2)]
    [TestCase(3, 5)]
    [TestCase(13, 7)]
    public void DivergenceAgreesWithFiniteDifferences(int variables, int c)
    {
        double[] logits = TestData.Uniform(variables * c, 1, -3, 3), dKl = TestData.Uniform(variables, 2);
        FiniteDifference.CheckBackward(v => CategoricalKlReference.Forward(c, v), logits, dKl,
            CategoricalKlReference.Backward(c, logits, dKl), "dLogits");
    }

    [Test]
    public void DivergenceKnownValues()
    {
        Assert.That(CategoricalKlReference.Forward(4, [7, 7, 7, 7, 0, 0, 1000, 0]), Is.EqualTo(new[] { 0, Math.Log(4) }).Within(1e-14));
        // q = (1/4, 3/4): log 2 − (1/4 log 4 + 3/4 log 4/3)
        Assert.That(CategoricalKlReference.Forward(2, [0, Math.Log(3)])[0], Is.EqualTo(0.13081203594113697).Within(1e-14));
    }

    [Test]
    public void Float32StaysWithinTheBounds()
    {
        var reference = new GumbelSoftmaxReference(5, 3, 7, 2);
        const int c = 7;
        const float tau = 0.3f;
        double[] logits = TestData.Uniform(5 * 3 * c, 4, -4, 4), noise = TestData.Normal(2 * logits.Length, 5),
            dY = TestData.Normal(noise.Length, 6);
        float[] scores = noise.Select((g, i) => ((float)logits[i / 21 / 2 * 21 + i % 21] + (float)g) / tau).ToArray();
        float[] y = scores.Chunk(c).SelectMany(Softmax).ToArray();
        Compare.Within(y, reference.Forward(logits, noise, tau), reference.ForwardBound(logits, noise, tau), "y",
            reference.SampleDims.Locate);

        double[] given = TestData.ToDouble(y);
        var dLogits = new float[logits.Length];
        for (int i = 0; i < y.Length; i++)
        {
            float dot = 0;
            for (int j = i / c * c; j < i / c * c + c; j++)
                dot += y[j] * (float)dY[j];
            dLogits[i / 21 / 2 * 21 + i % 21] += y[i] * ((float)dY[i] - dot);
        }

        Compare.Within(Array.ConvertAll(dLogits, v => v / tau), reference.Backward(given, dY, tau), reference.BackwardBound(given, dY, tau),
            "dLogits", reference.LogitDims.Locate);

        double[] dKl = TestData.Normal(15, 7);
        float[] kl = new float[15], dKlLogits = new float[logits.Length];
        for (int v = 0; v < 15; v++)
        {
            float[] l = TestData.ToFloat(logits[(v * c)..((v + 1) * c)]), u = Array.ConvertAll(l, x => x - l.Max());
            float sum = 0, moment = 0;
            foreach (float x in u)
            {
                sum += MathF.Exp(x);
                moment += MathF.Exp(x) * x;
            }

            kl[v] = moment / sum + MathF.Log(c / sum);
            for (int i = 0; i < c; i++)
                dKlLogits[v * c + i] = (float)dKl[v] * (MathF.Exp(u[i]) / sum) * (u[i] - moment / sum);
        }

        Compare.Within(kl, CategoricalKlReference.Forward(c, logits), CategoricalKlReference.ForwardBound(c, logits), "KL", i => $"[{i}]");
        Compare.Within(dKlLogits, CategoricalKlReference.Backward(c, logits, dKl), CategoricalKlReference.BackwardBound(c, logits, dKl),
            "KL dLogits", i => $"[{i / c}, {i % c}]");
    }

    private static float[] Softmax(float[] scores)
    {
        float largest = scores.Max(), sum = 0;
        float[] weights = Array.ConvertAll(scores, s => MathF.Exp(s - largest));
        foreach (float weight in weights)
            sum += weight;
        return Array.ConvertAll(weights, w => w / sum);
    }
}
