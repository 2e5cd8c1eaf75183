using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;
using static VaeProcgen.Tests.Support.Reference.AdamWReference;

namespace VaeProcgen.Tests.References;

public sealed class TrainingReferenceTests
{
    [Test]
    public void UnderAConstantGradientEveryStepIsTheLearningRate()
    {
        // m̂ = g and v̂ = g² at every step, thanks to the bias corrections.
        var tensor = Tensor.Start([1.0, -2.0, 0.5]);
        for (int step = 1; step <= 5; step++)
        {
            Step([tensor], [[0.3, -4, 0]], new(LearningRate: 0.01, Epsilon: 0), step);
            tensor.Weight[2] = 0.5; // 0/0 with ε = 0: not part of this test.
            Assert.That(tensor.Weight[0], Is.EqualTo(1 - 0.01 * step).Within(1e-14));
            Assert.That(tensor.Weight[1], Is.EqualTo(-2 + 0.01 * step).Within(1e-14));
        }
    }

    [Test]
    public void WithoutAGradientOnlyTheDecayActs()
    {
        var decaying = Tensor.Start([2.0]);
        var fixedTensor = Tensor.Start([2.0], decays: false);
        for (int step = 1; step <= 4; step++)
        {
            Step([decaying, fixedTensor], [[0], [0]], new(LearningRate: 0.1, WeightDecay: 0.5), step);
        }

        Assert.That(decaying.Weight[0], Is.EqualTo(2 * Math.Pow(0.95, 4)).Within(1e-15));
        Assert.That(fixedTensor.Weight[0], Is.EqualTo(2));
    }

    [Test]
    public void TwoStepsByHand()
    {
        // β₁ = ½, β₂ = ¾: m = 1, −½; v = 1, 1¾; m̂ = 2, −2/3; v̂ = 4, 4.
        var tensor = Tensor.Start([1.0]);
        var settings = new Settings(LearningRate: 0.1, Beta1: 0.5, Beta2: 0.75, Epsilon: 0.5, WeightDecay: 1, EmaDecay: 0.5);
        Step([tensor], [[2]], settings, 1);
        double first = 1 - 0.1 - 0.1 * 2 / 2.5;
        Assert.That(tensor.Weight[0], Is.EqualTo(first).Within(1e-15));
        Assert.That(tensor.Ema[0], Is.EqualTo(0.5 + 0.5 * first).Within(1e-15));
        Step([tensor], [[-2]], settings, 2);
        Assert.That((tensor.FirstMoment[0], tensor.SecondMoment[0]), Is.EqualTo((-0.5, 1.75)));
        double second = first - 0.1 * first - 0.1 * (-0.5 / 0.75) / (Math.Sqrt(1.75 / 0.4375) + 0.5);
        Assert.That(tensor.Weight[0], Is.EqualTo(second).Within(1e-15));
        Assert.That(tensor.Ema[0], Is.EqualTo(0.25 + 0.25 * first + 0.5 * second).Within(1e-15));
    }

    [Test]
    public void ClippingScalesAllTensorsByOneNorm()
    {
        var a = Tensor.Start([0.0]);
        var b = Tensor.Start([0.0]);
        Step([a, b], [[3], [4]], new(LearningRate: 0.1, Beta1: 0, MaxNorm: 1), 1);
        Assert.That(a.FirstMoment[0], Is.EqualTo(3 / (5 + 1e-6)).Within(1e-15));
        Assert.That(b.FirstMoment[0], Is.EqualTo(4 / (5 + 1e-6)).Within(1e-15));
        Step([a, b], [[0.3], [0.4]], new(LearningRate: 0.1, Beta1: 0, MaxNorm: 1), 2);
        Assert.That(a.FirstMoment[0], Is.EqualTo(0.3));
    }

    [Test]
    public void Float32StepsStayWithinTheBounds([Values(1, 7)] int first, [Values(0.5, double.PositiveInfinity)] double maxNorm)
    {
        var settings = new Settings(1e-3f, WeightDecay: 0.01f, MaxNorm: maxNorm);
        double[] gradient = TestData.Normal(127, 2);
        gradient[3] = 0;
        gradient[4] = 1e-22f;
        var before = Tensor.Start(TestData.Normal(127, 1));
        if (first > 1)
        {
            TestData.Uniform(127, 3).CopyTo(before.FirstMoment, 0);
            TestData.Uniform(127, 4, 0, 1).CopyTo(before.SecondMoment, 0);
        }

        var after = new Tensor(
            before.Weight.ToArray(), before.FirstMoment.ToArray(), before.SecondMoment.ToArray(), before.Ema.ToArray());
        Step([after], [gradient], settings, first);
        Tensor bound = StepBound([before], [gradient], settings, first)[0];
        var (w, m, v, ema) = Float32Step(before, gradient, settings, first);
        Compare.Within(m, after.FirstMoment, bound.FirstMoment, "m", i => $"[{i}]");
        Compare.Within(v, after.SecondMoment, bound.SecondMoment, "v", i => $"[{i}]");
        Compare.Within(w, after.Weight, bound.Weight, "w", i => $"[{i}]");
        Compare.Within(ema, after.Ema, bound.Ema, "ema", i => $"[{i}]");
    }

