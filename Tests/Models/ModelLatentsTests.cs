using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Models;

[TestFixture]
public sealed class ModelLatentsTests
{
    private static readonly VaeModel Plain = Model(TinyModel.Architecture with { LatentSize = 8 });

    private static readonly VaeModel Conditional =
        Model(TinyModel.Architecture with { LatentSize = 8, Labels = ["bat", "slime", "ghost"] });

    private static readonly VaeModel Categorical =
        Model(TinyModel.Architecture with { LatentSize = 400, Latent = LatentKind.Categorical, Classes = 4 });

    private static readonly VaeModel Quantized = Model(
        TinyModel.Architecture with { LatentSize = 64, LatentSide = 4, Latent = LatentKind.Quantized, Codes = 8, Labels = ["a", "b"] });

    private static readonly VaeModel[] All = [Plain, Conditional, Categorical, Quantized];

    /// <summary>What a game stores as a seed must stay what it is, on every machine and in every version.</summary>
    [TestCase(0, null, 0xadaf6359c443418ful)]
    [TestCase(0, "normal", 0xbddbc234b3e8148cul)]
    [TestCase(1, null, 0xa472faa1db4e5d59ul)]
    [TestCase(2, null, 0x550de2ea8477986bul)]
    [TestCase(3, null, 0xa187e2ad7a0b5c54ul)]
    public void ASeedGivesTheSameLatentOnEveryMachine(int model, string? prior, ulong hash)
    {
        Latent latent = All[model].Sample(0x123456789ABCDEF0, 7, 0.9f, prior);
        Latent changed = All[model].Mutate(latent, 5, 0.5f);
        Latent crossed = All[model].CrossOver(latent, changed, 6);
        ulong all = latent.ContentHash ^ (changed.ContentHash << 1) ^ (crossed.ContentHash << 2);
        Assert.That(all, Is.EqualTo(hash), $"0x{all:x16}ul");
    }

    [Test]
    public void NeitherBatchesNorThreadsMatter([Range(0, 3)] int model)
    {
        var all = new Latent[150];
        All[model].SampleMany(3, all, start: uint.MaxValue - 50);
        foreach (int i in (int[])[0, 49, 50, 51, 63, 64, 149])
            Assert.That(All[model].Sample(3, unchecked(uint.MaxValue - 50 + (uint)i)), Is.EqualTo(all[i]), $"{i}");
        foreach (int threads in (int[])[2, 7])
        {
            var again = new Latent[150];
            All[model].SampleMany(3, again, start: uint.MaxValue - 50, threads: threads);
            Assert.That(again, Is.EqualTo(all));
        }

        Assert.That(all.Select(l => l.ContentHash), Is.Unique);
        Assert.That(All[model].Sample(4, uint.MaxValue - 50), Is.Not.EqualTo(all[0]));
        All[model].SampleMany(3, Memory<Latent>.Empty);
        foreach (Latent latent in all)
            All[model].Require(latent);
    }

    [Test]
    public void TheCentreIsThatOfThePrior()
    {
        Assert.That(Plain.Sample(1, temperature: 0, prior: "normal").Values.ToArray(), Is.All.EqualTo(0f));
        Assert.That(Plain.Sample(1, 0, 1, "normal"), Is.Not.EqualTo(Plain.Sample(1)), "the mixture is the best");
    }

    [Test]
    public void LabelsAreThoseAskedForOrComeInTurn()
    {
        Assert.That(Conditional.Sample(1, label: "ghost").Label, Is.EqualTo(2));
        var turns = new Latent[5];
        Conditional.SampleMany(1, turns, start: 4);
        Assert.That(turns.Select(l => l.Label), Is.EqualTo(new[] { 1, 2, 0, 1, 2 }));
        Assert.That(Plain.Sample(1).Label, Is.EqualTo(-1));
        Latent[] a = new Latent[50], b = new Latent[50];
        Quantized.SampleMany(2, a, label: "a");
        Quantized.SampleMany(2, b, label: "b");
        Assert.That(b.Select(l => l.Label), Is.All.EqualTo(1));
        Assert.That(a.Select(l => l.WithLabel(1)), Is.Not.EqualTo(b), "a prior that knows labels draws other codes");
    }

