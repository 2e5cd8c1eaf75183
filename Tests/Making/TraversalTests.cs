using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Tests.Making;

public class TraversalTests
{
    private static readonly VaeModel Model = new(TinyModel.Architecture, new Dictionary<string, WeightTensor>())
    {
        LatentDeviation = [0.5f, 2, 0.5f, 1],
    };

    [Test]
    public void TheDimensionsThatVaryMostComeFirst()
    {
        Assert.That(Traversal.MostActive(Model, 9).Select(d => d.Index), Is.EqualTo(new[] { 1, 3, 0, 2 }));
        Assert.That(Traversal.MostActive(Model, 1), Is.EqualTo(new[] { new LatentDimension(1, 2) }));
    }

    [Test]
    public void OneDimensionChangesAndTheOthersStay() => Assert.That(
        Traversal.Latents([10, 20, 30], [2, 0], range: 1.5, steps: 3),
        Is.EqualTo(new[]
        {
            10, 20, -1.5f, 10, 20, 0, 10, 20, 1.5f,
            -1.5f, 20, 30, 0, 20, 30, 1.5f, 20, 30,
        }));

    [Test]
    public void PointsMoveAboutTheirMeanInDeviations()
    {
        var points = new VaeModel(TinyModel.Architecture, new Dictionary<string, WeightTensor>()) { LatentMean = [1, 2], LatentDeviation = [0.5f, 4] };
        Assert.That(
            Traversal.Latents([10, 20], [1, 0], range: 2, steps: 3, points), Is.EqualTo(new float[] { 10, -6, 10, 2, 10, 10, 0, 20, 1, 20, 2, 20 }));
    }

    [Test]
    public void AVariableTakesEachOfItsClasses()
    {
        Assert.That(
            Traversal.Classes([0, 1, 1, 0], [1, 0], 2), Is.EqualTo(new float[] { 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0 }));
        Assert.That(() => Traversal.Classes([0, 1, 1, 0], [2], 2), Throws.ArgumentException.With.Message.Contains("from 0 to 1; found 2"));
        var model = new VaeModel(TinyModel.Architecture with { Latent = LatentKind.Categorical, Classes = 2 }, new Dictionary<string, WeightTensor>())
        {
            LatentDeviation = [0.1f, 0.1f, 3, 4],
        };
        Assert.That(Traversal.MostActiveVariables(model, 1), Is.EqualTo(new[] { new LatentDimension(1, 5) }));
    }

    [TestCase(1, 3.0, 0)]
    [TestCase(3, 0.0, 0)]
    [TestCase(3, double.NaN, 0)]
    [TestCase(3, 3.0, -1)]
    [TestCase(3, 3.0, 2)]
    public void OutOfRangeIsRefused(int steps, double range, int dimension) =>
        Assert.That(() => Traversal.Latents(new float[2], [dimension], range, steps), Throws.ArgumentException);
}
