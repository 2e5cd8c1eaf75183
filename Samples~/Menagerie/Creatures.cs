using System;
using System.Threading;
using Arch.Core;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Ecs;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace Menagerie;

/// <summary>
/// An Arch world of creatures. Half of them drift from one species to another, and the others are of a species; those in view come
/// first.
/// </summary>
internal sealed class Creatures : IDisposable
{
    public const int Count = 1000;

    private const int SpeciesCount = 64;
    private const int Columns = 24;
    private const int Rows = 14;
    private const ulong Seed = 7;

    private readonly World world = World.Create();
    private readonly LatentTextureSystem textures;
    private readonly Latent[] species = new Latent[SpeciesCount];
    private readonly Entity[] inView = new Entity[Columns * Rows];
    private readonly TexturePool pool;
    private readonly Random random = new(1);
    private readonly QueryDescription drifting = new QueryDescription().WithAll<LatentBlend>();
    private readonly ForEach<LatentBlend> steer;

    public Creatures(TextureModel model, TextureService service, TexturePool pool)
    {
        this.pool = pool;
        steer = Steer;
        textures = new LatentTextureSystem(world, service);
        textures.AddPool(pool);
        for (int i = 0; i < SpeciesCount; i++)
            species[i] = model.File.Sample(Seed, (uint)i);
        for (int i = 0; i < Count; i++)
        {
            var request = new TextureRequest(priority: i < inView.Length ? 1 : 0.05f);
            Entity creature = i % 2 == 0
                ? world.Create(species[i % SpeciesCount], request, NextBlend())
                : world.Create(species[i % SpeciesCount], request);
            if (i < inView.Length)
                inView[i] = creature;
        }
    }

    public FrameStatistics Update(float seconds)
    {
        world.Query(in drifting, steer);
        return textures.Update(seconds);
    }

    /// <summary>Behind a loading screen: frames until all in view have a texture. The runtime compiles its code meanwhile too.</summary>
    public void Load(float frameSeconds)
    {
        while (!Array.TrueForAll(inView, creature => world.TryGet(creature, out DecodedTexture texture) && texture.IsReady))
        {
            Update(frameSeconds);
            Thread.Sleep(1);
        }
    }

    /// <summary>Those in view, on grass.</summary>
    public PixelImage Photograph()
    {
        (int width, int height) = pool.Size;
        var picture = new PixelImage(Columns * width, Rows * height);
        for (int i = 0; i < picture.Rgba.Length; i += 4)
            (picture.Rgba[i], picture.Rgba[i + 1], picture.Rgba[i + 2], picture.Rgba[i + 3]) = (94, 128, 78, 255);
        for (int i = 0; i < inView.Length; i++)
        {
            DecodedTexture texture = world.Get<DecodedTexture>(inView[i]);
            if (texture.IsReady)
                Draw(picture, pool.PixelsOf(texture.Handle), i % Columns * width, i / Columns * height, width);
        }

        return picture;
    }

    public void Dispose()
    {
        textures.Dispose();
        World.Destroy(world);
    }

    private void Steer(ref LatentBlend blend)
    {
        if (blend.IsDone)
            blend = NextBlend();
    }

    private LatentBlend NextBlend() => new(species[random.Next(SpeciesCount)], speed: 0.5f + (float)random.NextDouble());

    private static void Draw(PixelImage picture, ReadOnlySpan<byte> pixels, int left, int top, int width)
    {
        for (int i = 0; i < pixels.Length; i += 4)
        {
            if (pixels[i + 3] != 0)
                pixels.Slice(i, 4).CopyTo(picture.Rgba.AsSpan(4 * (((top + (i / 4 / width)) * picture.Width) + left + (i / 4 % width))));
        }
    }
}
