using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class FinishTextureTests(OperandPath path) : GpuTest(path)
{
    private static readonly (int N, int H, int W)[] Sizes = [(1, 1, 1), (3, 5, 3), (1, 13, 7), (3, 7, 13), (1, 4, 4), (3, 32, 32)];
    private static readonly Palette Few = PaletteOf(5, seed: 11);
    private static readonly Palette Many = PaletteOf(256, seed: 12);

    private static IEnumerable<TestCaseData> Options()
    {
        (string Name, TextureOptions Options)[] all =
        [
            ("Default", new()),
            ("Threshold", new() { AlphaThreshold = 0.4f }),
            ("BleedOne", new() { EdgeBleed = 1 }),
            ("BleedThree", new() { EdgeBleed = 3 }),
            ("BleedMost", new() { EdgeBleed = 16 }),
            ("Palette", new() { Palette = Few }),
            ("PaletteMost", new() { Palette = Many }),
            ("Dither", new() { Palette = Few, Dithering = Dithering.Ordered }),
            ("Linear", new() { Encoding = ColorEncoding.Linear }),
            ("Premultiplied", new() { Alpha = AlphaMode.Premultiplied }),
            ("LinearPremultiplied", new() { Alpha = AlphaMode.Premultiplied, Encoding = ColorEncoding.Linear }),
            ("Mipmaps", new() { Mipmaps = true }),
            ("MipmapsLinear", new() { Mipmaps = true, Encoding = ColorEncoding.Linear }),
            ("MipmapsOfBled", new() { Mipmaps = true, EdgeBleed = 2, AlphaThreshold = 0.9f }),
            ("All", new()
            {
                AlphaThreshold = 0.3f, EdgeBleed = 2, Palette = Few, Dithering = Dithering.Ordered, Mipmaps = true,
                Encoding = ColorEncoding.Linear,
            }),
            ("AllPremultiplied", new()
            {
                AlphaThreshold = 0.001f, EdgeBleed = 5, Palette = Many, Dithering = Dithering.Ordered, Mipmaps = true,
                Alpha = AlphaMode.Premultiplied,
            }),
        ];
        return all.Select(o => new TestCaseData(o.Options.Validate()).SetArgDisplayNames(o.Name));
    }

    [TestCaseSource(nameof(Options))]
    public void AsTheReference(TextureOptions options)
    {
        foreach ((int n, int h, int w) in Sizes)
        {
            FinishTextureReference reference = ReferenceFor(options, h, w);
            double[][] images = Enumerable.Range(0, n).Select(i => Sprite(reference, seed: 100 + i)).ToArray();
            double[] values = images.SelectMany(v => v).ToArray();
            Check(options, reference, images, Finish(options, PixelPacking.Rgba, new Dims(n, h, w, 4), values), $"{n} × {w}×{h}");
        }
    }

    [Test]
    public void GreyIsOpaque([Values] bool packed, [Values] bool all)
    {
        (int n, int h, int w) = (3, 7, 12);
        TextureOptions options = all
            ? new() { AlphaThreshold = 1, EdgeBleed = 3, Palette = Few, Dithering = Dithering.Ordered, Mipmaps = true }
            : new();
        FinishTextureReference reference = ReferenceFor(options, h, w);
        byte[] bytes = TestData.Bytes(n * h * w, 1);
        double[][] images = Enumerable.Range(0, n)
            .Select(i => bytes.Skip(i * h * w).Take(h * w).Select(b => (double)(float)(b / 255.0)))
            .Select(image => AwayFromTies(reference, image.SelectMany(v => new[] { v, v, v, 1 }).ToArray(), grey: true))
            .ToArray();
        double[] grey = images.SelectMany(v => v.Where((_, i) => i % 4 == 0)).ToArray();
        PixelPacking packing = packed ? PixelPacking.GreyPacked : PixelPacking.Grey;
        Dims dims = packed ? new Dims(n, h, w / 4, 4) : new Dims(n, h, w, 1);
        Check(options, reference, images, Finish(options, packing, dims, grey), packing.ToString());
    }

    /// <summary>Any values, ties and values outside [0, 1] among them: a byte off only where the device divides otherwise.</summary>
    [Test]
    public void DefaultIsWhatTheHostMakes()
    {
        var dims = new Dims(3, 32, 32, 4);
        double[] values = TestData.Uniform(dims.Length, 5, -0.1, 1.1);
        byte[] expected = ModelPixels.ToRgba8(PixelFormat.Rgba, TestData.ToFloat(values));
        byte[] found = Bytes(Finish(new(), PixelPacking.Rgba, dims, values).Words);
        int[] off = expected.Zip(found, (a, b) => Math.Abs(a - b)).ToArray();
        Assert.That(off.Max(), Is.LessThanOrEqualTo(1));
        Assert.That(off.Count(d => d == 0), Is.GreaterThan(0.999 * off.Length));
    }

    [Test]
    public void EveryPixelHasTheNearestColour([Values] Dithering dithering)
    {
        var options = new TextureOptions { Palette = PaletteOf(64, seed: 3), Dithering = dithering };
        var dims = new Dims(1, 32, 32, 4);
        double[] values = TestData.Uniform(dims.Length, 6, 0, 1).Select((v, i) => i % 4 == 3 ? 1 : v).ToArray();
        FinishTextureReference reference = ReferenceFor(options, 32, 32);
        byte[] found = Bytes(Finish(options, PixelPacking.Rgba, dims, values).Words);
        for (int i = 0; i < values.Length; i += 4)
        {
            double[] distances = reference.Distances((values[i], values[i + 1], values[i + 2]), i / 4);
            int chosen = options.Palette.Colors.ToList().IndexOf(new Rgba8(found[i], found[i + 1], found[i + 2], found[i + 3]));
            Assert.That(chosen, Is.Not.Negative, $"pixel {i / 4} has a colour of the palette");
            Assert.That(distances[chosen], Is.LessThan(distances.Min() + FinishTextureReference.TieTolerance), $"pixel {i / 4}");
        }
    }

    [Test]
    public void ColoursOfThePaletteStay()
    {
        var dims = new Dims(1, 16, 16, 4);
        byte[] bytes = Many.Colors.SelectMany(c => new[] { c.R, c.G, c.B, c.A }).ToArray();
        var values = new float[bytes.Length];
        Premultiplied.FromRgba8(bytes, values);
        Assert.That(Bytes(Finish(new() { Palette = Many }, PixelPacking.Rgba, dims, TestData.ToDouble(values)).Words), Is.EqualTo(bytes));
    }

    [TestCase(Dithering.None)]
    [TestCase(Dithering.Ordered)]
    public void ABlendShowsColoursOfThePaletteOnly(Dithering dithering)
    {
        var dims = new Dims(5, 13, 7, 4);
        double[] from = Sprite(ReferenceFor(new(), 13, 7), 1), to = Sprite(ReferenceFor(new(), 13, 7), 2);
        double[] values = Enumerable.Range(0, 5)
            .SelectMany(t => from.Zip(to, (a, b) => (double)(float)(a + (t / 4.0 * (b - a)))))
            .ToArray();
        byte[] found = Bytes(Finish(new() { Palette = Few, Dithering = dithering }, PixelPacking.Rgba, dims, values).Words);
        HashSet<Rgba8> seen = found.Chunk(4).Where(p => p[3] != 0).Select(p => new Rgba8(p[0], p[1], p[2], 255)).ToHashSet();
        Assert.That(seen, Is.SubsetOf(Few.Colors));
        Assert.That(seen, Has.Count.GreaterThan(2));
    }

    /// <summary>A grey whose lightness lies a quarter of the way from black to white is white in a quarter of each 8×8 pixels.</summary>
    [TestCase(0.0, 0)]
    [TestCase(0.25, 16)]
    [TestCase(0.5, 32)]
    [TestCase(0.8, 51)]
    [TestCase(1.0, 64)]
    public void DitheringKeepsTheMeanLightness(double lightness, int white)
    {
        // Of grey, L is the cube root of light; the palette's spread is the distance from black to white, 1.
        double light = Math.Pow(lightness, 3), stored = light <= 0.0031308 ? 12.92 * light : 1.055 * Math.Pow(light, 1 / 2.4) - 0.055;
        double[] values = Enumerable.Range(0, 2 * 8 * 8 * 4).Select(i => i % 4 == 3 ? 1 : (double)(float)stored).ToArray();
        var options = new TextureOptions { Palette = Palette.Parse("#000000 #ffffff"), Dithering = Dithering.Ordered };
        uint[] words = Finish(options, PixelPacking.Rgba, new Dims(1, 8, 16, 4), values).Words;
        Assert.That(words.Count(word => word == 0xFFFF_FFFF), Is.EqualTo(2 * white));
        Assert.That(words.Count(word => word == 0xFF00_0000), Is.EqualTo(128 - (2 * white)));
    }

    [Test]
    public void EdgesBleedAsInTheEditor()
    {
        (int h, int w) = (13, 7);
        double[] values = Sprite(ReferenceFor(new(), h, w), 9);
        byte[] plain = ModelPixels.ToRgba8(PixelFormat.Rgba, TestData.ToFloat(values));
        byte[] bled = Bytes(Finish(new() { EdgeBleed = 16 }, PixelPacking.Rgba, new Dims(1, h, w, 4), values).Words);
        Assert.That(bled, Is.EqualTo(EdgeBleed.Apply(new PixelImage(w, h, plain)).Rgba));
    }

    [Test]
    public void ImagesOfABatchDoNotTouch()
    {
        var options = new TextureOptions { EdgeBleed = 16, Palette = Few, Dithering = Dithering.Ordered, Mipmaps = true };
        (int h, int w) = (5, 7);
        double[][] images = Enumerable.Range(0, 3).Select(i => Sprite(ReferenceFor(options, h, w), 20 + i)).ToArray();
        images[1] = new double[h * w * 4];
        double[] values = images.SelectMany(v => v).ToArray();
        (FinishTexture finish, uint[] words) = Finish(options, PixelPacking.Rgba, new Dims(3, h, w, 4), values);
        for (int n = 0; n < 3; n++)
        {
            (FinishTexture one, uint[] alone) = Finish(options, PixelPacking.Rgba, new Dims(1, h, w, 4), images[n]);
            for (int level = 0; level < one.Levels.Count; level++)
                Assert.That(ImageOf(finish, words, level, n), Is.EqualTo(ImageOf(one, alone, level, 0)), $"image {n}, level {level}");
        }

        Assert.That(ImageOf(finish, words, 0, 1), Is.All.Zero, "the empty image takes no colour from its neighbours");
    }

    [Test]
    public void LevelsLieOneAfterAnother()
    {
        var values = new Tensor("values", new Shape(3, 5, 13, 4));
        var finish = new FinishTexture(values, PixelPacking.Rgba, 5, 13, levels: FinishTexture.LevelsOf(5, 13));
        Assert.That(finish.Levels, Is.EqualTo(new[] { (13, 5, 0L), (6, 2, 195L), (3, 1, 231L), (1, 1, 240L) }));
        Assert.That(finish.Pixels.Shape.C, Is.EqualTo(243));
    }

    [Test]
    public void BadOptionsAreRefused()
    {
        Tensor values = new("values", new Shape(1, 4, 6, 4)), palette = new("palette", FinishTexture.PaletteShape(3));
        (Action Make, string Message)[] bad =
        [
            (() => _ = new FinishTexture(values, PixelPacking.Rgba, 6, 4), "[1, 6, 4, 4]"),
            (() => _ = new FinishTexture(values, PixelPacking.GreyPacked, 4, 6), "multiple of 4 wide"),
            (() => _ = new FinishTexture(values, PixelPacking.Rgba, 4, 6, alphaThreshold: 0), "above 0"),
            (() => _ = new FinishTexture(values, PixelPacking.Rgba, 4, 6, alphaThreshold: float.NaN), "NaN"),
            (() => _ = new FinishTexture(values, PixelPacking.Rgba, 4, 6, edgeBleed: 17), "found 17"),
            (() => _ = new FinishTexture(values, PixelPacking.Rgba, 4, 6, palette: palette, colours: 4), "found 4 colours"),
            (() => _ = new FinishTexture(values, PixelPacking.Rgba, 4, 6, colours: 3), "no palette"),
            (() => _ = new FinishTexture(values, PixelPacking.Rgba, 4, 6, dithering: Dithering.Ordered), "needs a palette"),
            (() => _ = new FinishTexture(values, PixelPacking.Rgba, 4, 6, levels: 4), "1 to 3 levels"),
        ];
        foreach ((Action make, string message) in bad)
            Assert.That(() => make(), Throws.ArgumentException.With.Message.Contains(message));
    }

    private static void Check(
        TextureOptions options,
        FinishTextureReference reference,
        double[][] images,
        (FinishTexture Finish, uint[] Words) found,
        string name)
    {
        for (int n = 0; n < images.Length; n++)
        {
            List<double[]> expected = reference.Apply(images[n]);
            for (int level = 0; level < found.Finish.Levels.Count; level++)
            {
                float[] actual = Array.ConvertAll(Bytes(ImageOf(found.Finish, found.Words, level, n)), b => (float)b);
                double[] bound = Array.ConvertAll(expected[level], _ => 0.5 + FinishTextureReference.RoundingTolerance);
                int width = found.Finish.Levels[level].Width;
                Compare.Within(actual, expected[level], bound, $"{options}, {name}, image {n}, level {level}",
                    i => $"[y={i / 4 / width}, x={i / 4 % width}, c={i % 4}]");
            }
        }
    }

    private (FinishTexture Finish, uint[] Words) Finish(TextureOptions options, PixelPacking packing, Dims dims, double[] values)
    {
        using var check = new OperatorCheck(Device);
        int width = packing == PixelPacking.GreyPacked ? 4 * dims.W : dims.W;
        Tensor? palette = options.PaletteTensor();
        if (palette != null)
            check.Upload(palette, TestData.ToDouble(options.Palette!.Table.ToArray()));
        FinishTexture finish = options.Finish(check.Input("values", dims, values), packing, dims.H, width, palette);
        check.RunKernels([.. finish.Forward()]);
        return (finish, check.ValueWords(finish.Pixels));
    }

    private static uint[] ImageOf(FinishTexture finish, uint[] words, int level, int n)
    {
        (int width, int height, long offset) = finish.Levels[level];
        return words.AsSpan(checked((int)offset) + (n * width * height), width * height).ToArray();
    }

    private static byte[] Bytes(uint[] words) => words.SelectMany(BitConverter.GetBytes).ToArray();

    private static Palette PaletteOf(int colours, int seed) =>
        Palette.FromColors(TestData.Bytes(3 * colours, seed).Chunk(3).Select(c => new Rgba8(c[0], c[1], c[2], 255)));

    private static FinishTextureReference ReferenceFor(TextureOptions options, int h, int w) => new(h, w)
    {
        Alpha = options.Alpha,
        Encoding = options.Encoding,
        AlphaThreshold = options.AlphaThreshold ?? 0,
        EdgeBleed = options.EdgeBleed,
        Palette = options.Palette?.Colors.Select(c => (c.R, c.G, c.B)).ToArray() ?? [],
        Dither = options.Dithering == Dithering.Ordered,
        Levels = options.LevelsOf(h, w),
    };

    /// <summary>
    /// Premultiplied values [H, W, 4], half of them around transparent or opaque. All lie up to 0.4 of a byte from a whole byte, so that
    /// there is no doubt how they are rounded, and no two colours of the palette are about equally near.
    /// </summary>
    private static double[] Sprite(FinishTextureReference reference, int seed)
    {
        int count = 4 * reference.Height * reference.Width;
        byte[] bytes = TestData.Bytes(count, seed);
        double[] jitter = TestData.Uniform(count, seed + 1, -0.4, 0.4), values = new double[count];
        for (int i = 0; i < count; i++)
        {
            int alpha = Math.Clamp((2 * bytes[i | 3]) - 128, 0, 255);
            double a = (float)(Math.Max(0, alpha + jitter[i | 3]) / 255);
            values[i] = i % 4 == 3 ? a : (float)(a * (bytes[i] + jitter[i]) / 255);
        }

        return AwayFromTies(reference, values, grey: false);
    }

    private static double[] AwayFromTies(FinishTextureReference reference, double[] values, bool grey)
    {
        for (int i = 0; i < values.Length && reference.Palette.Count > 0; i += 4)
        {
            for (int attempt = 0; values[i + 3] > 0 && IsTie(reference, values, i); attempt++)
            {
                (byte r, byte g, byte b) = reference.Palette[attempt % reference.Palette.Count];
                double[] other = grey ? [attempt / 97.0, attempt / 97.0, attempt / 97.0] : [r / 255.0, g / 255.0, b / 255.0];
                for (int c = 0; c < 3; c++)
                    values[i + c] = (float)(other[c] * values[i + 3]);
            }
        }

        return values;
    }

    private static bool IsTie(FinishTextureReference reference, double[] values, int i)
    {
        double Straight(int c) => Math.Clamp(values[i + c] / values[i + 3], 0, 1);
        double[] nearest = reference.Distances((Straight(0), Straight(1), Straight(2)), i / 4).Order().Take(2).ToArray();
        return nearest[1] - nearest[0] < FinishTextureReference.TieTolerance;
    }
}
