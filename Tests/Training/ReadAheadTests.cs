using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Tests.Dataset;

namespace VaeProcgen.Tests.Training;

public class ReadAheadTests
{
    private const int Batch = 4;

    private readonly ArtSet images = OnDisk.Of(ProceduralArt.Generate(11, 12, 1));

    /// <summary>Steps in turn, through several passes over the images; and, as after a measurement, from another step on.</summary>
    [Test]
    public void EveryStepHasItsImages([Values(1, 3, 32)] int steps, [Values] PixelFormat format)
    {
        var ahead = new ReadAhead(images, format, Sampler(), steps);
        BatchSampler expected = Sampler();
        var rows = new uint[Batch];
        foreach (long step in (IEnumerable<long>)[.. Steps(0, 20), .. Steps(0, 3), .. Steps(1000, 5), 7])
        {
            ReadOnlySpan<uint> taken = ahead.Take(step, out ReadOnlySpan<byte> pixels);
            expected.RowsAt(step, rows);
            Assert.That(taken.ToArray(), Is.EqualTo(rows), $"step {step}");
            Assert.That(pixels.ToArray(), Is.EqualTo(rows.SelectMany(r => Packed(format, images.Images[(int)r].Rgba))), $"step {step}");
        }
    }

    [Test]
    public void ADiskThatFailsStopsTheTraining()
    {
        var store = new PixelStore(OnDisk.Storage, 12, 12);
        store.Put(0, images.Images[0].Rgba);
        var broken = new ArtSet(12, 12, [.. Enumerable.Range(0, 11).Select(i => store.Image(i, $"{i}", ""))]);
        var ahead = new ReadAhead(broken, PixelFormat.Rgba, Sampler(), 2);
        Assert.That(() => ahead.Take(0, out _).Length, Throws.InstanceOf<IOException>());
    }

    private static BatchSampler Sampler() => new(11, Batch, 5);

    private static IEnumerable<long> Steps(long first, int count) => Enumerable.Range(0, count).Select(i => first + i);

    private static byte[] Packed(PixelFormat format, byte[] rgba)
    {
        var packed = new byte[ModelPixels.BytesOf(format, 12, 12)];
        ModelPixels.Pack(format, rgba, packed);
        return packed;
    }
}
