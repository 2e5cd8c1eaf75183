using System;
using System.Collections.Generic;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>
/// A trained model ready to run on a device: images to posteriors, latents to images. Work is done in batches of a fixed size; of a
/// last, smaller batch the other rows are computed too, and dropped: no row depends on another.
/// <para>A conditional model with Gaussian latents has learned a prior N(μ_y, σ_y²) for each label y. Its latents are given and taken in
/// units of that prior, (z − μ_y) / σ_y: so N(0, I) is the prior of every model, and one latent means the same kind of variation under
/// every label.</para>
/// </summary>
public sealed class VaeRunner : IDisposable
{
    /// <summary>log σ² of a posterior that is a point: where the shaders clamp it.</summary>
    public const float LeastLogVariance = -12;

    private readonly Workspace workspace;
    private readonly ParameterSet parameters = new("weights");
    private readonly Tensor images;
    private readonly Tensor labels;
    private readonly Tensor head;
    private readonly Tensor latents;
    private readonly Tensor decoded;
    private readonly Parameter? codebook;
    private readonly Parameter? labelPrior;
    private readonly GpuProgram prepare;
    private readonly GpuProgram encode;
    private readonly GpuProgram decode;
    private CodeLookup? quantizer;
    private LabelPriors? priors;

    /// <param name="device">Where to run.</param>
    /// <param name="architecture">Which networks.</param>
    /// <param name="batch">Images a batch.</param>
    public VaeRunner(GpuDevice device, VaeArchitecture architecture, int batch = 64)
    {
        Architecture = architecture;
        Batch = batch;
        workspace = new Workspace(device);
        var encoder = new Graph();
        var decoder = new Graph();
        images = new Tensor("images", GatherImages.ShapeOf(architecture.Packing, batch, architecture.Height, architecture.Width));
        labels = new Tensor("labels", Shape.Vector(batch));
        head = VaeNetwork.AddEncoder(encoder, parameters, architecture, images, labels);
        latents = new Tensor("latents", Shape.Matrix(batch, architecture.LatentSize));
        decoded = VaeNetwork.AddMeanDecoder(decoder, parameters, architecture, latents, labels);
        if (architecture.Latent == LatentKind.Quantized)
        {
            int dimensions = architecture.LatentSize / architecture.Cells;
            codebook = parameters.Add(VaeNetwork.Codebook, Shape.Weight(1, architecture.Codes, dimensions), [architecture.Codes, dimensions], Initializer.Zeros, decays: false);
        }

        if (architecture.IsConditional && architecture.Latent == LatentKind.Gaussian)
            labelPrior = VaeNetwork.LabelPriorOf(parameters, architecture, labels).Weight;
        if (architecture.TopLatentSize != 0)
        {
            // The host runs them; here they only say which weights there are.
            VaeNetwork.AddTopEncoder(new Graph(), parameters, architecture, latents);
            VaeNetwork.AddTopDecoder(new Graph(), parameters, architecture, new Tensor("top latents", Shape.Matrix(batch, architecture.TopLatentSize)));
        }

        prepare = new GpuProgram(workspace, "prepare weights", [.. encoder.Prepare(), .. decoder.Prepare()]);
        encode = new GpuProgram(workspace, "encode", encoder.Forward());
        decode = new GpuProgram(workspace, "decode", decoder.Forward());
    }

    public VaeArchitecture Architecture { get; }

    public int Batch { get; }

    public IReadOnlyList<Parameter> Parameters => parameters.Parameters;

    /// <summary>q(z₂|z₁) of a second layer of latents, once weights are loaded; null where there is none.</summary>
    public GaussianLayer? TopEncoder { get; private set; }

    /// <summary>p(z₂) p(z₁|z₂) of a second layer of latents, once weights are loaded; null where there is none.</summary>
    public TwoLayerPrior? TopPrior { get; private set; }

