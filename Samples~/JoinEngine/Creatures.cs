using System.Linq;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

namespace JoinEngine;

/// <summary>New creatures, decoded on the engine's device and queue into the layers of the engine's image.</summary>
internal static class Creatures
{
    public static void DecodeInto(Engine engine, ArrayTexture texture, VaeModel model)
    {
        int side = (int)texture.Side, count = (int)texture.Layers;
        var host = new GpuHost(
            engine.Instance.Handle, engine.PhysicalDevice.Handle, engine.Device.Handle,
            engine.Queue.Handle, engine.QueueFamily, engine.QueueLock);
        using var device = GpuDevice.Join(host);
        using var creatures = new TextureModel(device, model);
        using var image = device.WrapImage(texture.Image.Handle, new GpuImageInfo(side, side, count), "creatures");
        var latents = new Latent[count];
        model.SampleMany(seed: 7, latents);
        creatures.Decode(latents, image, layers: Enumerable.Range(0, count).ToArray());
    }
}
