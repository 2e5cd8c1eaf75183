using System;
using System.IO;

namespace VaeProcgen.Runtime.ModelFile;

/// <summary>Writes a file whole or not at all.</summary>
public static class AtomicFile
{
    private const int UnixDiskFull = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>
    /// Lets <paramref name="write"/> fill a temporary file beside <paramref name="path"/>, flushes it to the disk and renames it over
    /// <paramref name="path"/>. When anything fails, the temporary file is removed and a file already at the path is as it was.
    /// </summary>
    /// <exception cref="ModelFileException">The disk is full, or the folder is missing or cannot be written.</exception>
    /// <remarks>Exceptions of <paramref name="write"/> other than I/O errors reach the caller as they are.</remarks>
    public static void Write(string path, Action<Stream> write)
    {
        string target = Path.GetFullPath(path);
        string temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            Rename(temporary, target);
        }
        catch (Exception error)
        {
            string leftover = Remove(temporary);
            if (error is IOException or UnauthorizedAccessException)
            {
                throw new ModelFileException($"Cannot write '{target}': {Explain(error, target)}{leftover}", error);
            }
            throw;
        }
    }

    private static void Rename(string temporary, string target)
    {
#if NETSTANDARD2_1
        if (File.Exists(target))
        {
            File.Replace(temporary, target, null);
        }
        else
        {
            File.Move(temporary, target);
        }
#else
        File.Move(temporary, target, overwrite: true);
#endif
    }

    private static string Explain(Exception error, string target)
    {
        string? folder = Path.GetDirectoryName(target);
        if (error.HResult is UnixDiskFull or WindowsDiskFull)
        {
            return "the disk is full. Free some space, or choose another folder; the previous file, if any, is unchanged.";
        }
        if (folder != null && !Directory.Exists(folder))
        {
            return $"the folder '{folder}' does not exist. Create it, or choose another path.";
        }
        if (Directory.Exists(target))
        {
            return "a folder of that name is in the way. Choose another name.";
        }
        return $"{error.Message} Check that the folder can be written and that no other program holds the file open.";
    }

    /// <summary>Removes the temporary file; when that fails too, says so in a sentence for the error already under way.</summary>
    private static string Remove(string temporary)
    {
        try
        {
            // Without a folder there is no temporary file, and File.Delete would object.
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
            return "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $" The temporary file '{temporary}' could not be removed either: {error.Message}";
        }
    }
}
