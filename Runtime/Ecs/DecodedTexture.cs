using VaeProcgen.Runtime.Decode;

namespace VaeProcgen.Runtime.Ecs;

/// <summary>Component of <see cref="LatentTextureSystem"/>, which adds, sets and removes it: the entity's texture.</summary>
public struct DecodedTexture
{
    /// <summary>Where the texture is: <see cref="TexturePool.PixelsOf"/> or <see cref="TexturePool.PlaceOf"/> of the handle.</summary>
    public TexturePool Pool { get; internal set; }

    public TextureHandle Handle { get; internal set; }

    /// <summary>How often the pixels have changed: who copies them does so when this differs from what was copied.</summary>
    public int Version { get; internal set; }

    /// <summary>Whether there are pixels. There are none at first, and again after another size or model was asked for.</summary>
    public readonly bool IsReady => Version > VersionBefore;

    internal int Row { get; set; }

    /// <summary>Of the texture of another size or model that it had before.</summary>
    internal int VersionBefore { get; set; }

    internal void Publish(int version) => Version = VersionBefore + version;
}
