using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>Some of the images of <see cref="ScoredImages"/>.</summary>
/// <param name="First">The number of the first.</param>
/// <param name="Values">As the model sees them, [count, H, W, C].</param>
/// <param name="Reconstructions">Decoded from the posteriors' centres, [count, H, W, C].</param>
public sealed record ScoredPart(int First, float[] Values, float[] Reconstructions);

/// <summary>Images beside what a model makes of them. Where they are too many, they are had in parts, made anew each time.</summary>
public sealed class ScoredImages
{
    private readonly ModelInputs? inputs;
    private readonly VaeRunner? runner;
    private readonly ScoredPart? whole;

    /// <param name="values">As the model sees them, [N, H, W, C].</param>
    /// <param name="posteriors">q(z|x) of each.</param>
    /// <param name="reconstructions">Decoded from the posteriors' centres, [N, H, W, C].</param>
    public ScoredImages(float[] values, Posteriors posteriors, float[] reconstructions)
    {
        (Posteriors, Each) = (posteriors, values.Length / posteriors.Count);
        whole = new ScoredPart(0, values, reconstructions);
    }

    private ScoredImages(ModelInputs inputs, VaeRunner runner)
    {
        (this.inputs, this.runner, Each, LabelOf) = (inputs, runner, inputs.Each, inputs.LabelOf);
        Posteriors = Posteriors.Of(runner, inputs);
        if (inputs.Parts(runner.Batch).First().Count == inputs.Count)
            whole = Part(0, inputs.Count);
    }

    /// <summary>q(z|x) of each.</summary>
    public Posteriors Posteriors { get; }

    public int Count => Posteriors.Count;

    /// <summary>Of a conditional model: the place of each image's label in its list.</summary>
    public IReadOnlyList<int>? LabelOf { get; }

    /// <summary>Values of one image.</summary>
    public int Each { get; }

    /// <param name="runner">The model; it has to last as long as this.</param>
    /// <param name="images">Of the model's size.</param>
    /// <param name="binarizationSeed">Of a model that sees binarized images; null: as they are.</param>
    public static ScoredImages Of(VaeRunner runner, ArtSet images, ulong? binarizationSeed = null) =>
        Of(runner, new ModelInputs(runner.Architecture, images, binarizationSeed));

    /// <inheritdoc cref="Of(VaeRunner, ArtSet, ulong?)"/>
    public static ScoredImages Of(VaeRunner runner, ModelInputs images) => new(images, runner);

    /// <summary>All images, part after part.</summary>
    public IEnumerable<ScoredPart> Parts()
    {
        if (whole != null)
        {
            yield return whole;
            yield break;
        }

        foreach ((int first, int count) in inputs!.Parts(runner!.Batch))
            yield return Part(first, count);
    }

    /// <summary>The values of an image, [H, W, C].</summary>
    public ReadOnlySpan<float> Image(int n) => whole == null ? inputs!.Of(n, 1) : whole.Values.AsSpan(n * Each, Each);

    /// <summary>Of quantized latents of a model: the codes at all places of all images, see <see cref="VaeRunner.EncodeCodes"/>.</summary>
    public int[] Codes() => inputs!.EncodeCodes(runner!);

    private ScoredPart Part(int first, int count)
    {
        int size = Posteriors.Size;
        float[] centres = Posteriors.Centres[(first * size)..((first + count) * size)];
        return new ScoredPart(first, inputs!.Of(first, count), runner!.Decode(centres, inputs.LabelsOf(first, count)));
    }
}
