using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class ConcatChannelsTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, 4, 4)]
    [TestCase(13, 1, 1, 64, 16, Description = "latents beside embeddings")]
    [TestCase(3, 5, 7, 4, 8, Description = "images beside embeddings")]
    [TestCase(3, 13, 13, 3, 8, Description = "padding between")]
    [TestCase(2, 3, 5, 1, 5, Description = "padding between and after")]
    [TestCase(2, 13, 127, 8, 4)]
    public void ForwardAndGradients(int n, int h, int w, int c, int e)
    {
        Dims dims = new(n, h, w, c), vectorDims = new(n, 1, 1, e), outputDims = ConcatChannelsReference.OutputDims(dims, e);
        double[] values = TestData.Uniform(dims.Length, 1), vectors = TestData.Uniform(n * e, 2),
            dY = TestData.Uniform(outputDims.Length, 3);
        using var check = new OperatorCheck(Device);
        Tensor x = check.Input("x", dims, values), vector = check.Input("e", vectorDims, vectors);
        Tensor output = check.Graph.Add(new ConcatChannels("concat", x, vector));
        check.Run(output, dY);

        Assert.That(output.Shape, Is.EqualTo(Padded.ShapeOf(outputDims)));
        double[] expected = ConcatChannelsReference.Forward(dims, e, values, vectors);
        Compare.Within(check.Value(output), expected, new double[expected.Length], "concat", outputDims.Locate);
        (double[] dX, double[] dE) = ConcatChannelsReference.Backward(dims, e, dY);
        Compare.Within(check.Gradient(x), dX, new double[dX.Length], "dX", dims.Locate);
        Compare.Within(check.Gradient(vector), dE, ConcatChannelsReference.EmbeddingGradientBound(dims, e, dY), "de", vectorDims.Locate);
    }

    [Test]
    public void ImagesNeedNoGradient()
    {
        Dims dims = new(3, 5, 5, 4), vectorDims = new(3, 1, 1, 4), outputDims = ConcatChannelsReference.OutputDims(dims, 4);
        double[] dY = TestData.Uniform(outputDims.Length, 3);
        using var check = new OperatorCheck(Device);
        Tensor images = check.Constant("images", dims, TestData.Uniform(dims.Length, 1));
        Tensor vector = check.Input("e", vectorDims, TestData.Uniform(vectorDims.Length, 2));
        check.Run(check.Graph.Add(new ConcatChannels("concat", images, vector)), dY);
        Compare.Within(check.Gradient(vector), ConcatChannelsReference.Backward(dims, 4, dY).DE,
            ConcatChannelsReference.EmbeddingGradientBound(dims, 4, dY), "de", vectorDims.Locate);
        Assert.That(() => check.Gradient(images), Throws.InvalidOperationException);
    }

    [Test]
    public void RefusesVectorsThatAreNotOneForEachImage()
    {
        Tensor x = new("x", new Shape(3, 5, 5, 4));
        Assert.That(() => new ConcatChannels("concat", x, new Tensor("e", Shape.Matrix(2, 4))),
            Throws.ArgumentException.With.Message.Contains("e [2, 1, 1, 4]"));
        Assert.That(() => new ConcatChannels("concat", x, new Tensor("e", new Shape(3, 2, 1, 4))), Throws.ArgumentException);
    }
}
