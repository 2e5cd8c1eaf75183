using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation.Disentanglement;

namespace VaeProcgen.Tests.Evaluation.Disentanglement;

public class LogisticRegressionTests
{
    [Test]
    public void SeparatesWhatAPlaneSeparates()
    {
        var random = new Random(3);
        double[] x = [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())];
        // Three classes by the angle about (1/2, 1/2): no class lies between two others.
        int[] y = [.. x.Chunk(2).Select(p => (int)((Math.Atan2(p[1] - 0.5, p[0] - 0.5) + Math.PI) / (2 * Math.PI / 3)) % 3)];
        int[] found = LogisticRegression.Fit(x, y, 3).Predict(x);
        Assert.That(found.Zip(y).Count(p => p.First == p.Second), Is.GreaterThan(290));
    }

    [Test]
    public void UnitsOfTheInputsDoNotMatter()
    {
        double[] x = [0, 1, 2, 3, 10, 11, 12, 13];
        int[] y = [0, 0, 0, 0, 1, 1, 1, 1];
        Assert.That(LogisticRegression.Fit(x, y, 2).Predict([4, 9, -50, 50]), Is.EqualTo(new[] { 0, 1, 0, 1 }));
        double[] far = [.. x.Select(v => 1e6 + (1e-3 * v))];
        Assert.That(LogisticRegression.Fit(far, y, 2).Predict(far), Is.EqualTo(y));
    }

    [Test]
    public void InputsThatSayNothingGiveTheLikeliestClass() =>
        Assert.That(LogisticRegression.Fit([5, 5, 5, 5, 5], [2, 2, 0, 2, 1], 3).Predict([5, 7]), Is.EqualTo(new[] { 2, 2 }));
}
