using System;
using System.Collections.Generic;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Runtime.Latents;

/// <summary>A distribution over latents to draw new assets from.</summary>
/// <remarks>
/// A draw depends on the seed and its index only: not on the batch it is drawn in, the machine, or the width of its vector unit.
/// (An ahead-of-time compiler told to fuse multiply-adds may change last bits.) Priors hold no state and can be shared by threads.
/// </remarks>
public interface ILatentPrior
{
    /// <summary>The name of the family: "normal", "mixture", "flow", "categorical", "codes", "random-codes" or "two-layer".</summary>
    string Kind { get; }

    /// <summary>Z, the number of dimensions.</summary>
    int Size { get; }

    /// <summary>Draws latent number <paramref name="index"/> of the seed's sequence.</summary>
    /// <param name="seed">Names the sequence.</param>
    /// <param name="index">The place in it.</param>
    /// <param name="temperature">Scales the random deviation: 1 is the fitted distribution, less is more typical, 0 is the centre.</param>
    /// <param name="z">[Z], written.</param>
    /// <exception cref="ArgumentException"><paramref name="z"/> does not have <see cref="Size"/> elements.</exception>
    void Sample(ulong seed, uint index, float temperature, Span<float> z);

    /// <summary>Draws the latents <paramref name="start"/> to start + count - 1: [count, Z], row-major.</summary>
    float[] SampleMany(ulong seed, uint start, int count, float temperature);

    /// <summary>Adds what it was fitted to as tensors; the standard normal has none.</summary>
    void WriteTo(SafetensorsWriter writer);
}

public static class LatentPriors
{
    /// <summary>
    /// The priors in a model file, best first: the second layer of latents, the flow and the mixture where present, and the standard
    /// normal where the latents were trained against it, which categorical, quantized and two-layered ones were not. Beside a prior over
    /// codes stand random codes.
    /// </summary>
    /// <param name="withNormal">False: neither were these, such as points.</param>
    /// <exception cref="ModelFileException">A prior in the file is unusable, or its size is not <paramref name="size"/>.</exception>
    public static IReadOnlyList<ILatentPrior> ReadAll(SafetensorsFile file, int size, bool withNormal = true)
    {
        var priors = new List<ILatentPrior>();
        ILatentPrior?[] found =
        [
            CodePrior.TryRead(file), TwoLayerPrior.TryRead(file), FlowPrior.TryRead(file), GaussianMixturePrior.TryRead(file),
            CategoricalPrior.TryRead(file),
        ];
        foreach (ILatentPrior? prior in found)
        {
            if (prior == null)
            {
                continue;
            }
            if (prior.Size != size)
            {
                throw SafetensorsFile.Unusable(file.Source,
                    $"its {prior.Kind} prior has {prior.Size} dimensions, but the model's latents have {size}");
            }
            priors.Add(prior);
        }
        if (priors.Find(prior => prior is CodePrior) is CodePrior codes)
        {
            priors.Add(new RandomCodePrior(codes));
        }
        else if (withNormal && !priors.Exists(prior => prior is CategoricalPrior or TwoLayerPrior))
        {
            priors.Add(new StandardNormalPrior(size));
        }
        return priors;
    }

    /// <summary><see cref="ILatentPrior.SampleMany"/>, each of a label, where the prior itself knows labels; others are of every label alike.</summary>
    /// <param name="labelOf">The label of each latent; null: any.</param>
    public static float[] SampleMany(ILatentPrior prior, ulong seed, uint start, int count, float temperature, IReadOnlyList<int>? labelOf)
    {
        if (labelOf == null || prior is not CodePrior { Shape: { Labels: > 0 } } codes)
        {
            return prior.SampleMany(seed, start, count, temperature);
        }

        var latents = new float[count * prior.Size];
        for (int i = 0; i < count; i++)
        {
            codes.Sample(seed, unchecked(start + (uint)i), temperature, labelOf[i], latents.AsSpan(i * prior.Size, prior.Size));
        }
        return latents;
    }

    /// <summary>SampleMany for priors that draw one latent at a time.</summary>
    internal static float[] SampleEach(ILatentPrior prior, ulong seed, uint start, int count, float temperature)
    {
        var latents = new float[count * prior.Size];
        for (int i = 0; i < count; i++)
        {
            prior.Sample(seed, unchecked(start + (uint)i), temperature, latents.AsSpan(i * prior.Size, prior.Size));
        }
        return latents;
    }
}

/// <summary>The Philox streams that priors draw from, apart from those of training.</summary>
internal static class PriorStreams
{
    public const uint Normals = 0x100;
    public const uint Component = 0x101;
    public const uint Category = 0x102;
    public const uint FirstLayer = 0x103;
    public const uint RandomCode = 0x104;
}
