using System.Collections.Generic;
using System.IO;
using System.Text;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Editor.Making;

/// <summary>Writes pictures where they may go into folders that are not there yet.</summary>
public static class SheetFile
{
    /// <summary>Writes a PNG whole or not at all, making its folder when it is missing.</summary>
    /// <exception cref="ModelFileException">It can't be written.</exception>
    /// <exception cref="IOException">The folder can't be made.</exception>
    public static void Write(string path, PixelImage image) => Write(path, Png.Default.Encode(image));

    /// <summary>Writes a picture that is text, such as an SVG.</summary>
    /// <inheritdoc cref="Write(string, PixelImage)"/>
    public static void WriteText(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes each image as 0000.png, 0001.png …, ready for an engine: edge colours bled under transparency.</summary>
    /// <inheritdoc cref="Write(string, PixelImage)"/>
    public static void WriteEach(string folder, IReadOnlyList<PixelImage> images)
    {
        for (int i = 0; i < images.Count; i++)
            Write(Path.Combine(folder, $"{i:D4}.png"), EdgeBleed.Apply(images[i]));
    }

    private static void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }
}
