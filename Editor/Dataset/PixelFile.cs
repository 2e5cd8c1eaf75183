using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace VaeProcgen.Editor.Dataset;

/// <summary>
/// Decoded images of one size, one after another, in a file that no one else sees: it has no name, where the system allows that, and is gone
/// with the process, however that ends. Images are read by their place, so that the system's cache and the disk are all that holds them.
/// Safe to use from several threads.
/// </summary>
internal sealed class PixelFile
{
    private readonly SafeFileHandle handle;
    private readonly string folder;

    private PixelFile(SafeFileHandle handle, string folder, int each) => (this.handle, this.folder, Each) = (handle, folder, each);

    /// <summary>Bytes of an image.</summary>
    public int Each { get; }

    /// <param name="folder">Where it is made.</param>
    /// <param name="each">Bytes of an image.</param>
    /// <param name="count">Images that there will be at least: their room is taken at once.</param>
    /// <exception cref="ArtImportException">There is no such folder, it can't be written to, or it has not enough room.</exception>
    public static PixelFile Create(string folder, int each, long count)
    {
        string path = Path.Combine(folder, $"vae-pixels-{Guid.NewGuid():N}");
        RequireRoom(folder, each * count);
        try
        {
            // Windows deletes it with its last handle; elsewhere a file lives on without its name, and no signal can leave it behind.
            FileOptions options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
            SafeFileHandle handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, options, each * count);
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            return new PixelFile(handle, folder, each);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(path);
            throw Refused(folder, each * count, e);
        }
    }

    /// <exception cref="ArtImportException">The disk is full, or fails.</exception>
    public void Write(long place, ReadOnlySpan<byte> rgba)
    {
        try
        {
            RandomAccess.Write(handle, rgba, place * Each);
        }
        catch (IOException e)
        {
            throw Refused(folder, (place + 1) * Each, e);
        }
    }

    /// <param name="rgba">[<see cref="Each"/>], written.</param>
    /// <exception cref="IOException">The disk fails.</exception>
    public void Read(long place, Span<byte> rgba)
    {
        for (int done = 0; done < Each;)
        {
            int got = RandomAccess.Read(handle, rgba[done..Each], (place * Each) + done);
            if (got == 0)
                throw new EndOfStreamException($"The images that were put on disk in {folder} can't be read back: their file was cut short. Start again.");
            done += got;
        }
    }

    private static void RequireRoom(string folder, long bytes)
    {
        if (!Directory.Exists(folder))
        {
            string named = folder == "" ? "''" : Path.GetFullPath(folder);
            throw new ArtImportException($"Expected a folder for images that are too many for the host's memory at {named}, "
                + "found none there. Make it, or name another with --scratch.");
        }

        if (RoomIn(folder) is { } free && free < bytes)
        {
            throw new ArtImportException($"Images that are too many for the host's memory need {Gibibytes(bytes)} of room on disk; {folder} "
                + $"has {Gibibytes(free)}. Name a folder on another disk with --scratch, allow more memory with --host-memory, or choose a smaller --size.");
        }
    }

    // Null where the system does not say, as for a share on Windows: what is missing then shows when the file is made.
    private static long? RoomIn(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ArtImportException Refused(string folder, long bytes, Exception cause) => new(
        $"Images that are too many for the host's memory can't be put on disk in {folder}, {Gibibytes(bytes)} so far: "
        + $"{cause.Message} Name a folder on another disk with --scratch, or allow more memory with --host-memory.");

    private static string Gibibytes(long bytes) => FormattableString.Invariant($"{bytes / (double)(1L << 30):F1} GiB");
}
