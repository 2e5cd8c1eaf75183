using VaeProcgen.Runtime.Decode;

namespace VaeProcgen.Runtime.Ecs;

/// <summary>Component, set by <see cref="LatentTextureSystem"/>: the entity's texture.</summary>
public struct DecodedTexture
{
    /// <summary>Where the texture is: <see cref="TexturePool.PixelsOf"/> or <see cref="TexturePool.PlaceOf"/> of the handle.</summary>
    public TexturePool Pool { get; internal set; }

    public TextureHandle Handle { get; internal set; }

    /// <summary>How often the pixels have changed: who copies them does so when this differs from what was copied.</summary>
    public int Version { get; internal set; }

    /// <summary>Whether there are pixels yet.</summary>
    public readonly bool IsReady => Version > 0;

    internal int Row { get; set; }
}
