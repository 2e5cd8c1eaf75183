using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>
/// A trained model on a device: latents to textures, and images to latents. Any number of models may share a device.
/// <para>Safe for several threads. What the same device decodes from the same latent has the same bits, whatever else is decoded with
/// it; on other devices no channel differs by more than 1/255, but where a palette or an alpha threshold decides between two sides.</para>
/// </summary>
/// <remarks>
/// A batch of each size, and each set of options, is prepared at its first use, when drivers compile kernels; <see cref="Prepare"/> does it
/// while a game loads. For thousands of textures that change as the game runs, see <see cref="TextureService"/>.
/// </remarks>
public sealed class TextureModel : IDisposable
{
    private readonly object gate = new();
    private TextureDecoder decoder;
    private VaeRunner? encoder;
    private bool disposed;

    /// <param name="device">Where to run; it outlives the model.</param>
    /// <param name="model">What to run.</param>
    /// <exception cref="ModelFileException">The model lacks weights that its architecture needs.</exception>
    /// <exception cref="OutOfGpuMemoryException">The device's memory does not suffice.</exception>
    public TextureModel(GpuDevice device, VaeModel model)
    {
        Device = device;
        decoder = new TextureDecoder(device, model);
    }

    public GpuDevice Device { get; }

    /// <summary>All that the file has: priors, assets, directions, provenance.</summary>
    public VaeModel File => decoder.Model;

    /// <summary>Pixels of a texture, unless <see cref="TextureOptions.Reduction"/> halves them.</summary>
    public int Width => File.Architecture.Width;

    /// <inheritdoc cref="Width"/>
    public int Height => File.Architecture.Height;

    internal TextureDecoder Decoder => decoder;

    /// <summary>Raised after <see cref="Reload"/>.</summary>
    internal event Action? Reloaded;

    /// <summary>Raised before disposal: who holds a lane gives it back.</summary>
    internal event Action? Disposing;

    /// <exception cref="ModelFileException">The file is damaged, foreign, or of another version; the message says what and where.</exception>
    public static TextureModel Load(GpuDevice device, string path) => new(device, VaeModel.Load(path));

    /// <inheritdoc cref="Load(GpuDevice, string)"/>
    public static TextureModel Load(GpuDevice device, Stream stream) => new(device, VaeModel.Load(stream));

    /// <inheritdoc cref="Load(GpuDevice, string)"/>
    public static TextureModel Load(GpuDevice device, ReadOnlyMemory<byte> bytes) => new(device, VaeModel.Load(bytes));

    /// <summary>Bytes of a texture: RGBA8, row by row, and with mipmaps the smaller levels after it.</summary>
    public int BytesOf(TextureOptions? options = null) => (options ?? TextureOptions.Default).ChainBytesOf(Height, Width);

    /// <summary>Pixels of a texture with some options.</summary>
    public (int Width, int Height) SizeOf(TextureOptions options) =>
        (Math.Max(1, Width >> options.Reduction), Math.Max(1, Height >> options.Reduction));

    /// <summary>The latent of an image: the mean of its posterior.</summary>
    /// <param name="image">Straight-alpha sRGB of the model's size.</param>
    /// <param name="label">Of a conditional model: what the image is.</param>
    /// <exception cref="ArgumentException">The image has another size, or the label is not known.</exception>
    public Latent Encode(PixelImage image, string? label = null)
    {
        VaeArchitecture a = File.Architecture;
        if (image.Width != a.Width || image.Height != a.Height)
            throw new ArgumentException($"The model takes images of {a.Width}×{a.Height}; found {image.Width}×{image.Height}. Fit it first.");
        int[]? labelOf = a.IsConditional ? new[] { a.LabelIndex(label ?? "") } : null;
        if (labelOf == null && label != null)
            throw new ArgumentException($"The model is not conditional: it takes no label; found '{label}'.");
        var values = new float[a.Values];
        ModelPixels.FromRgba8(a.Pixels, image.Rgba, values);
        lock (gate)
        {
            ThrowIfDisposed();
            if (encoder == null)
            {
                var made = new VaeRunner(Device, a, batch: 1);
                try
                {
                    made.LoadWeights(File.WeightsOf);
                }
                catch
                {
                    made.Dispose();
                    throw;
                }

                encoder = made;
            }

            return Latent.Owning(encoder.Encode(values, labelOf).Mean, labelOf?[0] ?? -1);
        }
    }

