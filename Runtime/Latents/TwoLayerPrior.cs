using System;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// The prior of a model with two stochastic layers (Burda et al. 2015, arXiv:1509.00519, section 5): z₂ ~ temperature N(0, I), then
/// z₁ = μ(z₂) + temperature σ(z₂) ε, which the decoder reads. It is trained with the model, and held in the model's weights.
/// </summary>
public sealed class TwoLayerPrior : ILatentPrior
{
    /// <summary>The name of p(z₁|z₂) among a model's weights.</summary>
    public const string DecoderName = "prior.top";

    /// <summary>Log variances are clamped to ± this, as the kernels do.</summary>
    private const double LogVarianceLimit = 12;

    /// <summary>Rows that pass through the network together.</summary>
    private const int BatchRows = 64;

    private const string WeightPrefix = "weight.";

    /// <param name="decoder">p(z₁|z₂)</param>
    public TwoLayerPrior(GaussianLayer decoder) => Decoder = decoder;

    public string Kind => "two-layer";

    /// <summary>Of z₁.</summary>
    public int Size => Decoder.Outputs;

    /// <summary>Of z₂.</summary>
    public int TopSize => Decoder.Inputs;

    /// <summary>p(z₁|z₂)</summary>
    public GaussianLayer Decoder { get; }

    public void Sample(ulong seed, uint index, float temperature, Span<float> z)
    {
        LatentMath.RequireLength(Size, z.Length, nameof(z));
        SampleBatch(seed, index, 1, temperature, z);
    }

    public float[] SampleMany(ulong seed, uint start, int count, float temperature)
    {
        var latents = new float[count * Size];
        for (int first = 0; first < count; first += BatchRows)
        {
            int rows = Math.Min(BatchRows, count - first);
            SampleBatch(seed, unchecked(start + (uint)first), rows, temperature, latents.AsSpan(first * Size, rows * Size));
        }
        return latents;
    }

    /// <summary>Adds nothing: the tensors are among the model's weights.</summary>
    public void WriteTo(SafetensorsWriter writer) { }

    /// <summary>The second layer in the file of a model, its widths read off the tensors; null when it has none.</summary>
    /// <exception cref="ModelFileException">Tensors are missing or do not fit together.</exception>
    public static TwoLayerPrior? TryRead(SafetensorsFile file)
    {
        const string first = WeightPrefix + DecoderName + ".linear0.weight", last = WeightPrefix + DecoderName + ".head.bias";
        if (!file.Contains(first))
        {
            return null;
        }
        long[] shape = file.Get(first).Shape, head = file.Get(last).Shape;
        if (shape.Length != 2 || head.Length != 1 || shape[0] < 1 || shape[1] < 1 || head[0] < 2 || head[0] % 2 != 0)
        {
            throw SafetensorsFile.Unusable(file.Source, $"tensors '{first}' and '{last}' must have the shapes [Z₂, hidden] and [2 Z₁], " +
                $"found {TensorEntry.Describe(shape)} and {TensorEntry.Describe(head)}");
        }
        const string name = WeightPrefix + DecoderName;
        return new TwoLayerPrior(new GaussianLayer(name, (int)shape[0], (int)shape[1], (int)head[0] / 2, file.GetFloats));
    }

    private void SampleBatch(ulong seed, uint start, int rows, float temperature, Span<float> z)
    {
        var top = new float[rows * TopSize];
        for (int row = 0; row < rows; row++)
        {
            uint index = unchecked(start + (uint)row);
            Philox.FillNormals(seed, PriorStreams.Normals, index, top.AsSpan(row * TopSize, TopSize));
            Philox.FillNormals(seed, PriorStreams.FirstLayer, index, z.Slice(row * Size, Size));
        }
        for (int i = 0; i < top.Length; i++)
        {
            top[i] *= temperature;
        }
        float[] head = Decoder.Apply(top);
        for (int i = 0; i < z.Length; i++)
        {
            int at = (i / Size * 2 * Size) + (i % Size);
            double logVariance = Math.Clamp((double)head[at + Size], -LogVarianceLimit, LogVarianceLimit);
            z[i] = (float)(head[at] + (temperature * PortableMath.Exp(0.5 * logVariance) * z[i]));
        }
    }
}
