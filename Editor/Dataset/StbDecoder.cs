using System;
using System.Runtime.InteropServices;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Dataset;

/// <summary>JPEG, BMP, GIF (its first frame) and TGA through stb_image, where that library is installed (Debian: libstb0).</summary>
public sealed unsafe class StbDecoder : IImageDecoder
{
    private const int RgbaChannels = 4;

    private static readonly Library? Loaded = Library.TryLoad();

    private readonly int maxPixels;

    public StbDecoder(int maxPixels = Png.DefaultMaxPixels) => this.maxPixels = maxPixels;

    /// <summary>Whether the library could be loaded.</summary>
    public static bool IsAvailable => Loaded != null;

    /// <summary>Recognises JPEG, BMP and GIF by their first bytes; TGA has no signature and is tried by its file name.</summary>
    public bool CanDecode(ReadOnlySpan<byte> file) =>
        file.StartsWith(new byte[] { 0xFF, 0xD8, 0xFF }) || file.StartsWith("BM"u8) || file.StartsWith("GIF8"u8);

    /// <inheritdoc/>
    public PixelImage Decode(byte[] file, string name)
    {
        var stb = Loaded ?? throw new ImageFormatException(name,
            "this format is read through libstb, which is not installed (Debian and Ubuntu: apt install libstb0); or save it as PNG.");
        fixed (byte* bytes = file)
        {
            int width = 0, height = 0, channels = 0;
            if (stb.Info(bytes, file.Length, &width, &height, &channels) == 0)
                throw new ImageFormatException(name, $"expected a JPEG, BMP, GIF or TGA image, found none ({stb.Reason()}).");
            if (width < 1 || height < 1 || (long)width * height > maxPixels)
                throw new ImageFormatException(name, $"expected at most {maxPixels} pixels, found {width}×{height}; scale the image down.");
            byte* pixels = stb.Load(bytes, file.Length, &width, &height, &channels, RgbaChannels);
            if (pixels == null)
                throw new ImageFormatException(name, $"expected a readable image, found damaged data ({stb.Reason()}).");
            try
            {
                return new PixelImage(width, height, new ReadOnlySpan<byte>(pixels, checked(RgbaChannels * width * height)).ToArray());
            }
            finally
            {
                stb.Free(pixels);
            }
        }
    }

    private sealed class Library
    {
        public readonly delegate* unmanaged[Cdecl]<byte*, int, int*, int*, int*, int> Info;
        public readonly delegate* unmanaged[Cdecl]<byte*, int, int*, int*, int*, int, byte*> Load;
        public readonly delegate* unmanaged[Cdecl]<byte*, void> Free;
        private readonly delegate* unmanaged[Cdecl]<byte*> failureReason;

        private Library(nint info, nint load, nint free, nint reason)
        {
            Info = (delegate* unmanaged[Cdecl]<byte*, int, int*, int*, int*, int>)info;
            Load = (delegate* unmanaged[Cdecl]<byte*, int, int*, int*, int*, int, byte*>)load;
            Free = (delegate* unmanaged[Cdecl]<byte*, void>)free;
            failureReason = (delegate* unmanaged[Cdecl]<byte*>)reason;
        }

        public string Reason() => Marshal.PtrToStringUTF8((nint)failureReason()) ?? "no reason given";

        public static Library? TryLoad()
        {
            foreach (string file in new[] { "libstb.so.0", "libstb.so", "libstb.dylib", "stb.dll" })
            {
                if (NativeLibrary.TryLoad(file, out nint handle)
                    && NativeLibrary.TryGetExport(handle, "stbi_info_from_memory", out nint info)
                    && NativeLibrary.TryGetExport(handle, "stbi_load_from_memory", out nint load)
                    && NativeLibrary.TryGetExport(handle, "stbi_image_free", out nint free)
                    && NativeLibrary.TryGetExport(handle, "stbi_failure_reason", out nint reason))
                    return new Library(info, load, free, reason);
            }
            return null;
        }
    }
}
