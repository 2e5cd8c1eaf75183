using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Dataset;

/// <summary>The two halves of <see cref="ArtSet.Split"/>.</summary>
public sealed record ArtSplit(ArtSet Train, ArtSet HeldOut);

/// <summary>Images of one size, ready to train on.</summary>
public sealed class ArtSet
{
    private readonly Lazy<string> contentHash;

    /// <exception cref="ArgumentException">There is no image, one has another size, or two share a name.</exception>
    public ArtSet(int width, int height, IReadOnlyList<ArtImage> images)
    {
        if (width < 1 || height < 1 || images.Count == 0)
            throw new ArgumentException($"An art set needs at least 1 image of at least 1×1; found {images.Count} of {width}×{height}.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var image in images)
        {
            if (image.Length != 4 * width * height)
                throw new ArgumentException(
                    $"{image.Name}: expected {4 * width * height} bytes of RGBA for {width}×{height}, found {image.Length}.");
            if (!names.Add(image.Name))
                throw new ArgumentException($"{image.Name}: two images of an art set have this name; names must differ.");
        }
        (Width, Height, Images) = (width, height, images);
        Labels = images.Select(i => i.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        contentHash = new Lazy<string>(Hash);
    }

    /// <summary>Pixels per row of every image.</summary>
    public int Width { get; }

    /// <summary>Rows of every image.</summary>
    public int Height { get; }

    /// <summary>The images, in a fixed order.</summary>
    public IReadOnlyList<ArtImage> Images { get; }

    /// <summary>The distinct labels in ordinal order.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>SHA-256 over size, names, labels and pixels in order, as 64 hexadecimal digits: the provenance of a model.</summary>
    public string ContentHash => contentHash.Value;

    /// <summary>Where the images come from, for a person to read: a file, or what drew them; not part of the hash.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Bytes of all pixels.</summary>
    public long Bytes => 4L * Width * Height * Images.Count;

    /// <summary>Image <paramref name="index"/>, sharing its pixels, or with those read from the disk.</summary>
    public PixelImage Image(int index) => new(Width, Height, Images[index].Rgba);

    /// <summary>The pixels of some images one after another, [count, height, width, 4].</summary>
    /// <exception cref="OverflowException">They exceed 2 GiB.</exception>
    public byte[] Pack(int first, int count)
    {
        int each = 4 * Width * Height;
        var some = new byte[checked(each * count)];
        for (int i = 0; i < count; i++)
            Images[first + i].CopyTo(some.AsSpan(each * i, each));
        return some;
    }

    /// <summary>
    /// Parts the set into training and held-out images. An image is held out when a hash of the seed and its name falls below the
    /// fraction, so that adding images moves no other; then the count is brought between 1 and N/2 by the order of those hashes.
    /// </summary>
    /// <param name="heldOutFraction">Between 0 and 1, both excluded; the share held out on average.</param>
    /// <param name="seed">Another seed gives another division.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InvalidOperationException">The set has fewer than 2 images.</exception>
    public ArtSplit Split(double heldOutFraction, ulong seed)
    {
        if (!(heldOutFraction > 0 && heldOutFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(heldOutFraction), heldOutFraction, "Expected a fraction between 0 and 1.");
        if (Images.Count < 2)
            throw new InvalidOperationException("Expected at least 2 images to hold some out, found 1; add images to the set.");
        var places = Images.Select(image => PlaceOf(image.Name, seed)).ToArray();
        int count = Math.Clamp(places.Count(p => p < heldOutFraction), 1, Images.Count / 2);
        var heldOut = Enumerable.Range(0, Images.Count).OrderBy(i => places[i]).ThenBy(i => Images[i].Name, StringComparer.Ordinal)
            .Take(count).ToHashSet();
        return new ArtSplit(
            new ArtSet(Width, Height, Images.Where((_, i) => !heldOut.Contains(i)).ToArray()),
            new ArtSet(Width, Height, Images.Where((_, i) => heldOut.Contains(i)).ToArray()));
    }

    // A number in [0, 1) that depends on the seed and the name alone.
    private static double PlaceOf(string name, ulong seed)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{name}"));
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }

    private string Hash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            sha.AppendData(BitConverter.GetBytes(bytes.Length));
            sha.AppendData(bytes);
        }
        Add($"{Width}x{Height}x{Images.Count}");
        var rgba = new byte[4 * Width * Height];
        foreach (var image in Images)
        {
            Add(image.Name);
            Add(image.Label);
            image.CopyTo(rgba);
            sha.AppendData(rgba);
        }
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
