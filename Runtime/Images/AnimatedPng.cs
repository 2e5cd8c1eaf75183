using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Runtime.Images;

/// <summary>A frame of an animation.</summary>
/// <param name="Image">Of the size of all others; once it is written, its pixels may change.</param>
/// <param name="DelayMilliseconds">How long it is shown, 0 to 65535; 0: as shortly as the viewer can.</param>
public readonly record struct AnimationFrame(PixelImage Image, int DelayMilliseconds);

/// <summary>
/// Writes animated PNGs (PNG, third edition: chunks acTL, fcTL and fdAT), 8-bit RGBA. The first frame is the ordinary image, which every
/// PNG reader shows; of a later one only the rectangle that changed is stored. Frames are taken and written one by one, so that an
/// animation needs the memory of two frames, however long it is.
/// </summary>
public static class AnimatedPng
{
    /// <summary>Writes the file whole or not at all, over an existing one.</summary>
    /// <param name="path">Written beside and renamed.</param>
    /// <param name="frames">At least one; enumerated once, while the file is written.</param>
    /// <param name="loops">How often it plays; 0: for ever.</param>
    /// <exception cref="ArgumentException">
    /// There are no frames, sizes differ, or a delay or <paramref name="loops"/> is out of range.
    /// </exception>
    /// <exception cref="ModelFileException">The file can't be written; an older one is untouched.</exception>
    public static void Save(string path, IEnumerable<AnimationFrame> frames, int loops = 0) =>
        AtomicFile.Write(path, stream => Write(stream, frames, loops));

    /// <summary>As <see cref="Save(string, IEnumerable{AnimationFrame}, int)"/>, with one delay for all frames.</summary>
    /// <inheritdoc cref="Save(string, IEnumerable{AnimationFrame}, int)"/>
    public static void Save(string path, IEnumerable<PixelImage> frames, int delayMilliseconds, int loops = 0) =>
        Save(path, frames.Select(image => new AnimationFrame(image, delayMilliseconds)), loops);

    /// <summary>Writes to a stream that can seek, as the number of frames stands at the start; it is left at the end, and open.</summary>
    /// <exception cref="ArgumentException">As for files, or the stream can't seek.</exception>
    /// <inheritdoc cref="Save(string, IEnumerable{AnimationFrame}, int)"/>
    public static void Write(Stream stream, IEnumerable<AnimationFrame> frames, int loops = 0)
    {
        if (!stream.CanSeek)
            throw new ArgumentException("An animated PNG needs a stream that can seek. Write a file, or a MemoryStream.", nameof(stream));
        if (loops < 0)
            throw new ArgumentException($"An animation plays 0 (for ever) or more times; found {loops}.", nameof(loops));
        PixelImage? previous = null;
        long control = 0;
        uint count = 0, sequence = 0;
        foreach (AnimationFrame frame in frames)
        {
            PixelImage image = frame.Image;
            if (frame.DelayMilliseconds is < 0 or > ushort.MaxValue)
            {
                throw new ArgumentException(
                    $"Frame {count} must have a delay of 0 to {ushort.MaxValue} ms; found {frame.DelayMilliseconds}.");
            }

            if (previous == null)
            {
                PngWriter.WriteStart(stream, image.Width, image.Height);
                control = stream.Position;
                WriteControl(stream, count, loops);
                WriteFrameControl(stream, ref sequence, (0, 0, image.Width, image.Height), frame.DelayMilliseconds);
                PngWriter.WriteChunk(stream, "IDAT", PngWriter.Compress(image));
                previous = new PixelImage(image.Width, image.Height);
            }
            else
            {
                if (image.Width != previous.Width || image.Height != previous.Height)
                {
                    throw new ArgumentException($"All frames must be of the first one's size, {previous.Width}×{previous.Height}; "
                        + $"found {image.Width}×{image.Height} at frame {count}.");
                }

                (int X, int Y, int Width, int Height) changed = Changed(previous, image);
                WriteFrameControl(stream, ref sequence, changed, frame.DelayMilliseconds);
                byte[] pixels = PngWriter.Compress(image.Crop(changed.X, changed.Y, changed.Width, changed.Height));
                var data = new byte[4 + pixels.Length];
                BinaryPrimitives.WriteUInt32BigEndian(data, sequence++);
                pixels.CopyTo(data, 4);
                PngWriter.WriteChunk(stream, "fdAT", data);
            }

            // A copy: the caller may draw the next frame into the same image.
            image.Rgba.CopyTo(previous.Rgba, 0);
            count++;
        }

        if (count == 0)
            throw new ArgumentException("An animation has at least one frame; found none.", nameof(frames));
        PngWriter.WriteChunk(stream, "IEND", default);
        long end = stream.Position;
        stream.Position = control;
        WriteControl(stream, count, loops);
        stream.Position = end;
    }

    private static void WriteControl(Stream stream, uint frames, int loops)
    {
        Span<byte> data = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(data, frames);
        BinaryPrimitives.WriteInt32BigEndian(data.Slice(4), loops);
        PngWriter.WriteChunk(stream, "acTL", data);
    }

    // The rectangle replaces what was there (blend 0), and stays for the next frame (dispose 0): both are the last two bytes.
    private static void WriteFrameControl(Stream stream, ref uint sequence, (int X, int Y, int Width, int Height) at, int milliseconds)
    {
        Span<byte> data = stackalloc byte[26];
        data.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(data, sequence++);
        BinaryPrimitives.WriteInt32BigEndian(data.Slice(4), at.Width);
        BinaryPrimitives.WriteInt32BigEndian(data.Slice(8), at.Height);
        BinaryPrimitives.WriteInt32BigEndian(data.Slice(12), at.X);
        BinaryPrimitives.WriteInt32BigEndian(data.Slice(16), at.Y);
        BinaryPrimitives.WriteUInt16BigEndian(data.Slice(20), (ushort)milliseconds);
        BinaryPrimitives.WriteUInt16BigEndian(data.Slice(22), 1000);
        PngWriter.WriteChunk(stream, "fcTL", data);
    }

    /// <summary>The smallest rectangle outside of which both are equal; a single pixel where all is, as a frame can't be empty.</summary>
    private static (int X, int Y, int Width, int Height) Changed(PixelImage before, PixelImage after)
    {
        int rowBytes = 4 * after.Width, top = 0, bottom = after.Height - 1;
        while (top <= bottom && Row(before, top).SequenceEqual(Row(after, top)))
            top++;
        if (top > bottom)
            return (0, 0, 1, 1);
        while (Row(before, bottom).SequenceEqual(Row(after, bottom)))
            bottom--;
        int left = rowBytes, right = 0;
        for (int y = top; y <= bottom; y++)
        {
            ReadOnlySpan<byte> a = Row(before, y), b = Row(after, y);
            for (int i = 0; i < left; i++)
                left = a[i] == b[i] ? left : i;
            for (int i = rowBytes - 1; i > right; i--)
                right = a[i] == b[i] ? right : i;
        }

        return (left / 4, top, (right / 4) - (left / 4) + 1, bottom - top + 1);

        ReadOnlySpan<byte> Row(PixelImage image, int y) => image.Rgba.AsSpan(y * rowBytes, rowBytes);
    }
}
