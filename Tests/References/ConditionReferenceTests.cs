using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

/// <summary>Embeddings of labels, and vectors put beside pixels.</summary>
public sealed class ConditionReferenceTests
{
    [Test]
    public void EmbeddingsAreRowsOfTheTable()
    {
        double[] table = [1, 2, 3, 4, 5, 6];
        Assert.That(LabelEmbeddingReference.Forward([2, 0, 3], 2, 2, table),
            Is.EqualTo(new double[] { 5, 6, 5, 6, 1, 2, 1, 2, 0, 0, 0, 0 }));
        Assert.That(LabelEmbeddingReference.Backward([2, 0, 2], 1, 3, 2, [1, 2, 10, 20, 100, 200]),
            Is.EqualTo(new double[] { 10, 20, 0, 0, 101, 202 }));
    }

    [TestCase(1, 1, 1, 3)]
    [TestCase(13, 2, 5, 4)]
    public void EmbeddingBackwardAgreesWithFiniteDifferences(int n, int k, int l, int e)
    {
        uint[] labels = Enumerable.Range(0, n).Select(i => (uint)(i * i % (l + 1))).ToArray();
        double[] table = TestData.Uniform(l * e, 1), dY = TestData.Uniform(n * k * e, 2);
        FiniteDifference.CheckBackward(t => LabelEmbeddingReference.Forward(labels, k, e, t), table, dY,
            LabelEmbeddingReference.Backward(labels, k, l, e, dY), "dT");
    }

    [Test]
    public void VectorsLieBehindThePaddedChannels()
    {
        double[] y = ConcatChannelsReference.Forward(new Dims(2, 1, 2, 1), 2, [1, 2, 3, 4], [5, 6, 7, 8]);
        Assert.That(y, Is.EqualTo(new double[] { 1, 0, 0, 0, 5, 6, 2, 0, 0, 0, 5, 6, 3, 0, 0, 0, 7, 8, 4, 0, 0, 0, 7, 8 }));
    }

    [TestCase(1, 1, 1, 4, 4)]
    [TestCase(3, 2, 3, 3, 5)]
    public void ConcatBackwardAgreesWithFiniteDifferences(int n, int h, int w, int c, int e)
    {
        var x = new Dims(n, h, w, c);
        double[] values = TestData.Uniform(x.Length, 1), vectors = TestData.Uniform(n * e, 2);
        double[] dY = TestData.Uniform(ConcatChannelsReference.OutputDims(x, e).Length, 3);
        (double[] dX, double[] dE) = ConcatChannelsReference.Backward(x, e, dY);
        FiniteDifference.CheckBackward(v => ConcatChannelsReference.Forward(x, e, v, vectors), values, dY, dX, "dX", x.Locate);
        FiniteDifference.CheckBackward(v => ConcatChannelsReference.Forward(x, e, values, v), vectors, dY, dE, "de");
    }
}
