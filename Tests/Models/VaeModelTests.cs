using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Tests.ModelFile;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Models;

public sealed class VaeModelTests
{
    private const string AWeight = "weight.encoder.head.bias";

    private TemporaryFolder folder = new();

    private string ModelPath => folder.File("model.safetensors");

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void SurvivesItsFile()
    {
        VaeModel model = Make();
        model.Save(ModelPath);
        VaeModel read = VaeModel.Load(ModelPath);
        Assert.That(read.Architecture.ToJson(), Is.EqualTo(model.Architecture.ToJson()));
        Assert.That(read.Weights.Keys, Is.EquivalentTo(model.Weights.Keys));
        foreach ((string name, WeightTensor weight) in model.Weights)
        {
            Assert.That(read.Weights[name].Values, Is.EqualTo(weight.Values), name);
            Assert.That(read.Weights[name].Shape, Is.EqualTo(weight.Shape), name);
        }

        Assert.That(read.Scale, Is.EqualTo(model.Scale));
        Assert.That(read.LatentMean, Is.EqualTo(model.LatentMean));
        Assert.That(read.LatentDeviation, Is.EqualTo(model.LatentDeviation));
        Assert.That(read.Assets.Select(a => (a.Name, a.Label)), Is.EqualTo(model.Assets.Select(a => (a.Name, a.Label))));
        Assert.That(read.Assets.SelectMany(a => a.Mean), Is.EqualTo(model.Assets.SelectMany(a => a.Mean)));
        Assert.That(read.Provenance, Is.EqualTo(model.Provenance));
        Assert.That(read.Hash, Is.EqualTo(model.Hash).And.Match("^[0-9a-f]{64}$"));
        Assert.That(read.Priors.Select(p => p.Kind), Is.EqualTo(new[] { "mixture", "normal" }));
        Assert.That(read.Prior().SampleMany(5, 0, 3, 1f), Is.EqualTo(model.Prior().SampleMany(5, 0, 3, 1f)));

        byte[] bytes = File.ReadAllBytes(ModelPath);
        read.Save(ModelPath);
        Assert.That(File.ReadAllBytes(ModelPath), Is.EqualTo(bytes), "the same content gives the same bytes");
    }

    [Test]
    public void ItIsReadFromStreamsAndBytesToo()
    {
        byte[] bytes = Make().ToBytes();
        Make().Save(ModelPath);
        Assert.That(File.ReadAllBytes(ModelPath), Is.EqualTo(bytes));
        VaeModel read = VaeModel.Load(bytes);
        Assert.That(read.Hash, Is.EqualTo(Make().Hash));
        Array.Clear(bytes);
        Assert.That(read.ToBytes(), Is.EqualTo(File.ReadAllBytes(ModelPath)), "nothing refers to the bytes");
        using (var stream = new MemoryStream([1, 2, .. read.ToBytes()]) { Position = 2 })
        {
            Assert.That(VaeModel.Load(stream).Hash, Is.EqualTo(read.Hash));
            Assert.That(stream.CanRead, "it is not closed");
        }

        Assert.That(() => VaeModel.Load(bytes), Throws.TypeOf<ModelFileException>().With.Message.Contains("'bytes'"));
        Assert.That(
            () => VaeModel.Load(new byte[3], "bats.bundle"), Throws.TypeOf<ModelFileException>().With.Message.Contains("'bats.bundle'"));
        Assert.That(
            () => VaeModel.Load(new MemoryStream(), "the pack"), Throws.TypeOf<ModelFileException>().With.Message.Contains("'the pack'"));
    }

