using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Tests.ModelFile;

/// <summary>Every way in which a file can be wrong is refused with what is wrong and where, and never any other exception.</summary>
[TestFixture]
public sealed class DamagedSafetensorsTests
{
    private const string Tensor = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Test]
    public void ASoundFileIsAccepted()
    {
        Assert.That(SafetensorsFile.Parse(Build(Tensor, 8)).GetFloats("a", 2), Is.EqualTo(new float[2]));
        Assert.That(SafetensorsFile.Parse(Build(Tensor + "   ", 8)).Tensors, Has.Count.EqualTo(1));
        Assert.That(SafetensorsFile.Parse(Build("{}", 0)).Tensors, Is.Empty);
    }

    private static IEnumerable<TestCaseData> Headers()
    {
        static TestCaseData Case(string name, string header, int data, params string[] expected) =>
            new TestCaseData(header, data, expected).SetArgDisplayNames(name);
        static string One(string fields) => "{\"a\":{" + fields + "}}";

        yield return Case("trailing data", Tensor, 9, "1 bytes follow tensor 'a'", "byte 8 of the data");
        yield return Case("data without tensors", "{}", 3, "3 bytes follow the start of the data");
        yield return Case("cut short", Tensor, 7, "'a' ends at byte 8", "only 7 bytes", "cut short");
        yield return Case("not JSON", "{a}", 0, "not valid JSON", "near byte");
        yield return Case("unfinished JSON", """{"a":{"dtype":"F32",""", 0, "not valid JSON");
        yield return Case("text after the object", Tensor + " x", 8, "not valid JSON");
        yield return Case("no object", "[]", 0, "must start with '{'");
        yield return Case("empty header", "", 0, "must start with '{'");
        yield return Case("leading space", " " + Tensor, 8, "must start with '{'");
        yield return Case("too deep", One("\"x\":" + new string('[', 100) + new string(']', 100)), 0, "not valid JSON");
        yield return Case("lone surrogate", """{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "not valid JSON");
        yield return Case("duplicate tensor", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],""" +
            "\"data_offsets\":[1,2]}}", 2, "'a' appears twice in the header");
        yield return Case("escaped duplicate", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8"}}""", 1,
            "'a' appears twice");
        yield return Case("duplicate field", One("\"dtype\":\"F32\",\"dtype\":\"F32\""), 0, "'dtype' appears twice in tensor 'a'");
        yield return Case("duplicate metadata", """{"__metadata__":{"k":"1","k":"2"}}""", 0, "'k' appears twice in __metadata__");
        yield return Case("metadata not strings", """{"__metadata__":{"k":1}}""", 0, "'k' must be a string, found Number");
        yield return Case("metadata not an object", """{"__metadata__":"x"}""", 0, "__metadata__ must be an object");
        yield return Case("tensor not an object", """{"a":3}""", 0, "'a' must be an object, found Number");
        yield return Case("unknown dtype", One("\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]"), 8, "dtype 'F31'", "BF16");
        yield return Case("dtype as a number", One("\"dtype\":\"1\",\"shape\":[2],\"data_offsets\":[0,8]"), 8, "unknown dtype '1'");
        yield return Case("lower-case dtype", One("\"dtype\":\"f32\",\"shape\":[2],\"data_offsets\":[0,8]"), 8, "unknown dtype 'f32'");
        yield return Case("dtype not a string", One("\"dtype\":32,\"shape\":[2],\"data_offsets\":[0,8]"), 8, "must be a string");
        yield return Case("no dtype", One("\"shape\":[2],\"data_offsets\":[0,8]"), 8, "must have dtype, shape and data_offsets");
        yield return Case("no shape", One("\"dtype\":\"F32\",\"data_offsets\":[0,8]"), 8, "must have dtype", "found dtype, data_offsets");
        yield return Case("no offsets", One("\"dtype\":\"F32\",\"shape\":[2]"), 8, "must have dtype");
        yield return Case("negative dimension", One("\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]"), 8, "at least 0");
        yield return Case("fractional dimension", One("\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]"), 8, "array of integers");
        yield return Case("text as dimension", One("\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]"), 8, "array of integers");
        yield return Case("shape not an array", One("\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]"), 8, "array of integers");
        yield return Case("dimension beyond 64 bits", One("\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]"), 8,
            "array of integers");
        yield return Case("overflowing product",
            One("\"dtype\":\"F32\",\"shape\":[4611686018427387904,4611686018427387904],\"data_offsets\":[0,8]"), 8, "larger than any file");
        yield return Case("overflow that comes back to 0",
            One("\"dtype\":\"F32\",\"shape\":[4611686018427387904,4,0],\"data_offsets\":[0,0]"), 0, "larger than any file");
        yield return Case("size and offsets disagree", One("\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]"), 8, "needs 12 bytes",
            "[0, 8] span 8");
        yield return Case("offsets reversed", One("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]"), 8, "must be [begin, end]");
        yield return Case("one offset", One("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8]"), 8, "must be [begin, end]");
        yield return Case("negative offset", One("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]"), 8, "at least 0");
        yield return Case("offset beyond 32 bits", One("\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[4294967296,4294967296]"), 0,
            "ends at byte 4294967296");
        yield return Case("hole at the start", One("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]"), 8, "'a' leaves a hole",
            "begin at byte 0", "begins at 4");
        yield return Case("hole between", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],""" +
            "\"data_offsets\":[2,3]}}", 3, "'b' leaves a hole after tensor 'a'", "byte 1");
        yield return Case("overlap", """{"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"a":{"dtype":"U8","shape":[2],""" +
            "\"data_offsets\":[0,2]}}", 3, "'b' overlaps tensor 'a'", "byte 2");
    }

    [TestCaseSource(nameof(Headers))]
    public void ABadHeaderIsRefused(string header, int data, string[] expected) => Refuse(Build(header, data), expected);

    [Test]
    public void InvalidUtf8IsRefused()
    {
        byte[] bytes = Build(Tensor, 8);
        bytes[8 + Tensor.IndexOf('a')] = 0xFF;
        Refuse(bytes, "not valid JSON");
    }

    [TestCase(0)]
    [TestCase(7)]
    public void TooFewBytesAreRefused(int count) => Refuse(new byte[count], $"it has {count} bytes");

    [Test]
    public void AHeaderLongerThanTheFileIsRefused()
    {
        byte[] bytes = Build(Tensor, 8);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)bytes.Length - 7);
        Refuse(bytes, $"is {bytes.Length - 7}, but only {bytes.Length - 8} bytes follow");
    }

    [TestCase(100_000_001UL)]
    [TestCase(ulong.MaxValue)]
    public void AHeaderLongerThanAllowedIsRefused(ulong length)
    {
        byte[] bytes = Build(Tensor, 8);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Refuse(bytes, $"is {length}; at most 100000000");
    }

    [TestCase("\u0089PNG\r\n\u001a\n", "PNG")]
    [TestCase("PK\u0003\u0004\0\0\0\0", "PyTorch")]
    [TestCase("version https", "git lfs pull")]
    [TestCase("{\"weights\": 3}", "JSON")]
    [TestCase("GGUF\u0003\0\0\0", "GGUF")]
    public void AForeignFileIsRecognised(string start, string expected) =>
        Refuse(Encoding.Latin1.GetBytes(start).Concat(new byte[64]).ToArray(), "not a valid safetensors file", expected);

    [Test]
    public void EveryTruncationIsRefused()
    {
        byte[] bytes = Build("""{"__metadata__":{"k":"v"},"a":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}""", 12);
        for (int length = 0; length < bytes.Length; length++)
        {
            Refuse(bytes[..length]);
        }
    }

    /// <summary>Random damage is either harmless or refused; any other exception fails the test.</summary>
    [Test]
    public void RandomDamageNeverCrashes()
    {
        byte[] sound = Build("""{"__metadata__":{"k":"v"},"a":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},""" +
            "\"b\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[12,16]}}", 16);
        var random = new Random(1);
        int refused = 0;
        for (int trial = 0; trial < 50_000; trial++)
        {
            var bytes = (byte[])sound.Clone();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                int at = random.Next(bytes.Length);
                bytes[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"0123456789{}[],:\"-. "[random.Next(20)];
            }
            try
            {
                SafetensorsFile.Parse(bytes);
            }
            catch (ModelFileException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.InRange(25_000, 50_000));
    }

    private static void Refuse(byte[] bytes, params string[] expected)
    {
        var error = Assert.Throws<ModelFileException>(() => SafetensorsFile.Parse(bytes, "art.safetensors"));
        Assert.That(error!.Message, Does.Contain("'art.safetensors'"));
        foreach (string part in expected)
        {
            Assert.That(error.Message, Does.Contain(part));
        }
    }

    /// <summary>Length, header, and that many zero bytes of data.</summary>
    private static byte[] Build(string header, int data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }
}
