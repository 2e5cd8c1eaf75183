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
using VaeProcgen.Tests.Support;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Decode;

public sealed class TexturePoolTests(OperandPath path) : GpuTest(path)
{
    private TextureModel model = null!;
    private TextureService service = null!;
    private Latent[] latents = null!;

    [SetUp]
    public void Create()
    {
        model = new TextureModel(Device, DecodeModels.Plain());
        service = new TextureService(Device, frameBudget: 1000);
        latents = DecodeModels.Latents(model.File.Architecture, 40);
    }

    [TearDown]
    public void Dispose()
    {
        service.Dispose();
        model.Dispose();
    }

    [Test]
    public void TexturesComeAsTheModelDecodesThem()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 16);
        TextureHandle[] textures = latents.Select(l => pool.Want(l)).ToArray();
        Assert.That(pool.IsReady(textures[0]), Is.False);
        Assert.That(() => pool.PixelsOf(textures[0]).Length, Throws.InvalidOperationException.With.Message.Contains("not decoded"));
        Finish();
        for (int i = 0; i < textures.Length; i++)
        {
            Assert.That(pool.PixelsOf(textures[i]).ToArray(), Is.EqualTo(model.Decode(latents[i]).Rgba), $"texture {i}");
            Assert.That(pool.VersionOf(textures[i]), Is.EqualTo(1));
        }
    }

    [Test]
    public void EqualLatentsShareTheirPixels()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 4);
        TextureHandle[] textures = Enumerable.Range(0, 9).Select(i => pool.Want(latents[i % 3])).ToArray();
        int decoded = Finish();
        Assert.That(decoded, Is.EqualTo(3));
        Assert.That(textures.All(pool.IsReady));
        Assert.That(pool.PixelsOf(textures[7]).ToArray(), Is.EqualTo(model.Decode(latents[1]).Rgba));

        // One of them changes, and the others keep theirs.
        pool.Change(textures[7], latents[5]);
        Assert.That(Finish(), Is.EqualTo(1));
        Assert.That(pool.PixelsOf(textures[7]).ToArray(), Is.EqualTo(model.Decode(latents[5]).Rgba));
        Assert.That(pool.PixelsOf(textures[4]).ToArray(), Is.EqualTo(model.Decode(latents[1]).Rgba));
    }

    [Test]
    public void WhatWasReleasedIsACacheUntilItsMemoryIsNeeded()
    {
        using TexturePool pool = service.CreatePool(model, memoryLimit: 3 * model.BytesOf(), largestBatch: 4);
        TextureHandle[] textures = latents.Take(3).Select(l => pool.Want(l)).ToArray();
        Finish();
        pool.Release(textures[1]);
        pool.Release(textures[0]);
        TextureHandle again = pool.Want(latents[1]);
        Assert.That(pool.IsReady(again), "from the cache, at once");
        TextureHandle fourth = pool.Want(latents[3]); // takes the place of the first, which was released longest ago of those left
        Assert.That(Finish(), Is.EqualTo(1));
        Assert.That(pool.PixelsOf(fourth).ToArray(), Is.EqualTo(model.Decode(latents[3]).Rgba));
        Assert.That(pool.PixelsOf(again).ToArray(), Is.EqualTo(model.Decode(latents[1]).Rgba));
        TextureHandle fifth = pool.Want(latents[4]); // no room: all three are wanted
        for (int i = 0; i < 5; i++)
            service.Update();
        Assert.That((pool.Waiting, pool.IsReady(fifth)), Is.EqualTo((1, false)));
        pool.Release(textures[2]);
        Finish();
        Assert.That(pool.PixelsOf(fifth).ToArray(), Is.EqualTo(model.Decode(latents[4]).Rgba));
        Assert.That(pool.Capacity, Is.EqualTo(3));
    }

    [Test]
    public void TheMostUrgentComeFirst()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 1);
        service.FrameBudget = pool.Costs.First().Milliseconds; // one image a frame
        TextureHandle[] textures = latents.Take(10).Select((l, i) => pool.Want(l, priority: i == 7 ? 50 : i == 2 ? 20 : 0.01f)).ToArray();
        service.Update();
        Assert.That(service.Last.Submitted, Is.EqualTo(1), "what the budget allows");
        WaitForOne(pool, textures[7]);
        Assert.That(textures.Count(pool.IsReady), Is.EqualTo(1));
        WaitForOne(pool, textures[2]);
        Assert.That(textures.Count(pool.IsReady), Is.EqualTo(2));
        service.FrameBudget = 1000;
        Finish();
        Assert.That(textures.All(pool.IsReady));
    }

    [Test]
    public void ReleasingWhatIsBeingDecodedHarmsNoOne()
    {
        using TexturePool pool = service.CreatePool(model, memoryLimit: 4 * model.BytesOf(), largestBatch: 4);
        TextureHandle[] textures = latents.Take(4).Select(l => pool.Want(l)).ToArray();
        service.Update();
        Assert.That(service.Last.Submitted, Is.EqualTo(4));
        foreach (TextureHandle texture in textures)
            pool.Release(texture);
        TextureHandle[] others = latents.Skip(4).Take(4).Select(l => pool.Want(l)).ToArray();
        Finish();
        for (int i = 0; i < 4; i++)
            Assert.That(pool.PixelsOf(others[i]).ToArray(), Is.EqualTo(model.Decode(latents[4 + i]).Rgba), $"texture {i}");
        Assert.That(() => pool.IsReady(textures[0]), Throws.ArgumentException.With.Message.Contains("released"));
        Assert.That(() => pool.Release(textures[0]), Throws.ArgumentException);
        Assert.That(() => pool.IsReady(default), Throws.ArgumentException);
    }

    [Test]
    public void ChangesWhileDecodingEndWithTheLast()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 1);
        TextureHandle texture = pool.Want(latents[0]);
        for (int i = 1; i < 20; i++)
        {
            service.Update();
            pool.Change(texture, latents[i]);
        }

        Finish();
        Assert.That(pool.PixelsOf(texture).ToArray(), Is.EqualTo(model.Decode(latents[19]).Rgba));
    }

    [Test]
    public void WhatComesLateDoesNotReplaceWhatIsThereByThen()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 1);
        TextureHandle texture = pool.Want(latents[0]), cached = pool.Want(latents[2]);
        Finish();
        pool.Change(texture, latents[1]);
        service.Update(); // in flight
        pool.Change(texture, latents[2]);
        Finish();
        Assert.That(pool.PixelsOf(texture).ToArray(), Is.EqualTo(pool.PixelsOf(cached).ToArray()));
        Assert.That(pool.PixelsOf(cached).ToArray(), Is.EqualTo(model.Decode(latents[2]).Rgba));
    }

    [Test]
    public void APoolThatIsFullOrGoneDoesNotHoldUpOthers()
    {
        TexturePool full = service.CreatePool(model, memoryLimit: model.BytesOf(), largestBatch: 1);
        TexturePool leaving = service.CreatePool(model, largestBatch: 1);
        using TexturePool pool = service.CreatePool(model, largestBatch: 1);
        TextureHandle first = full.Want(latents[0]);
        full.Want(latents[1], priority: 1000); // there is room for one only
        for (int i = 0; i < 5; i++)
            service.Update();
        service.FrameBudget = pool.Costs.First().Milliseconds;
        leaving.Want(latents[2], priority: 1e6f);
        service.Update(); // in flight, and then gone
        leaving.Dispose();
        TextureHandle wanted = pool.Want(latents[3]);
        for (int i = 0; i < 1000 && !pool.IsReady(wanted); i++)
        {
            Device.WaitIdle();
            service.Update();
        }

        Assert.That(pool.IsReady(wanted));
        Assert.That((full.IsReady(first) ? 1 : 0) + full.Waiting, Is.EqualTo(2).Or.EqualTo(1));
        full.Dispose();
    }

    [Test]
    public void DecodingAtOnceNeedsNoLaneOfAPool()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 1);
        foreach (Latent latent in latents)
            pool.Want(latent);
        service.Update(); // takes all lanes of a single image
        Assert.That(model.Decode(latents[0]).Rgba, Is.EqualTo(model.Decode(latents[0]).Rgba));
        using TexturePool second = service.CreatePool(model, largestBatch: 1);
        Finish();
        Assert.That(pool.Waiting, Is.Zero);
    }

    [Test]
    public void ReleasingDuringADecodeAndReloadingLeavesNothingBehind()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 1);
        TextureHandle texture = pool.Want(latents[0]);
        service.Update();
        pool.Release(texture);
        VaeModel old = model.File;
        model.Reload(new VaeModel(old.Architecture, old.Weights.ToDictionary(w => w.Key, w => w.Value with { Values = w.Value.Values.Select(v => -v).ToArray() })));
        Finish();
        TextureHandle next = pool.Want(latents[1]);
        Finish();
        Assert.That(pool.VersionOf(next), Is.EqualTo(1));
        Assert.That(pool.PixelsOf(next).ToArray(), Is.EqualTo(model.Decode(latents[1]).Rgba));
    }

    [Test]
    public void ImagesHoldWhatTheHostWouldGet([Values] bool engines)
    {
        var options = new TextureOptions { Mipmaps = true, Reduction = 1 };
        using GpuImage image = Device.CreateImage(new GpuImageInfo(4, 4, Layers: 12, Levels: 3), "engine's");
        using TexturePool pool = engines
            ? service.CreateImagePool(model, image, options, largestBatch: 4)
            : service.CreateImagePool(model, options, memoryLimit: 12 * model.BytesOf(options), largestBatch: 4);
        TextureHandle[] textures = latents.Take(12).Select(l => pool.Want(l)).ToArray();
        Finish();
        pool.Change(textures[3], latents[20]);
        Finish();
        Assert.That(pool.Size, Is.EqualTo((4, 4)));
        var expected = new byte[model.BytesOf(options)];
        for (int i = 0; i < 12; i++)
        {
            (GpuImage page, int layer) = pool.PlaceOf(textures[i]);
            model.Decode([latents[i == 3 ? 20 : i]], expected, options);
            Assert.That(page == image, Is.EqualTo(engines));
            Assert.That(ImageReader.ReadChain(Device, page, layer), Is.EqualTo(expected), $"texture {i}");
        }

        Assert.That(() => pool.PixelsOf(textures[0]).Length, Throws.InvalidOperationException);
        Assert.That(() => pool.DecodeAsync(latents[0]), Throws.InvalidOperationException);
    }

    [Test]
    public async Task AsyncRequestsComeWithTheFrames()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 4);
        using var cancellation = new CancellationTokenSource();
        Task<PixelImage>[] tasks = latents.Take(6).Select(l => pool.DecodeAsync(l)).ToArray();
        Task<PixelImage> cancelled = pool.DecodeAsync(latents[9], 0.001f, cancellation.Token);
        await cancellation.CancelAsync();
        Finish();
        for (int i = 0; i < tasks.Length; i++)
            Assert.That((await tasks[i]).Rgba, Is.EqualTo(model.Decode(latents[i]).Rgba));
        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
        Task<PixelImage> cached = pool.DecodeAsync(latents[0]);
        Assert.That(cached.IsCompleted, "from the cache");
        Task<PixelImage> never = pool.DecodeAsync(latents[30]);
        pool.Dispose();
        Assert.That(never.IsCanceled);
    }

    [Test]
    public void NothingIsAllocatedOnceWarm([Values] bool images)
    {
        using TexturePool pool = images ? service.CreateImagePool(model, largestBatch: 16) : service.CreatePool(model, largestBatch: 16);
        TextureHandle[] textures = latents.Select(l => pool.Want(l)).ToArray();
        Latent[] others = DecodeModels.Latents(model.File.Architecture, 40, seed: 2);
        for (int frame = 0; frame < 40; frame++)
            Frame(frame);
        Allocations.RequireNoneOnceWarm(Frame);
        Finish();

        void Frame(int frame)
        {
            for (int i = frame % 7; i < textures.Length; i += 7)
                pool.Change(textures[i], (frame / 7 % 2 == 0 ? others : latents)[(i + frame) % 40]);
            service.Update();
        }
    }

    [Test]
    public void AReloadedModelDecodesAllAnew()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 4);
        TextureHandle[] textures = latents.Take(5).Select(l => pool.Want(l)).ToArray();
        Finish();
        pool.Change(textures[4], latents[10]);
        service.Update(); // leaves one in flight
        VaeModel old = model.File;
        model.Reload(new VaeModel(old.Architecture, old.Weights.ToDictionary(w => w.Key, w => w.Value with { Values = w.Value.Values.Select(v => -0.5f * v).ToArray() })));
        Finish();
        for (int i = 0; i < 5; i++)
            Assert.That(pool.PixelsOf(textures[i]).ToArray(), Is.EqualTo(model.Decode(latents[i == 4 ? 10 : i]).Rgba), $"texture {i}");
    }

    [Test]
    public void SeveralModelsShareAService()
    {
        using var other = new TextureModel(Device, DecodeModels.Of(DecodeModels.Plain().Architecture with { Width = 16, Height = 16 }));
        using TexturePool first = service.CreatePool(model, largestBatch: 4), second = service.CreatePool(other, largestBatch: 4);
        TextureHandle a = first.Want(latents[0]), b = second.Want(latents[0]);
        Finish();
        Assert.That(first.PixelsOf(a).ToArray(), Is.EqualTo(model.Decode(latents[0]).Rgba));
        Assert.That(second.PixelsOf(b).ToArray(), Is.EqualTo(other.Decode(latents[0]).Rgba));
    }

    [Test]
    public void DisposalInAnyOrderWithBatchesInFlight()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 16);
        TextureHandle texture = pool.Want(latents[0]);
        foreach (Latent latent in latents)
            pool.Want(latent);
        service.Update();
        model.Dispose();
        Assert.That(() => pool.IsReady(texture), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(service.Update().Waiting, Is.Zero);
        service.Dispose();
        Assert.That(() => service.Update(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        using TexturePool pool = service.CreatePool(model, largestBatch: 1);
        Assert.That(() => pool.Want(new Latent(new float[8])), Throws.ArgumentException.With.Message.Contains("4 values"));
        Assert.That(() => pool.Want(latents[0], priority: 0), Throws.ArgumentException.With.Message.Contains("above 0"));
        Assert.That(() => service.CreatePool(model, memoryLimit: 10), Throws.ArgumentException.With.Message.Contains("256 bytes"));
        Assert.That(() => service.CreatePool(model, largestBatch: 0), Throws.ArgumentException);
        using GpuImage small = Device.CreateImage(new GpuImageInfo(4, 4), "small");
        Assert.That(() => service.CreateImagePool(model, small), Throws.ArgumentException.With.Message.Contains("small"));
        Assert.That(() => service.FrameBudget = 0, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new TextureService(Device, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Frames until nothing waits or is decoded any more; gives how many textures were decoded.</summary>
    private int Finish()
    {
        int decoded = 0;
        for (int frame = 0; frame < 10_000; frame++)
        {
            decoded += service.Update().Decoded;
            Device.WaitIdle();
            if (service.Last.IsIdle)
                return decoded;
        }

        throw new AssertionException("the service never finishes");
    }

    private void WaitForOne(TexturePool pool, TextureHandle texture)
    {
        for (int frame = 0; frame < 1000 && !pool.IsReady(texture); frame++)
        {
            Device.WaitIdle();
            service.Update();
        }

        Assert.That(pool.IsReady(texture));
    }
}