    [Test]
    public void HalvesTakeHalfTheSpaceAndHaveTheirOwnHash()
    {
        VaeModel model = Make();
        model.Save(ModelPath, WeightStorage.Half);
        SafetensorsFile file = SafetensorsFile.Read(ModelPath);
        foreach (TensorEntry tensor in file.Tensors.Values)
        {
            bool whole = tensor.Name.StartsWith("latents.", StringComparison.Ordinal) || tensor.Name == "assets.mean";
            Assert.That(tensor.DType, Is.EqualTo(whole ? DType.F32 : DType.F16), tensor.Name);
        }

        VaeModel read = VaeModel.Load(ModelPath);
        Assert.That(read.Hash, Is.Not.EqualTo(model.Hash).And.EqualTo(file.Metadata["hash"]));
        foreach ((string name, WeightTensor weight) in model.Weights)
            Assert.That(read.Weights[name].Values, Is.EqualTo(weight.Values.Select(v => (float)(Half)v)), name);
        Assert.That(read.Assets.SelectMany(a => a.Mean), Is.EqualTo(model.Assets.SelectMany(a => a.Mean)));
        Assert.That(read.LatentMean, Is.EqualTo(model.LatentMean));
        float[] means = ((GaussianMixturePrior)model.Prior()).Means.ToArray();
        Assert.That(((GaussianMixturePrior)read.Prior()).Means.ToArray(), Is.EqualTo(means.Select(v => (float)(Half)v)));

        Assert.That(read.ToBytes(WeightStorage.Half), Is.EqualTo(File.ReadAllBytes(ModelPath)), "rounding once is enough");
        Assert.That(VaeModel.Load(read.ToBytes()).Hash, Is.EqualTo(read.Hash), "the hash is that of the values, however they are stored");
    }

    [Test]
    public void ADamagedHalfIsNoticedAndAHugeNumberRefused()
    {
        byte[] bytes = Make().ToBytes(WeightStorage.Half);
        bytes[^1] ^= 1; // Halves come last.
        Assert.That(() => VaeModel.Load(bytes), Throws.TypeOf<ModelFileException>().With.Message.Contains("hash"));

        Dictionary<string, WeightTensor> weights = TinyModel.WeightsFor(TinyModel.Architecture);
        weights["encoder.head.bias"].Values[3] = 65520;
        File.WriteAllText(ModelPath, "as before");
        Assert.That(
            () => new VaeModel(TinyModel.Architecture, weights).Save(ModelPath, WeightStorage.Half),
            Throws.ArgumentException.With.Message.Contains("'weight.encoder.head.bias' has 65520 at element 3, beyond ±65504"));
        Assert.That(File.ReadAllText(ModelPath), Is.EqualTo("as before"));
    }

    [Test]
    public void WhatAGameNeedsNotCanBeLeftOut()
    {
        VaeModel model = Make(), reduced = model.Reduced([model.Prior("normal")], [model.Assets[1]]);
        VaeModel read = VaeModel.Load(reduced.ToBytes());
        Assert.That(read.Priors.Select(p => p.Kind), Is.EqualTo(new[] { "normal" }));
        Assert.That(read.Assets.Select(a => a.Name), Is.EqualTo(new[] { "b.png" }));
        Assert.That(read.FeatureWeights, Is.Empty);
        Assert.That(read.Hash, Is.EqualTo(model.Hash));
        Assert.That((model.Assets.Count, model.Priors.Count), Is.EqualTo((2, 2)), "the model stays as it is");
    }

    [Test]
    public void AModelWithoutAssetsOrPriorsSurvivesToo()
    {
        new VaeModel(TinyModel.Architecture, TinyModel.WeightsFor(TinyModel.Architecture)).Save(ModelPath);
        VaeModel read = VaeModel.Load(ModelPath);
        Assert.That(read.Assets, Is.Empty);
        Assert.That(read.Provenance, Is.Empty);
        Assert.That(read.Prior().Kind, Is.EqualTo("normal"));
        Assert.That(read.LatentDeviation, Is.All.EqualTo(1f));
    }

    [Test]
    public void TheHashIsThatOfArchitectureAndWeights()
    {
        VaeModel model = Make();
        Dictionary<string, WeightTensor> weights = TinyModel.WeightsFor(TinyModel.Architecture);
        Assert.That(new VaeModel(TinyModel.Architecture, weights).Hash, Is.EqualTo(model.Hash), "names and priors are not in it");
        Assert.That(new VaeModel(TinyModel.Architecture with { Padding = default }, weights).Hash, Is.Not.EqualTo(model.Hash));
        weights["encoder.head.bias"].Values[0] += 1e-3f;
        Assert.That(new VaeModel(TinyModel.Architecture, weights).Hash, Is.Not.EqualTo(model.Hash));
    }

