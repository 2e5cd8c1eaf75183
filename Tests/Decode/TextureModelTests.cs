using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Models;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Decode;

public sealed class TextureModelTests(OperandPath path) : GpuTest(path)
{
    private static readonly VaeArchitecture Conditional = TinyModel.Architecture with { Labels = ["blue", "red"] };

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(77)]
    public void DecodesAsTheEvaluationDoes(int count)
    {
        VaeModel model = DecodeModels.Plain();
        Latent[] latents = DecodeModels.Latents(model.Architecture, count);
        using var textures = new TextureModel(Device, model);
        var pixels = new byte[count * textures.BytesOf()];
        textures.Decode(latents, pixels);
        RequireNear(pixels, DecodeModels.Expected(Device, model, latents));
    }

    [Test]
    public void KnowsLabelsAndGrey([Values] bool grey)
    {
        VaeModel model = DecodeModels.Of(grey ? TinyModel.Architecture with { Pixels = PixelFormat.Grey } : Conditional);
        Latent[] latents = DecodeModels.Latents(model.Architecture, 5);
        using var textures = new TextureModel(Device, model);
        var pixels = new byte[5 * textures.BytesOf()];
        textures.Decode(latents, pixels);
        RequireNear(pixels, DecodeModels.Expected(Device, model, latents));
    }

    [Test]
    public void ALatentHasTheSameBitsInEveryBatch()
    {
        VaeModel model = DecodeModels.Plain();
        Latent[] latents = DecodeModels.Latents(model.Architecture, 70);
        using var textures = new TextureModel(Device, model);
        var together = new byte[70 * textures.BytesOf()];
        textures.Decode(latents, together);
        foreach (int i in new[] { 0, 5, 63, 69 })
            Assert.That(together.AsSpan(i * textures.BytesOf(), textures.BytesOf()).ToArray(), Is.EqualTo(textures.Decode(latents[i]).Rgba), $"latent {i}");
    }

    [Test]
    public void LayersOfAnImageHoldTheSamePixels([Values] bool mipmaps)
    {
        VaeModel model = DecodeModels.Plain();
        Latent[] latents = DecodeModels.Latents(model.Architecture, 6);
        var options = new TextureOptions { Mipmaps = mipmaps };
        using var textures = new TextureModel(Device, model);
        var expected = new byte[6 * textures.BytesOf(options)];
        textures.Decode(latents, expected, options);
        using GpuImage image = Device.CreateImage(new GpuImageInfo(8, 8, Layers: 9, Levels: options.LevelsOf(8, 8)), "layers");
        int[] layers = [8, 0, 3, 2, 7, 5];
        Device.Wait(textures.Decode(latents, image, layers, options));
        textures.Decode(latents.AsSpan(0, 1), image, layers.AsSpan(0, 1), options);
        Assert.That(layers.SelectMany(layer => ImageReader.ReadChain(Device, image, layer)), Is.EqualTo(expected));
    }

    [Test]
    public void ANewImageIsTransparentBlack()
    {
        using GpuImage image = Device.CreateImage(new GpuImageInfo(5, 3, Layers: 2, Levels: 3), "new");
        Assert.That(ImageReader.ReadChain(Device, image, 1), Is.EqualTo(new byte[4 * (15 + 2 + 1)]));
    }

    [Test]
    public void AnAtlasHoldsThemSideBySide()
    {
        VaeModel model = DecodeModels.Plain();
        Latent[] latents = DecodeModels.Latents(model.Architecture, 5);
        using var textures = new TextureModel(Device, model);
        PixelImage atlas = textures.DecodeAtlas(latents, columns: 3);
        Assert.That((atlas.Width, atlas.Height), Is.EqualTo((24, 16)));
        PixelImage last = textures.Decode(latents[4]);
        for (int y = 0; y < 8; y++)
            Assert.That(atlas.Rgba.AsSpan(4 * (((8 + y) * 24) + 8), 32).ToArray(), Is.EqualTo(last.Rgba.AsSpan(32 * y, 32).ToArray()), $"row {y}");

        using GpuImage image = Device.CreateImage(new GpuImageInfo(24, 16), "atlas");
        textures.DecodeAtlas(DecodeModels.Latents(model.Architecture, 6, seed: 2), image, columns: 3);
        textures.DecodeAtlas(latents, image, columns: 3);
        byte[] read = ImageReader.ReadChain(Device, image, 0);
        for (int y = 0; y < 8; y++)
            Assert.That(read.AsSpan(4 * (((8 + y) * 24) + 8), 32).ToArray(), Is.EqualTo(last.Rgba.AsSpan(32 * y, 32).ToArray()), $"row {y} of the image");
    }

    [Test]
    public void FourThreadsDecodeAtOnce()
    {
        VaeModel model = DecodeModels.Plain();
        using var textures = new TextureModel(Device, model);
        Latent[][] work = Enumerable.Range(0, 4).Select(t => DecodeModels.Latents(model.Architecture, 25, seed: t)).ToArray();
        byte[][] expected = work.Select(latents => DecodeModels.Expected(Device, model, latents)).ToArray();
        byte[][] found = work.Select(_ => new byte[25 * textures.BytesOf()]).ToArray();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, t =>
        {
            for (int round = 0; round < 5; round++)
                textures.Decode(work[t], found[t]);
        });
        for (int t = 0; t < 4; t++)
            RequireNear(found[t], expected[t]);
    }

    [Test]
    public async Task AsyncGivesTheSameAndCanBeCancelled()
    {
        VaeModel model = DecodeModels.Plain();
        Latent latent = DecodeModels.Latents(model.Architecture, 1)[0];
        using var textures = new TextureModel(Device, model);
        Assert.That((await textures.DecodeAsync(latent)).Rgba, Is.EqualTo(textures.Decode(latent).Rgba));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.That(async () => await textures.DecodeAsync(latent, null, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void EncodingGivesTheMeanOfThePosterior()
    {
        VaeModel model = DecodeModels.Plain();
        using var textures = new TextureModel(Device, model);
        PixelImage image = textures.Decode(DecodeModels.Latents(model.Architecture, 1)[0]);
        using var runner = new VaeRunner(Device, model.Architecture, batch: 1);
        runner.LoadWeights(model.WeightsOf);
        var values = new float[model.Architecture.Values];
        ModelPixels.FromRgba8(PixelFormat.Rgba, image.Rgba, values);
        Assert.That(textures.Encode(image).Values.ToArray(), Is.EqualTo(runner.Encode(values).Mean));
        Assert.That(() => textures.Encode(new PixelImage(4, 4, new byte[64])), Throws.ArgumentException.With.Message.Contains("8×8"));
        Assert.That(() => textures.Encode(image, "red"), Throws.ArgumentException.With.Message.Contains("red"));
    }

    [Test]
    public void ReloadingTakesTheNewWeights()
    {
        VaeModel first = DecodeModels.Plain();
        VaeModel second = new(first.Architecture, first.Weights.ToDictionary(
            w => w.Key, w => w.Value with { Values = w.Value.Values.Select(v => -0.5f * v).ToArray() }));
        Latent[] latents = DecodeModels.Latents(first.Architecture, 3);
        using var textures = new TextureModel(Device, first);
        var pixels = new byte[3 * textures.BytesOf()];
        textures.Decode(latents, pixels);
        textures.Reload(second);
        textures.Decode(latents, pixels);
        RequireNear(pixels, DecodeModels.Expected(Device, second, latents));
        Assert.That(() => textures.Reload(DecodeModels.Of(Conditional)), Throws.ArgumentException.With.Message.Contains("another architecture"));
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        VaeModel model = DecodeModels.Plain();
        using var textures = new TextureModel(Device, model);
        Latent latent = DecodeModels.Latents(model.Architecture, 1)[0];
        var pixels = new byte[textures.BytesOf()];
        Assert.That(() => textures.Decode(new Latent(new float[8])), Throws.ArgumentException.With.Message.Contains("4 values"));
        Assert.That(() => textures.Decode(default(Latent)), Throws.ArgumentException);
        Assert.That(() => textures.Decode(latent.WithLabel(0)), Throws.ArgumentException.With.Message.Contains("not conditional"));
        Assert.That(() => textures.Decode([latent], pixels.AsSpan(1)), Throws.ArgumentException.With.Message.Contains("256"));
        Assert.That(() => textures.Decode(latent, new TextureOptions { Mipmaps = true }), Throws.ArgumentException.With.Message.Contains("one level"));
        Assert.That(() => textures.Decode(latent, new TextureOptions { EdgeBleed = 99 }), Throws.ArgumentException);
        using GpuImage wrong = Device.CreateImage(new GpuImageInfo(16, 8), "wrong");
        Assert.That(() => textures.Decode([latent], wrong, [0]), Throws.ArgumentException.With.Message.Contains("wrong"));
        using GpuImage srgb = Device.CreateImage(new GpuImageInfo(8, 8), "srgb");
        Assert.That(() => textures.Decode([latent], srgb, [0], new TextureOptions { Encoding = ColorEncoding.Linear }), Throws.ArgumentException.With.Message.Contains("once more"));
        Assert.That(() => textures.Decode([latent], srgb, [1]), Throws.ArgumentException.With.Message.Contains("are 0 to 0"));
        Assert.That(() => textures.Decode([latent, latent], srgb, [0, 0]), Throws.ArgumentException.With.Message.Contains("named once"));
        using GpuImage wrapped = Device.WrapImage(wrong.Handle, wrong.Info, "wrapped");
        Assert.That(() => textures.DecodeAtlas([latent], wrapped, 1), Throws.ArgumentException.With.Message.Contains("without contents"));
        Assert.That(textures.Decode([], srgb, []), Is.Positive, "nothing to do is no error");
        Assert.That(() => textures.Decode([latent], srgb, [0], new TextureOptions { Mipmaps = true }), Throws.ArgumentException.With.Message.Contains("levels"));
    }

    [Test]
    public void AfterDisposalNothingIsDecoded()
    {
        VaeModel model = DecodeModels.Plain();
        Latent[] latents = DecodeModels.Latents(model.Architecture, 40);
        var textures = new TextureModel(Device, model);
        var image = Device.CreateImage(new GpuImageInfo(8, 8, Layers: 40), "in flight");
        textures.Decode(latents, image, Enumerable.Range(0, 40).ToArray());
        textures.Dispose(); // waits for what is in flight
        textures.Dispose();
        image.Dispose();
        Assert.That(() => textures.Decode(latents[0]), Throws.InstanceOf<ObjectDisposedException>());
    }

    private static void RequireNear(byte[] found, byte[] expected)
    {
        Assert.That(found, Has.Length.EqualTo(expected.Length));
        int worst = 0;
        for (int i = 0; i < found.Length; i++)
            worst = Math.Max(worst, Math.Abs(found[i] - expected[i]));
        Assert.That(worst, Is.LessThanOrEqualTo(1), "1/255 is what devices may differ by");
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(10), "pixels that say something");
    }
}
