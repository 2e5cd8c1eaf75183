using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Latents;

public class SymmetricEigenTests
{
    [Test]
    public void AKnownMatrix()
    {
        (double[] values, double[] vectors) = SymmetricEigen.Solve([2, 1, 1, 2], 2);
        double half = Math.Sqrt(0.5);
        Assert.That(values, Is.EqualTo(new[] { 3.0, 1 }).Within(1e-15));
        Assert.That(vectors[..2], Is.EqualTo(new[] { half, half }).Within(1e-15));
        Assert.That(vectors[2..].Select(Math.Abs), Is.EqualTo(new[] { half, half }).Within(1e-15));
        Assert.That(vectors[2] * vectors[3], Is.Negative);
    }

    [Test]
    public void ADiagonalIsSorted()
    {
        (double[] values, double[] vectors) = SymmetricEigen.Solve([-1, 0, 0, 0, 5, 0, 0, 0, 2], 3);
        Assert.That(values, Is.EqualTo(new[] { 5.0, 2, -1 }));
        Assert.That(vectors, Is.EqualTo(new double[] { 0, 1, 0, 0, 0, 1, 1, 0, 0 }));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(13)]
    [TestCase(127)]
    public void EigenvectorsAreScaledByTheMatrixAndStandUpright(int n)
    {
        double[] matrix = TestData.Uniform(n * n, 7 + n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                matrix[(i * n) + j] = matrix[(j * n) + i];
        }

        (double[] values, double[] v) = SymmetricEigen.Solve(matrix, n);
        double tolerance = 1e-14 * n * Math.Sqrt(matrix.Sum(x => x * x));
        Assert.That(values, Is.Ordered.Descending);
        Assert.That(values.Sum(), Is.EqualTo(Enumerable.Range(0, n).Sum(i => matrix[(i * n) + i])).Within(tolerance), "the trace");
        for (int k = 0; k < n; k++)
        {
            double[] vector = v[(k * n)..((k + 1) * n)];
            Assert.That(vector.MaxBy(Math.Abs), Is.Positive);
            for (int i = 0; i < n; i++)
            {
                double product = Enumerable.Range(0, n).Sum(j => matrix[(i * n) + j] * vector[j]);
                double dot = Enumerable.Range(0, n).Sum(j => v[(i * n) + j] * vector[j]);
                if (Math.Abs(product - (values[k] * vector[i])) > tolerance || Math.Abs(dot - (i == k ? 1 : 0)) > tolerance)
                    Assert.Fail($"Eigenvector {k}, element {i}: A v = {product}, λ v = {values[k] * vector[i]}, v_i·v_k = {dot}.");
            }
        }
    }

    [Test]
    public void RefusesWhatIsNoMatrix()
    {
        Assert.That(() => SymmetricEigen.Solve(new double[5], 2), Throws.ArgumentException.With.Message.Contains("2×2; found 5"));
        Assert.That(() => SymmetricEigen.Solve([double.NaN], 1), Throws.ArgumentException.With.Message.Contains("finite"));
    }
}