    [Test]
    public void GivesThePriorThatIsAskedFor()
    {
        Assert.That(Make().Prior("normal").Kind, Is.EqualTo("normal"));
        Assert.That(
            () => Make().Prior("flow"),
            Throws.ArgumentException.With.Message.Contains("no prior 'flow'").And.Message.Contains("mixture, normal"));
    }

    [Test]
    public void WeightsThatDoNotFitTheArchitectureAreRefused()
    {
        var parameter = TinyModel.ParametersOf(TinyModel.Architecture).Single(p => p.Name == "encoder.head.bias");
        Dictionary<string, WeightTensor> weights = TinyModel.WeightsFor(TinyModel.Architecture);
        VaeModel Reload()
        {
            new VaeModel(TinyModel.Architecture, weights).Save(ModelPath);
            return VaeModel.Load(ModelPath);
        }

        Assert.That(Reload().WeightsOf(parameter), Is.EqualTo(TinyModel.Draw(parameter)));
        weights["encoder.head.bias"] = new WeightTensor([2, 4], weights["encoder.head.bias"].Values);
        Assert.That(() => Reload().WeightsOf(parameter),
            Throws.TypeOf<ModelFileException>().With.Message.Contains("'encoder.head.bias' of [8]").And.Message.Contains("found [2, 4]"));
        weights.Remove("encoder.head.bias");
        Assert.That(() => Reload().WeightsOf(parameter), Throws.TypeOf<ModelFileException>().With.Message.Contains("found none"));
    }

