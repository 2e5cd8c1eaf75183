using System;
using System.Collections.Generic;
using NUnit.Framework;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Models;

public sealed class VaeArchitectureTests
{
    private static readonly VaeArchitecture Valid = new(
        NetworkKind.Residual, 16, 24, 12, [8, 16, 24],
        new LikelihoodOptions(LikelihoodKind.Gaussian, LikelihoodLink.Identity, 0.125f), PaddingMode.Circular);

    [Test]
    public void SurvivesJson()
    {
        VaeArchitecture read = VaeArchitecture.FromJson(Valid.ToJson());
        Assert.That(read with { Channels = Valid.Channels, Labels = Valid.Labels }, Is.EqualTo(Valid));
        Assert.That(read.Channels, Is.EqualTo(Valid.Channels));
        Assert.That(read.ToJson(), Is.EqualTo(Valid.ToJson()));
        Assert.That(Valid.ToJson(), Does.Contain("\"Residual\"").And.Contain("\"Circular\"").And.Contain("\"Gaussian\""),
            "names, not numbers");
        Assert.That((read.Values, read.Reduction), Is.EqualTo((16 * 24 * 4, 8)));
        Assert.That((Valid with { Network = NetworkKind.Mlp }).Reduction, Is.EqualTo(1));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case(Valid with { LatentSize = 10 }, "latent size", "multiple of 4", "found 10", "Choose 12");
        yield return Case(Valid with { LatentSize = -4 }, "latent size", "found -4", "Choose 4");
        yield return Case(Valid with { LatentSize = 2_000_000_000 }, "latent size", "found 2000000000", "Choose 4096");
        yield return Case(Valid with { Channels = [] }, "Channels", "1 to 8 levels", "found []");
        yield return Case(Valid with { Channels = [8, 6] }, "Channels", "multiples of 4", "[8, 6]");
        yield return Case(Valid with { Channels = [8, -8] }, "Channels", "[8, -8]");
        yield return Case(Valid with { Channels = [1_000_000] }, "Channels", "4096");
        yield return Case(Valid with { Channels = new int[32] }, "Channels", "1 to 8 levels");
        yield return Case(Valid with { Width = 2 }, "4 to 1024", "2×24");
        yield return Case(Valid with { Height = 2048 }, "4 to 1024", "16×2048");
        yield return Case(Valid with { Height = 20 }, "multiples of 8", "16×20", "fewer levels");
        yield return Case(Valid with { Network = (NetworkKind)7 }, "no network '7'", "Conv, Residual, Mlp");
        yield return Case(Valid with { Padding = (PaddingMode)9 }, "padding '9'");
        yield return Case(Valid with { Likelihood = new((LikelihoodKind)5) }, "likelihood", "Laplace, Gaussian or Bernoulli");
        yield return Case(Valid with { Likelihood = new(LikelihoodKind.Bernoulli, LikelihoodLink.Identity) }, "Bernoulli", "sigmoid");
        yield return Case(Valid with { Likelihood = new(LikelihoodKind.Laplace, FixedScale: -1) }, "fixed scale", "found -1");
        yield return Case(Valid with { Likelihood = new(LikelihoodKind.Laplace, FixedScale: float.NaN) }, "fixed scale", "NaN");

        static TestCaseData Case(VaeArchitecture architecture, params string[] words) =>
            new TestCaseData(architecture, words).SetArgDisplayNames(string.Join(" ", words));
    }

    [TestCaseSource(nameof(Refused))]
    public void RefusesWhatCanNotBeBuilt(VaeArchitecture architecture, string[] words)
    {
        var error = Assert.Throws<ArgumentException>(() => architecture.Validate())!;
        foreach (string word in words)
            Assert.That(error.Message, Does.Contain(word));
        if (architecture.Likelihood.FixedScale is not float.NaN)
            Assert.That(
                () => VaeArchitecture.FromJson(architecture.ToJson()), Throws.ArgumentException.With.Message.EqualTo(error.Message));
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("{\"Network\":\"Conv\"")]
    [TestCase("""{"Network":"Quantum","Width":8,"Height":8,"LatentSize":4,"Channels":[4],"Likelihood":{"Kind":"Laplace"}}""")]
    [TestCase("""{"Network":"Conv","Width":8,"Height":8,"LatentSize":4,"Channels":null,"Likelihood":{"Kind":"Laplace"}}""")]
    public void RefusesOtherText(string json) => Assert.That(() => VaeArchitecture.FromJson(json), Throws.ArgumentException);
}
