using System;
using VaeProcgen.Runtime.Vulkan;

namespace JoinEngine;

/// <summary>Fills the layers of the engine's texture: on the engine's device and queue, in the engine's image.</summary>
internal static class Creatures
{
    public static void DecodeInto(Engine engine, ArrayTexture texture)
    {
        int side = (int)texture.Side, layers = (int)texture.Layers;
        var host = new GpuHost(
            engine.Instance.Handle, engine.PhysicalDevice.Handle, engine.Device.Handle, engine.Queue.Handle, engine.QueueFamily, engine.QueueLock);
        using var device = GpuDevice.Join(host);
        using var image = device.WrapImage(texture.Image.Handle, new GpuImageInfo(side, side, layers), "creatures");
        using var pixels = device.CreateBuffer(4 * side * side * layers, MemoryKind.HostVisible, "patterns");
        var bytes = pixels.Map<byte>();
        for (var i = 0; i < side * side * layers; i++)
        {
            int layer = i / side / side, y = i / side % side, x = i % side;
            bytes[4 * i] = (byte)layer;
            bytes[(4 * i) + 1] = (byte)(x * 255 / side);
            bytes[(4 * i) + 2] = (byte)(y * 255 / side);
            bytes[(4 * i) + 3] = (byte)(((x ^ y ^ layer) & 8) == 0 ? 255 : 96);
        }

        var regions = new ImageRegion[layers];
        for (var layer = 0; layer < layers; layer++)
        {
            regions[layer] = new ImageRegion(4L * side * side * layer, layer, 0, 0, 0, side, side);
        }

        using var commands = device.CreateCommandList("creatures");
        commands.CopyToImage(pixels, image, regions);
        commands.End();
        device.Submit(commands);
    }
}
