using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Latents;

public class LinearProbeTests
{
    private static (float[] X, int[] Labels) Blobs(int count, float apart)
    {
        int[] labels = Enumerable.Range(0, count).Select(i => i % 3).ToArray();
        var x = new float[4 * count];
        Philox.FillNormals(11, 0, 0, x);
        for (int i = 0; i < count; i++)
            x[(4 * i) + labels[i]] += apart;
        return (x, labels);
    }

    [Test]
    public void TheGradientIsThatOfTheLoss()
    {
        (float[] x, int[] labels) = Blobs(13, 1);
        var loss = new LogisticLoss(x.Select(v => (double)v).ToArray(), labels, 4, 3, penalty: 0.3);
        double[] at = TestData.Uniform(loss.ParameterCount, 5), gradient = new double[loss.ParameterCount];
        loss.At(at, gradient);
        FiniteDifference.Check(v => loss.At(v, new double[v.Length]), at, gradient, "logistic loss");
    }

    [Test]
    public void TheOptimumOfTwoPoints()
    {
        // Of ±1 in two classes, W = ∓v and b = 0: the loss is ln(1 + e^(−2v)) + λ v², and its slope 0 at λ = 1 / (v (1 + e^(2v))).
        const double v = 0.5;
        double penalty = 1 / (v * (1 + Math.Exp(2 * v)));
        LinearProbe probe = LinearProbe.Fit([-1.0, 1], [0, 1], 1, 2, new LinearProbeOptions { Penalty = penalty, Tolerance = 1e-10 });
        Assert.That(probe.Converged);
        Assert.That(probe.Parameters.ToArray(), Is.EqualTo(new[] { -v, 0, v, 0 }).Within(1e-9));
        Assert.That(probe.Loss, Is.EqualTo(Math.Log(1 + Math.Exp(-2 * v)) + (penalty * v * v)).Within(1e-12));
        Assert.That(Math.Exp(probe.LogProbabilities([1.0])[1]), Is.EqualTo(1 / (1 + Math.Exp(-2 * v))).Within(1e-9));
    }

    [Test]
    public void WithNothingToTellTheProbabilitiesAreThoseOfTheLabels()
    {
        LinearProbe probe = LinearProbe.Fit([5.0, 5, 5, 5], [0, 0, 1, 0], 1, 2);
        double[] expected = [Math.Log(0.75), Math.Log(0.25)];
        Assert.That(probe.LogProbabilities([5.0]), Is.EqualTo(expected).Within(1e-5));
        Assert.That(probe.LogProbabilities([-1000.0]), Is.EqualTo(expected).Within(1e-5), "a dimension that did not vary is left out");
        Assert.That(probe.Predict([7.0, 8.0]), Is.EqualTo(new[] { 0, 0 }));
    }

    [Test]
    public void SeparatesWhatCanBeSeparated()
    {
        (float[] x, int[] labels) = Blobs(150, apart: 12);
        LinearProbe probe = LinearProbe.Fit(x, labels, 4, 3);
        Assert.That(probe.Converged);
        Assert.That(probe.Predict(x), Is.EqualTo(labels));
        float[] moved = x.Select((value, i) => (value * 1000) + (i % 4)).ToArray();
        Assert.That(LinearProbe.Fit(moved, labels, 4, 3).Predict(moved), Is.EqualTo(labels), "units and origin do not matter");
        Assert.That(LinearProbe.Fit(x, labels, 4, 3).Parameters.ToArray(), Is.EqualTo(probe.Parameters.ToArray()), "the same bits");
    }

    [Test]
    public void TheOptimumHasNoSlopeWhereClassesOverlap()
    {
        (float[] x, int[] labels) = Blobs(1500, apart: 1);
        LinearProbe probe = LinearProbe.Fit(x, labels, 4, 3, new LinearProbeOptions { Penalty = 0 });
        Assert.That(probe.Converged);
        double right = probe.Predict(x).Zip(labels).Count(pair => pair.First == pair.Second) / 1500.0;
        Assert.That(right, Is.InRange(0.5, 0.9));
    }

