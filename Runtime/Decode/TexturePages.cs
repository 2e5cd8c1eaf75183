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

    /// <summary>Whether the limit allows more.</summary>
    public abstract bool CanGrow { get; }

    /// <summary>Adds slots; false where there are no more to be had.</summary>
    public abstract bool Grow();

    /// <summary>Decodes what was staged towards slots; row i belongs to slots[i].</summary>
    public abstract void Submit(DecodeProgram program, DecodeLane lane, ReadOnlySpan<int> slots);

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

    public override int Count => (int)Math.Min(most, (long)pages.Count * perPage);

    public override bool CanGrow => Count < most;

    public override bool Grow()
    {
        if (!CanGrow)
            return false;
        pages.Add(new byte[Math.Min(perPage, most - Count) * bytes]);
        return true;
    }

    /// <summary>The levels of a slot's texture, largest first.</summary>
    public Span<byte> Of(int slot) => pages[slot / perPage].AsSpan(slot % perPage * bytes, bytes);

    public override void Submit(DecodeProgram program, DecodeLane lane, ReadOnlySpan<int> slots) => lane.SubmitToHost(program.Commands);

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
    private const long MostBytes = 64 << 20;

    private readonly TextureOptions options;
    private readonly List<GpuImage> pages = new();
    private readonly GpuDevice? device;
    private readonly GpuImageInfo page;
    private readonly int most;
    private bool isFull;
    private ImageRegion[] regions = Array.Empty<ImageRegion>();

    /// <param name="device">Makes the images; the first at once.</param>
    /// <param name="levels">Of a texture.</param>
    /// <param name="bytes">Of a texture.</param>
    /// <param name="most">Slots that the limit allows.</param>
    /// <exception cref="OutOfGpuMemoryException">The memory does not suffice for an image of one layer.</exception>
    public ImagePages(GpuDevice device, TextureOptions options, (int Width, int Height) size, int levels, int bytes, int most)
    {
        (this.device, this.options, this.most) = (device, options, most);
        int layers = (int)Math.Clamp(MostBytes / bytes, 1, Math.Min(Math.Min(most, MostLayers), device.Limits.MaxImageLayers));
        page = new GpuImageInfo(size.Width, size.Height, layers, levels, options.Encoding == ColorEncoding.Srgb);
        while (pages.Count == 0)
        {
            try
            {
                pages.Add(device.CreateImage(page, "textures 0"));
            }
            catch (OutOfGpuMemoryException) when (page.Layers > 1)
            {
                page = page with { Layers = page.Layers / 2 };
            }
        }
    }

    /// <param name="image">All of its layers are slots.</param>
    public ImagePages(GpuImage image, TextureOptions options)
    {
        (this.options, page, most) = (options, image.Info, image.Info.Layers);
        pages.Add(image);
    }

    public override int Count => (int)Math.Min(most, (long)pages.Count * page.Layers);

    public override bool CanGrow => device != null && !isFull && Count < most;

    public override bool Grow()
    {
        if (!CanGrow)
            return false;
        try
        {
            pages.Add(device!.CreateImage(page with { Layers = Math.Min(page.Layers, most - Count) }, $"textures {pages.Count}"));
            return true;
        }
        catch (OutOfGpuMemoryException)
        {
            isFull = true; // what there is must do
            return false;
        }
    }

    public (GpuImage Image, int Layer) Of(int slot) => (pages[slot / page.Layers], slot % page.Layers);

    public override void Submit(DecodeProgram program, DecodeLane lane, ReadOnlySpan<int> slots)
    {
        int levels = page.Levels;
        if (regions.Length < slots.Length * levels)
            regions = new ImageRegion[program.Batch * levels];
        lane.BeginPlaces();
        for (int number = 0; number < pages.Count; number++)
        {
            int count = 0;
            for (int row = 0; row < slots.Length; row++)
            {
                if (slots[row] / page.Layers != number)
                    continue;
                for (int level = 0; level < levels; level++)
                    regions[count++] = TextureDecoder.RegionOf(program.Finish, options, row, level, (slots[row] % page.Layers, 0, 0));
            }

            if (count > 0)
                lane.Place(pages[number], regions.AsSpan(0, count));
        }

        lane.SubmitToPlaces(program.Commands);
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
