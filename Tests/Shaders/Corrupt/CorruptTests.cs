using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class CorruptTests(OperandPath path) : GpuTest(path)
{
    /// <summary>The streams of Include/philox.glsl.</summary>
    private const uint RectangleStream = 0x40, NoiseStream = 0x41;

    private static readonly StepState Step = new(Index: 5, Seed: 0xFEDC_BA98_7654_3210);

    [TestCase(1, 1, 1, PixelPacking.Rgba, 0f)]
    [TestCase(13, 5, 7, PixelPacking.Rgba, 0.25f)]
    [TestCase(3, 127, 13, PixelPacking.Rgba, 0f)]
    [TestCase(13, 7, 12, PixelPacking.Grey, 0.25f)]
    [TestCase(7, 13, 20, PixelPacking.GreyPacked, 0.25f)]
    [TestCase(5, 3, 128, PixelPacking.GreyPacked, 0f)]
    public void Batch(int n, int h, int w, PixelPacking packing, float sigma)
    {
        Dims pixels = new(n, h, w, packing == PixelPacking.Rgba ? 4 : 1);
        Dims stored = packing == PixelPacking.GreyPacked ? new(n, h, w / 4, 4) : pixels;
        double[] x = TestData.Uniform(pixels.Length, 1, 0.125);
        using var check = new OperatorCheck(Device);
        var corrupt = new Corrupt(check.Input("x", stored, x), check.Step(Step), sigma, packing);
        check.RunKernels([.. corrupt.Forward()]);

        CorruptReference.Rectangle[] deleted = [.. Enumerable.Range(0, n).Select(i => Drawn(Step, i, h, w))];
        // Noise is drawn for four values at a time: of one channel, the first of the four.
        int stride = packing == PixelPacking.Grey ? 4 : 1;
        GpuNormals drawn = GpuNormals.Draw(pixels.Length * stride, Step, NoiseStream);
        double[] normals = [.. drawn.Values.Where((_, i) => i % stride == 0)], bounds = [.. drawn.Bound.Where((_, i) => i % stride == 0)];
        double[] expected = CorruptReference.Forward(pixels, x, normals, sigma, deleted);
        Compare.Within(check.Value(corrupt.Output), expected, CorruptReference.ForwardBound(expected, normals, bounds, sigma), "y", pixels.Locate);
        if (n > 1)
            Assert.That(deleted.Distinct().Count(), Is.GreaterThan(1), "each image has a rectangle of its own");
    }

    /// <summary>Widths and heights are uniform, so a share of (W + 1)(H + 1) / 4WH is deleted; the noise has its deviation.</summary>
    [Test]
    public void DeletesAboutAQuarterAndAddsNoiseOfItsDeviation()
    {
        const int n = 512, side = 16;
        const double sigma = 0.125, centre = 4;
        using var check = new OperatorCheck(Device);
        var dims = new Dims(n, side, side, 4);
        var corrupt = new Corrupt(check.Input("x", dims, Enumerable.Repeat(centre, dims.Length).ToArray()), check.Step(Step), (float)sigma);
        check.RunKernels([.. corrupt.Forward()]);
        float[] y = check.Value(corrupt.Output);

        double[] shares = [.. y.Chunk(side * side * 4).Select(image => image.Count(v => v == 0) / (double)image.Length)];
        double expected = Math.Pow((side + 1) / (2.0 * side), 2), mean = shares.Average();
        double error = Math.Sqrt(shares.Average(s => (s - mean) * (s - mean)) / n);
        Assert.That(mean, Is.EqualTo(expected).Within(5 * error));
        Assert.That(y.Chunk(4).All(p => p.All(v => v == 0) || p.All(v => v != 0)), "all channels of a pixel go together");

        double[] noise = [.. y.Where(v => v != 0).Select(v => (v - centre) / sigma)];
        Assert.That(noise.Average(), Is.EqualTo(0).Within(5 / Math.Sqrt(noise.Length)));
        Assert.That(noise.Average(v => v * v), Is.EqualTo(1).Within(5 * Math.Sqrt(2.0 / noise.Length)));
    }

    /// <summary>Nothing hangs on the place in the batch but the draw: another step deletes other rectangles.</summary>
    [Test]
    public void IsDrawnAnewAtEachStep()
    {
        var dims = new Dims(3, 8, 8, 4);
        float[] At(uint step)
        {
            using var check = new OperatorCheck(Device);
            var corrupt = new Corrupt(check.Input("x", dims, TestData.Uniform(dims.Length, 2, 0.5)), check.Step(Step with { Index = step }), 0);
            check.RunKernels([.. corrupt.Forward()]);
            return check.Value(corrupt.Output);
        }

        Assert.That(At(5), Is.EqualTo(At(5)));
        Assert.That(At(6), Is.Not.EqualTo(At(5)));
    }

    [TestCase(-0.5f)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void RefusesADeviationThatIsNone(float noise)
    {
        Tensor images = new("images", new Shape(1, 4, 4, 4)), step = new("step", Shape.Vector(16));
        Assert.That(() => new Corrupt(images, step, noise), Throws.ArgumentException.With.Message.Contains("0 or above"));
    }

    private static CorruptReference.Rectangle Drawn(StepState step, int n, int h, int w)
    {
        (uint x, uint y, uint z, uint u) = Philox.Draw(step.Seed, (uint)n, step.Index, RectangleStream, 0);
        int width = 1 + (int)(x % (uint)w), height = 1 + (int)(y % (uint)h);
        return new((int)(z % (uint)(w - width + 1)), (int)(u % (uint)(h - height + 1)), width, height);
    }
}
