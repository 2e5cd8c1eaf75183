using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

namespace VaeProcgen.Tests.Images;

/// <summary>Writes PNG files of every kind, well-formed or not, without any code of the reader under test.</summary>
internal sealed class PngBuilder
{
    public static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly MemoryStream file = new();

    public PngBuilder() => file.Write(Signature);

    public static byte[] Header(uint width, uint height, int depth, int colour, bool interlaced = false)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(data, width);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[12]) = ((byte)depth, (byte)colour, (byte)(interlaced ? 1 : 0));
        return data;
    }

    public PngBuilder Chunk(string type, params byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        file.Write(BigEndian((uint)data.Length));
        file.Write(body);
        file.Write(BigEndian(Crc(body)));
        return this;
    }

    public byte[] End() => Chunk("IEND").ToArray();

    public byte[] ToArray() => file.ToArray();

    public static byte[] Zlib(byte[] raw)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(raw);
        return compressed.ToArray();
    }

    /// <summary>
    /// The bytes that IDAT compresses: filtered rows of one pass or of the seven of Adam7, from samples [row, column, channel].
    /// </summary>
    public static byte[] Raw(int[,,] samples, int depth, bool interlaced)
    {
        int height = samples.GetLength(0), width = samples.GetLength(1), channels = samples.GetLength(2);
        using var raw = new MemoryStream();
        // The Adam7 pattern as the standard draws it: the pass that each pixel of an 8×8 tile belongs to.
        string[] tile = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];
        for (char pass = interlaced ? '1' : '0'; pass <= (interlaced ? '7' : '0'); pass++)
        {
            byte[]? above = null;
            int filter = 0;
            for (int y = 0; y < height; y++)
            {
                int[] columns = Enumerable.Range(0, width).Where(x => !interlaced || tile[y % 8][x % 8] == pass).ToArray();
                if (columns.Length == 0)
                    continue;
                int[] values = columns.SelectMany(x => Enumerable.Range(0, channels).Select(c => samples[y, x, c])).ToArray();
                byte[] row = PackBits(values, depth);
                raw.WriteByte((byte)filter);
                raw.Write(Filter(filter, row, above ?? new byte[row.Length], Math.Max(1, channels * depth / 8)));
                above = row;
                filter = (filter + 1) % 5;
            }
        }
        return raw.ToArray();
    }

    public static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }

    private static byte[] PackBits(int[] values, int depth)
    {
        var row = new byte[(values.Length * depth + 7) / 8];
        for (int bit = 0; bit < values.Length * depth; bit++)
        {
            if ((values[bit / depth] >> (depth - 1 - bit % depth) & 1) != 0)
                row[bit / 8] |= (byte)(0x80 >> bit % 8);
        }
        return row;
    }

    private static byte[] Filter(int filter, byte[] row, byte[] above, int back)
    {
        var stored = new byte[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i < back ? 0 : row[i - back], b = above[i], c = i < back ? 0 : above[i - back];
            int nearest = new[] { a, b, c }.OrderBy(v => Math.Abs(a + b - c - v)).First();
            stored[i] = (byte)(row[i] - filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => nearest });
        }
        return stored;
    }
}
