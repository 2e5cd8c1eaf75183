using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Decode;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Vulkan;

/// <summary>A second <see cref="GpuDevice"/> on the Vulkan device of the first, which plays the host engine.</summary>
public sealed class JoinTests(OperandPath path) : GpuTest(path)
{
    private GpuHost Host => new(
        Device.Context.Instance, Device.Context.Adapter.Handle.Handle, Device.Context.Device.Handle, Device.Context.Queue.Handle,
        Device.Context.Adapter.QueueFamily, Device.Context.QueueLock);

    [Test]
    public void DecodesIntoTheHostsImageAndLeavesItsObjects()
    {
        VaeModel file = DecodeModels.Plain();
        Latent[] latents = DecodeModels.Latents(file.Architecture, 5);
        using GpuImage image = Device.CreateImage(new GpuImageInfo(8, 8, Layers: 5), "host's");
        using (GpuDevice joined = GpuDevice.Join(Host, new GpuDeviceOptions { Path = Device.Path }))
        {
            Assert.That(joined.Info.Name, Is.EqualTo(Device.Info.Name));
            using TextureModel textures = new(joined, file);
            using GpuImage wrapped = joined.WrapImage(image.Handle, image.Info, "host's, wrapped");
            joined.Wait(textures.Decode(latents, wrapped, Enumerable.Range(0, 5).ToArray()));
        }

        var expected = new byte[5 * 256];
        using (TextureModel own = new(Device, file))
            own.Decode(latents, expected);
        Assert.That(Enumerable.Range(0, 5).SelectMany(layer => ImageReader.ReadChain(Device, image, layer)), Is.EqualTo(expected));
    }

    [Test]
    public void RefusesAFamilyThatIsNotThere() => Assert.That(
        () => GpuDevice.Join(Host with { QueueFamily = 99 }),
        Throws.InstanceOf<GpuException>().With.Message.Contains("family 99, which can't compute"));

    [Test]
    public void BothPathsDecodeTheSamePixelsWithinOneStep()
    {
        VaeModel file = DecodeModels.Plain();
        Latent[] latents = DecodeModels.Latents(file.Architecture, 30);
        byte[][] pixels = GpuTestDevice.Paths.Select(each =>
        {
            using TextureModel textures = new(GpuTestDevice.For(each), file);
            var decoded = new byte[30 * textures.BytesOf()];
            textures.Decode(latents, decoded);
            return decoded;
        }).ToArray();
        Assert.That(pixels[0].Zip(pixels[^1], (a, b) => System.Math.Abs(a - b)).Max(), Is.LessThanOrEqualTo(1), "what devices may differ by");
    }
}