    [Test]
    public void BadRequestsAreRefused()
    {
        Refused(() => Plain.Sample(1, prior: "flow"), "no prior 'flow'; it has mixture, normal");
        Refused(() => Plain.Sample(1, temperature: -1), "at least 0; found -1");
        Refused(() => Plain.Sample(1, temperature: float.NaN), "found NaN");
        Refused(() => Plain.Sample(1, label: "bat"), "not conditional and takes no labels; found 'bat'");
        Refused(() => Conditional.Sample(1, label: "dragon"), "no label 'dragon'; it knows bat, slime, ghost");
        Refused(() => Plain.SampleMany(1, new Latent[1], threads: 0), "found 0");
        Latent latent = Plain.Sample(1);
        Refused(() => Plain.Require(new Latent([1f])), "latents of 8 values; found 1");
        Refused(() => Plain.Require(default), "latents of 8 values; found an empty one");
        Refused(() => Plain.Require(latent.WithLabel(0)), "found a latent of label 0");
        Refused(() => Conditional.Require(latent), "a label from 0 to 2; found none");
        Refused(() => Conditional.Require(latent.WithLabel(3)), "a label from 0 to 2; found 3");
        Refused(() => Plain.Move(latent, "shiny", 1), "no direction 'shiny'");
        Refused(() => Plain.Move(new Latent([1f]), "big", 1), "found 1");
        Refused(() => Plain.Mutate(latent, 1, 1.1f), "from 0 to 1; found 1.1");
        Refused(() => Plain.Mutate(latent, 1, float.NaN), "from 0 to 1; found NaN");
        Refused(() => Plain.CrossOver(latent, default, 1), "an empty one");
        Refused(() => Conditional.CrossOver(latent.WithLabel(0), latent.WithLabel(1), 1), "0 and 1. Choose one");
        var bare = new VaeModel(Categorical.Architecture, Categorical.Weights);
        Refused(() => bare.Mutate(Categorical.Sample(1), 1, 0.5f), "no prior");
    }

    [Test]
    public void AssetsAreFoundByName()
    {
        Assert.That(Plain.Asset("slime/blue.png").Values[0], Is.EqualTo(1f));
        Assert.That(Plain.Asset("slime/blue"), Is.EqualTo(Plain.Asset("slime/blue.png")));
        Assert.That(Plain.Asset("v1.5/bat").Values[0], Is.EqualTo(2f), "a dot in a folder is no extension");
        Assert.That(Conditional.Asset("slime/blue").Label, Is.EqualTo(1));
        Refused(() => Plain.Asset("Blue"), "The model has no asset 'Blue'. Did you mean slime/blue.png?");
        Refused(() => Plain.Asset("x"), "It has 2 assets, such as slime/blue.png, v1.5/bat");
        Refused(() => Plain.Asset(""), "It has 2 assets");
        Refused(() => Conditional.Asset("v1.5/bat"), "no label ''");
        Refused(() => Categorical.Asset("x"), "holds no assets");
    }

    [Test]
    public void MovesAlongNamedDirections()
    {
        Latent moved = Plain.Move(Plain.Asset("slime/blue"), "big", -2);
        Assert.That(moved.Values.ToArray(), Is.EqualTo(Enumerable.Range(0, 8).Select(i => 1f - (2 * i))));
    }

    /// <summary>Latents of the model's own mean and deviation keep them: within 5 standard errors of 1,000 mutations.</summary>
    [TestCase(0.1f)]
    [TestCase(0.7f)]
    [TestCase(1f)]
    public void AMutationKeepsTheDistribution(float amount)
    {
        const int Count = 1000;
        double sum = 0, squares = 0, changes = 0;
        for (int i = 0; i < Count; i++)
        {
            float[] units = Plain.Sample(1, (uint)i, prior: "normal").Values.ToArray();
            float[] start = units.Select((u, j) => Plain.LatentMean[j] + (Plain.LatentDeviation[j] * u)).ToArray();
            float[] end = Plain.Mutate(new Latent(start), (ulong)i, amount).Values.ToArray();
            for (int j = 0; j < 8; j++)
            {
                double v = (end[j] - Plain.LatentMean[j]) / Plain.LatentDeviation[j], change = v - units[j];
                (sum, squares, changes) = (sum + v, squares + (v * v), changes + (change * change));
            }
        }

        const double N = 8.0 * Count;
        double expected = 2 * (1 - Math.Sqrt(1 - ((double)amount * amount)));
        Assert.That(sum / N, Is.EqualTo(0).Within(5 / Math.Sqrt(N)));
        Assert.That(squares / N, Is.EqualTo(1).Within(5 * Math.Sqrt(2 / N)));
        Assert.That(changes / N, Is.EqualTo(expected).Within(5 * expected * Math.Sqrt(2 / N)), "E (v' - v)² = 2 (1 - sqrt(1 - a²))");
    }

