using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class EmbeddingTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, 4)]
    [TestCase(3, 5, 13, 12)]
    [TestCase(127, 3, 8, 4, Description = "many rows a word: several chunks")]
    [TestCase(13, 24, 127, 32)]
    public void ForwardAndGradient(int rows, int group, int count, int size)
    {
        double[] table = TestData.Normal(count * size, 1), dY = TestData.Uniform(rows * group * size, 2);
        uint[] index = TestData.Uniform(rows * group, 3, 0, count + 1).Select(v => v >= count ? CodeContext.Nothing : (uint)v).ToArray();
        using var check = new OperatorCheck(Device);
        var op = new Embedding("embedding", check.Parameters, check.Words("index", index), group, count, size, deviation: 1);
        check.Run(check.Graph.Add(op), dY, table);

        double[] expected = index.SelectMany(k => k < count ? table.Skip((int)k * size).Take(size) : new double[size]).ToArray();
        Compare.Within(check.Value(op.Output), expected, new double[expected.Length], "Y", new Dims(rows, 1, group, size).Locate);
        double[] gradient = new double[table.Length], magnitude = new double[table.Length], terms = new double[table.Length];
        for (int i = 0; i < dY.Length; i++)
        {
            if (index[i / size] >= count)
                continue;
            int at = (int)index[i / size] * size + i % size;
            gradient[at] += dY[i];
            magnitude[at] += Math.Abs(dY[i]);
            terms[at]++;
        }

        Compare.Within(check.Gradient(op.Table), gradient, ErrorBound.Sum(terms, magnitude), "dTable",
            i => $"[k={i / size}, e={i % size}]");
    }

    [Test]
    public void RefusesWhatCannotBe()
    {
        var parameters = new ParameterSet("parameters");
        var index = new Tensor("index", Shape.Vector(7));
        Assert.That(() => new Embedding("embedding", parameters, index, 2, 5, 4, 1),
            Throws.ArgumentException.With.Message.Contains("groups of 2"));
        Assert.That(() => new Embedding("embedding", parameters, index, 1, 5, 6, 1),
            Throws.ArgumentException.With.Message.Contains("multiple of 4; found 6"));
    }
}
