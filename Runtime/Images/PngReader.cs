using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;

namespace VaeProcgen.Runtime.Images;

/// <summary>Reads one PNG file. Every size is checked against the bytes really there before memory is taken for it.</summary>
internal sealed class PngReader
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
    {
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    };

    private static readonly (int X, int Y, int StepX, int StepY)[] OnePass = { (0, 0, 1, 1) };

    private readonly byte[] file;
    private readonly string name;
    private readonly int maxPixels;

    private int width, height, depth, colour, channels;
    private bool interlaced;
    private byte[]? palette;                        // RGB triples
    private byte[] transparency = Array.Empty<byte>();

    public PngReader(byte[] file, string name, int maxPixels)
    {
        this.file = file;
        this.name = name;
        this.maxPixels = maxPixels;
    }

    public PixelImage Read()
    {
        if (file.Length == 0)
            throw Bad("expected a PNG file, found 0 bytes");
        if (!file.AsSpan().StartsWith(Png.Signature))
        {
            string found = Hex(file.AsSpan(0, Math.Min(Png.Signature.Length, file.Length)));
            throw Bad($"expected the PNG signature {Hex(Png.Signature)} at byte 0, found {found}");
        }

        using var compressed = new MemoryStream();
        int at = Png.Signature.Length;
        bool started = false, imageEnded = false;
        while (true)
        {
            string type = NextChunk(ref at, out int start, out int length);
            if (!started && type != "IHDR")
                throw Bad($"expected the chunk IHDR first, found {type} at byte {start - 8}");
            if (compressed.Length > 0 && type != "IDAT")
                imageEnded = true;
            var data = file.AsSpan(start, length);
            switch (type)
            {
                case "IHDR" when !started:
                    ReadHeader(data, start);
                    started = true;
                    break;
                case "PLTE":
                    if (length == 0 || length % 3 != 0 || length > 768)
                        throw Bad($"expected PLTE to hold 1 to 256 colours of 3 bytes, found {length} bytes at byte {start}");
                    palette = data.ToArray();
                    break;
                case "tRNS":
                    ReadTransparency(data, start);
                    break;
                case "IDAT" when !imageEnded:
                    compressed.Write(data);
                    break;
                case "IDAT":
                    throw Bad($"expected all IDAT chunks in a row, found another one at byte {start - 8}");
                case "IEND":
                    return Decompress(compressed.GetBuffer().AsMemory(0, (int)compressed.Length));
                default:
                    if (char.IsUpper(type[0]))
                        throw Bad($"expected only the critical chunks IHDR, PLTE, IDAT and IEND, found {type} at byte {start - 8}");
                    break;
            }
        }
    }

    // A chunk is: u32 length, 4 letters, data, u32 CRC of letters and data; all big-endian.
    private string NextChunk(ref int at, out int start, out int length)
    {
        int left = file.Length - at;
        if (left < 12)
            throw Bad($"expected another chunk (at least 12 bytes) up to IEND at byte {at}, found {left} bytes: the file is cut short");
        uint declared = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
        start = at + 8;
        var letters = file.AsSpan(at + 4, 4);
        foreach (byte letter in letters)
        {
            if ((letter | 0x20) < 'a' || (letter | 0x20) > 'z')
                throw Bad($"expected a chunk type of 4 letters at byte {at + 4}, found {Hex(letters)}");
        }
        string type = new(new[] { (char)letters[0], (char)letters[1], (char)letters[2], (char)letters[3] });
        if (declared > left - 12)
            throw Bad($"expected {declared} bytes of {type} data at byte {start}, found {left - 12}: the file is cut short");
        length = (int)declared;
        uint expected = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(start + length));
        uint found = Crc32.Of(file.AsSpan(at + 4, 4 + length));
        if (found != expected)
            throw Bad($"expected the CRC {expected:x8} of the {type} chunk at byte {at}, found {found:x8}: the file is damaged");
        at = start + length + 4;
        return type;
    }

    private void ReadHeader(ReadOnlySpan<byte> data, int start)
    {
        if (data.Length != 13)
            throw Bad($"expected 13 bytes of IHDR data at byte {start}, found {data.Length}");
        uint w = BinaryPrimitives.ReadUInt32BigEndian(data), h = BinaryPrimitives.ReadUInt32BigEndian(data.Slice(4));
        if (w == 0 || h == 0 || w > int.MaxValue || h > int.MaxValue)
            throw Bad($"expected sides between 1 and 2147483647 pixels in IHDR, found {w}×{h}");
        if ((ulong)w * h > (ulong)maxPixels)
            throw Bad($"expected at most {maxPixels} pixels, found {w}×{h} in IHDR; scale the image down");
        (width, height, depth, colour) = ((int)w, (int)h, data[8], data[9]);
        bool known = (colour, depth) is (0 or 3, 1 or 2 or 4 or 8) or (0 or 2 or 4 or 6, 16) or (2 or 4 or 6, 8);
        if (!known)
            throw Bad($"expected a colour type and bit depth that PNG defines in IHDR, found type {colour} with {depth} bits");
        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
            throw Bad($"expected compression 0, filter 0 and interlacing 0 or 1 in IHDR, found {data[10]}, {data[11]} and {data[12]}");
        interlaced = data[12] == 1;
        channels = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
    }

    private void ReadTransparency(ReadOnlySpan<byte> data, int start)
    {
        if (colour is 4 or 6)
            return;     // Such an image has its own alpha; the standard forbids the chunk and readers ignore it.
        int expected = colour switch { 0 => 2, 2 => 6, _ => data.Length };
        if (data.Length != expected || colour == 3 && (palette == null || data.Length > palette.Length / 3))
        {
            string want = colour == 3 ? "at most one byte for each colour of a PLTE before it" : $"{expected} bytes";
            throw Bad($"expected {want} in tRNS at byte {start}, found {data.Length} bytes");
        }
        transparency = data.ToArray();
    }

    private PixelImage Decompress(ReadOnlyMemory<byte> zlib)
    {
        if (zlib.IsEmpty)
            throw Bad("expected image data (IDAT) before IEND, found none");
        if (colour == 3 && palette == null)
            throw Bad("expected a palette (PLTE) for an indexed image, found none");
        var head = zlib.Span;
        if (head.Length < 6 || (head[0] & 15) != 8 || head[0] >> 4 > 7 || (head[0] << 8 | head[1]) % 31 != 0 || (head[1] & 32) != 0)
            throw Bad($"expected a zlib stream in IDAT, found {Hex(head.Slice(0, Math.Min(2, head.Length)))}");
        long expected = 0;
        foreach (var pass in interlaced ? Adam7 : OnePass)
            expected += (RowBytes(Across(pass)) + 1L) * (Across(pass) == 0 ? 0 : Down(pass));
        // Deflate cannot expand a byte to more than 1032, so a short file that declares a vast image is refused here.
        if (expected > 1032L * zlib.Length)
            throw Bad($"expected {expected} bytes of pixels for {width}×{height}, found {zlib.Length} in IDAT, too short to hold them");

        var image = new PixelImage(width, height);
        uint adler;
        using (var stream = new DeflateStream(new MemoryStream(zlib.Slice(2, zlib.Length - 6).ToArray()), CompressionMode.Decompress))
        {
            try
            {
                adler = ReadPasses(stream, image, expected);
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw Bad($"expected {expected} bytes of pixels in IDAT, found damaged compressed data", e);
            }
        }
        uint declared = BinaryPrimitives.ReadUInt32BigEndian(zlib.Span.Slice(zlib.Length - 4));
        if (adler != declared)
            throw Bad($"expected the Adler-32 checksum {declared:x8} of the pixels, found {adler:x8}: the file is damaged");
        return image;
    }

    private uint ReadPasses(Stream stream, PixelImage image, long expected)
    {
        uint adler = Adler32.Start;
        long done = 0;
        int pixelBytes = Math.Max(1, channels * depth / 8);
        foreach (var pass in interlaced ? Adam7 : OnePass)
        {
            int across = Across(pass), down = Down(pass);
            if (across == 0)
                continue;
            // Each row has its filter in front; the two rows swap as the image is read downwards.
            byte[] row = new byte[RowBytes(across) + 1], above = new byte[row.Length];
            for (int y = 0; y < down; y++)
            {
                for (int filled = 0, read; filled < row.Length; filled += read, done += read)
                {
                    read = stream.Read(row, filled, row.Length - filled);
                    if (read == 0)
                        throw Bad($"expected {expected} bytes of pixels for {width}×{height} in IDAT, found {done}");
                }
                adler = Adler32.Add(adler, row);
                if (row[0] >= PngFilter.Count)
                    throw Bad($"expected a row filter of 0 to 4 in row {y}, found {row[0]}");
                PngFilter.Undo(row[0], row.AsSpan(1), above.AsSpan(1), pixelBytes);
                StoreRow(row.AsSpan(1), image.Rgba, 4 * ((pass.Y + y * pass.StepY) * width + pass.X), 4 * pass.StepX, across);
                (row, above) = (above, row);
            }
        }
        if (stream.ReadByte() >= 0)
            throw Bad($"expected {expected} bytes of pixels for {width}×{height} in IDAT, found more");
        return adler;
    }

    private void StoreRow(ReadOnlySpan<byte> row, byte[] rgba, int at, int step, int count)
    {
        if (colour == 6 && depth == 8 && step == 4)
        {
            row.CopyTo(rgba.AsSpan(at));
            return;
        }
        for (int i = 0; i < count; i++, at += step)
        {
            int s = i * channels;
            if (colour == 3)
            {
                int index = Sample(row, s);
                if (3 * index >= palette!.Length)
                    throw Bad($"expected palette indices below {palette.Length / 3}, found {index} in row {at / 4 / width}");
                palette.AsSpan(3 * index, 3).CopyTo(rgba.AsSpan(at));
                rgba[at + 3] = index < transparency.Length ? transparency[index] : (byte)255;
            }
            else if (colour is 0 or 4)
            {
                rgba[at] = rgba[at + 1] = rgba[at + 2] = ToByte(Sample(row, s));
                rgba[at + 3] = colour == 4 ? ToByte(Sample(row, s + 1)) : IsKey(row, s) ? (byte)0 : (byte)255;
            }
            else
            {
                for (int c = 0; c < 3; c++)
                    rgba[at + c] = ToByte(Sample(row, s + c));
                rgba[at + 3] = colour == 6 ? ToByte(Sample(row, s + 3)) : IsKey(row, s) ? (byte)0 : (byte)255;
            }
        }
    }

    // Whether a pixel without alpha has the one colour that tRNS makes transparent; compared at the file's own depth.
    private bool IsKey(ReadOnlySpan<byte> row, int sample)
    {
        if (transparency.Length == 0)
            return false;
        for (int c = 0; c < channels; c++)
        {
            int key = BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2 * c)) & ((1 << depth) - 1);
            if (Sample(row, sample + c) != key)
                return false;
        }
        return true;
    }

    private int Sample(ReadOnlySpan<byte> row, int i) => depth switch
    {
        8 => row[i],
        16 => row[2 * i] << 8 | row[2 * i + 1],
        _ => row[i * depth >> 3] >> (8 - depth - (i * depth & 7)) & ((1 << depth) - 1),
    };

    // 255 is a multiple of the largest sample of 1, 2 and 4 bits; 16 bits are rounded: (v·255 + 32895) >> 16 = round(v / 257).
    private byte ToByte(int sample) => (byte)(depth == 16 ? (sample * 255 + 32895) >> 16 : sample * (255 / ((1 << depth) - 1)));

    private int Across((int X, int Y, int StepX, int StepY) pass) => (width - pass.X + pass.StepX - 1) / pass.StepX;

    private int Down((int X, int Y, int StepX, int StepY) pass) => (height - pass.Y + pass.StepY - 1) / pass.StepY;

    private int RowBytes(int pixels) => (int)(((long)pixels * channels * depth + 7) / 8);

    private ImageFormatException Bad(string problem, Exception? inner = null) => new(name, problem + ".", inner);

    private static string Hex(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? "nothing" : BitConverter.ToString(bytes.ToArray()).Replace('-', ' ');
}
