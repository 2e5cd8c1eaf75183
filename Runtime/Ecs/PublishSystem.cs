using Arch.Core;

namespace VaeProcgen.Runtime.Ecs;

/// <summary>Tells entities which of their textures have new pixels.</summary>
internal sealed class PublishSystem
{
    private readonly World world;
    private readonly QueryDescription decoded = new QueryDescription().WithAll<DecodedTexture>();
    private readonly ForEach<DecodedTexture> publish;

    public PublishSystem(World world)
    {
        this.world = world;
        publish = (ref DecodedTexture texture) => texture.Publish(texture.Pool.VersionOf(texture.Handle));
    }

    public void Update() => world.Query(in decoded, publish);
}
