using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Latents;

[TestFixture]
public sealed class CodePriorTests
{
    private static readonly CodePriorShape[] Shapes =
    {
        new(new CodeGrid(1, 2, 0), Codes: 2, Dimensions: 1, Embedding: 4, Hidden: 4, Blocks: 0),
        new(new CodeGrid(3, 5, 0), Codes: 13, Dimensions: 3, Embedding: 12, Hidden: 36, Blocks: 2, Labels: 3),
        new(new CodeGrid(5, 4, 2), Codes: 37, Dimensions: 8, Embedding: 8, Hidden: 64, Blocks: 1),
        new(new CodeGrid(4, 4, 1), Codes: 8, Dimensions: 4, Embedding: 4, Hidden: 20, Blocks: 3, Labels: 1),
    };

    /// <summary>As for the flow prior: within four times what single precision may plausibly be off.</summary>
    [TestCaseSource(nameof(Shapes))]
    public void MatchesTheDoublePrecisionReference(CodePriorShape shape)
    {
        Dictionary<string, float[]> tensors = Tensors(shape);
        var random = new Random(1);
        double RandomPart() => ((2 * random.NextDouble()) - 1) * Math.Pow(2, -24);
        var reference = new CodePriorReference(shape, tensors);
        var disturbed = new CodePriorReference(shape, tensors)
        {
            Round = value => value * (1 + RandomPart()),
            Disturb = (value, magnitude, terms) => value + (RandomPart() * Math.Sqrt(terms) * magnitude),
        };
        int[] codes = Prior(shape).SampleCodes(5, 0, 3, 1);
        double[] found = Prior(shape).NegativeLogLikelihoods(codes);
        for (int row = 0; row < 3; row++)
        {
            int[] grid = codes.Skip(row * shape.Grid.Codes).Take(shape.Grid.Codes).ToArray();
            double[] expected = reference.NegativeLogLikelihoods(grid);
            double tolerance = 4 * Enumerable.Range(0, 8).Max(_ => Distance(expected, disturbed.NegativeLogLikelihoods(grid)));
            Assert.That(Distance(expected, found.Skip(row * grid.Length).Take(grid.Length).ToArray()), Is.LessThan(tolerance),
                $"grid {row}");
            Assert.That(tolerance, Is.LessThan(1e-4), "the tolerance itself is meaningful");
        }
    }

    /// <summary>
    /// What a plain loop gives that rounds each product and sum to single precision: no vector width shows, nor the walk's running
    /// sums.
    /// </summary>
    [TestCaseSource(nameof(Shapes))]
    public void VectorsDoNotChangeTheRounding(CodePriorShape shape)
    {
        var rounded = new CodePriorReference(shape, Tensors(shape)) { Round = value => (float)value };
        int[] codes = Prior(shape).SampleCodes(5, 0, 1, 1);
        foreach (int? label in new int?[] { null, shape.Labels > 0 ? 0 : null })
        {
            double[] found = Prior(shape).NegativeLogLikelihoods(codes, label is { } l ? new[] { l } : null);
            Assert.That(found, Is.EqualTo(rounded.NegativeLogLikelihoods(codes, label)).Within(1e-12));
        }
    }

    /// <summary>The hash of the codes of a fixed model and seed, the same on every machine.</summary>
    [Test]
    public void CodesAreTheSameOnEveryMachine()
    {
        int[] codes = Prior(Shapes[2]).SampleCodes(0x123456789ABCDEF0, 7, 33, 1);
        string hash = string.Concat(SHA256.HashData(MemoryMarshal.AsBytes(codes.AsSpan())).Take(8).Select(value => value.ToString("x2")));
        Assert.That(hash, Is.EqualTo("c2bd9796465c124b"), $"with vectors of {Vector<float>.Count} floats");
    }

    [Test]
    public void BatchesDoNotMatter()
    {
        CodePrior prior = Prior(Shapes[1]);
        float[] all = prior.SampleMany(3, 10, 131, 1);
        var one = new float[prior.Size];
        foreach (int row in new[] { 0, 1, 63, 64, 130 })
        {
            prior.Sample(3, 10 + (uint)row, 1, one);
            Assert.That(one, Is.EqualTo(all.Skip(row * one.Length).Take(one.Length)), $"sample {row}");
        }
        Assert.That(prior.SampleMany(3, 20, 7, 1), Is.EqualTo(all.Skip(10 * one.Length).Take(7 * one.Length)));
        Assert.That(prior.SampleMany(3, 20, 0, 1), Is.Empty);
        Assert.That(prior.SampleMany(4, 10, 1, 1), Is.Not.EqualTo(all.Take(one.Length)));
    }

