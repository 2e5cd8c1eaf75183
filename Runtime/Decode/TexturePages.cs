using System;
using System.Collections.Generic;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>Where the textures of a <see cref="TexturePool"/> are kept: pages of slots of one size.</summary>
internal abstract class TexturePages : IDisposable
{
    /// <summary>Slots that there are.</summary>
    public abstract int Count { get; }

    /// <summary>Adds slots, if the limit allows; false where it does not.</summary>
    public abstract bool Grow();

    /// <summary>Decodes what was staged towards slots; row i belongs to slots[i].</summary>
    public abstract void Submit(TextureDecoder decoder, DecodeProgram program, DecodeLane lane, ReadOnlySpan<int> slots);

    /// <summary>Takes over what is complete.</summary>
    public abstract void Collect(DecodeProgram program, DecodeLane lane, int row, int slot);

    public abstract void Dispose();
}

/// <summary>In the host's memory.</summary>
internal sealed class HostPages : TexturePages
{
    private readonly TextureOptions options;
    private readonly List<byte[]> pages = new();
    private readonly int bytes;
    private readonly int perPage;
    private readonly int most;

    /// <param name="bytes">Of a slot.</param>
    /// <param name="most">Slots that the limit allows.</param>
    public HostPages(TextureOptions options, int bytes, int most)
    {
        (this.options, this.bytes, this.most) = (options, bytes, most);
        perPage = Math.Clamp((1 << 22) / bytes, 1, most);
    }

    public override int Count => Math.Min(most, pages.Count * perPage);

    public override bool Grow()
    {
        if (Count >= most)
            return false;
        pages.Add(new byte[perPage * bytes]);
        return true;
    }

    /// <summary>The levels of a slot's texture, largest first.</summary>
    public Span<byte> Of(int slot) => pages[slot / perPage].AsSpan(slot % perPage * bytes, bytes);

    public override void Submit(TextureDecoder decoder, DecodeProgram program, DecodeLane lane, ReadOnlySpan<int> slots) =>
        decoder.SubmitToHost(program, lane);

    public override void Collect(DecodeProgram program, DecodeLane lane, int row, int slot) =>
        TextureDecoder.CopyChain(program.Finish, options, lane.Words, row, Of(slot));

    public override void Dispose()
    {
    }
}

/// <summary>In layers of image arrays: the pool's own, or one of a host engine.</summary>
internal sealed class ImagePages : TexturePages
{
    private const int MostLayers = 1024;

    private readonly TextureOptions options;
    private readonly List<GpuImage> pages = new();
    private readonly GpuDevice? device;
    private readonly GpuImageInfo info;
    private readonly int levels;
    private readonly int most;
    private ImageRegion[] regions = Array.Empty<ImageRegion>();

    /// <param name="device">Makes the images.</param>
    /// <param name="levels">Of a texture.</param>
    /// <param name="most">Slots that the limit allows.</param>
    public ImagePages(GpuDevice device, TextureOptions options, (int Width, int Height) size, int levels, int most)
    {
        (this.device, this.options, this.levels, this.most) = (device, options, levels, most);
        int layers = Math.Min(Math.Min(most, MostLayers), device.Limits.MaxImageLayers);
        info = new GpuImageInfo(size.Width, size.Height, layers, levels, options.Encoding == ColorEncoding.Srgb);
    }

    /// <param name="image">All of its layers are slots.</param>
    public ImagePages(GpuImage image, TextureOptions options, int levels)
    {
        (this.options, this.levels, info, most) = (options, levels, image.Info, image.Info.Layers);
        pages.Add(image);
    }

    public override int Count => Math.Min(most, pages.Count * info.Layers);

    public override bool Grow()
    {
        if (device == null || Count >= most)
            return false;
        try
        {
            pages.Add(device.CreateImage(info, $"textures {pages.Count}"));
            return true;
        }
        catch (OutOfGpuMemoryException) when (pages.Count > 0)
        {
            return false;
        }
    }

    public (GpuImage Image, int Layer) Of(int slot) => (pages[slot / info.Layers], slot % info.Layers);

    public override void Submit(TextureDecoder decoder, DecodeProgram program, DecodeLane lane, ReadOnlySpan<int> slots)
    {
        if (regions.Length < slots.Length * levels)
            regions = new ImageRegion[program.Batch * levels];

        lane.BeginPlaces();
        for (int page = 0; page < pages.Count; page++)
        {
            int count = 0;
            for (int row = 0; row < slots.Length; row++)
            {
                if (slots[row] / info.Layers != page)
                    continue;
                for (int level = 0; level < levels; level++)
                    regions[count++] = TextureDecoder.RegionOf(program.Finish, options, row, level, (slots[row] % info.Layers, 0, 0));
            }

            if (count > 0)
                lane.Place(pages[page], regions.AsSpan(0, count));
        }

        decoder.SubmitToPlaces(program, lane);
    }

    public override void Collect(DecodeProgram program, DecodeLane lane, int row, int slot)
    {
    }

    public override void Dispose()
    {
        if (device == null)
            return;
        foreach (GpuImage image in pages)
            image.Dispose();
    }
}
