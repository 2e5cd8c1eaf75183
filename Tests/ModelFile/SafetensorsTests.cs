using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;
using NUnit.Framework;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Tests.ModelFile;

[TestFixture]
public sealed class SafetensorsTests
{
    [Test]
    public void WhatIsWrittenIsRead()
    {
        SafetensorsFile file = SafetensorsFile.Parse(Write(Sample()));
        Assert.That(file.Metadata["author"], Is.EqualTo("Zoë \"the\" painter\n"));
        Assert.That(file.Tensors.Keys, Is.EquivalentTo(new[] { "weights", "half", "codes", "scalar", "empty", "名前" }));
        Assert.That(file.GetFloats("weights", 2, 3), Is.EqualTo(new[] { 1.5f, -2, 3, float.MinValue, float.Epsilon, -0f }));
        Assert.That(file.GetFloats("half", 3), Is.EqualTo(new[] { 0.1f, 1, 65504 }).Within(1e-4));
        Assert.That(file.GetBytes("codes", 5), Is.EqualTo(new byte[] { 1, 2, 3, 4, 255 }));
        Assert.That(file.GetFloats("scalar"), Is.EqualTo(new[] { 42f }));
        Assert.That(file.Get("scalar").Shape, Is.Empty);
        Assert.That(file.GetFloats("empty", 0, 4), Is.Empty);
        Assert.That(file.Get("weights").DType, Is.EqualTo(DType.F32));
        Assert.That(file.Contains("nothing"), Is.False);
    }