    /// <summary>
    /// With all weights 0, each code is drawn from the softmax of the last bias over the temperature: frequencies within 5 standard
    /// errors.
    /// </summary>
    [TestCase(1f)]
    [TestCase(0.5f)]
    public void DrawsFromTheSoftmaxOfTheLogits(float temperature)
    {
        double[] p = { 0.5, 0.3, 0.15, 0.05 };
        CodePrior prior = Biased(p);
        int[] codes = prior.SampleCodes(9, 0, 2000, temperature);
        double[] tempered = p.Select(v => Math.Pow(v, 1 / temperature)).ToArray();
        for (int k = 0; k < p.Length; k++)
        {
            double expected = tempered[k] / tempered.Sum();
            double error = 5 * Math.Sqrt(expected * (1 - expected) / codes.Length);
            Assert.That(codes.Count(c => c == k) / (double)codes.Length, Is.EqualTo(expected).Within(error), $"code {k}");
        }
        Assert.That(prior.NegativeLogLikelihoods(new[] { 0, 1, 2, 3 }), Is.EqualTo(p.Select(v => -Math.Log(v))).Within(1e-6));
    }

    [Test]
    public void TemperatureZeroTakesTheLikeliestCode()
    {
        Assert.That(Biased(new[] { 0.2, 0.4, 0.4 }).SampleCodes(1, 0, 50, 0), Is.All.EqualTo(1));
        Assert.That(() => Biased(new[] { 0.2, 0.8 }).SampleCodes(1, 0, 1, -1),
            Throws.ArgumentException.With.Message.Contains("at least 0; found -1"));
    }

    [Test]
    public void ALatentIsTheVectorsOfItsCodes()
    {
        CodePrior prior = Prior(Shapes[1]);
        int[] codes = prior.SampleCodes(2, 5, 1, 1, label: 2);
        var z = new float[prior.Size];
        prior.Sample(2, 5, 1, 2, z);
        Assert.That(z, Is.EqualTo(codes.SelectMany(k => prior.Codebook.Span.Slice(3 * k, 3).ToArray())));
        Assert.That(prior.SampleMany(2, 5, 1, 1, 2), Is.EqualTo(z));
        Assert.That(prior.SampleMany(2, 5, 1, 1), Is.Not.EqualTo(z), "without the label");
    }

    [Test]
    public void SurvivesTheFile([ValueSource(nameof(Shapes))] CodePriorShape shape)
    {
        CodePrior prior = Prior(shape);
        var writer = new SafetensorsWriter();
        prior.WriteTo(writer);
        SafetensorsFile file = SafetensorsFile.Parse(SafetensorsTests.Write(writer));
        Assert.That(file.Tensors.Keys, Is.EquivalentTo(CodePrior.Layout(shape).Select(at => at.Name).Append("prior.codes.grid")));
        CodePrior read = CodePrior.TryRead(file)!;
        Assert.That(read.Shape, Is.EqualTo(shape));
        Assert.That(read.SampleMany(1, 0, 9, 1), Is.EqualTo(prior.SampleMany(1, 0, 9, 1)));
        Assert.That(LatentPriors.ReadAll(file, prior.Size).Select(found => found.Kind), Is.EqualTo(new[] { "codes", "random-codes" }));
    }

    [Test]
    public void AFileWithoutAPriorOverCodesHasNone() =>
        Assert.That(CodePrior.TryRead(SafetensorsFile.Parse(SafetensorsTests.Write(new SafetensorsWriter()))), Is.Null);

    [Test]
    public void EveryMissingOrMisshapenTensorIsNamed()
    {
        CodePriorShape shape = Shapes[1];
        Dictionary<string, float[]> tensors = Tensors(shape);
        foreach ((string name, long[] size) in CodePrior.Layout(shape))
        {
            // Without these there are no labels, or one block less.
            bool optional = name is "prior.codes.label.weight" or "prior.codes.block1.norm.gamma" or "prior.codes.block0.norm.gamma";
            if (!optional)
            {
                Assert.That(() => CodePrior.TryRead(With(shape, tensors, name, null)),
                    Throws.TypeOf<ModelFileException>().With.Message.Contains($"'{name}' is missing"));
            }
            Assert.That(() => CodePrior.TryRead(With(shape, tensors, name, size.Append(1).ToArray())),
                Throws.TypeOf<ModelFileException>().With.Message.Contains($"'{name}'"));
        }
    }

