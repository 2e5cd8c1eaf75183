using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Silk.NET.Vulkan;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Models;

namespace VaeProcgen.Tests.Decode;

/// <summary>What goes wrong on a device, each on one of its own, under validation.</summary>
[NonParallelizable]
public sealed class FaultTests
{
    [Test]
    public void AHundredModelsComeAndGoWithoutGrowth()
    {
        using GpuDevice device = Open();
        VaeModel[] models = [DecodeModels.Plain(), DecodeModels.Of(TinyModel.Architecture with { Channels = [12], LatentSize = 8 })];
        long bytes = 0;
        var managed = new List<long>();
        for (int i = 0; i < 100; i++)
        {
            using (var model = new TextureModel(device, models[i % 2]))
                model.Decode(DecodeModels.Latents(models[i % 2].Architecture, 1)[0]);
            if (i == 9)
                bytes = device.AllocatedBytes;
            if (i % 30 == 9)
                managed.Add(GC.GetTotalMemory(forceFullCollection: true));
        }

        Assert.That(device.AllocatedBytes, Is.EqualTo(bytes));
        // What a model leaves behind, each thirty leave; what the test framework takes for itself, not.
        Assert.That(managed.Zip(managed.Skip(1), (before, after) => after - before).Min(), Is.LessThan(66_000));
        Close(device);
    }

    [Test]
    public void WhereMemoryIsShortBatchesAreSmaller()
    {
        VaeModel file = DecodeModels.Of(TinyModel.Architecture with { Width = 32, Height = 32 });
        Latent[] latents = DecodeModels.Latents(file.Architecture, 256);
        byte[] expected;
        long needed;
        int largest;
        using (GpuDevice roomy = Open())
        {
            using var model = new TextureModel(roomy, file);
            expected = new byte[256 * model.BytesOf()];
            long before = roomy.AllocatedBytes;
            model.Decode(latents, expected);
            largest = model.Decoder.LargestBatch;
            needed = roomy.AllocatedBytes - before;
        }

        using GpuDevice tight = Open(needed / 2);
        using (var model = new TextureModel(tight, file))
        {
            var found = new byte[expected.Length];
            model.Decode(latents, found);
            Assert.That(model.Decoder.LargestBatch, Is.LessThan(largest));
            Assert.That(found, Is.EqualTo(expected));
        }

        Close(tight);
    }

    [Test]
    public void WhereItDoesNotSufficeForOneTheErrorSaysSo()
    {
        using GpuDevice device = Open(50_000);
        VaeModel file = DecodeModels.Of(TinyModel.Architecture with { Width = 256, Height = 256 });
        Assert.That(() =>
        {
            using var model = new TextureModel(device, file);
            model.Decode(DecodeModels.Latents(file.Architecture, 1)[0]);
        }, Throws.InstanceOf<OutOfGpuMemoryException>().With.Message.Contains("MemoryLimitBytes"));
        Assert.That(device.AllocatedBytes, Is.LessThanOrEqualTo(50_000));
        Close(device);
    }

    [Test]
    public void ALostDeviceIsToldAndANewOneServes()
    {
        VaeModel file = DecodeModels.Plain();
        Latent latent = DecodeModels.Latents(file.Architecture, 1)[0];
        byte[] expected;
        GpuDevice lost = Open();
        var model = new TextureModel(lost, file);
        var service = new TextureService(lost, 100);
        TexturePool pool = service.CreatePool(model, largestBatch: 1);
        pool.Want(latent);
        expected = model.Decode(latent).Rgba;
        lost.Queue.InjectedFault = Result.ErrorDeviceLost;
        Assert.That(() => model.Decode(latent), Throws.InstanceOf<DeviceLostException>().With.Message.Contains("Create a new GpuDevice"));
        Assert.That(() => service.Update(), Throws.InstanceOf<DeviceLostException>());
        service.Dispose();
        model.Dispose();
        lost.Dispose();

        using GpuDevice next = Open();
        using (var again = new TextureModel(next, file))
            Assert.That(again.Decode(latent).Rgba, Is.EqualTo(expected));
        Close(next);
    }

    [Test]
    public void TheDeviceWaitsForWhatIsInFlight()
    {
        GpuDevice device = Open();
        VaeModel file = DecodeModels.Plain();
        var model = new TextureModel(device, file);
        GpuImage image = device.CreateImage(new GpuImageInfo(8, 8, Layers: 64), "in flight");
        model.Decode(DecodeModels.Latents(file.Architecture, 64), image, Enumerable.Range(0, 64).ToArray());
        Close(device); // before the model and the image
        Assert.That(() => model.Decode(DecodeModels.Latents(file.Architecture, 1)[0]), Throws.InstanceOf<ObjectDisposedException>());
    }

    private static GpuDevice Open(long? limit = null) => GpuDevice.Create(new GpuDeviceOptions { Validation = true, MemoryLimitBytes = limit });

    private static void Close(GpuDevice device)
    {
        device.Dispose();
        Assert.That(device.ValidationMessages, Is.Empty);
    }
}