    [Test]
    public void TheBytesAreThoseOfTheFormat()
    {
        var writer = new SafetensorsWriter();
        writer.AddBytes("b", DType.U8, new byte[] { 9 }, 1);
        writer.AddFloats("a", new[] { 1f }, 1);
        writer.Metadata["format"] = "1";
        byte[] bytes = Write(writer);
        string header = """{"__metadata__":{"format":"1"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},""" +
            "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[4,5]}}";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(bytes), Is.EqualTo(header.Length));
        Assert.That(Encoding.UTF8.GetString(bytes, 8, header.Length), Is.EqualTo(header));
        Assert.That(bytes.Skip(8 + header.Length), Is.EqualTo(new byte[] { 0, 0, 0x80, 0x3F, 9 }));
    }

    [Test]
    public void TheOrderOfAddingDoesNotShow()
    {
        var writer = new SafetensorsWriter();
        writer.Metadata["b"] = "2";
        writer.Metadata["a"] = "1";
        writer.AddFloats("y", new[] { 2f }, 1);
        writer.AddHalves("h", new[] { 3f }, 1);
        writer.AddFloats("x", new[] { 1f }, 1);
        var other = new SafetensorsWriter();
        other.AddFloats("x", new[] { 1f }, 1);
        other.AddFloats("y", new[] { 2f }, 1);
        other.AddHalves("h", new[] { 3f }, 1);
        other.Metadata["a"] = "1";
        other.Metadata["b"] = "2";
        Assert.That(Write(writer), Is.EqualTo(Write(other)));
    }

    [Test]
    public void EveryTensorIsAlignedToItsElements()
    {
        byte[] bytes = Write(Sample());
        int start = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.That(start % 8, Is.Zero);
        SafetensorsFile file = SafetensorsFile.Parse(bytes);
        int offset = start;
        foreach (TensorEntry tensor in file.Tensors.Values)
        {
            Assert.That(offset % tensor.DType.Size(), Is.Zero, tensor.Name);
            offset += tensor.Data.Length;
        }
    }

    [Test]
    public void FilesAndStreamsReadAlike()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        Sample().Save(path);
        SafetensorsFile fromFile = SafetensorsFile.Read(path);
        using var stream = new MemoryStream(Write(Sample()));
        SafetensorsFile fromStream = SafetensorsFile.Read(stream, "pack");
        Assert.That(fromFile.GetFloats("weights"), Is.EqualTo(fromStream.GetFloats("weights")));
        Assert.That(fromFile.Source, Is.EqualTo(path));
        Assert.That(fromStream.Source, Is.EqualTo("pack"));
        Assert.That(folder.Files, Has.Length.EqualTo(1));
    }

    [Test]
    public void AMissingFileIsNamed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("missing.safetensors");
        Assert.That(() => SafetensorsFile.Read(path), Throws.TypeOf<ModelFileException>().With.Message.Contains(path));
    }

    [Test]
    public void BrainFloatsAndDoublesAreUnderstood()
    {
        var writer = new SafetensorsWriter();
        writer.AddBytes("bf", DType.BF16, new byte[] { 0x80, 0x3F, 0x49, 0x40 }, 2);
        writer.AddBytes("d", DType.F64, BitConverter.GetBytes(Math.PI), 1);
        SafetensorsFile file = SafetensorsFile.Parse(Write(writer));
        Assert.That(file.GetFloats("bf"), Is.EqualTo(new[] { 1f, 3.140625f }));
        Assert.That(file.Get("d").FloatAt(0), Is.EqualTo(Math.PI));
        Assert.That(() => file.GetFloats("d"), Throws.TypeOf<ModelFileException>().With.Message.Contains("found F64"));
    }

    [Test]
    public void WrongShapesAndNamesSayWhatWasFound()
    {
        SafetensorsFile file = SafetensorsFile.Parse(Write(Sample()), "art.safetensors");
        Assert.That(() => file.GetFloats("weights", 3, 2), Throws.TypeOf<ModelFileException>().With.Message
            .Contains("'art.safetensors'").And.Message.Contains("'weights'").And.Message.Contains("[3, 2]").And.Message.Contains("[2, 3]"));
        Assert.That(() => file.GetFloats("weight"), Throws.TypeOf<ModelFileException>().With.Message.Contains("'weight' is missing"));
        Assert.That(() => file.GetFloats("codes"), Throws.TypeOf<ModelFileException>().With.Message.Contains("found U8"));
        Assert.That(() => file.Get("codes").FloatAt(0), Throws.InvalidOperationException);
    }

    [TestCase(float.NaN, "NaN at element 1")]
    [TestCase(float.NegativeInfinity, "infinity at element 1")]
    public void NonFiniteValuesAreFoundOnRequest(float value, string expected)
    {
        var single = new SafetensorsWriter();
        single.AddFloats("x", new[] { 0, value }, 1, 2);
        var half = new SafetensorsWriter();
        half.AddHalves("x", new[] { 0, value }, 1, 2);
        foreach (SafetensorsWriter writer in new[] { single, half })
        {
            SafetensorsFile file = SafetensorsFile.Parse(Write(writer));
            Assert.That(file.RequireFinite, Throws.TypeOf<ModelFileException>().With.Message.Contains($"'x' [1, 2] has {expected}"));
        }
        Assert.That(SafetensorsFile.Parse(Write(Sample())).RequireFinite, Throws.Nothing);
    }

    [Test]
    public void TheWriterRefusesWhatItCouldNotReadBack()
    {
        SafetensorsWriter writer = Sample();
        Assert.That(() => writer.AddFloats("weights", new[] { 1f }, 1), Throws.ArgumentException.With.Message.Contains("taken"));
        Assert.That(() => writer.AddFloats("__metadata__", new[] { 1f }, 1), Throws.ArgumentException.With.Message.Contains("taken"));
        Assert.That(() => writer.AddFloats("new", new[] { 1f }, 2), Throws.ArgumentException.With.Message.Contains("takes 8 bytes"));
        Assert.That(() => writer.AddFloats("new", new[] { 1f }, -1, -1), Throws.ArgumentException);
        Assert.That(() => writer.AddHalves("new", new[] { 0, 70000f }, 2), Throws.ArgumentException.With.Message.Contains("element 1"));
    }

    [Test]
    public void AnUnwritablePathLeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        Sample().Save(path);
        byte[] before = File.ReadAllBytes(path);
        Assert.That(() => Sample().Save(Path.Combine(path, "inner.safetensors")), Throws.TypeOf<ModelFileException>());
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
        Assert.That(folder.Files, Has.Length.EqualTo(1));
    }

    internal static byte[] Write(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();
    }

    private static SafetensorsWriter Sample()
    {
        var writer = new SafetensorsWriter();
        writer.Metadata["author"] = "Zoë \"the\" painter\n";
        writer.AddBytes("codes", DType.U8, new byte[] { 1, 2, 3, 4, 255 }, 5);
        writer.AddFloats("weights", new[] { 1.5f, -2, 3, float.MinValue, float.Epsilon, -0f }, 2, 3);
        writer.AddHalves("half", new[] { 0.1f, 1, 65504 }, 3);
        writer.AddFloats("scalar", new[] { 42f });
        writer.AddFloats("empty", Array.Empty<float>(), 0, 4);
        writer.AddFloats("名前", new[] { 1f }, 1);
        return writer;
    }
}
