using System;
using Arch.Core;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Runtime.Ecs;

/// <summary>
/// Textures for the entities of an Arch world. Who has a <see cref="Latent"/> and a <see cref="TextureRequest"/> gets a
/// <see cref="DecodedTexture"/>; a <see cref="LatentBlend"/> moves the latent, and the texture follows as fast as the frame's budget allows.
/// <code>
/// var system = new LatentTextureSystem(world, service);
/// system.AddPool(service.CreatePool(model));
/// world.Create(model.File.Sample(seed: 7), new TextureRequest());
/// system.Update(seconds);                       // once a frame
/// </code>
/// </summary>
/// <remarks>
/// Nothing is added or removed during a query, and, once warm, nothing is allocated in a frame. Entities may be destroyed, and the components that are
/// yours changed or removed, at any time between two updates, also while their texture is being decoded.
/// </remarks>
public sealed class LatentTextureSystem : IDisposable
{
    private readonly TextureService service;
    private readonly EntityTextures textures = new();
    private readonly AdoptSystem adopt;
    private readonly ReleaseSystem release;
    private readonly BlendSystem blend;
    private readonly RequestSystem request;
    private readonly PublishSystem publish;

    public LatentTextureSystem(World world, TextureService service)
    {
        this.service = service;
        adopt = new AdoptSystem(world, textures);
        release = new ReleaseSystem(world, textures);
        blend = new BlendSystem(world, textures);
        request = new RequestSystem(world, textures);
        publish = new PublishSystem(world);
    }

    /// <summary>Textures of a model, before the first <see cref="Update"/>. Several pools of one model have different sizes.</summary>
    /// <param name="model">What <see cref="TextureRequest.Model"/> calls it.</param>
    public void AddPool(TexturePool pool, int model = 0) => textures.Add(pool, model);

    /// <summary>Once a frame: frees what died, animates blends, decodes within the budget, and publishes what is done.</summary>
    /// <param name="seconds">Since the last one.</param>
    /// <exception cref="ArgumentException">A latent does not fit its model, or there is no pool of the size that is asked for.</exception>
    public FrameStatistics Update(float seconds)
    {
        release.Update();
        adopt.Update();
        blend.Update(seconds);
        request.Update();
        FrameStatistics statistics = service.Update();
        publish.Update();
        return statistics;
    }

    /// <summary>Releases all textures; the components stay, and are void.</summary>
    public void Dispose()
    {
        for (int row = 0; row < textures.Count; row++)
        {
            if (textures[row].Pool != null)
                textures.Give(row);
        }
    }
}
