using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Models;

public sealed class MlpNetworkTests
{
    /// <summary>The IWAE paper's network but for Z: a layer's bound is √(6 / (ins + outs)), and μ and log σ² are two layers.</summary>
    [TestCase("encoder.linear0", 784, 200, 200)]
    [TestCase("encoder.linear1", 200, 100, 100)]
    [TestCase("encoder.head", 100, 2 * 52, 52)]
    [TestCase("decoder.linear1", 52, 100, 100)]
    [TestCase("decoder.linear0", 100, 200, 200)]
    [TestCase("decoder.logits", 200, 784, 784)]
    public void WeightsStartAsGlorotAndBengioHaveThem(string layer, int ins, int width, int outs)
    {
        VaeArchitecture a = VaePreset.Create("mlp", 28, 52, new LikelihoodOptions(LikelihoodKind.Bernoulli), PaddingMode.Zero, hidden: [200, 100]) with
        {
            Pixels = PixelFormat.Grey,
        };
        var parameters = new ParameterSet("weights");
        VaeNetwork.AddEncoder(new Graph(), parameters, a, new Tensor("images", GatherImages.ShapeOf(a.Packing, 1, 28, 28)));
        VaeNetwork.AddDecoder(new Graph(), parameters, a, new Tensor("latents", Shape.Matrix(1, 52)));
        Parameter weight = parameters.Parameters.Single(p => p.Name == layer + ".weight");
        Assert.That(weight.LogicalShape, Is.EqualTo(new[] { ins, width }));
        Assert.That(weight.Initializer, Is.EqualTo(new Initializer(InitializerKind.Uniform, MathF.Sqrt(6f / (ins + outs)))));
        Assert.That(parameters.Parameters.Single(p => p.Name == layer + ".bias").Initializer, Is.EqualTo(Initializer.Zeros));
    }
}
