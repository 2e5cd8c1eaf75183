using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Latents;

[TestFixture]
public sealed class CategoricalPriorTests
{
    private const int Draws = 40_000;

    [Test]
    public void EachVariableHasOneClass()
    {
        foreach (float[] hot in new CategoricalPrior(13, 3).SampleMany(1, 0, 100, 1).Chunk(3))
        {
            Assert.That(hot.Order(), Is.EqualTo(new float[] { 0, 0, 1 }));
        }
    }

    [Test]
    public void ClassesAreAsFrequentAsTheirProbabilities()
    {
        CheckFrequencies(new CategoricalPrior(5, 3), 1, Enumerable.Repeat(1 / 3.0, 15).ToArray());
        CheckFrequencies(Fitted(), 1, [0.1, 0.2, 0.7, 0.5, 0, 0.5]);
    }

    [Test]
    public void TemperatureSharpensOrFlattens()
    {
        // Squares of 1 : 2 : 7, and square roots of 1 : 4 : 16.
        CheckFrequencies(Fitted(), 0.5f, [1 / 54.0, 4 / 54.0, 49 / 54.0, 0.5, 0, 0.5]);
        CheckFrequencies(new CategoricalPrior([1, 4, 16], 1, 3), 2, [1 / 7.0, 2 / 7.0, 4 / 7.0]);
        Assert.That(Fitted().SampleMany(1, 0, 2, 0), Is.EqualTo(new float[] { 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0 }),
            "the likeliest, the first of equals");
        Assert.That(Fitted().SampleMany(1, 0, 50, 1e-6f).Chunk(6).Select(z => z[2]), Is.All.EqualTo(1));
        Assert.That(() => Fitted().SampleMany(1, 0, 1, -1), Throws.InstanceOf<ArgumentException>().With.Message.Contains("0 or above"));
        Assert.That(() => Fitted().SampleMany(1, 0, 1, float.NaN), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void VariablesAreIndependent()
    {
        float[] z = new CategoricalPrior(5, 2).SampleMany(3, 0, Draws, 1);
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double equal = z.Chunk(10).Average(row => row[2 * i] == row[2 * j] ? 1.0 : 0);
                Assert.That(equal, Is.EqualTo(0.5).Within(2.5 / Math.Sqrt(Draws)), $"variables {i} and {j}");
            }
        }
    }

    [Test]
    public void ProbabilitiesAreTakenRelativeToTheirSum()
    {
        var doubled = new CategoricalPrior([0.2f, 0.4f, 1.4f, 1, 0, 1], 2, 3);
        Assert.That(doubled.SampleMany(5, 0, 200, 1), Is.EqualTo(Fitted().SampleMany(5, 0, 200, 1)));
    }

    [Test]
    public void BatchesDoNotMatter()
    {
        CategoricalPrior prior = Fitted();
        float[] all = prior.SampleMany(3, uint.MaxValue - 1, 5, 0.8f);
        var one = new float[6];
        for (int i = 0; i < 5; i++)
        {
            Array.Fill(one, 9);
            prior.Sample(3, unchecked(uint.MaxValue - 1 + (uint)i), 0.8f, one);
            Assert.That(one, Is.EqualTo(all[(6 * i)..((6 * i) + 6)]), $"draw {i}");
        }
        Assert.That(all.Chunk(6).Distinct().Count(), Is.GreaterThan(1));
    }

    [Test]
    public void ItSurvivesTheFileAndIsTheOnlyPrior()
    {
        SafetensorsFile file = File(Fitted().WriteTo);
        CategoricalPrior read = CategoricalPrior.TryRead(file)!;
        Assert.That((read.Variables, read.Classes, read.Size, read.Kind), Is.EqualTo((2, 3, 6, "categorical")));
        Assert.That(read.Probabilities.ToArray(), Is.EqualTo(Fitted().Probabilities.ToArray()));
        Assert.That(read.SampleMany(5, 0, 50, 1), Is.EqualTo(Fitted().SampleMany(5, 0, 50, 1)));
        Assert.That(LatentPriors.ReadAll(file, 6).Select(prior => prior.Kind), Is.EqualTo(new[] { "categorical" }));
        Assert.That(() => LatentPriors.ReadAll(file, 8), Throws.TypeOf<ModelFileException>().With.Message.Contains("6 dimensions"));
        Assert.That(CategoricalPrior.TryRead(File(_ => { })), Is.Null);
    }

    private static IEnumerable<TestCaseData> Damaged()
    {
        static TestCaseData Case(string name, string expected, float[] probabilities, params long[] shape) =>
            new TestCaseData(probabilities, shape, expected).SetArgDisplayNames(name);

        yield return Case("negative", "variable 1 must be finite, at least 0", [1f, 1, 2, -1], 2, 2);
        yield return Case("nothing possible", "not all 0", [0f, 0, 1, 1], 2, 2);
        yield return Case("NaN", "variable 0", [float.NaN, 1], 1, 2);
        yield return Case("infinite", "finite", [float.PositiveInfinity, 1], 1, 2);
        yield return Case("flat", "[variables, classes], found [4]", [1f, 1, 1, 1], 4);
        yield return Case("one class", "at least 2 classes", [1f, 1], 2, 1);
        yield return Case("no variable", "at least 1 variable", [], 0, 2);
    }

    [TestCaseSource(nameof(Damaged))]
    public void DamagedProbabilitiesInTheFileAreRefused(float[] probabilities, long[] shape, string expected)
    {
        SafetensorsFile file = File(writer => writer.AddFloats("prior.categorical.probabilities", probabilities, shape));
        Assert.That(() => CategoricalPrior.TryRead(file), Throws.TypeOf<ModelFileException>().With.Message.Contains(expected));
    }

    [Test]
    public void SizesAreChecked()
    {
        Assert.That(() => new CategoricalPrior(0, 3), Throws.ArgumentException.With.Message.Contains("0 of 3"));
        Assert.That(() => new CategoricalPrior(3, 1), Throws.ArgumentException.With.Message.Contains("3 of 1"));
        Assert.That(() => new CategoricalPrior(new float[5], 2, 3), Throws.ArgumentException.With.Message.Contains("6 elements, found 5"));
        Assert.That(() => Fitted().Sample(1, 0, 1, new float[4]), Throws.ArgumentException.With.Message.Contains("6 elements, found 4"));
    }

    private static CategoricalPrior Fitted() => new([0.1f, 0.2f, 0.7f, 0.5f, 0, 0.5f], 2, 3);

    /// <summary>The share of each class lies within 5 standard errors; a class of probability 0 is never drawn.</summary>
    private static void CheckFrequencies(CategoricalPrior prior, float temperature, double[] expected)
    {
        float[] z = prior.SampleMany(1, 0, Draws, temperature);
        for (int j = 0; j < prior.Size; j++)
        {
            double share = z.Chunk(prior.Size).Average(row => (double)row[j]);
            Assert.That(share, Is.EqualTo(expected[j]).Within(5 * Math.Sqrt(expected[j] * (1 - expected[j]) / Draws)), $"element {j}");
        }
    }

    private static SafetensorsFile File(Action<SafetensorsWriter> fill)
    {
        var writer = new SafetensorsWriter();
        fill(writer);
        return SafetensorsFile.Parse(SafetensorsTests.Write(writer));
    }
}