    [TestCase(0, 5, 0)]
    [TestCase(3, 4, 0)]
    [TestCase(3, 5, 7)]
    [TestCase(3, 4.5f, 0)]
    [TestCase(3, float.NaN, 0)]
    public void AGridThatCannotBeIsRefused(float height, float width, float radius)
    {
        CodePriorShape shape = Shapes[1];
        SafetensorsFile file = With(shape, Tensors(shape), "prior.codes.grid", new long[] { 3 }, height, width, radius);
        Assert.That(() => CodePrior.TryRead(file), Throws.TypeOf<ModelFileException>());
    }

    [Test]
    public void WrongSizesCodesAndLabelsAreRefused()
    {
        CodePriorShape shape = Shapes[1];
        Assert.That(() => new CodePrior(shape, (_, _) => new float[1]),
            Throws.ArgumentException.With.Message.Contains("prior.codes.embedding.weight"));
        Assert.That(() => new CodePrior(shape with { Hidden = 6 }, (_, size) => new float[Count(size)]),
            Throws.ArgumentException.With.Message.Contains("multiples of 4"));
        CodePrior prior = Prior(shape);
        Assert.That(() => prior.SampleCodes(1, 0, 1, 1, label: 3),
            Throws.ArgumentException.With.Message.Contains("3 labels, from 0; found label 3"));
        Assert.That(() => prior.NegativeLogLikelihoods(new int[14]), Throws.ArgumentException.With.Message.Contains("3×5"));
        Assert.That(() => prior.NegativeLogLikelihoods(Enumerable.Repeat(13, 15).ToArray()),
            Throws.ArgumentException.With.Message.Contains("found code 13 at place 0"));
        Assert.That(() => prior.Sample(1, 0, 1, new float[3]), Throws.ArgumentException.With.Message.Contains("45"));
    }

    private static CodePrior Biased(double[] p)
    {
        var shape = new CodePriorShape(new CodeGrid(2, 2, 0), p.Length, Dimensions: 1, Embedding: 4, Hidden: 4, Blocks: 1);
        Dictionary<string, float[]> tensors = CodePrior.Layout(shape).ToDictionary(at => at.Name, at => new float[Count(at.Shape)]);
        tensors["prior.codes.out.bias"] = p.Select(v => (float)Math.Log(v)).ToArray();
        return new CodePrior(shape, (name, _) => tensors[name]);
    }

    /// <summary>A prior's file with one tensor left out, or replaced.</summary>
    private static SafetensorsFile With(CodePriorShape shape, Dictionary<string, float[]> tensors, string name, long[]? other,
        params float[] values)
    {
        var writer = new SafetensorsWriter();
        foreach ((string key, long[] size) in CodePrior.Layout(shape).Append(("prior.codes.grid", new long[] { 3 })))
        {
            if (key != name)
            {
                float[] grid = { shape.Grid.Height, shape.Grid.Width, shape.Grid.Radius };
                writer.AddFloats(key, key == "prior.codes.grid" ? grid : tensors[key], size);
            }
            else if (other != null)
            {
                writer.AddFloats(key, values.Length > 0 ? values : new float[Count(other)], other);
            }
        }
        return SafetensorsFile.Parse(SafetensorsTests.Write(writer));
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static int Count(long[] shape) => (int)shape.Aggregate(1L, (product, dimension) => product * dimension);

    private static CodePrior Prior(CodePriorShape shape)
    {
        Dictionary<string, float[]> tensors = Tensors(shape);
        return new CodePrior(shape, (name, _) => tensors[name]);
    }

    /// <summary>Random weights of variance 1 / inputs, embeddings of variance 1; scales about 1, shifts about 0.</summary>
    private static Dictionary<string, float[]> Tensors(CodePriorShape shape)
    {
        var tensors = new Dictionary<string, float[]>();
        uint step = 0;
        foreach ((string name, long[] size) in CodePrior.Layout(shape))
        {
            var values = new float[Count(size)];
            Philox.FillNormals(77, 9, step++, values);
            bool table = name.Contains("embedding") || name.Contains("position") || name.Contains("label") || name.Contains("codebook");
            float scale = table ? 1 : size.Length == 2 ? MathF.Sqrt(1f / size[0]) : 0.1f;
            float centre = name.EndsWith("gamma") ? 1 : 0;
            tensors.Add(name, values.Select(value => centre + (scale * value)).ToArray());
        }
        return tensors;
    }
}
