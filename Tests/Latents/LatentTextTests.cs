using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Latents;

[TestFixture]
public sealed class LatentTextTests
{
    private static readonly float[] Awkward =
    [
        0, -0f, 1, 0.1f, -1f / 3, float.Epsilon, -float.MinValue, float.MaxValue, 1.17549435e-38f, 16777217, 123456.789f, MathF.PI,
    ];

    [Test]
    public void TextsGiveTheSameBits([Values(-1, 0, 7)] int label)
    {
        float[] drawn = TestData.ToFloat(TestData.Uniform(127, 5));
        foreach (float[] values in (float[][])[Awkward, drawn, [2.5f]])
        {
            var latent = new Latent(values, label);
            Assert.That(Latent.FromJson(latent.ToJson()), Is.EqualTo(latent));
            string text = latent.ToBase64();
            Assert.That(Latent.FromBase64(text), Is.EqualTo(latent));
            Assert.That(text, Has.Length.EqualTo((9 + (4 * values.Length) + 2) / 3 * 4));
        }
    }

    [Test]
    public void JsonIsForPeople()
    {
        Assert.That(new Latent([0.5f, -1], 3).ToJson(), Is.EqualTo("""{"values":[0.5,-1],"label":3}"""));
        Assert.That(new Latent([0.1f]).ToJson(), Is.EqualTo("""{"values":[0.1]}"""));
        Assert.That(Latent.FromJson(""" { "label" : 2, "values" : [ 1e-3, 2 ] } """), Is.EqualTo(new Latent([1e-3f, 2], 2)));
    }

    [TestCase("", "not valid JSON")]
    [TestCase("{\"values\":[1,", "not valid JSON")]
    [TestCase("[1, 2]", "found an array")]
    [TestCase("{}", "found no values")]
    [TestCase("{\"label\":1}", "found no values")]
    [TestCase("{\"values\":[]}", "at least one value")]
    [TestCase("{\"values\":3}", "found the number 3 as its values")]
    [TestCase("{\"values\":[1,\"2\"]}", "found a string as value 1")]
    [TestCase("{\"values\":[1,null]}", "found null as value 1")]
    [TestCase("{\"values\":[1,1e99]}", "1")]
    [TestCase("{\"values\":[1],\"label\":1.5}", "found the number 1.5 as its label")]
    [TestCase("{\"values\":[1],\"label\":-7}", "found -7")]
    [TestCase("{\"values\":[1],\"size\":1}", "found 'size'")]
    public void OtherJsonIsRefused(string json, string said) =>
        Assert.That(() => Latent.FromJson(json), Throws.ArgumentException.With.Message.Contains(said));

    [Test]
    public void OtherBase64IsRefused()
    {
        byte[] bytes = Convert.FromBase64String(new Latent([1, 2, 3], 1).ToBase64());
        AssertRefused("not base64!", "not valid base64");
        AssertRefused("", "0 bytes");
        AssertRefused(Convert.ToBase64String([2, .. bytes.Skip(1)]), "version 2");
        AssertRefused(Convert.ToBase64String(bytes[..^1]), "cut short");
        AssertRefused(Convert.ToBase64String(bytes[..9]), "cut short");
        AssertRefused(Convert.ToBase64String(bytes[..^4]), "cut short or changed");
        for (int bit = 8; bit < 8 * bytes.Length; bit++)
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(Convert.ToBase64String(changed), "hash");
        }

        static void AssertRefused(string text, string said) =>
            Assert.That(() => Latent.FromBase64(text), Throws.ArgumentException.With.Message.Contains(said));
    }
}
