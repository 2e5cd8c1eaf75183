namespace VaeProcgen.Runtime.Decode;

/// <summary>A texture of a <see cref="TexturePool"/>; the default value is none.</summary>
public readonly struct TextureHandle
{
    internal TextureHandle(int index, int generation) => (Index, Generation) = (index, generation);

    public bool IsNone => Generation == 0;

    internal int Index { get; }

    internal int Generation { get; }
}