    /// <summary>Takes weights by parameter name, unpadded.</summary>
    /// <param name="weights">Gives the values of a parameter of a shape.</param>
    public void LoadWeights(Func<Parameter, float[]> weights)
    {
        var stored = new float[parameters.Count];
        var byName = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (Parameter parameter in parameters.Parameters)
        {
            float[] values = weights(parameter);
            byName.Add(parameter.Name, values);
            parameter.Scatter(values, stored);
            if (parameter == codebook)
                quantizer = new CodeLookup(values, Architecture.LatentSize / Architecture.Cells);
            if (parameter == labelPrior)
                priors = LabelPriors.FromTable(values, Architecture);
        }

        if (Architecture.TopLatentSize != 0)
        {
            (int z, int top) = (Architecture.LatentSize, Architecture.TopLatentSize);
            TopEncoder = new GaussianLayer(VaeNetwork.TopEncoder, z, VaeNetwork.TopWidth, top, (name, _) => byName[name]);
            TopPrior = new TwoLayerPrior(new GaussianLayer(TwoLayerPrior.DecoderName, top, VaeNetwork.TopWidth, z, (name, _) => byName[name]));
        }

        workspace.Upload<float>(parameters.Values, stored);
        prepare.Run();
        workspace.Device.WaitIdle();
    }

    /// <summary>
    /// Posterior means and log variances, each [count, Z], of images [count, H, W, C] in [0, 1]; where the posterior is a point, the
    /// point and the least log variance; of quantized latents, the vectors of the nearest codes; of categorical ones, 1 for the likeliest
    /// class of each variable (the first of equals) and 0 for the others: <see cref="EncodeHead"/> gives their logits.
    /// </summary>
    /// <param name="values">Premultiplied RGBA, or grey (<see cref="ModelPixels"/>).</param>
    /// <param name="labelOf">Of a conditional model: the place of each image's label in the architecture's list.</param>
    public (float[] Mean, float[] LogVariance) Encode(ReadOnlySpan<float> values, IReadOnlyList<int>? labelOf = null)
    {
        float[] head = EncodeHead(values, labelOf);
        int z = Architecture.LatentSize, count = head.Length / z / Architecture.HeadFactor;
        float[] mean = new float[count * z], logVariance = new float[count * z];
        Split(head, count, mean, logVariance);
        quantizer?.Quantize(mean);
        if (Architecture.Latent == LatentKind.Categorical)
            CategoricalPrior.ToOneHot(mean, Architecture.Classes);
        for (int i = 0; priors != null && i < count; i++)
            priors.Whiten(labelOf![i], mean.AsSpan(i * z, z), logVariance.AsSpan(i * z, z));
        return (mean, logVariance);
    }

    /// <summary>Of quantized latents: the code at each place of each image's grid, [count, side, side].</summary>
    public int[] EncodeCodes(ReadOnlySpan<float> values, IReadOnlyList<int>? labelOf = null) =>
        (quantizer ?? throw new InvalidOperationException("Only quantized latents have codes, and only after the weights were loaded.")).Nearest(EncodeHead(values, labelOf));

    /// <summary>What the encoder gives, [count·cells, ..]: (μ | log σ²) of each cell, logits, points, or vectors that are not quantized yet.</summary>
    /// <inheritdoc cref="Encode"/>
    public float[] EncodeHead(ReadOnlySpan<float> values, IReadOnlyList<int>? labelOf = null)
    {
        int each = Architecture.Values, width = Architecture.HeadFactor * Architecture.LatentSize, count = values.Length / each;
        RequireWhole(values.Length, each, "images", $"{Architecture.Width}×{Architecture.Height}×{Architecture.ImageChannels}");
        RequireLabels(labelOf, count);
        var result = new float[count * width];
        for (int first = 0; first < count; first += Batch)
        {
            int n = Math.Min(Batch, count - first);
            workspace.Upload<float>(images, Pad(Architecture, values.Slice(first * each, n * each)));
            UploadLabels(labelOf, first, n);
            encode.Run();
            workspace.Download<float>(head).AsSpan(0, n * width).CopyTo(result.AsSpan(first * width));
        }

        return result;
    }