    private static IEnumerable<TestCaseData> Damages()
    {
        yield return Metadata("no format", "format", null, "no metadata 'format'");
        yield return Metadata("another version", "format", "vaeprocgen-99", "'vaeprocgen-99'", "'vaeprocgen-1'");
        yield return Metadata("no architecture", "architecture", null, "no metadata 'architecture'");
        yield return Metadata("garbled architecture", "architecture", "{\"Network\":", "architecture", "JSON");
        yield return Metadata("unbuildable architecture", "architecture",
            (TinyModel.Architecture with { LatentSize = 2_000_000_000 }).ToJson(), "latent size", "2000000000");
        yield return Metadata("another architecture", "architecture",
            (TinyModel.Architecture with { LatentSize = 8 }).ToJson(), "shape", "[2, 8]", "[2, 4]");
        yield return Metadata("another padding", "architecture",
            (TinyModel.Architecture with { Padding = default }).ToJson(), "hash", "damaged or was changed");
        yield return Metadata("garbled names", "assets", "[1, 2]", "not a usable VaeProcgen model");
        yield return Metadata("more names than latents", "assets", "[\"a\", \"b\", \"c\"]", "3 assets, 2 labels");
        yield return Metadata("garbled provenance", "provenance", "[]", "not a usable VaeProcgen model");
        yield return Metadata("no scale", "scale", "broad", "scale 'broad'");
        yield return Metadata("negative scale", "scale", "-1", "scale '-1'");
        yield return Metadata("NaN scale", "scale", "NaN", "scale 'NaN'");
        yield return Metadata("another hash", "hash", new string('0', 64), "hash", "damaged or was changed");
        yield return Tensor("a missing weight", AWeight, null, "hash");
        yield return Tensor("a changed weight", AWeight, new float[8], "hash");
        yield return Tensor("NaN", AWeight, [0, 0, float.NaN, 0, 0, 0, 0, 0], AWeight, "NaN", "element 2");
        yield return Tensor("infinity in the latents", "latents.deviation",
            [1, float.PositiveInfinity, 1, 1], "latents.deviation", "infinity");
        yield return Tensor("no latents", "latents.mean", null, "'latents.mean' is missing");
        yield return Tensor("latents of another size", "latents.mean", new float[3], "'latents.mean'", "[4]", "[3]");
        yield return Tensor("no assets", "assets.mean", null, "'assets.mean' is missing");

        static TestCaseData Metadata(string name, string key, string? value, params string[] words) =>
            new TestCaseData(key, value, null, words).SetArgDisplayNames(name);

        static TestCaseData Tensor(string name, string tensor, float[]? values, params string[] words) =>
            new TestCaseData(tensor, null, values ?? [], words).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Damages))]
    public void RefusesAFileThatIsDamagedForeignOrOfAnotherVersion(string changed, string? text, float[]? values, string[] words)
    {
        Make().Save(ModelPath);
        SafetensorsFile file = SafetensorsFile.Read(ModelPath);
        var writer = new SafetensorsWriter();
        foreach ((string key, string value) in file.Metadata)
        {
            string? stored = key == changed ? text : value;
            if (stored != null)
                writer.Metadata[key] = stored;
        }

        foreach (TensorEntry tensor in file.Tensors.Values.Where(t => t.Name != changed))
            writer.AddBytes(tensor.Name, tensor.DType, tensor.Data.Span, tensor.Shape);
        if (values?.Length > 0)
            writer.AddFloats(changed, values, values.Length);
        writer.Save(ModelPath);
        AssertRefused(words);
    }

    [Test]
    public void RefusesOtherFilesAndFilesCutShort()
    {
        AssertRefused("Cannot read");
        Make().Save(ModelPath);
        byte[] whole = File.ReadAllBytes(ModelPath);
        foreach (int length in (int[])[0, 7, 8, 100, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(ModelPath, whole[..length]);
            AssertRefused("not a valid safetensors file");
        }

        File.WriteAllBytes(ModelPath, [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0]);
        AssertRefused("PNG image");
        new SafetensorsWriter().Save(ModelPath);
        AssertRefused("no metadata 'format'", "'train'");
    }

    /// <summary>No changed bit may crash the reader, nor go unnoticed where it matters: in architecture and weights.</summary>
    [Test]
    public void AChangedByteIsRefusedOrHarmless()
    {
        VaeModel model = Make();
        model.Save(ModelPath);
        byte[] whole = File.ReadAllBytes(ModelPath);
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] changed = (byte[])whole.Clone();
            changed[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.That(VaeModel.From(SafetensorsFile.Parse(changed)).Hash, Is.EqualTo(model.Hash));
            }
            catch (ModelFileException e)
            {
                Assert.That(e.Message, Is.Not.Empty);
            }
        }
    }

    private void AssertRefused(params string[] words)
    {
        var error = Assert.Throws<ModelFileException>(() => VaeModel.Load(ModelPath))!;
        Assert.That(error.Message, Does.Contain(ModelPath));
        foreach (string word in words)
            Assert.That(error.Message, Does.Contain(word));
    }

    private static VaeModel Make()
    {
        int z = TinyModel.Architecture.LatentSize;
        float[] Numbers(int count, int seed) => TestData.ToFloat(TestData.Uniform(count, seed));
        float[] covariance = Enumerable.Range(0, z * z).Select(i => i % (z + 1) == 0 ? 0.5f : 0f).ToArray();
        return new VaeModel(TinyModel.Architecture, TinyModel.WeightsFor(TinyModel.Architecture))
        {
            Scale = 0.1234567890123,
            LatentMean = Numbers(z, 1),
            LatentDeviation = [0.5f, 1, 2, 3],
            Priors = [new GaussianMixturePrior([1], Numbers(z, 2), covariance), new StandardNormalPrior(z)],
            Assets =
            [
                new AssetLatent("creature/Straße \"1\".png", "creature", Numbers(z, 3)),
                new AssetLatent("b.png", "", Numbers(z, 4)),
            ],
            Provenance = new Dictionary<string, string> { ["steps"] = "12", ["device"] = "a device" },
        };
    }
}
