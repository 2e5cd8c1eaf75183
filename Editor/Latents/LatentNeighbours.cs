using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Latents;

/// <summary>A training asset near a latent.</summary>
/// <param name="Asset">Which.</param>
/// <param name="Distance">See <see cref="LatentNeighbours"/>.</param>
public sealed record LatentNeighbour(AssetLatent Asset, double Distance);

/// <summary>
/// Finds the training assets nearest to latents: √Σ_j ((μ_j − μ'_j) / σ_j)², σ being the model's deviation of μ. Only dimensions that
/// vary are summed (variance of μ above 0.01; Burda et al. 2015, arXiv:1509.00519), as dividing would blow the others up; all of them
/// where none varies.
/// </summary>
public sealed class LatentNeighbours
{
    private const double VaryingVariance = 0.01;

    private readonly VaeModel model;
    private readonly int[] dimensions;
    private readonly float[][] assets;

    /// <exception cref="ArgumentException">The model holds no assets.</exception>
    public LatentNeighbours(VaeModel model)
    {
        Require(model);
        this.model = model;
        int[] varying = Enumerable.Range(0, model.Architecture.LatentSize)
            .Where(j => (double)model.LatentDeviation[j] * model.LatentDeviation[j] > VaryingVariance).ToArray();
        dimensions = varying.Length > 0 ? varying : Enumerable.Range(0, model.Architecture.LatentSize).ToArray();
        assets = model.Assets.Select(a => Standardise(a.Mean)).ToArray();
    }

    /// <inheritdoc cref="LatentNeighbours(VaeModel)"/>
    public static void Require(VaeModel model)
    {
        if (model.Assets.Count == 0)
            throw new ArgumentException("The model holds no assets, so nothing can be near. Use a model that was trained on images.");
    }

    /// <summary>The nearest assets, nearest first, of equals the first.</summary>
    /// <param name="latent">μ, [Z]</param>
    /// <param name="count">At most how many.</param>
    /// <param name="isLeftOut">Assets that do not count, such as the one that is asked about.</param>
    public IReadOnlyList<LatentNeighbour> Find(ReadOnlySpan<float> latent, int count, Func<AssetLatent, bool>? isLeftOut = null)
    {
        float[] wanted = Standardise(latent);
        return model.Assets.Select((asset, i) => new LatentNeighbour(asset, Distance(wanted, assets[i])))
            .Where(n => isLeftOut == null || !isLeftOut(n.Asset)).OrderBy(n => n.Distance).Take(count).ToArray();
    }

    private float[] Standardise(ReadOnlySpan<float> latent)
    {
        var standardised = new float[latent.Length];
        LatentMath.Standardise(latent, model.LatentMean, model.LatentDeviation, standardised);
        return standardised;
    }

    private double Distance(float[] a, float[] b) =>
        Math.Sqrt(dimensions.Sum(j => ((double)a[j] - b[j]) * ((double)a[j] - b[j])));
}
