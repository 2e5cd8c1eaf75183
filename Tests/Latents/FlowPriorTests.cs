using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Latents;

[TestFixture]
public sealed class FlowPriorTests
{
    private static readonly (int Size, int Hidden, int Blocks)[] Sizes = { (1, 1, 0), (1, 3, 1), (3, 13, 2), (13, 127, 3), (64, 32, 1) };

    /// <summary>
    /// The distance to the double-precision reference is at most four times what the reference itself moves when it is disturbed by as
    /// much as single precision may plausibly be off: a random part of 2^-24 of each intermediate result, and, for each linear output,
    /// of sqrt(n) 2^-24 Σ |x_i w_i| with n its number of terms.
    /// </summary>
    [TestCaseSource(nameof(Sizes))]
    public void MatchesTheDoublePrecisionReference((int Size, int Hidden, int Blocks) at)
    {
        Dictionary<string, float[]> tensors = Tensors(at);
        var reference = new FlowReference(at.Size, at.Hidden, at.Blocks, tensors);
        var random = new Random(1);
        double RandomPart() => ((2 * random.NextDouble()) - 1) * Math.Pow(2, -24);
        var disturbed = new FlowReference(at.Size, at.Hidden, at.Blocks, tensors)
        {
            Round = value => value * (1 + RandomPart()),
            Disturb = (value, magnitude, terms) => value + (RandomPart() * Math.Sqrt(terms) * magnitude),
        };
        float[] actual = Prior(at).SampleMany(11, 5, 6, 0.9f);
        for (uint row = 0; row < 6; row++)
        {
            double[] expected = reference.Sample(11, 5 + row, 0.9f);
            double tolerance = 4 * Enumerable.Range(0, 8).Max(_ => Distance(expected, disturbed.Sample(11, 5 + row, 0.9f)));
            double[] found = actual.Skip((int)row * at.Size).Take(at.Size).Select(x => (double)x).ToArray();
            double distance = Distance(expected, found);
            Assert.That(distance, Is.LessThan(tolerance), $"sample {row}");
            Assert.That(tolerance, Is.LessThan(1e-4), "the tolerance itself is meaningful");
        }
    }

    /// <summary>Bit for bit what a plain loop gives that rounds each product and sum to single precision: no vector width shows.</summary>
    [TestCaseSource(nameof(Sizes))]
    public void VectorsDoNotChangeTheRounding((int Size, int Hidden, int Blocks) at)
    {
        var rounded = new FlowReference(at.Size, at.Hidden, at.Blocks, Tensors(at)) { Round = value => (float)value };
        float[] actual = Prior(at).SampleMany(11, 5, 6, 0.9f);
        for (uint row = 0; row < 6; row++)
        {
            float[] expected = rounded.Sample(11, 5 + row, 0.9f).Select(x => (float)x).ToArray();
            Assert.That(actual.Skip((int)row * at.Size).Take(at.Size), Is.EqualTo(expected), $"sample {row}");
        }
    }

    /// <summary>The hash of the latents of a fixed model and seed, the same on every machine.</summary>
    [Test]
    public void LatentsAreTheSameOnEveryMachine()
    {
        float[] z = Prior((13, 127, 3)).SampleMany(0x123456789ABCDEF0, 7, 33, 1);
        string hash = string.Concat(SHA256.HashData(MemoryMarshal.AsBytes(z.AsSpan())).Take(8).Select(value => value.ToString("x2")));
        Assert.That(hash, Is.EqualTo("6616a70d8cc9c73b"), $"with vectors of {Vector<float>.Count} floats");
    }

    [Test]
    public void BatchesDoNotMatter()
    {
        FlowPrior prior = Prior((13, 127, 2));
        float[] all = prior.SampleMany(3, 10, 131, 1);
        var one = new float[13];
        foreach (int row in new[] { 0, 1, 62, 63, 64, 127, 128, 130 })
        {
            prior.Sample(3, 10 + (uint)row, 1, one);
            Assert.That(one, Is.EqualTo(all[(13 * row)..(13 * (row + 1))]), $"sample {row}");
        }
        Assert.That(prior.SampleMany(3, 20, 7, 1), Is.EqualTo(all[130..221]));
        Assert.That(prior.SampleMany(3, 20, 0, 1), Is.Empty);
        Assert.That(prior.SampleMany(4, 10, 1, 1), Is.Not.EqualTo(all[..13]));
    }

    [Test]
    public void AConstantVelocityMovesByItself()
    {
        // With all weights 0, v = b_out: z = mean + std (temperature ε + b_out).
        Dictionary<string, float[]> tensors = FlowPrior.Layout(2, 4, 1).ToDictionary(at => at.Name, at => new float[Count(at.Shape)]);
        tensors["prior.flow.out.bias"] = new[] { 1f, -2 };
        tensors["prior.flow.mean"] = new[] { 10f, 20 };
        tensors["prior.flow.std"] = new[] { 2f, 3 };
        var prior = new FlowPrior(2, 4, 1, (name, _) => tensors[name]);
        Assert.That(prior.SampleMany(1, 0, 1, 0), Is.EqualTo(new[] { 12f, 14 }).Within(1e-5));
    }

