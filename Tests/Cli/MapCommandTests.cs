using System.IO;
using NUnit.Framework;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Dataset;
using VaeProcgen.Tests.Making;

namespace VaeProcgen.Tests.Cli;

public class MapCommandTests
{
    private ArtFolder folder = null!;
    private string tiling = null!;
    private string plain = null!;

    [OneTimeSetUp]
    public void MakeModels()
    {
        folder = new ArtFolder();
        (tiling, plain) = (Path.Combine(folder.Path, "tiling.safetensors"), Path.Combine(folder.Path, "plain.safetensors"));
        using var device = GpuDevice.Create();
        VaeModel model = TinyModel.Create(device);
        model.Save(plain);
        new VaeModel(model.Architecture with { Padding = PaddingMode.Circular }, model.Weights).Save(tiling);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void AMapIsOneImage()
    {
        string file = Path.Combine(folder.Path, "map.png");
        ToolResult result = Tool.Run("sample", tiling, "--map", "4x3", "--seed", "2", "--out", file);
        Assert.That(result.Code, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain("4×3 tiles, 32×24 pixels"));
        PixelImage map = Png.Load(file);
        Assert.That((map.Width, map.Height), Is.EqualTo((32, 24)));
        Assert.That(map.Crop(0, 0, 8, 8).Rgba, Is.Not.EqualTo(map.Crop(8, 0, 8, 8).Rgba), "each tile has its own latent");
    }

    [Test]
    public void WhatIsWrongIsSaidFirst()
    {
        (string[] Line, string Message)[] bad =
        [
            ([plain, "--map", "4x3"], "do not tile"),
            ([tiling, "--map", "4"], "such as 4x3"),
            ([tiling, "--map", "0x3"], "such as 4x3"),
            ([tiling, "--map", "999x999"], "at most 65536 tiles"),
            ([tiling, "--map", "2x2", "--each", "new"], "--each"),
        ];
        foreach ((string[] line, string message) in bad)
        {
            ToolResult result = Tool.Run(["sample", .. line]);
            Assert.That(result.Code, Is.Not.Zero);
            Assert.That(result.Error, Does.Contain(message));
        }
    }
}
