using System.Collections.Generic;
using Arch.Core;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Runtime.Ecs;

/// <summary>Entities that want a texture and have none get one.</summary>
internal sealed class AdoptSystem
{
    private readonly World world;
    private readonly EntityTextures textures;
    private readonly QueryDescription without = new QueryDescription().WithAll<Latent, TextureRequest>().WithNone<DecodedTexture>();
    private readonly List<(Entity Entity, DecodedTexture Texture)> adopted = new();
    private readonly ForEachWithEntity<Latent, TextureRequest> take;

    public AdoptSystem(World world, EntityTextures textures)
    {
        (this.world, this.textures) = (world, textures);
        take = Take;
    }

    public void Update()
    {
        try
        {
            world.Query(in without, take);
        }
        finally
        {
            // Also those before one whose latent does not fit.
            foreach ((Entity entity, DecodedTexture texture) in adopted)
                world.Add(entity, texture);
            adopted.Clear();
        }
    }

    private void Take(Entity entity, ref Latent latent, ref TextureRequest request)
    {
        int row = textures.Take(entity, textures.PoolOf(in request), latent, request.Priority);
        adopted.Add((entity, new DecodedTexture { Row = row, Pool = textures[row].Pool!, Handle = textures[row].Handle }));
    }
}
