using System;

namespace VaeProcgen.Runtime.Images;

/// <summary>CRC-32 of a PNG chunk (polynomial 0xEDB88320, reflected), over its type and data.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = BuildTable();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            uint c = n;
            for (int bit = 0; bit < 8; bit++)
                c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
            table[n] = c;
        }
        return table;
    }
}

/// <summary>Adler-32 of a zlib stream's uncompressed bytes (RFC 1950), fed piece by piece; starts at 1.</summary>
internal static class Adler32
{
    public const uint Start = 1;

    public static uint Add(uint adler, ReadOnlySpan<byte> bytes)
    {
        uint a = adler & 0xFFFF, b = adler >> 16;
        while (!bytes.IsEmpty)
        {
            // 5552 bytes are the most that cannot overflow 32 bits before the remainder is taken.
            int count = Math.Min(bytes.Length, 5552);
            foreach (byte value in bytes.Slice(0, count))
                b += a += value;
            a %= 65521;
            b %= 65521;
            bytes = bytes.Slice(count);
        }
        return b << 16 | a;
    }
}