    [Test]
    public void RefusesWhatCanNotBeLearned()
    {
        Assert.That(() => LinearProbe.Fit([1.0, 2], [0, 0], 1, 1),
            Throws.ArgumentException.With.Message.Contains("two classes apart; found 1"));
        Assert.That(() => LinearProbe.Fit([1.0, 2], [0, 0], 1, 2),
            Throws.ArgumentException.With.Message.Contains("Class 1 of 2 has no vector"));
        Assert.That(() => LinearProbe.Fit([1.0, 2, 3], [0, 1], 1, 2), Throws.ArgumentException.With.Message.Contains("found 3 values"));
        Assert.That(() => LinearProbe.Fit([1.0, double.NaN], [0, 1], 1, 2), Throws.ArgumentException.With.Message.Contains("finite"));
        Assert.That(() => LinearProbe.Fit([1.0, 2, 3], [0, 1, 2], 1, 2),
            Throws.ArgumentException.With.Message.Contains("from 0 to 1; found 2"));
        Assert.That(() => LinearProbe.Fit([1.0, 2], [0, 1], 1, 2, new LinearProbeOptions { Penalty = -1 }),
            Throws.ArgumentException.With.Message.Contains("penalty must be at least 0"));
        LinearProbe probe = LinearProbe.Fit([1.0, 2, 3, 4], [0, 1], 2, 2);
        Assert.That(() => probe.Predict([1.0]), Throws.ArgumentException.With.Message.Contains("whole vectors of 2"));
    }

    [Test]
    public void AMinimumOfAQuadratic()
    {
        // Σ i (x_i − i)² for i = 1 … 20.
        Minimum found = LimitedMemoryBfgs.Run(
            (x, gradient) =>
            {
                double value = 0;
                for (int i = 0; i < x.Length; i++)
                {
                    value += (i + 1) * Math.Pow(x[i] - (i + 1), 2);
                    gradient[i] = 2 * (i + 1) * (x[i] - (i + 1));
                }

                return value;
            },
            new double[20], 1e-8, 200);
        Assert.That(found.Converged);
        Assert.That(found.Point, Is.EqualTo(Enumerable.Range(1, 20).Select(i => (double)i)).Within(1e-8));
        Assert.That(LimitedMemoryBfgs.Run((x, g) => g[0] = x[0] = 1, [0], 0.1, 3).Converged, Is.False, "a function that can't fall");
    }

    [Test]
    public void AReportCountsByLabel()
    {
        // Two labels apart on a line; the third has nothing to learn from, and lies among b.
        float[] latents = [-2, -1, 1, 2, 3, /* test */ -3, 4, 5, 6];
        ProbeReport report = ProbeReport.Of("hash", latents, ["a", "a", "b", "b", "b"], ["a", "b", "c", "a"], unlabelled: 2, penalty: 0.01);
        Assert.That((report.Accuracy, report.Baseline, report.TrainingAccuracy), Is.EqualTo((0.5, 0.25, 1.0)));
        Assert.That(report.Confusion, Is.EqualTo(new int[][] { [1, 1, 0], [0, 1, 0], [0, 1, 0] }));
        Assert.That(report.Classes, Is.EqualTo(new ProbedClass[] { new("a", 2, 2, 0.5), new("b", 3, 1, 1), new("c", 0, 1, 0) }));
        Assert.That(report.ToString(), Does.Contain("4 test images, learned from 5; 2 without label").And.Contain("none to learn from"));
        Assert.That(report.ToJson(), Does.Contain("\"baseline\": 0.25").And.Contain("\"converged\": true"));
        Assert.That(() => ProbeReport.Require(["a", "a"], ["a"]), Throws.ArgumentException.With.Message.Contains("'a' only"));
        Assert.That(() => ProbeReport.Require([], ["a"]), Throws.ArgumentException.With.Message.Contains("found none"));
        Assert.That(() => ProbeReport.Require(["a", "b"], []), Throws.ArgumentException.With.Message.Contains("tested on"));
    }
}