    /// <summary>A new texture, without smaller levels.</summary>
    /// <exception cref="ArgumentException">The latent has another length, or its label does not fit; or the options ask for mipmaps.</exception>
    public PixelImage Decode(Latent latent, TextureOptions? options = null)
    {
        options ??= TextureOptions.Default;
        if (options.Mipmaps)
            throw new ArgumentException("An image has one level. Decode into a span or a GpuImage for mipmaps.");
        (int width, int height) = SizeOf(options);
        var image = new PixelImage(width, height, new byte[BytesOf(options)]);
        Decode(new[] { latent }, image.Rgba, options);
        return image;
    }

    /// <summary>
    /// Textures into memory of the caller's, each of <see cref="BytesOf"/> bytes, one after another; returns when they are there.
    /// </summary>
    /// <exception cref="ArgumentException">A latent does not fit, or the span is not <paramref name="latents"/> times <see cref="BytesOf"/> long.</exception>
    /// <exception cref="OutOfGpuMemoryException">The device's memory does not suffice, not even for one at a time.</exception>
    public void Decode(ReadOnlySpan<Latent> latents, Span<byte> rgba, TextureOptions? options = null)
    {
        options ??= TextureOptions.Default;
        ThrowIfDisposed();
        Require(latents);
        long expected = (long)latents.Length * BytesOf(options);
        if (rgba.Length != expected)
            throw new ArgumentException($"{latents.Length} textures of {BytesOf(options)} bytes take {expected}; found room for {rgba.Length}.", nameof(rgba));
        decoder.Decode(latents, options, rgba);
    }

    /// <summary>A new image of textures side by side: number i is in column i % columns of row i / columns.</summary>
    /// <inheritdoc cref="Decode(Latent, TextureOptions?)"/>
    public PixelImage DecodeAtlas(ReadOnlySpan<Latent> latents, int columns, TextureOptions? options = null)
    {
        options ??= TextureOptions.Default;
        if (options.Mipmaps || columns < 1 || latents.Length == 0)
            throw new ArgumentException($"An atlas needs a texture, a column, and no mipmaps; found {latents.Length} textures and {columns} columns.");
        (int width, int height) = SizeOf(options);
        int each = BytesOf(options), rows = (latents.Length + columns - 1) / columns;
        var pixels = new byte[(long)latents.Length * each];
        Decode(latents, pixels, options);
        var atlas = new PixelImage(columns * width, rows * height, new byte[4L * columns * width * rows * height]);
        for (int i = 0; i < latents.Length; i++)
        {
            for (int y = 0; y < height; y++)
            {
                int to = 4 * (((((i / columns) * height) + y) * atlas.Width) + (i % columns * width));
                pixels.AsSpan((i * each) + (4 * y * width), 4 * width).CopyTo(atlas.Rgba.AsSpan(to));
            }
        }

        return atlas;
    }

    /// <summary>
    /// Textures into layers of an image, without a way through the host's memory. Returns at once: all later work of the queue sees them, in
    /// SHADER_READ_ONLY_OPTIMAL (see <see cref="GpuImage"/>).
    /// </summary>
    /// <param name="layers">The layer of each.</param>
    /// <param name="sync">Semaphores of a host engine that draws on another queue.</param>
    /// <returns>A ticket for <see cref="GpuDevice.IsComplete"/>.</returns>
    /// <exception cref="ArgumentException">A latent does not fit, or the image has another size or other levels than the textures.</exception>
    public long Decode(ReadOnlySpan<Latent> latents, GpuImage image, ReadOnlySpan<int> layers, TextureOptions? options = null, QueueSync sync = default)
    {
        options ??= TextureOptions.Default;
        ThrowIfDisposed();
        Require(latents);
        RequireLayers(image, options);
        if (layers.Length != latents.Length)
            throw new ArgumentException($"{latents.Length} textures need as many layers; found {layers.Length}.", nameof(layers));
        var seen = new System.Collections.Generic.HashSet<int>();
        foreach (int layer in layers)
        {
            if (layer < 0 || layer >= image.Info.Layers || !seen.Add(layer))
                throw new ArgumentException($"The layers of image '{image.Name}' are 0 to {image.Info.Layers - 1}, each named once; found {layer}.", nameof(layers));
        }

        return decoder.Decode(latents, options, image, new LayerPlaces(layers.ToArray()), sync);
    }

