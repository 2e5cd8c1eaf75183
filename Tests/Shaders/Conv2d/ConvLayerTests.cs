using System;
using NUnit.Framework;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Shaders;

/// <summary>What convolutions and linear layers refuse when they are made; no device is needed.</summary>
[TestFixture]
public sealed class ConvLayerTests
{
    private static Tensor Image(int h, int w, int c) => new("x", new Shape(2, h, w, c));

    [TestCase(0, 1, 0, PaddingMode.Zero, "kernel ≥ 1")]
    [TestCase(3, 0, 0, PaddingMode.Zero, "stride ≥ 1")]
    [TestCase(7, 1, 0, PaddingMode.Zero, "larger than its padded input [2, 5, 6, 4]")]
    [TestCase(4, 2, 1, PaddingMode.Circular, "output times its stride must be its input")]
    public void ConvolutionsThatDoNotFit(int kernel, int stride, int pad, PaddingMode padding, string message) => Assert.That(
        () => new Conv2d("conv", new ParameterSet("parameters"), Image(5, 6, 4), 4, new ConvGeometry(kernel, stride, pad, padding)),
        Throws.ArgumentException.With.Message.Contains(message).And.Message.Contains("conv"));

    [TestCase(1, 1, 1, PaddingMode.Zero, "its padding is too large for the input x [2, 2, 2, 4]")]
    [TestCase(3, 2, 0, PaddingMode.Circular, "output times its stride must be its input")]
    public void TransposedConvolutionsThatDoNotFit(int kernel, int stride, int pad, PaddingMode padding, string message)
    {
        var geometry = new ConvGeometry(kernel, stride, pad, padding);
        Assert.That(() => new ConvTranspose2d("deconv", new ParameterSet("parameters"), Image(2, 2, 4), 4, geometry),
            Throws.ArgumentException.With.Message.Contains(message));
    }

    [Test]
    public void SiluIsNotFused() => Assert.That(
        () => new Linear("linear", new ParameterSet("parameters"), Image(1, 1, 4), 4, Activation.Silu),
        Throws.ArgumentException.With.Message.Contains("add an ActivationLayer"));

    [Test]
    public void FlattenedPixelsHaveNoPaddingChannels()
    {
        Assert.That(() => new Linear("linear", new ParameterSet("parameters"), Image(2, 3, 5), 4),
            Throws.ArgumentException.With.Message.Contains("multiple of 4; found x [2, 2, 3, 5]"));
        var linear = new Linear("linear", new ParameterSet("parameters"), Image(2, 3, 8), 5);
        Assert.That(linear.Weight.LogicalShape, Is.EqualTo(new[] { 2 * 3 * 8, 5 }));
    }
}
