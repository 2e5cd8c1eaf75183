using Arch.Core;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Runtime.Ecs;

/// <summary>Asks for another texture where an entity's latent, or the size or model that it asks for, has been changed.</summary>
internal sealed class RequestSystem
{
    private readonly World world;
    private readonly EntityTextures textures;
    private readonly QueryDescription decoded = new QueryDescription().WithAll<Latent, TextureRequest, DecodedTexture>();
    private readonly ForEachWithEntity<Latent, TextureRequest, DecodedTexture> compare;

    public RequestSystem(World world, EntityTextures textures)
    {
        (this.world, this.textures) = (world, textures);
        compare = Compare;
    }

    public void Update() => world.Query(in decoded, compare);

    private void Compare(Entity entity, ref Latent latent, ref TextureRequest request, ref DecodedTexture texture)
    {
        TexturePool pool = textures.PoolOf(in request);
        if (pool != texture.Pool)
        {
            int taken = textures.Take(entity, pool, latent, request.Priority);
            textures.Give(texture.Row);
            texture = new DecodedTexture { Row = taken, Pool = pool, Handle = textures[taken].Handle, VersionBefore = texture.Version };
            return;
        }

        ref EntityTextures.Row row = ref textures[texture.Row];
        bool isOther = row.Latent != latent.ContentHash;
        if (!isOther && row.Priority == request.Priority)
            return;
        if (isOther)
        {
            pool.Model.File.Require(latent);
            latent.Values.CopyTo(textures.CurrentOf(texture.Row));
            (row.Latent, row.Label) = (latent.ContentHash, latent.Label);
        }

        row.Priority = request.Priority;
        pool.Change(row.Handle, textures.CurrentOf(texture.Row), row.Label, request.Priority);
    }
}
