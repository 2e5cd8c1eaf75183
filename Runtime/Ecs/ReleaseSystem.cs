using System.Collections.Generic;
using Arch.Core;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Runtime.Ecs;

/// <summary>Frees the textures of entities that were destroyed, or that want none any more.</summary>
internal sealed class ReleaseSystem
{
    private readonly World world;
    private readonly EntityTextures textures;
    private readonly QueryDescription unwanted = new QueryDescription().WithAll<DecodedTexture>().WithNone<TextureRequest>();
    private readonly QueryDescription withoutLatent = new QueryDescription().WithAll<DecodedTexture>().WithNone<Latent>();
    private readonly List<Entity> left = new();
    private readonly ForEachWithEntity<DecodedTexture> leave;

    public ReleaseSystem(World world, EntityTextures textures)
    {
        (this.world, this.textures) = (world, textures);
        leave = (Entity entity, ref DecodedTexture _) => left.Add(entity);
    }

    public void Update()
    {
        for (int row = 0; row < textures.Count; row++)
        {
            if (textures[row].Pool != null && !world.IsAlive(textures[row].Entity))
                textures.Give(row);
        }

        Remove(in unwanted);
        Remove(in withoutLatent);
    }

    private void Remove(in QueryDescription description)
    {
        world.Query(in description, leave);
        foreach (Entity entity in left)
        {
            textures.Give(world.Get<DecodedTexture>(entity).Row);
            world.Remove<DecodedTexture>(entity);
        }

        left.Clear();
    }
}
