using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Making;

/// <summary>How far apart two models' images of the same latents are, over all premultiplied values in [0, 1].</summary>
/// <param name="Psnr">In dB; infinite when they are equal.</param>
/// <param name="Largest">The largest difference of a value.</param>
/// <param name="Images">How many were compared.</param>
public sealed record DecodingDifference(double Psnr, double Largest, int Images);

/// <summary>Makes models smaller, for games.</summary>
public static class ModelExport
{
    /// <summary>The model without what a game does not use.</summary>
    /// <param name="kinds">The priors to keep; none: the best.</param>
    /// <param name="assets">How many training assets to keep, evenly spread.</param>
    /// <exception cref="ArgumentException">The model has no prior of a kind.</exception>
    public static VaeModel Reduce(VaeModel model, IReadOnlyList<string> kinds, int assets)
    {
        ILatentPrior[] wanted = kinds.Count > 0 ? kinds.Select(kind => model.Prior(kind)).ToArray() : model.Priors.Take(1).ToArray();
        // Random codes have no file of their own: they come with the prior over codes.
        bool codes = wanted.Any(prior => prior is RandomCodePrior);
        return model.Reduced(
            model.Priors.Where(prior => wanted.Contains(prior) || (codes && prior is CodePrior)).ToArray(),
            assets == 0 ? [] : ArtSource.Evenly(model.Assets, assets));
    }

    /// <summary>Decodes the same latents with both models: samples, or, where there is no prior, assets, or else the mean latent.</summary>
    /// <param name="session">One model.</param>
    /// <param name="other">The other, of the same architecture.</param>
    /// <param name="count">How many samples.</param>
    /// <param name="seed">Of the samples.</param>
    public static DecodingDifference Compare(ModelSession session, VaeModel other, int count, ulong seed)
    {
        VaeModel model = session.Model;
        int[]? labelOf = ModelLabels.InTurn(model.Architecture, count);
        float[] latents = model.Priors.Count > 0 ? LatentPriors.SampleMany(model.Prior(), seed, 0, count, 1, labelOf)
            : model.Assets.Count > 0 ? ArtSource.Evenly(model.Assets, count).SelectMany(asset => asset.Mean).ToArray()
            : model.LatentMean;
        int images = latents.Length / model.Architecture.LatentSize;
        labelOf = ModelLabels.InTurn(model.Architecture, images);
        float[] expected = session.Runner.Decode(latents, labelOf);
        using var second = new ModelSession(session.Device, other);
        float[] found = second.Runner.Decode(latents, labelOf);
        double squares = 0, largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)found[i] - expected[i]);
            (squares, largest) = (squares + (difference * difference), Math.Max(largest, difference));
        }

        return new DecodingDifference(-10 * Math.Log10(squares / expected.Length), largest, images);
    }
}
