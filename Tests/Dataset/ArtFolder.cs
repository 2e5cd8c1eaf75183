using System;
using System.IO;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Dataset;

/// <summary>A temporary art folder, deleted at the end of the test.</summary>
internal sealed class ArtFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vae-art-").FullName;

    public ArtFolder File(string name, byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, bytes);
        return this;
    }

    public ArtFolder Image(string name, PixelImage image) => File(name, Png.Default.Encode(image));

    /// <summary>An opaque image whose every pixel has its own colour, shifted by <paramref name="tint"/>.</summary>
    public static PixelImage Noise(int width, int height, int tint)
    {
        var image = new PixelImage(width, height);
        for (int i = 0; i < width * height; i++)
            image[i % width, i / width] = new Rgba8((byte)(i + tint), (byte)(i >> 8), (byte)tint, 255);
        return image;
    }

    public static PixelImage Flat(int width, int height, byte red, byte alpha = 255)
    {
        var image = new PixelImage(width, height);
        for (int i = 0; i < width * height; i++)
            image[i % width, i / width] = new Rgba8(red, 0, 0, alpha);
        return image;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