    /// <summary>Means of p(x|z), [count, H, W, C], of latents [count, Z].</summary>
    /// <param name="labelOf">Of a conditional model: the place of the label of each in the architecture's list.</param>
    public float[] Decode(ReadOnlySpan<float> z, IReadOnlyList<int>? labelOf = null)
    {
        int values = Architecture.Values, size = Architecture.LatentSize, count = z.Length / size;
        RequireWhole(z.Length, size, "latents", $"{size}");
        RequireLabels(labelOf, count);
        if (priors != null)
            z = Unwhiten(z, labelOf!);
        var result = new float[count * values];
        for (int first = 0; first < count; first += Batch)
        {
            int n = Math.Min(Batch, count - first);
            workspace.Upload(latents, z.Slice(first * size, n * size));
            UploadLabels(labelOf, first, n);
            decode.Run();
            Unpad(workspace.Download<float>(decoded), result.AsSpan(first * values, n * values));
        }

        return result;
    }

    public void Dispose()
    {
        decode.Dispose();
        encode.Dispose();
        prepare.Dispose();
        workspace.Dispose();
    }

    private float[] Unwhiten(ReadOnlySpan<float> u, IReadOnlyList<int> labelOf)
    {
        int size = Architecture.LatentSize;
        var z = new float[u.Length];
        for (int i = 0; i < labelOf.Count; i++)
            priors!.Unwhiten(labelOf[i], u.Slice(i * size, size), z.AsSpan(i * size, size));
        return z;
    }

    /// <summary>Rows (μ | log σ²), one for each cell, to whole latents.</summary>
    private void Split(float[] rows, int count, Span<float> mean, Span<float> logVariance)
    {
        int factor = Architecture.HeadFactor, cell = Architecture.LatentSize / Architecture.Cells;
        for (int i = 0; i < count * Architecture.Cells; i++)
        {
            rows.AsSpan(i * factor * cell, cell).CopyTo(mean[(i * cell)..]);
            if (factor == 2)
                rows.AsSpan(((2 * i) + 1) * cell, cell).CopyTo(logVariance[(i * cell)..]);
            else
                logVariance.Slice(i * cell, cell).Fill(LeastLogVariance);
        }
    }

    // One channel is stored as four, the others zero.
    internal static float[] Pad(VaeArchitecture architecture, ReadOnlySpan<float> values)
    {
        if (architecture.Packing != PixelPacking.Grey)
            return values.ToArray();
        var padded = new float[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
            padded[4 * i] = values[i];
        return padded;
    }

    private void Unpad(float[] stored, Span<float> values)
    {
        int stride = Architecture.Packing == PixelPacking.Grey ? 4 : 1;
        for (int i = 0; i < values.Length; i++)
            values[i] = stored[i * stride];
    }

    private void UploadLabels(IReadOnlyList<int>? labelOf, int first, int count)
    {
        if (labelOf == null)
            return;
        var words = new uint[count];
        for (int i = 0; i < count; i++)
            words[i] = (uint)labelOf[first + i];
        workspace.Upload<uint>(labels, words);
    }

    private void RequireLabels(IReadOnlyList<int>? labelOf, int count)
    {
        if (labelOf == null && Architecture.IsConditional)
            throw new ArgumentException($"A conditional model must be told the label of each image. It knows {string.Join(", ", Architecture.Labels)}.");
        if (labelOf != null && !Architecture.IsConditional)
            throw new ArgumentException("The model is not conditional: it takes no labels.");
        if (labelOf != null && labelOf.Count != count)
            throw new ArgumentException($"Expected a label for each of {count}; found {labelOf.Count}.");
        foreach (int label in labelOf ?? [])
        {
            if (label < 0 || label >= Architecture.Labels.Count)
                throw new ArgumentException($"There is no label {label}; the model knows {Architecture.Labels.Count}: {string.Join(", ", Architecture.Labels)}.");
        }
    }

    private static void RequireWhole(int length, int each, string what, string extent)
    {
        if (length % each != 0)
            throw new ArgumentException($"Expected whole {what} of {extent} values; found {length} values, which is {(double)length / each:0.##} of them.");
    }
}