    [TestCase(1, 1)]
    [TestCase(3, 5)]
    [TestCase(7, 13)]
    public void FlowMatchingBackwardAgreesWithFiniteDifferences(int n, int z)
    {
        double[] predicted = TestData.Normal(n * z, 1);
        double[] target = TestData.Normal(n * z, 2);
        double[] d = FlowMatchingReference.Backward(n, z, predicted, target);
        FiniteDifference.Check(v => FlowMatchingReference.Forward(n, z, v, target), predicted, d, "dv̂");
        float loss = 0;
        for (int i = 0; i < n * z; i++)
        {
            float e = (float)predicted[i] - (float)target[i];
            loss += 0.5f * e * e;
        }

        double expected = FlowMatchingReference.Forward(n, z, predicted, target);
        Compare.Within([loss / n], [expected], [FlowMatchingReference.ForwardBound(n, z, predicted, target)], "loss", _ => "");
    }

    [Test]
    public void FlowMatchingPathsRunFromNoiseToDataAtTheTargetVelocity()
    {
        double[] x0 = TestData.Normal(15, 1);
        double[] x1 = TestData.Normal(15, 2);
        double[] v = FlowMatchingReference.Target(3, 5, x0, x1);
        Assert.That(FlowMatchingReference.Interpolate(3, 5, x0, x1, [0, 0, 0]), Is.EqualTo(x0));
        Assert.That(FlowMatchingReference.Interpolate(3, 5, x0, x1, [1, 1, 1]), Is.EqualTo(x1));
        double[] quarter = FlowMatchingReference.Interpolate(3, 5, x0, x1, [0.25, 0.25, 0.25]);
        Assert.That(quarter, Is.EqualTo(x0.Zip(v, (x, velocity) => x + 0.25 * velocity)).Within(1e-15));
        Assert.That(FlowMatchingReference.Forward(3, 5, v, v), Is.EqualTo(0));
    }

    [Test]
    public void TimeFeaturesAreCosinesThenSines()
    {
        double[] features = FlowMatchingReference.TimeFeatures([0, 0.5]);
        Assert.That(features.Take(16), Is.All.EqualTo(1));
        Assert.That(features.Skip(16).Take(16), Is.All.EqualTo(0));
        Assert.That(features.Skip(32).Take(4), Is.EqualTo(new double[] { 0, -1, 0, 1 }).Within(1e-15), "cos(πk/2)");
        Assert.That(features.Skip(48).Take(4), Is.EqualTo(new double[] { 1, 0, -1, 0 }).Within(1e-15), "sin(πk/2)");
        Assert.That(FlowMatchingReference.TimeFeaturesBound([0, 0.5]), Is.All.InRange(ErrorBound.SinCos, 1.1 * ErrorBound.SinCos));
    }

    private static (float[] w, float[] m, float[] v, float[] ema) Float32Step(Tensor old, double[] gradient, Settings s, int step)
    {
        float norm = MathF.Sqrt(gradient.Aggregate(0f, (sum, g) => sum + (float)g * (float)g));
        float clip = double.IsInfinity(s.MaxNorm) ? 1 : MathF.Min(1, (float)s.MaxNorm / (norm + 1e-6f));
        float beta1 = (float)s.Beta1, beta2 = (float)s.Beta2, d = (float)s.EmaDecay, rate = (float)s.LearningRate;
        float correction1 = (float)(1 - Math.Pow(s.Beta1, step)), correction2 = (float)(1 - Math.Pow(s.Beta2, step));
        float[] w = TestData.ToFloat(old.Weight), m = TestData.ToFloat(old.FirstMoment), v = TestData.ToFloat(old.SecondMoment);
        float[] ema = TestData.ToFloat(old.Ema);
        for (int i = 0; i < w.Length; i++)
        {
            float g = (float)gradient[i] * clip;
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta2 * v[i] + (1 - beta2) * g * g;
            w[i] = w[i] - rate * (float)s.WeightDecay * w[i]
                - rate * (m[i] / correction1) / (MathF.Sqrt(v[i] / correction2) + (float)s.Epsilon);
            ema[i] = d * ema[i] + (1 - d) * w[i];
        }

        return (w, m, v, ema);
    }
}