    /// <summary>Textures side by side into the first layer of an image: number i is in column i % columns of row i / columns.</summary>
    /// <inheritdoc cref="Decode(ReadOnlySpan{Latent}, GpuImage, ReadOnlySpan{int}, TextureOptions?, QueueSync)"/>
    public long DecodeAtlas(ReadOnlySpan<Latent> latents, GpuImage image, int columns, TextureOptions? options = null, QueueSync sync = default)
    {
        options ??= TextureOptions.Default;
        ThrowIfDisposed();
        Require(latents);
        RequireImage(image, options);
        (int width, int height) = SizeOf(options);
        int rows = columns < 1 ? 0 : (latents.Length + columns - 1) / columns;
        if (rows == 0 || (long)columns * width > image.Info.Width || (long)rows * height > image.Info.Height)
        {
            throw new ArgumentException(
                $"{latents.Length} textures of {width}×{height} in {columns} columns do not fit into image '{image.Name}', {image.Info}.");
        }

        if (Math.Min(width, height) >> (options.LevelsOf(Height, Width) - 1) == 0)
            throw new ArgumentException($"Textures of {width}×{height} can't lie side by side in all of their levels. Decode into layers instead.");
        return decoder.Decode(latents, options, image, new AtlasPlaces(columns, width, height), sync);
    }

    /// <summary>A new texture, when its pixels are readable; the caller never waits.</summary>
    /// <param name="cancellation">Before the decoding has begun, it is left out.</param>
    /// <inheritdoc cref="Decode(Latent, TextureOptions?)"/>
    public Task<PixelImage> DecodeAsync(Latent latent, TextureOptions? options = null, CancellationToken cancellation = default)
    {
        ThrowIfDisposed();
        File.Require(latent);
        return Task.Run(() => Decode(latent, options), cancellation);
    }

    /// <summary>Makes ready what decoding batches of up to so many needs, so that no later call has to.</summary>
    public void Prepare(int most = 256, TextureOptions? options = null)
    {
        ThrowIfDisposed();
        int last = decoder.BatchFor(Math.Clamp(most, 1, TextureDecoder.Batches[^1]));
        foreach (int batch in TextureDecoder.Batches.Where(b => b <= last))
            decoder.ProgramFor(batch, options ?? TextureOptions.Default);
    }

    /// <summary>
    /// Takes another model's weights, priors and names, such as those of the same file after more training: textures decoded from now on
    /// are its. Waits for what is being decoded.
    /// </summary>
    /// <exception cref="ArgumentException">Its architecture is another one: load it as a model of its own.</exception>
    public void Reload(VaeModel model)
    {
        string before = File.Hash;
        lock (gate)
        {
            ThrowIfDisposed();
            decoder.Reload(model);
            encoder?.Dispose();
            encoder = null;
        }

        if (model.Hash != before)
            Reloaded?.Invoke();
    }

    /// <summary>Waits for what is being decoded, and frees the device's memory.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
        }

        Disposing?.Invoke();
        decoder.Dispose();
        encoder?.Dispose();
    }

    private void Require(ReadOnlySpan<Latent> latents)
    {
        VaeModel model = File;
        foreach (Latent latent in latents)
            model.Require(latent);
    }

    /// <summary>That textures are as large as the layers of an image.</summary>
    internal void RequireLayers(GpuImage image, TextureOptions options)
    {
        RequireImage(image, options);
        (int width, int height) = SizeOf(options);
        if (image.Info.Width != width || image.Info.Height != height)
            throw new ArgumentException($"Textures of {width}×{height} need layers of that size; found image '{image.Name}', {image.Info}.");
    }

    private void RequireImage(GpuImage image, TextureOptions options)
    {
        if (image.Device != Device)
            throw new ArgumentException($"Image '{image.Name}' is on another device than the model.");
        int levels = options.LevelsOf(Height, Width);
        if (image.Info.Levels != levels)
        {
            throw new ArgumentException(
                $"The options make {levels} level{(levels == 1 ? "" : "s")}, and image '{image.Name}' has {image.Info.Levels}. "
                + $"{nameof(TextureOptions.Mipmaps)} makes {FinishTexture.LevelsOf(Height, Width)}.");
        }

        if (image.Info.Srgb && options.Encoding == ColorEncoding.Linear)
            throw new ArgumentException($"A sampler would decode linear colours in image '{image.Name}' of an sRGB format once more. Choose {nameof(ColorEncoding.Srgb)}.");
    }

    private void ThrowIfDisposed()
    {
        if (disposed)
            throw new ObjectDisposedException(nameof(TextureModel), "The model was disposed: nothing can be done with it any more.");
    }
}