    [Test]
    public void NoMutationIsNone([Range(0, 3)] int model)
    {
        Latent latent = All[model].Sample(1);
        Assert.That(All[model].Mutate(latent, 2, 0), Is.EqualTo(latent));
        Assert.That(All[model].Mutate(latent, 2, 0.5f), Is.EqualTo(All[model].Mutate(latent, 2, 0.5f)).And.Not.EqualTo(latent));
        Assert.That(All[model].Mutate(latent, 3, 0.5f), Is.Not.EqualTo(All[model].Mutate(latent, 2, 0.5f)));
        Assert.That(All[model].Mutate(latent, 2, 0.5f).Label, Is.EqualTo(latent.Label));
    }

    [Test]
    public void ClassesAndCodesStayWhole()
    {
        Latent a = Categorical.Sample(1), b = Categorical.Sample(2);
        float[] mutated = Categorical.Mutate(a, 3, 0.5f).Values.ToArray();
        for (int v = 0; v < 100; v++)
            Assert.That(mutated.Skip(4 * v).Take(4).Order(), Is.EqualTo(new[] { 0f, 0, 0, 1 }));
        // Half of 100 variables are drawn anew, and three of four of those change: 37.5, with a deviation of 4.8.
        int changed = Enumerable.Range(0, 100).Count(v => !Same(mutated, a, v, 4));
        Assert.That(changed, Is.InRange(14, 61));
        float[] crossed = Categorical.CrossOver(a, b, 4).Values.ToArray();
        Assert.That(Enumerable.Range(0, 100), Is.All.Matches<int>(v => Same(crossed, a, v, 4) || Same(crossed, b, v, 4)));

        (a, b) = (Quantized.Sample(1, label: "a"), Quantized.Sample(2, label: "a"));
        var codebook = ((CodePrior)Quantized.Prior()).Codebook.ToArray().Chunk(4).Select(c => string.Join(" ", c)).ToHashSet();
        foreach (Latent made in (Latent[])[Quantized.Mutate(a, 3, 0.5f), Quantized.CrossOver(a, b, 4)])
            Assert.That(made.Values.ToArray().Chunk(4).Select(c => string.Join(" ", c)), Is.All.Matches<string>(codebook.Contains));

        static bool Same(float[] x, Latent y, int v, int classes) =>
            x.AsSpan(v * classes, classes).SequenceEqual(y.Values.Slice(v * classes, classes));
    }

    private static void Refused(TestDelegate action, string said) =>
        Assert.That(action, Throws.ArgumentException.With.Message.Contains(said));

    private static VaeModel Model(VaeArchitecture a)
    {
        int z = a.LatentSize;
        float[] Numbers(int count, int seed) => TestData.ToFloat(TestData.Uniform(count, seed));
        ILatentPrior[] priors = a.Latent switch
        {
            LatentKind.Categorical => [new CategoricalPrior(z / a.Classes, a.Classes)],
            LatentKind.Quantized =>
                [Codes(new CodePriorShape(new CodeGrid(4, 4, 2), a.Codes, z / a.Cells, 4, 8, 1, a.Labels.Count), Numbers)],
            _ => [new GaussianMixturePrior([1, 2], Numbers(2 * z, 2), Numbers(2 * z * z, 3)), new StandardNormalPrior(z)],
        };
        return new VaeModel(a, new Dictionary<string, WeightTensor>())
        {
            LatentMean = Numbers(z, 4),
            LatentDeviation = Numbers(z, 5).Select(x => 1.5f + x).ToArray(),
            Priors = priors,
            Directions = new Dictionary<string, float[]> { ["big"] = Enumerable.Range(0, z).Select(i => (float)i).ToArray() },
            Assets = a.Latent == LatentKind.Gaussian ? [Asset("slime/blue.png", "slime", 1), Asset("v1.5/bat", "", 2)] : [],
        };

        AssetLatent Asset(string name, string label, float value) => new(name, label, Enumerable.Repeat(value, z).ToArray());
    }

    private static CodePrior Codes(CodePriorShape shape, Func<int, int, float[]> numbers) =>
        new(shape, (name, size) => numbers((int)size.Aggregate(1L, (a, b) => a * b), name.Sum(c => c)));
}
