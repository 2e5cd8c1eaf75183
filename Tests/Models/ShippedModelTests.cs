using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Models;

/// <summary>The small model that samples use: what its README says of it.</summary>
public sealed class ShippedModelTests(OperandPath path) : GpuTest(path)
{
    private const int MostBytes = 200_000;

    [Test]
    public void ItIsSmallAndWhatItsReadmeSays()
    {
        Assert.That(new FileInfo(PathOf("creatures.safetensors")).Length, Is.LessThan(MostBytes));
        VaeModel model = Load();
        Assert.That(File.ReadAllText(PathOf("README.md")), Does.Contain(model.Hash));
        Assert.That(model.Priors.Select(p => p.Kind), Is.EqualTo(new[] { "mixture", "normal" }));
        Assert.That(model.Assets, Has.Count.EqualTo(16));
        Assert.That(model.Directions.Keys, Is.EqualTo(new[] { "principal-1", "principal-2" }));
        Assert.That(model.Asset("creature/00000").Size, Is.EqualTo(model.Architecture.LatentSize));
    }

    /// <summary>Its assets are drawn anew, and what it makes of them is near: it was trained, and on these.</summary>
    [Test]
    public void ItReconstructsItsAssets()
    {
        VaeModel model = Load();
        using var session = new ModelSession(Device, model);
        int side = model.Architecture.Width;
        Dictionary<string, ArtImage> drawn = ProceduralArt.Generate(2000, side, 0, "creature").Images.ToDictionary(i => i.Name);
        IReadOnlyList<PixelImage> made = session.Decode(model.Assets.SelectMany(a => a.Mean).ToArray());
        double squares = 0;
        for (int i = 0; i < made.Count; i++)
        {
            float[] original = Premultiplied(drawn[model.Assets[i].Name].Rgba), found = Premultiplied(made[i].Rgba);
            squares += original.Zip(found, (x, y) => (x - y) * (double)(x - y)).Average() / made.Count;
        }

        Assert.That(-10 * Math.Log10(squares), Is.GreaterThan(20), "PSNR in dB");

        float[] Premultiplied(byte[] rgba)
        {
            var values = new float[model.Architecture.Values];
            ModelPixels.FromRgba8(model.Architecture.Pixels, rgba, values);
            return values;
        }
    }

    private static VaeModel Load() => VaeModel.Load(PathOf("creatures.safetensors"));

    private static string PathOf(string name, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "Samples~", "Models", name);
}
