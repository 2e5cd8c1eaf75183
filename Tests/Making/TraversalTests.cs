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

    [TestCase(1, 3.0, 0)]
    [TestCase(3, 0.0, 0)]
    [TestCase(3, double.NaN, 0)]
    [TestCase(3, 3.0, -1)]
    [TestCase(3, 3.0, 2)]
    public void OutOfRangeIsRefused(int steps, double range, int dimension) =>
        Assert.That(() => Traversal.Latents(new float[2], [dimension], range, steps), Throws.ArgumentException);
}
