using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Tests.ModelFile;

namespace VaeProcgen.Tests.Models;

public sealed class LatentDirectionsTests
{
    private TemporaryFolder folder = new();

    private string ModelPath => folder.File("model.safetensors");

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void SurviveTheFileInOrdinalOrder()
    {
        VaeModel bare = Make();
        VaeModel model = bare.WithDirections(new Dictionary<string, float[]> { ["zinc"] = [1, 2, 3, 4], ["A copper"] = [-1, 0, 0.5f, 2] });
        model.Save(ModelPath);
        VaeModel read = VaeModel.Load(ModelPath);
        Assert.That(read.Directions.Keys, Is.EqualTo(new[] { "A copper", "zinc" }));
        Assert.That(read.Direction("zinc"), Is.EqualTo(new float[] { 1, 2, 3, 4 }));
        Assert.That(read.Direction("A copper"), Is.EqualTo(new[] { -1, 0, 0.5f, 2 }));
        Assert.That(read.Hash, Is.EqualTo(bare.Hash), "the hash is of weights and architecture");
        Assert.That(bare.Directions, Is.Empty, "the model that it came from is as it was");
        byte[] bytes = File.ReadAllBytes(ModelPath);
        read.Save(ModelPath);
        Assert.That(File.ReadAllBytes(ModelPath), Is.EqualTo(bytes));
    }

    [Test]
    public void FilesWithoutThemAreAsBefore()
    {
        Make().Save(ModelPath);
        SafetensorsFile file = SafetensorsFile.Read(ModelPath);
        Assert.That(file.Metadata.Keys, Does.Not.Contain("directions"));
        Assert.That(file.Tensors.Keys, Has.None.StartsWith("directions."));
        Assert.That(VaeModel.Load(ModelPath).Directions, Is.Empty);
    }

    [Test]
    public void UnknownNamesAreAnsweredWithTheKnown()
    {
        Assert.That(() => Make().Direction("shiny"), Throws.ArgumentException.With.Message.Contains("no direction 'shiny'; it has none"));
        VaeModel model = Make().WithDirections(new Dictionary<string, float[]> { ["b"] = new float[4], ["a"] = new float[4] });
        Assert.That(() => model.Direction("shiny"), Throws.ArgumentException.With.Message.Contains("it has a, b."));
    }

    [TestCase("")]
    [TestCase(" a")]
    [TestCase("a=b")]
    [TestCase("a\nb")]
    public void UnusableNamesAreRefused(string name)
    {
        Assert.That(() => LatentDirections.RequireName(name), Throws.ArgumentException.With.Message.Contains("Choose another name"));
        VaeModel model = Make().WithDirections(new Dictionary<string, float[]> { [name] = new float[4] });
        Assert.That(() => model.Save(ModelPath), Throws.ArgumentException);
        Assert.That(File.Exists(ModelPath), Is.False);
    }

    [Test]
    public void DirectionsOfAnotherSizeOrNotFiniteAreNotWritten()
    {
        void Save(float[] direction) => Make().WithDirections(new Dictionary<string, float[]> { ["a"] = direction }).Save(ModelPath);
        Assert.That(() => Save(new float[3]), Throws.ArgumentException.With.Message.Contains("the 4 dimensions of the latents; found 3"));
        Assert.That(() => Save([1, 2, float.NaN, 4]), Throws.ArgumentException.With.Message.Contains("finite"));
    }

    [TestCase("[\"a\"]", new float[0], "'directions.attributes' is missing")]
    [TestCase("[\"a\", \"b\"]", new float[] { 1, 2, 3, 4 }, "[2, 4]")]
    [TestCase("[\"a\", \"a\"]", new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, "directions are invalid")]
    [TestCase("[null]", new float[] { 1, 2, 3, 4 }, "directions are invalid")]
    [TestCase("{}", new float[] { 1, 2, 3, 4 }, "directions are invalid")]
    public void DamageIsRefused(string names, float[] values, string said)
    {
        Make().Save(ModelPath);
        SafetensorsFile file = SafetensorsFile.Read(ModelPath);
        var writer = new SafetensorsWriter();
        foreach ((string key, string value) in file.Metadata)
            writer.Metadata[key] = value;
        writer.Metadata["directions"] = names;
        foreach (TensorEntry tensor in file.Tensors.Values)
            writer.AddBytes(tensor.Name, tensor.DType, tensor.Data.Span, tensor.Shape);
        if (values.Length > 0)
            writer.AddFloats("directions.attributes", values, values.Length / 4, 4);
        writer.Save(ModelPath);
        Assert.That(() => VaeModel.Load(ModelPath), Throws.TypeOf<ModelFileException>().With.Message.Contains(said));
    }

    private static VaeModel Make()
    {
        Assert.That(TinyModel.Architecture.LatentSize, Is.EqualTo(4));
        return new VaeModel(TinyModel.Architecture, TinyModel.WeightsFor(TinyModel.Architecture));
    }
}
