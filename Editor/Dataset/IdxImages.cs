using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;

namespace VaeProcgen.Editor.Dataset;

/// <summary>
/// Reads grey images in the IDX format, that of MNIST and Fashion-MNIST, plain or compressed with gzip. A file of images: the magic
/// number 0x00000803, the counts of images, rows and columns (all 32 bits, big-endian), then a byte a pixel. A file of labels: the
/// magic number 0x00000801, the count, then a byte a label.
/// </summary>
public static class IdxImages
{
    private const uint ImagesMagic = 0x803, LabelsMagic = 0x801;
    private const int MostSide = 1024;
    private const string Part = "train";

    private static readonly string[] Endings = ["-idx3-ubyte", "-idx3-ubyte.gz", ".idx3-ubyte", ".idx3-ubyte.gz"];

    /// <summary>Loads images, opaque, grey on black; images smaller than the size are centred on black, never scaled.</summary>
    /// <param name="path">
    /// A file of images; or a folder with <c>train-images-idx3-ubyte</c>, or <c>.gz</c> after it; or <c>FOLDER/t10k</c> for another
    /// part. The labels are those of the file beside it with <c>labels-idx1</c> for <c>images-idx3</c>, as "0" to "255"; without such
    /// a file all labels are "". Images are named by part and place: <c>train-00000</c>.
    /// </param>
    /// <param name="size">Width and height of the set's images.</param>
    /// <param name="count">How many to take, from the first on; null: all.</param>
    /// <param name="storage">Where the pixels lie; null: <see cref="PixelStorage.Default"/>.</param>
    /// <exception cref="ArtImportException">No such file; or one is damaged, has too few images, or larger ones than the size.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static ArtSet Load(string path, int size, int? count = null, PixelStorage? storage = null)
    {
        string imagesFile = FindImages(path);
        string? labelsFile = FindLabels(imagesFile);
        using var reader = new Reader(imagesFile);
        (int all, int wanted, int width, int height) = ReadHeader(reader, imagesFile, size, count);
        byte[]? labels = labelsFile == null ? null : ReadLabels(labelsFile, all, imagesFile);
        string part = PartOf(imagesFile);
        // Their number is not told beforehand: a header may claim anything.
        var store = new PixelStore(storage, size, size);
        ReadImages(reader, wanted, width, height, size, store);
        if (wanted == all)
            reader.RequireEnd($"{all} images");
        ArtImage[] images = [.. Enumerable.Range(0, wanted).Select(i => store.Image(i, $"{part}-{i:D5}", labels == null ? "" : $"{labels[i]}"))];
        return new ArtSet(size, size, images) { Origin = imagesFile };
    }

    private static string FindImages(string path)
    {
        if (File.Exists(path))
            return path;
        (string folder, string part) = Directory.Exists(path)
            ? (path, Part)
            : (Path.GetDirectoryName(path) ?? "", Path.GetFileName(path));
        return Endings.Select(ending => Path.Combine(folder, part + "-images" + ending)).FirstOrDefault(File.Exists)
            ?? throw new ArtImportException($"Expected a file of IDX images, or a folder with {Part}-images-idx3-ubyte or "
                + $"{Part}-images-idx3-ubyte.gz, at '{path}'; found neither. A name after the folder chooses another part: DIR/t10k.");
    }

    private static string? FindLabels(string imagesFile)
    {
        string name = Path.GetFileName(imagesFile);
        if (!name.Contains("images"))
            return null;
        string plain = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        plain = Path.Combine(Path.GetDirectoryName(imagesFile) ?? "", plain.Replace("images", "labels").Replace("idx3", "idx1"));
        return new[] { plain, plain + ".gz" }.FirstOrDefault(File.Exists);
    }

    // "train" of train-images-idx3-ubyte.gz; of another name, what comes before the first dot.
    private static string PartOf(string imagesFile)
    {
        string name = Path.GetFileName(imagesFile);
        int end = name.IndexOf("-images", StringComparison.Ordinal);
        return end > 0 ? name[..end] : name.Split('.')[0];
    }

