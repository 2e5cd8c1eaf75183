using System;

namespace VaeProcgen.Editor.Dataset;

/// <summary>One image of an <see cref="ArtSet"/>. Its pixels lie in memory or in a file on disk, see <see cref="PixelStore"/>.</summary>
public sealed record ArtImage
{
    private readonly byte[]? held;
    private readonly PixelFile? file;
    private readonly long place;

    /// <param name="name">See <see cref="Name"/>.</param>
    /// <param name="label">See <see cref="Label"/>.</param>
    /// <param name="rgba">See <see cref="Rgba"/>; not copied.</param>
    public ArtImage(string name, string label, byte[] rgba) => (Name, Label, held) = (name, label, rgba);

    internal ArtImage(string name, string label, PixelFile file, long place) =>
        (Name, Label, this.file, this.place) = (name, label, file, place);

    /// <summary>Its path inside the art folder with '/' between folders; cells of an atlas append <c>#column,row</c>.</summary>
    public string Name { get; init; }

    /// <summary>The first folder of that path, or "" for an image that lies directly in the art folder.</summary>
    public string Label { get; init; }

    /// <summary>Bytes of <see cref="Rgba"/>.</summary>
    public int Length => held?.Length ?? file!.Each;

    /// <summary>Whether the pixels are read from the disk each time.</summary>
    public bool IsOnDisk => held == null;

    /// <summary>
    /// Straight-alpha sRGB RGBA8, [height, width, 4]: of an image in memory the pixels themselves, of one on disk a copy that is read each time.
    /// </summary>
    /// <exception cref="System.IO.IOException">The disk fails.</exception>
    public byte[] Rgba
    {
        get => held ?? Read();
        init => held = value;
    }

    /// <summary>Copies <see cref="Rgba"/>.</summary>
    /// <param name="rgba">[<see cref="Length"/>], written.</param>
    /// <exception cref="System.IO.IOException">The disk fails.</exception>
    public void CopyTo(Span<byte> rgba)
    {
        if (held != null)
            held.CopyTo(rgba);
        else
            file!.Read(place, rgba);
    }

    private byte[] Read()
    {
        var rgba = new byte[Length];
        CopyTo(rgba);
        return rgba;
    }
}
