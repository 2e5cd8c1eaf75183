using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class Conv2dTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, 1, 1, 1, 1, 0, PaddingMode.Zero, Activation.None, Description = "one number")]
    [TestCase(3, 5, 7, 3, 5, 3, 1, 1, PaddingMode.Zero, Activation.Relu)]
    [TestCase(5, 13, 7, 4, 13, 3, 1, 1, PaddingMode.Circular, Activation.LeakyRelu)]
    [TestCase(3, 8, 6, 5, 33, 4, 2, 1, PaddingMode.Zero, Activation.Tanh)]
    [TestCase(3, 6, 10, 13, 4, 4, 2, 1, PaddingMode.Circular, Activation.Sigmoid, Description = "narrow result")]
    [TestCase(1, 7, 5, 33, 127, 1, 1, 0, PaddingMode.Zero, Activation.None, Description = "several tiles of columns")]
    [TestCase(1, 3, 3, 127, 3, 3, 2, 1, PaddingMode.Zero, Activation.Sigmoid, Description = "sigmoid beside padding channels, narrow")]
    [TestCase(1, 3, 5, 3, 7, 3, 1, 1, PaddingMode.Zero, Activation.Sigmoid, Description = "sigmoid beside padding channels, wide")]
    [TestCase(1, 5, 13, 5, 3, 4, 2, 1, PaddingMode.Zero, Activation.None, Description = "extents that the stride does not divide")]
    [TestCase(1, 1, 3, 3, 5, 5, 1, 2, PaddingMode.Circular, Activation.None, Description = "a kernel larger than the torus")]
    [TestCase(3, 5, 7, 5, 8, 1, 2, 0, PaddingMode.Zero, Activation.Relu, Description = "pixels that no tap reaches")]
    [TestCase(5, 32, 20, 4, 8, 3, 1, 1, PaddingMode.Zero, Activation.Relu, Description = "weight gradient in several chunks")]
    [TestCase(2, 4, 4, 128, 64, 4, 2, 1, PaddingMode.Zero, Activation.Relu, Description = "weight gradient of many tiles, whole")]
    [TestCase(2, 7, 13, 33, 37, 4, 2, 1, PaddingMode.Zero, Activation.LeakyRelu, Description = "tiles of 2x2 that the extents cut, columns that tiles cut")]
    [TestCase(3, 10, 6, 36, 40, 4, 2, 1, PaddingMode.Circular, Activation.Tanh, Description = "tiles of 2x2 cut around a torus of odd extents")]
    [TestCase(1, 2, 2, 5, 6, 4, 2, 1, PaddingMode.Circular, Activation.None, Description = "a torus smaller than a tile")]
    [TestCase(23, 8, 8, 32, 32, 4, 2, 1, PaddingMode.Zero, Activation.Relu, Description = "weight gradient of tiles in several eights")]
    [TestCase(1, 720, 740, 1, 5, 1, 1, 0, PaddingMode.Zero, Activation.None, Description = "more groups of rows than a grid has along x")]
    public void ForwardAndGradients(
        int n, int h, int w, int c, int k, int kernel, int stride, int pad, PaddingMode padding, Activation activation)
    {
        bool circular = padding == PaddingMode.Circular;
        var geometry = new ConvGeometry(kernel, stride, pad, padding);
        LinearMap.Of(new Conv2dReference.Geometry(new Dims(n, h, w, c), k, kernel, kernel, stride, pad, circular))
            .Check(Device, activation, (parameters, x) => new Conv2d("conv", parameters, x, k, geometry, activation));
    }
    [Test]
    public void AlikeEverywhereOnRequest()
    {
        var geometry = new ConvGeometry(4, 2, 1, PaddingMode.Circular, IsAlikeEverywhere: true);
        LinearMap.Of(new Conv2dReference.Geometry(new Dims(1, 6, 10, 12), 8, 4, 4, 2, 1, Circular: true))
            .Check(Device, Activation.None, (parameters, x) => new Conv2d("conv", parameters, x, 8, geometry));
    }
}
