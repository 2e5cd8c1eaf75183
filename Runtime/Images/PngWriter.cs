using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;

namespace VaeProcgen.Runtime.Images;

/// <summary>Writes a PNG of 8-bit RGBA, not interlaced.</summary>
internal static class PngWriter
{
    public static byte[] Write(PixelImage image)
    {
        byte[] data = Compress(image);
        using var file = new MemoryStream(data.Length + 64);
        WriteStart(file, image.Width, image.Height);
        WriteChunk(file, "IDAT", data);
        WriteChunk(file, "IEND", Array.Empty<byte>());
        return file.ToArray();
    }

    /// <summary>The signature and the header.</summary>
    public static void WriteStart(Stream file, int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 6);
        file.Write(Png.Signature);
        WriteChunk(file, "IHDR", header);
    }

    /// <summary>The pixels as a zlib stream of filtered rows.</summary>
    public static byte[] Compress(PixelImage image)
    {
        // Pixel art compresses best unfiltered, shaded images with a filter chosen for each row: both are tried, the smaller is kept.
        byte[] plain = Compress(image, adaptive: false), filtered = Compress(image, adaptive: true);
        return plain.Length <= filtered.Length ? plain : filtered;
    }

    private static byte[] Compress(PixelImage image, bool adaptive)
    {
        int rowBytes = 4 * image.Width;
        byte[] zeroes = new byte[rowBytes], candidate = new byte[rowBytes + 1], best = new byte[rowBytes + 1];
        uint adler = Adler32.Start;
        using var zlib = new MemoryStream();
        zlib.Write(new byte[] { 0x78, 0xDA });
        using (var deflate = new DeflateStream(zlib, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < image.Height; y++)
            {
                var row = image.Rgba.AsSpan(y * rowBytes, rowBytes);
                var above = y == 0 ? zeroes : image.Rgba.AsSpan((y - 1) * rowBytes, rowBytes);
                long least = long.MaxValue;
                for (int filter = 0; filter < (adaptive ? PngFilter.Count : 1); filter++)
                {
                    candidate[0] = (byte)filter;
                    PngFilter.Apply(filter, row, above, 4, candidate.AsSpan(1));
                    long cost = SumOfMagnitudes(candidate.AsSpan(1));
                    if (cost < least)
                        (least, best, candidate) = (cost, candidate, best);
                }
                deflate.Write(best, 0, best.Length);
                adler = Adler32.Add(adler, best);
            }
        }
        var tail = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(tail, adler);
        zlib.Write(tail);
        return zlib.ToArray();
    }

    // The PNG standard's heuristic: the smallest sum of absolute differences compresses best.
    private static long SumOfMagnitudes(ReadOnlySpan<byte> row)
    {
        long sum = 0;
        foreach (byte b in row)
            sum += Math.Abs((int)(sbyte)b);
        return sum;
    }

    public static void WriteChunk(Stream file, string type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        for (int i = 0; i < 4; i++)
            chunk[4 + i] = (byte)type[i];
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Of(chunk.AsSpan(4, 4 + data.Length)));
        file.Write(chunk);
    }
}
