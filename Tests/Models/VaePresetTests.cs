using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Models;

public sealed class VaePresetTests
{
    private static readonly LikelihoodOptions Laplace = new(LikelihoodKind.Laplace);

    /// <summary>Channels double while a side can be halved and stays above 2 pixels.</summary>
    [TestCase(8, 4, "32")]
    [TestCase(12, 3, "32 64")]
    [TestCase(16, 4, "32 64")]
    [TestCase(20, 5, "32 64")]
    [TestCase(24, 3, "32 64 128")]
    [TestCase(32, 4, "32 64 128")]
    [TestCase(48, 3, "32 64 128 256")]
    [TestCase(64, 4, "32 64 128 256")]
    [TestCase(128, 4, "32 64 128 256 256")]
    public void LevelsFollowTheSize(int size, int innermost, string channels)
    {
        VaeArchitecture fast = VaePreset.Create("fast", size, 16, Laplace, PaddingMode.Circular);
        Assert.That(fast.Channels, Is.EqualTo(channels.Split(' ').Select(int.Parse)));
        Assert.That(fast.Width / fast.Reduction, Is.EqualTo(innermost));
        Assert.That((fast.Network, fast.LatentSize, fast.Padding), Is.EqualTo((NetworkKind.Conv, 16, PaddingMode.Circular)));
        Assert.That((fast.Width, fast.Height), Is.EqualTo((size, size)));
        Assert.That(fast.Values, Is.EqualTo(4 * size * size));
        Assert.That(VaePreset.Create("wide", size, 16, Laplace, PaddingMode.Zero).Channels, Is.EqualTo(
            fast.Channels.Select((c, i) => Math.Min(512, 64 << i))));
        Assert.That(VaePreset.Create("residual", size, 16, Laplace, PaddingMode.Zero).Network, Is.EqualTo(NetworkKind.Residual));
        Assert.That(VaePreset.Create("mlp", size, 16, Laplace, PaddingMode.Zero).Channels, Is.EqualTo(new[] { 400, 400 }));
        VaeArchitecture linear = VaePreset.Create("linear", size, 16, Laplace, PaddingMode.Zero);
        Assert.That((linear.Channels.Count, linear.Reduction, linear.IsFullyConnected), Is.EqualTo((0, 1, true)));
    }

    [Test]
    public void EveryPresetHasASummaryAndCanBeBuilt()
    {
        Assert.That(VaePreset.List.Select(p => p.Name), Is.EqualTo(new[] { "fast", "wide", "residual", "mlp", "linear" }));
        Assert.That(VaePreset.List.Select(p => p.Name), Has.Member(VaePreset.Default));
        foreach ((string name, string summary) in VaePreset.List)
        {
            Assert.That(summary, Has.Length.GreaterThan(20));
            Assert.That(TinyModel.ParametersOf(VaePreset.Create(name, 12, 4, Laplace, PaddingMode.Zero)).Select(p => p.Name),
                Is.Unique.And.Some.StartsWith("encoder.").And.Some.StartsWith("decoder."));
        }
    }

    [TestCase(0, "Choose 8.")]
    [TestCase(4, "Choose 8.")]
    [TestCase(7, "Choose 8.")]
    [TestCase(-16, "Choose 8.")]
    [TestCase(9, "Choose 8 or 12.")]
    [TestCase(33, "Choose 32 or 36.")]
    public void RefusesASizeThatDoesNotFit(int size, string advice) => Assert.That(
        () => VaePreset.Create("fast", size, 16, Laplace, PaddingMode.Zero),
        Throws.ArgumentException.With.Message.Contains("multiple of 4, at least 8")
            .And.Message.Contains($"found {size}").And.Message.EndsWith(advice));

    [TestCase("fast", "8,16", 0)]
    [TestCase("residual", "12", 8)]
    [TestCase("mlp", "200,100,60", 0)]
    public void HiddenSizesReplaceThoseOfThePreset(string name, string hidden, int grid)
    {
        int[] channels = hidden.Split(',').Select(int.Parse).ToArray();
        VaeArchitecture a = VaePreset.Create(name, 16, 256, Laplace, PaddingMode.Zero, grid, channels);
        Assert.That(a.Channels, Is.EqualTo(channels));
        Assert.That((a.LatentSide, a.Network), Is.EqualTo((grid, VaePreset.Create(name, 16, 16, Laplace, PaddingMode.Zero).Network)));
    }

    [TestCase("mlp", 16, 0, "50", "multiples of 4", "found [50]")]
    [TestCase("fast", 12, 0, "8,16,32", "3 levels", "multiples of 8")]
    [TestCase("fast", 16, 8, "8,16", "2 levels make a grid of 4×4", "8×8")]
    public void RefusesHiddenSizesThatDoNotFit(string name, int size, int grid, string hidden, params string[] said)
    {
        var error = Assert.Throws<ArgumentException>(
            () => VaePreset.Create(name, size, 256, Laplace, PaddingMode.Zero, grid, hidden.Split(',').Select(int.Parse).ToArray()))!;
        foreach (string part in said)
            Assert.That(error.Message, Does.Contain(part));
    }

    [Test]
    public void RefusesAPresetThatIsNotThere() => Assert.That(
        () => VaePreset.Create("slow", 32, 16, Laplace, PaddingMode.Zero),
        Throws.ArgumentException.With.Message.Contains("'slow'").And.Message.Contains("fast, wide, residual, mlp, linear"));
}
