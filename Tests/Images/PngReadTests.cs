using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Images;

/// <summary>Every colour type, bit depth and interlacing, at awkward sizes, with and without tRNS.</summary>
public class PngReadTests
{
    private static readonly (int Colour, int[] Depths)[] Kinds =
    [
        (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from kind in Kinds
        from depth in kind.Depths
        from interlaced in new[] { false, true }
        from transparency in kind.Colour is 0 or 2 or 3 ? new[] { false, true } : [false]
        select new TestCaseData(kind.Colour, depth, interlaced, transparency)
            .SetName($"type {kind.Colour}, {depth} bits{(interlaced ? ", interlaced" : "")}{(transparency ? ", tRNS" : "")}");

    [TestCaseSource(nameof(Cases))]
    public void Reads(int colour, int depth, bool interlaced, bool transparency)
    {
        foreach (var (width, height) in new[] { (1, 1), (3, 1), (1, 3), (4, 5), (8, 8), (13, 7), (33, 17) })
        {
            var random = new Random(1000 * colour + 10 * depth + width);
            int channels = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }, top = 1 << depth;
            byte[] palette = new byte[3 * (colour == 3 ? Math.Min(top, 200) : 1)], alphas = new byte[palette.Length / 3 / 2 + 1];
            random.NextBytes(palette);
            random.NextBytes(alphas);
            var samples = new int[height, width, channels];
            for (int i = 0; i < samples.Length; i++)
                samples[i / channels / width, i / channels % width, i % channels] = random.Next(colour == 3 ? palette.Length / 3 : top);
            int[] key = Enumerable.Range(0, channels).Select(c => samples[height / 2, width / 2, c]).ToArray();

            var png = new PngBuilder().Chunk("IHDR", PngBuilder.Header((uint)width, (uint)height, depth, colour, interlaced));
            if (colour == 3)
                png.Chunk("PLTE", palette);
            if (transparency)
                png.Chunk("tRNS", colour == 3 ? alphas : key.SelectMany(k => new[] { (byte)(k >> 8), (byte)k }).ToArray());
            byte[] file = png.Chunk("IDAT", PngBuilder.Zlib(PngBuilder.Raw(samples, depth, interlaced))).End();

            var image = Png.Default.Decode(file, "test.png");
            Assert.That((image.Width, image.Height), Is.EqualTo((width, height)));
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int[] s = Enumerable.Range(0, channels).Select(c => samples[y, x, c]).ToArray();
                    Assert.That(image[x, y], Is.EqualTo(Expected(s)), $"pixel ({x}, {y}) of {width}×{height}");
                }
            }

            Rgba8 Expected(int[] s)
            {
                byte[] v = s.Select(value => (byte)Math.Round(value * 255.0 / (top - 1))).ToArray();
                byte keyed = transparency && s.SequenceEqual(key) ? (byte)0 : (byte)255;
                return colour switch
                {
                    0 => new Rgba8(v[0], v[0], v[0], keyed),
                    2 => new Rgba8(v[0], v[1], v[2], keyed),
                    3 => new Rgba8(palette[3 * s[0]], palette[3 * s[0] + 1], palette[3 * s[0] + 2],
                        transparency && s[0] < alphas.Length ? alphas[s[0]] : (byte)255),
                    4 => new Rgba8(v[0], v[0], v[0], v[1]),
                    _ => new Rgba8(v[0], v[1], v[2], v[3]),
                };
            }
        }
    }

    [Test]
    public void IgnoresAncillaryChunksAnimationAndWhatFollowsTheEnd()
    {
        byte[] data = PngBuilder.Zlib([0, 1, 2, 3, 4]);
        byte[] file = new PngBuilder().Chunk("IHDR", PngBuilder.Header(1, 1, 8, 6)).Chunk("gAMA", 0, 0, 1, 2).Chunk("acTL", new byte[8])
            .Chunk("tEXt", 65, 0, 66).Chunk("IDAT", data[..3]).Chunk("IDAT", data[3..]).Chunk("fdAT", 9, 9, 9, 9).End();
        var image = Png.Default.Decode([.. file, 1, 2, 3], "test.png");
        Assert.That(image[0, 0], Is.EqualTo(new Rgba8(1, 2, 3, 4)));
    }
}
