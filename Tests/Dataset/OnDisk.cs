using System.Linq;
using VaeProcgen.Editor.Dataset;

namespace VaeProcgen.Tests.Dataset;

/// <summary>Sets whose pixels lie in a file.</summary>
internal static class OnDisk
{
    /// <summary>Nothing may stay in memory.</summary>
    public static PixelStorage Storage { get; } = PixelStorage.Default with { HostBytes = 0 };

    /// <summary>The same images, on disk.</summary>
    public static ArtSet Of(ArtSet set)
    {
        var store = new PixelStore(Storage, set.Width, set.Height);
        for (int i = 0; i < set.Images.Count; i++)
            store.Put(i, set.Images[i].Rgba);
        return new ArtSet(set.Width, set.Height, [.. set.Images.Select((image, i) => store.Image(i, image.Name, image.Label))]);
    }
}
