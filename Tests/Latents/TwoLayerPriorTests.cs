using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.ModelFile;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Latents;

public sealed class TwoLayerPriorTests
{
    private const int Top = 4, Size = 12, Hidden = 13;

    private static readonly Dictionary<string, float[]> Tensors = GaussianLayerReference.Draw("prior.top", Top, Hidden, Size, 1);

    private static TwoLayerPrior Prior() => new(new GaussianLayer("prior.top", Top, Hidden, Size, (name, _) => Tensors[name]));

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(127)]
    public void TheLayerIsThatOfTheFormula(int rows)
    {
        double[] x = TestData.Normal(rows * Top, 2);
        float[] found = Prior().Decoder.Apply(TestData.ToFloat(x));
        double[] expected = [.. x.Chunk(Top).SelectMany(row =>
            GaussianLayerReference.Apply(row, name => TestData.ToDouble(Tensors["prior.top." + name])))];
        Assert.That(TestData.ToDouble(found), Is.EqualTo(expected).Within(2e-6));
        Assert.That(Prior().Decoder.Apply(TestData.ToFloat(x).AsSpan(0, Top)), Is.EqualTo(found[..(2 * Size)]), "a row by itself");
    }

    [Test]
    public void ASampleIsAFirstLatentGivenASecondOne()
    {
        float[] z = Prior().SampleMany(7, 20, 3, 0.5f);
        for (int i = 0; i < 3; i++)
        {
            float[] top = new float[Top], noise = new float[Size];
            Philox.FillNormals(7, 0x100, (uint)(20 + i), top);
            Philox.FillNormals(7, 0x103, (uint)(20 + i), noise);
            double[] head = GaussianLayerReference.Apply(
                [.. top.Select(v => 0.5 * v)], name => TestData.ToDouble(Tensors["prior.top." + name]));
            double[] expected = [.. Enumerable.Range(0, Size).Select(j => head[j] + (0.5 * Math.Exp(0.5 * head[Size + j]) * noise[j]))];
            Assert.That(TestData.ToDouble(z[(i * Size)..((i + 1) * Size)]), Is.EqualTo(expected).Within(1e-5));
        }
    }

    [Test]
    public void BatchesDoNotMatter()
    {
        TwoLayerPrior prior = Prior();
        float[] all = prior.SampleMany(3, uint.MaxValue - 70, 100, 0.8f);
        Assert.That(all, Is.EqualTo(Prior().SampleMany(3, uint.MaxValue - 70, 100, 0.8f)));
        Assert.That(all, Is.Not.EqualTo(prior.SampleMany(4, uint.MaxValue - 70, 100, 0.8f)));
        var one = new float[Size];
        for (int i = 0; i < 100; i += 33)
        {
            prior.Sample(3, unchecked(uint.MaxValue - 70 + (uint)i), 0.8f, one);
            Assert.That(one, Is.EqualTo(all[(i * Size)..((i + 1) * Size)]));
        }

        Assert.That(prior.SampleMany(3, 0, 2, 0).Chunk(Size), Is.All.EqualTo(prior.SampleMany(9, 5, 1, 0)), "the centre");
        Assert.That((prior.Kind, prior.Size, prior.TopSize), Is.EqualTo(("two-layer", Size, Top)));
    }

    /// <summary>It is among the model's weights, and there it is found again.</summary>
    [Test]
    public void SurvivesTheFileOfAModel()
    {
        var likelihood = new LikelihoodOptions(LikelihoodKind.Laplace);
        var architecture = new VaeArchitecture(NetworkKind.Mlp, 8, 8, Size, [4], likelihood) { TopLatentSize = Top };
        Dictionary<string, WeightTensor> weights = GaussianLayer.Layout("prior.top", Top, Hidden, Size)
            .ToDictionary(t => t.Name, t => new WeightTensor([.. t.Shape.Select(d => (int)d)], Tensors[t.Name]));
        using var folder = new TemporaryFolder();
        new VaeModel(architecture, weights) { Priors = [Prior()] }.Save(folder.File("model.safetensors"));
        VaeModel read = VaeModel.Load(folder.File("model.safetensors"));
        Assert.That(read.Architecture.TopLatentSize, Is.EqualTo(Top));
        Assert.That(read.Priors.Select(p => p.Kind), Is.EqualTo(new[] { "two-layer" }), "no N(0, I): z₁ was not trained against it");
        Assert.That(read.Prior().SampleMany(1, 0, 5, 1), Is.EqualTo(Prior().SampleMany(1, 0, 5, 1)));
    }

    [Test]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.That(() => new GaussianLayer("layer", 0, 1, 1, (_, _) => []), Throws.ArgumentException);
        Assert.That(() => new GaussianLayer("layer", 1, 1, 1, (_, _) => new float[9]), Throws.ArgumentException);
        Assert.That(() => Prior().Decoder.Apply(new float[Top + 1]), Throws.ArgumentException.With.Message.Contains("rows of 4"));
        Assert.That(() => Prior().Sample(0, 0, 1, new float[Size - 1]), Throws.ArgumentException);
        var writer = new SafetensorsWriter();
        writer.AddFloats("weight.prior.top.linear0.weight", new float[4], 4);
        writer.AddFloats("weight.prior.top.head.bias", new float[4], 4);
        using var folder = new TemporaryFolder();
        writer.Save(folder.File("bad"));
        Assert.That(() => TwoLayerPrior.TryRead(SafetensorsFile.Read(folder.File("bad"))), Throws.TypeOf<ModelFileException>());
    }
}
