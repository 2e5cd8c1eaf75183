using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class LabelEmbeddingTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, 4)]
    [TestCase(13, 3, 1, 8)]
    [TestCase(7, 13, 5, 12)]
    [TestCase(127, 1024, 1, 4, Description = "most labels are absent")]
    public void ForwardAndGradients(int n, int l, int k, int e)
    {
        // Every other label of the table, repeated, and in larger batches one past it.
        uint[] labels = Enumerable.Range(0, n).Select(i => n > 1 && i == n / 2 ? (uint)l : (uint)(i * i * 2 % l)).ToArray();
        double[] table = TestData.Uniform(l * e, 1), dY = TestData.Uniform(n * k * e, 2);
        using var check = new OperatorCheck(Device);
        var op = new LabelEmbedding("label", check.Parameters, check.Words("labels", labels), l, e, k);
        check.Run(check.Graph.Add(op), dY, table);

        Assert.That(op.Output.Shape, Is.EqualTo(Shape.Matrix(n * k, e)));
        double[] expected = LabelEmbeddingReference.Forward(labels, k, e, table);
        Compare.Within(check.Value(op.Output), expected, new double[expected.Length], "embedding", new Dims(n * k, 1, 1, e).Locate);
        double[] gradient = LabelEmbeddingReference.Backward(labels, k, l, e, dY);
        Compare.Within(check.Gradient(op.Weight), gradient, LabelEmbeddingReference.BackwardBound(labels, k, l, e, dY), "dTable",
            new Dims(l, 1, 1, e).Locate);
        Assert.That(check.Value(op.Weight.Gradient).Skip(l * e), Is.All.Zero, "rows of padding");
    }

    [Test]
    public void LabelsOfABatch()
    {
        uint[] imageLabels = [5, 0, 1023, 2, 2, 7, 4_000_000_000], rows = [6, 0, 3, 3, 2];
        using var check = new OperatorCheck(Device);
        Tensor step = check.Step(new StepState(Index: 3, Seed: 1), rows);
        var gather = new GatherLabels(check.Words("image labels", imageLabels), step, rows.Length);
        check.RunKernels([.. gather.Forward()]);
        uint[] found = Array.ConvertAll(check.Value(gather.Output), BitConverter.SingleToUInt32Bits);
        Assert.That(found, Is.EqualTo(rows.Select(r => imageLabels[r])));
    }

    [TestCase(0, 4, 1, "at least 1 label")]
    [TestCase(3, 6, 1, "multiple of 4")]
    [TestCase(3, 4, 0, "at least 1 row")]
    public void RefusesSizesOutOfRange(int labelCount, int channels, int samples, string expected) => Assert.That(
        () => new LabelEmbedding("label", new ParameterSet("p"), new Tensor("labels", Shape.Vector(5)), labelCount, channels, samples),
        Throws.ArgumentException.With.Message.Contains(expected));

    [Test]
    public void RefusesLabelsThatAreNoVector()
    {
        Tensor matrix = new("labels", Shape.Matrix(5, 2)), step = new("step", Shape.Vector(20));
        Assert.That(() => new LabelEmbedding("label", new ParameterSet("parameters"), matrix, 3, 4),
            Throws.ArgumentException.With.Message.Contains("words [N]"));
        Assert.That(() => new GatherLabels(matrix, step, 4), Throws.ArgumentException.With.Message.Contains("words [images]"));
    }
}
