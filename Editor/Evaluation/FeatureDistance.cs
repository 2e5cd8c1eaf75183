using System;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>How far reconstructions from μ lie from their originals in the features J of a model (arXiv:1707.08475).</summary>
/// <param name="Count">Features of an image.</param>
/// <param name="MeanSquare">Mean of (J(x) − J(x̂))² over features and images.</param>
/// <param name="Share">
/// The same over the variance of J(x) among these images: 0 for the originals themselves, 1 for a reconstruction that is always at the
/// mean of the features.
/// </param>
public sealed record FeatureDistance(int Count, double MeanSquare, double Share)
{
    /// <exception cref="ArgumentException">The features are of other images than those that were scored.</exception>
    public static FeatureDistance Of(FeatureRunner features, VaeArchitecture model, ScoredImages images)
    {
        VaeArchitecture a = features.Architecture;
        if ((a.Width, a.Height, a.Pixels) != (model.Width, model.Height, model.Pixels))
        {
            throw new ArgumentException(
                $"The feature network is for {a.Pixels} images of {a.Width}×{a.Height}, and the model for {model.Pixels} images of "
                + $"{model.Width}×{model.Height}. Choose one of a model for the same images.");
        }

        var mean = new double[features.Count];
        foreach (ScoredPart part in images.Parts())
        {
            float[] x = features.Run(part.Values);
            for (int i = 0; i < x.Length; i++)
                mean[i % mean.Length] += x[i] / (double)images.Count;
        }

        double square = 0, variance = 0;
        foreach (ScoredPart part in images.Parts())
        {
            float[] x = features.Run(part.Values), reconstructed = features.Run(part.Reconstructions);
            for (int i = 0; i < x.Length; i++)
            {
                square += Math.Pow(x[i] - (double)reconstructed[i], 2);
                variance += Math.Pow(x[i] - mean[i % mean.Length], 2);
            }
        }

        return new FeatureDistance(features.Count, square / ((double)images.Count * features.Count), square / variance);
    }
}
