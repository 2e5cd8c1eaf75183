using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

/// <summary>The last layer that makes pixels by itself makes those that its values would become, to the bit; these are held to the references elsewhere.</summary>
public sealed class ConvPixelsTests(OperandPath path) : GpuTest(path)
{
    private static readonly Palette Few = Palette.Parse("#000000 #ff0000 #20a040 #e0e0ff");

    private static readonly TextureOptions[] Options =
    [
        new(),
        new() { AlphaThreshold = 0.4f },
        new() { Palette = Few, Dithering = Dithering.Ordered },
        new() { Encoding = ColorEncoding.Linear, Alpha = AlphaMode.Premultiplied },
    ];

    [Test]
    [Pairwise]
    public void AreThoseOfTheValues(
        [Values(0, 1, 2, 3)] int option,
        [Values("1 1 1 4", "3 5 3 6", "2 16 16 32", "1 4 7 8")] string size,
        [Values] PaddingMode padding,
        [Values(1, 4)] int channels)
    {
        int[] s = size.Split(' ').Select(int.Parse).ToArray();
        TextureOptions options = Options[option].Validate();
        using var check = new OperatorCheck(Device);
        Tensor x = check.Input("x", new Dims(s[0], s[1], s[2], s[3]), TestData.Uniform(s[0] * s[1] * s[2] * s[3], 5, -2, 2));
        var last = new ConvTranspose2d("last", check.Parameters, x, channels, new ConvGeometry(4, 2, 1, padding), Activation.Sigmoid);
        check.Graph.Add(last);
        check.UploadParameters([.. check.Parameters.Parameters.Select((w, i) => TestData.Uniform(w.LogicalShape.Aggregate(1, (a, b) => a * b), 20 + i, -0.5, 0.5))]);
        Tensor? palette = options.Palette is { } p
            ? check.Input("palette", new Dims(p.Colors.Count + 1, 1, 1, 4), [.. p.Table.ToArray().Select(v => (double)v)])
            : null;
        PixelPacking packing = channels == 1 ? PixelPacking.Grey : PixelPacking.Rgba;
        FinishTexture Finish() => options.Finish(last.Output, packing, 2 * s[1], 2 * s[2], palette);
        FinishTexture fused = Finish(), apart = Finish();
        KernelSpec[] oneKernel = [.. last.ForwardToPixels(fused)];
        Assert.That(oneKernel, Has.Length.EqualTo(1));
        check.RunKernels([.. check.Graph.Prepare(), .. check.Graph.Forward(), .. apart.Forward(), .. oneKernel]);
        uint[] expected = check.ValueWords(apart.Pixels), found = check.ValueWords(fused.Pixels);
        Assert.That(found, Is.EqualTo(expected));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(1).Or.EqualTo(s[1]), "pixels differ, but for those around a torus of one");
    }

    [Test]
    public void AreMadeApartWhereNeighboursCount()
    {
        var parameters = new ParameterSet("parameters");
        var last = new ConvTranspose2d("last", parameters, new Tensor("x", new Shape(1, 4, 4, 8)), 4, new ConvGeometry(4, 2, 1, PaddingMode.Zero));
        FinishTexture bled = new TextureOptions { EdgeBleed = 2 }.Finish(last.Output, PixelPacking.Rgba, 8, 8);
        Assert.That(last.ForwardToPixels(bled).Select(k => k.Kernel), Does.Contain("bleed_edges"));
        var other = new Graph();
        other.Add(last);
        FinishTexture foreign = new TextureOptions().Finish(new Tensor("values", new Shape(1, 8, 8, 4)), PixelPacking.Rgba, 8, 8);
        Assert.That(() => other.ForwardToPixels(foreign), Throws.ArgumentException.With.Message.Contains("last operator writes"));
    }
}
