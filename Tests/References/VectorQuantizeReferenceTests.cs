using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class VectorQuantizeReferenceTests
{
    [Test]
    public void ChoosesTheNearestAndAmongEqualsTheLowest()
    {
        double[] codebook = [0, 0, 3, 4, 0, 2, 3, 4];
        Assert.That(VectorQuantizeReference.Nearest(2, [3, 3, 0, 1, 0, 1.1], codebook), Is.EqualTo(new[] { 1, 0, 2 }));
        Assert.That(VectorQuantizeReference.Forward(2, codebook, [1, 2]), Is.EqualTo(new double[] { 3, 4, 0, 2 }));
        Assert.That(VectorQuantizeReference.Commitment(2, 2, 0.5, [3, 3, 0, 1, 0, 0, 1, 1], codebook, [1, 0, 0, 0]),
            Is.EqualTo(new[] { 1, 1 }));
    }

    [Test]
    public void BackwardAgreesWithFiniteDifferencesOfTheStraightThroughObjective()
    {
        const int n = 2, d = 3;
        double[] encoded = TestData.Uniform(4 * d, 1), codebook = TestData.Uniform(5 * d, 2), dQuantized = TestData.Uniform(4 * d, 3);
        int[] codes = VectorQuantizeReference.Nearest(d, encoded, codebook);
        FiniteDifference.Check(
            z => z.Zip(dQuantized, (a, b) => a * b).Sum() + VectorQuantizeReference.Commitment(d, 2, 0.7, z, codebook, codes).Sum() / n,
            encoded, VectorQuantizeReference.Backward(n, d, 0.7, encoded, codebook, codes, dQuantized), "dz_e");
    }

    /// <summary>Without memory and smoothing, the update is a step of k-means: each code becomes the mean of what chose it.</summary>
    [Test]
    public void UpdateMovesCodesToTheMeansOfTheirRows()
    {
        double[] encoded = [1, 2, 3, 6, 10, 0];
        var (counts, sums, codebook) = VectorQuantizeReference.Update(2, [9, 9], [9, 9, 9, 9], encoded, [0, 0, 1], decay: 0, epsilon: 0);
        Assert.That(counts, Is.EqualTo(new[] { 2, 1 }));
        Assert.That(sums, Is.EqualTo(new[] { 4, 8, 10, 0 }));
        Assert.That(codebook, Is.EqualTo(new[] { 2, 4, 10, 0 }).Within(1e-12));
        Assert.That(VectorQuantizeReference.Perplexity([2, 2, 0, 2]), Is.EqualTo(3).Within(1e-12));
    }
}
