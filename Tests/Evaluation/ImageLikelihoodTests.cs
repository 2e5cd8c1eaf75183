using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Evaluation;

public class ImageLikelihoodTests
{
    private static readonly float[] X = [0, 1, 0.25f, 0.5f, 1], Mean = [0.1f, 0.75f, 0.25f, 0.9f, 1];

    private static double Sum(Func<double, double, double> each) => X.Zip(Mean, (x, m) => each(x, m)).Sum();

    [Test]
    public void EachKindIsTheSumOfItsLogDensities()
    {
        const double s = 0.3;
        Assert.That(
            new ImageLikelihood(new LikelihoodOptions(LikelihoodKind.Gaussian), s).LogDensity(X, Mean),
            Is.EqualTo(Sum((x, m) => -0.5 * (Math.Log(2 * Math.PI * s * s) + (Math.Pow(x - m, 2) / (s * s))))).Within(1e-12));
        Assert.That(
            new ImageLikelihood(new LikelihoodOptions(LikelihoodKind.Laplace), s).LogDensity(X, Mean),
            Is.EqualTo(Sum((x, m) => -Math.Log(2 * s) - (Math.Abs(x - m) / s))).Within(1e-12));
        // The last mean is 1, and counts as 1 − 1e-7.
        Assert.That(
            new ImageLikelihood(new LikelihoodOptions(LikelihoodKind.Bernoulli), s).LogDensity(X, Mean),
            Is.EqualTo(Sum((x, m) => m == 1 ? Math.Log(1 - 1e-7) : (x * Math.Log(m)) + ((1 - x) * Math.Log(1 - m)))).Within(1e-12));
    }

    [Test]
    public void ASaturatedMeanHasAFiniteDensity() => Assert.That(
        new ImageLikelihood(new LikelihoodOptions(LikelihoodKind.Bernoulli), 1).LogDensity([1, 0], [0, 1]),
        Is.EqualTo(2 * Math.Log(1e-7)).Within(1e-6));
}
