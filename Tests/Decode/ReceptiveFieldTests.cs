using System.Collections.Generic;
using NUnit.Framework;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Decode;

public class ReceptiveFieldTests
{
    private readonly ParameterSet parameters = new("weights");
    private readonly Tensor x = new("x", new Shape(1, 12, 12, 4));

    [TestCase(3, 1, 1, 1)]
    [TestCase(5, 1, 2, 2)]
    [TestCase(1, 1, 0, 0)]
    [TestCase(4, 2, 1, 1)]
    [TestCase(5, 1, 1, 3, Description = "all of its margin lies behind: 5 − 1 − 1")]
    public void OfAConvolution(int kernel, int stride, int pad, int halo) =>
        Assert.That(ReceptiveField.HaloOf([Conv(x, kernel, stride, pad)]), Is.EqualTo(halo));

    [TestCase(4, 2, 1, 1)]
    [TestCase(2, 2, 0, 0, Description = "each input makes outputs of its own")]
    [TestCase(3, 1, 1, 1)]
    [TestCase(8, 2, 3, 2)]
    public void OfATransposedConvolution(int kernel, int stride, int pad, int halo) =>
        Assert.That(ReceptiveField.HaloOf([Up(x, kernel, stride, pad)]), Is.EqualTo(halo));

    [Test]
    public void OfAChain()
    {
        var chain = new List<Operator>();
        Tensor Add(Operator op)
        {
            chain.Add(op);
            return op.Output;
        }

        Tensor y = Add(Conv(x, 3, 1, 1));
        y = Add(new ActivationLayer("relu", y, Activation.Relu));
        y = Add(new UpsampleNearest("up", y, 2));
        y = Add(Conv(y, 3, 1, 1));
        y = Add(Conv(y, 3, 1, 1));
        Assert.That(ReceptiveField.HaloOf(chain), Is.EqualTo(2), "two pixels of the large level are one of the small, and one more");
        Add(Conv(y, 3, 1, 1));
        Assert.That(ReceptiveField.HaloOf(chain), Is.EqualTo(3));
    }

    [TestCase(1, 0, 1)]
    [TestCase(3, 0, 1)]
    [TestCase(3, 2, 2)]
    public void OfTheConvolutionalDecoder(int levels, int side, int halo)
    {
        int[] channels = new int[levels];
        System.Array.Fill(channels, 4);
        int size = (side == 0 ? 1 : side) << levels;
        var architecture = new VaeArchitecture(NetworkKind.Conv, size, size, 16, channels, new LikelihoodOptions(LikelihoodKind.Laplace), PaddingMode.Circular) { LatentSide = side };
        Assert.That(new MapGraph(architecture, parameters, 3, 5).Halo, Is.EqualTo(halo));
    }

    [Test]
    public void NormalizationIsRefused() => Assert.That(
        () => ReceptiveField.HaloOf([new GroupNorm("norm", parameters, x, 2)]), Throws.ArgumentException.With.Message.Contains("whole image"));

    [Test]
    public void OthersAreRefused() => Assert.That(
        () => ReceptiveField.HaloOf([new Linear("linear", parameters, x, 4)]), Throws.ArgumentException.With.Message.Contains("Linear"));

    private Conv2d Conv(Tensor input, int kernel, int stride, int pad) =>
        new($"conv{parameters.Parameters.Count}", parameters, input, 4, new ConvGeometry(kernel, stride, pad, PaddingMode.Zero));

    private ConvTranspose2d Up(Tensor input, int kernel, int stride, int pad) =>
        new($"up{parameters.Parameters.Count}", parameters, input, 4, new ConvGeometry(kernel, stride, pad, PaddingMode.Zero));
}
