using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class ConvTranspose2dTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, 1, 1, 1, 1, 0, PaddingMode.Zero, Activation.None, Description = "one number")]
    [TestCase(3, 3, 5, 5, 3, 4, 2, 1, PaddingMode.Zero, Activation.Sigmoid, Description = "narrow result, odd number of vec4s")]
    [TestCase(3, 7, 5, 3, 13, 3, 1, 1, PaddingMode.Zero, Activation.Relu)]
    [TestCase(5, 3, 7, 13, 5, 4, 2, 1, PaddingMode.Circular, Activation.LeakyRelu)]
    [TestCase(1, 5, 3, 33, 7, 3, 2, 1, PaddingMode.Zero, Activation.Sigmoid, Description = "odd extents, sigmoid beside padding channels")]
    [TestCase(1, 3, 3, 4, 127, 3, 1, 1, PaddingMode.Circular, Activation.Tanh)]
    [TestCase(3, 3, 5, 4, 8, 1, 2, 0, PaddingMode.Zero, Activation.None, Description = "pixels that no tap reaches get the bias")]
    [TestCase(1, 1, 1, 64, 32, 4, 1, 0, PaddingMode.Zero, Activation.Relu, Description = "from a vector to pixels")]
    [TestCase(5, 16, 10, 8, 4, 4, 2, 1, PaddingMode.Zero, Activation.Sigmoid, Description = "the last layer of a decoder")]
    [TestCase(3, 5, 3, 6, 3, 4, 2, 1, PaddingMode.Circular, Activation.Tanh, Description = "the last layer around a torus of odd extents")]
    [TestCase(1, 1, 1, 5, 3, 4, 2, 1, PaddingMode.Circular, Activation.None, Description = "from one pixel around a torus")]
    [TestCase(2, 5, 3, 33, 37, 4, 2, 1, PaddingMode.Zero, Activation.LeakyRelu, Description = "tiles of 2x2 that the extents cut, columns that tiles cut")]
    [TestCase(1, 5, 7, 36, 40, 4, 2, 1, PaddingMode.Circular, Activation.Tanh, Description = "tiles of 2x2 cut around a torus of odd extents")]
    [TestCase(1, 1, 1, 5, 6, 4, 2, 1, PaddingMode.Circular, Activation.None, Description = "a torus smaller than a tile")]
    [TestCase(9, 4, 4, 32, 64, 4, 2, 1, PaddingMode.Zero, Activation.Relu, Description = "weight gradient of tiles in several eights")]
    public void ForwardAndGradients(
        int n, int h, int w, int c, int k, int kernel, int stride, int pad, PaddingMode padding, Activation activation)
    {
        bool circular = padding == PaddingMode.Circular;
        var geometry = new ConvGeometry(kernel, stride, pad, padding);
        LinearMap.Of(new ConvTranspose2dReference.Geometry(new Dims(n, h, w, c), k, kernel, kernel, stride, pad, circular))
            .Check(Device, activation, (parameters, x) => new ConvTranspose2d("deconv", parameters, x, k, geometry, activation));
    }
}