    [Test]
    public void SurvivesTheFile()
    {
        FlowPrior prior = Prior((3, 13, 2));
        var writer = new SafetensorsWriter();
        prior.WriteTo(writer);
        SafetensorsFile file = SafetensorsFile.Parse(SafetensorsTests.Write(writer));
        Assert.That(file.Tensors.Keys, Is.EquivalentTo(FlowPrior.Layout(3, 13, 2).Select(at => at.Name)));
        FlowPrior read = FlowPrior.TryRead(file)!;
        Assert.That((read.Size, read.Hidden, read.Blocks), Is.EqualTo((3, 13, 2)));
        Assert.That(read.SampleMany(1, 0, 9, 1), Is.EqualTo(prior.SampleMany(1, 0, 9, 1)));
        Assert.That(LatentPriors.ReadAll(file, 3).Select(found => found.Kind), Is.EqualTo(new[] { "flow", "normal" }));
    }

    [Test]
    public void AFileWithoutAFlowHasNone() =>
        Assert.That(FlowPrior.TryRead(SafetensorsFile.Parse(SafetensorsTests.Write(new SafetensorsWriter()))), Is.Null);

    [Test]
    public void EveryMissingOrMisshapenTensorIsNamed()
    {
        Dictionary<string, float[]> tensors = Tensors((3, 5, 2));
        foreach ((string name, long[] shape) in FlowPrior.Layout(3, 5, 2))
        {
            // Without these two there is no flow, or one block less.
            bool optional = name is "prior.flow.in.weight" or "prior.flow.block1.norm.gamma";
            SafetensorsFile Without(long[]? other)
            {
                var writer = new SafetensorsWriter();
                foreach ((string key, long[] size) in FlowPrior.Layout(3, 5, 2))
                {
                    if (key != name)
                    {
                        writer.AddFloats(key, tensors[key], size);
                    }
                    else if (other != null)
                    {
                        writer.AddFloats(key, new float[Count(other)], other);
                    }
                }
                return SafetensorsFile.Parse(SafetensorsTests.Write(writer));
            }
            if (!optional && name != "prior.flow.block0.norm.gamma")
            {
                Assert.That(() => FlowPrior.TryRead(Without(null)),
                    Throws.TypeOf<ModelFileException>().With.Message.Contains($"'{name}' is missing"));
            }
            Assert.That(() => FlowPrior.TryRead(Without(shape.Append(1).ToArray())),
                Throws.TypeOf<ModelFileException>().With.Message.Contains($"'{name}'"));
        }
    }

    [Test]
    public void TensorsOfTheWrongLengthAreRefused()
    {
        Assert.That(() => new FlowPrior(2, 3, 1, (_, _) => new float[1]),
            Throws.ArgumentException.With.Message.Contains("prior.flow.in.weight"));
        Assert.That(() => new FlowPrior(0, 3, 1, (_, shape) => new float[Count(shape)]), Throws.ArgumentException);
    }

    /// <summary>64 latents of the default network in well under a second on one core.</summary>
    [Test]
    public void TheDefaultNetworkIsFast()
    {
        FlowPrior prior = Prior((64, FlowPrior.DefaultHidden, FlowPrior.DefaultBlocks));
        Assert.That(prior.SampleMany(1, 0, 64, 1), Is.All.Matches<float>(float.IsFinite));
        double batch = Enumerable.Range(2, 3).Min(seed => Milliseconds(() => prior.SampleMany((ulong)seed, 0, 64, 1)));
        double one = Milliseconds(() => prior.SampleMany(1, 0, 1, 1));
        TestContext.Out.WriteLine($"64 latents: {batch:F0} ms; one: {one:F0} ms");
        // About 0.1 s optimised and 0.9 s not; a coarse guard against a slow path, as the machine may be busy with other tests.
        Assert.That(batch, Is.LessThan(5000));
    }

    private static double Milliseconds(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static int Count(long[] shape) => (int)shape.Aggregate(1L, (product, dimension) => product * dimension);

    private static FlowPrior Prior((int Size, int Hidden, int Blocks) at)
    {
        Dictionary<string, float[]> tensors = Tensors(at);
        return new FlowPrior(at.Size, at.Hidden, at.Blocks, (name, _) => tensors[name]);
    }

    /// <summary>Random weights of variance 1 / inputs; scales about 1, shifts about 0.</summary>
    private static Dictionary<string, float[]> Tensors((int Size, int Hidden, int Blocks) at)
    {
        var tensors = new Dictionary<string, float[]>();
        uint step = 0;
        foreach ((string name, long[] shape) in FlowPrior.Layout(at.Size, at.Hidden, at.Blocks))
        {
            var values = new float[Count(shape)];
            Philox.FillNormals(77, 9, step++, values);
            float scale = shape.Length == 2 ? MathF.Sqrt(1f / shape[0]) : 0.1f;
            float centre = name.EndsWith("gamma") || name.EndsWith("std") ? 1 : 0;
            tensors.Add(name, values.Select(value => centre + (scale * value)).ToArray());
        }
        return tensors;
    }
}