    private static (int All, int Wanted, int Width, int Height) ReadHeader(Reader reader, string file, int size, int? count)
    {
        reader.RequireMagic(ImagesMagic, "images");
        uint all = reader.Word(), height = reader.Word(), width = reader.Word();
        if (width is 0 or > MostSide || height is 0 or > MostSide)
            throw new ArtImportException($"{file}: expected images of 1 to {MostSide} pixels a side; found {width}×{height}.");
        if (width > size || height > size)
        {
            throw new ArtImportException($"{file}: its images are {width}×{height}, which do not fit into {size}×{size}, "
                + $"and IDX images are never scaled. Give a size of {Math.Max(width, height)} or more.");
        }

        long wanted = count ?? (long)all;
        if (wanted > all || wanted == 0)
            throw new ArtImportException($"{file}: expected at least {Math.Max(wanted, 1)} images; found {all}. Ask for fewer.");
        if (wanted > int.MaxValue)
            throw new ArtImportException($"{file}: expected at most {int.MaxValue} images; found {wanted}. Ask for fewer.");
        return ((int)Math.Min(all, int.MaxValue), (int)wanted, (int)width, (int)height);
    }

    private static void ReadImages(Reader reader, int wanted, int width, int height, int size, PixelStore store)
    {
        int each = width * height, left = (size - width) / 2, top = (size - height) / 2;
        var grey = new byte[each];
        for (int i = 0; i < wanted; i++)
        {
            int got = reader.Fill(grey);
            if (got < each)
                throw reader.Truncated((long)wanted * each, $"the pixels of {wanted} images of {width}×{height}", ((long)i * each) + got);
            var rgba = new byte[4 * size * size];
            for (int p = 3; p < rgba.Length; p += 4)
                rgba[p] = 255;
            for (int p = 0; p < each; p++)
                rgba.AsSpan(4 * (((top + (p / width)) * size) + left + (p % width)), 3).Fill(grey[p]);
            store.Put(i, rgba);
        }
    }

    private static byte[] ReadLabels(string file, int images, string imagesFile)
    {
        using var reader = new Reader(file);
        reader.RequireMagic(LabelsMagic, "labels");
        uint count = reader.Word();
        if (count != images)
            throw new ArtImportException($"{file}: expected {images} labels, one for each image of {imagesFile}; found {count}.");
        byte[] labels = reader.Bytes(images, $"{count} labels");
        reader.RequireEnd($"{count} labels");
        return labels;
    }

    /// <summary>A file's bytes, decompressed where it begins as gzip does; every error names the file.</summary>
    private sealed class Reader : IDisposable
    {
        private readonly string file;
        private readonly Stream stream;

        public Reader(string file)
        {
            this.file = file;
            FileStream raw = File.OpenRead(file);
            bool compressed = raw.ReadByte() == 0x1F && raw.ReadByte() == 0x8B;
            raw.Position = 0;
            stream = compressed ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        }

        public void RequireMagic(uint expected, string what)
        {
            uint found = Word();
            if (found != expected)
            {
                throw new ArtImportException(
                    $"{file}: expected a file of IDX {what}, which begins with 0x{expected:X8}; found 0x{found:X8}. Give another file.");
            }
        }

        public uint Word() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4, "its header"));

        public byte[] Bytes(int count, string what)
        {
            // Not allocated before it is known to be there: a header may claim anything.
            using var read = new MemoryStream();
            var part = new byte[Math.Min(count, 1 << 20)];
            while (read.Length < count)
            {
                int got = Fill(part.AsSpan(0, (int)Math.Min(part.Length, count - read.Length)));
                if (got == 0)
                    throw Truncated(count, what, read.Length);
                read.Write(part, 0, got);
            }

            return read.ToArray();
        }

        /// <summary>Fills it as far as there are bytes; says how far.</summary>
        public int Fill(Span<byte> into)
        {
            int done = 0;
            for (int got = -1; done < into.Length && got != 0; done += got)
                got = Read(into[done..]);
            return done;
        }

        public ArtImportException Truncated(long expected, string what, long found) =>
            new($"{file}: truncated; expected {expected} bytes for {what}, found {found}. Copy or fetch it again.");

        public void RequireEnd(string what)
        {
            if (Read(new byte[1]) != 0)
                throw new ArtImportException($"{file}: expected the file to end after {what}; found more bytes. Copy or fetch it again.");
        }

        public void Dispose() => stream.Dispose();

        private int Read(Span<byte> into)
        {
            try
            {
                return stream.Read(into);
            }
            catch (InvalidDataException e)
            {
                throw new ArtImportException($"{file}: damaged gzip data: {e.Message} Copy or fetch it again.");
            }
        }
    }
}
