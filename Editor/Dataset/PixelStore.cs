using System.Collections.Generic;

namespace VaeProcgen.Editor.Dataset;

/// <summary>
/// Takes the pixels of a set that is being made: into the host's memory, or, once they are more than it may hold, all of them into a file.
/// Images may be put in any order and by several threads.
/// </summary>
public sealed class PixelStore
{
    private readonly PixelStorage storage;
    private readonly int each;
    private readonly List<byte[]?> held = [];
    private long heldBytes;
    private volatile PixelFile? file;

    /// <param name="storage">Null: <see cref="PixelStorage.Default"/>.</param>
    /// <param name="width">Of the images.</param>
    /// <param name="height">Of the images.</param>
    /// <param name="count">How many there will be at least: where they are too many for the memory, the disk is asked for their room at once.</param>
    /// <exception cref="ArtImportException">The disk has not enough room.</exception>
    public PixelStore(PixelStorage? storage, int width, int height, long count = 0)
    {
        (this.storage, each) = (storage ?? PixelStorage.Default, 4 * width * height);
        if (count * each > this.storage.HostBytes)
            file = PixelFile.Create(this.storage.Folder, each, count);
    }

    /// <summary>Takes the pixels of the image at a place, from 0 on; the array is the store's from then on.</summary>
    /// <exception cref="ArtImportException">The disk is full, or fails.</exception>
    public void Put(int place, byte[] rgba)
    {
        if (file == null && Hold(place, rgba))
            return;
        file!.Write(place, rgba);
    }

    /// <summary>The image at a place, once all have been put: until then they may still move.</summary>
    public ArtImage Image(int place, string name, string label) =>
        file == null ? new ArtImage(name, label, held[place]!) : new ArtImage(name, label, file, place);

    private bool Hold(int place, byte[] rgba)
    {
        lock (held)
        {
            if (file != null)
                return false;
            while (held.Count <= place)
                held.Add(null);
            held[place] = rgba;
            heldBytes += each;
            if (heldBytes > storage.HostBytes)
                Spill();
            return true;
        }
    }

    private void Spill()
    {
        PixelFile spilled = PixelFile.Create(storage.Folder, each, held.Count);
        for (int i = 0; i < held.Count; i++)
        {
            if (held[i] is { } rgba)
                spilled.Write(i, rgba);
        }

        held.Clear();
        held.TrimExcess();
        file = spilled;
    }
}
