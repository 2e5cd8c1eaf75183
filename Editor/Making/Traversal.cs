using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Making;

/// <summary>A dimension of a model's latents.</summary>
/// <param name="Index">From 0 to Z − 1.</param>
/// <param name="Spread">The standard deviation of μ over the training images: near 0 where the model does not use it.</param>
public sealed record LatentDimension(int Index, double Spread);

/// <summary>Shows what single latent dimensions do: one is changed while the others stay.</summary>
public static class Traversal
{
    /// <summary>The dimensions of the largest spread, largest first; the lower index first among equals.</summary>
    /// <param name="model">A model.</param>
    /// <param name="count">How many; all when the model has fewer.</param>
    public static IReadOnlyList<LatentDimension> MostActive(VaeModel model, int count) => model.LatentDeviation
        .Select((spread, index) => new LatentDimension(index, spread))
        .OrderByDescending(d => d.Spread).ThenBy(d => d.Index).Take(count).ToArray();

    /// <summary>
    /// Copies of a latent, with dimension d of row d set to −range … range in equal steps, as in the figures of Higgins et al. 2017: the
    /// prior N(0, I) puts 99.7 % of a dimension between −3 and 3.
    /// </summary>
    /// <param name="start">[Z]</param>
    /// <param name="dimensions">One a row.</param>
    /// <param name="range">Above 0.</param>
    /// <param name="steps">Values a row, at least 2.</param>
    /// <returns>[dimensions, steps, Z]</returns>
    /// <exception cref="ArgumentException">The range or the steps are too small, or there is no such dimension.</exception>
    public static float[] Latents(ReadOnlySpan<float> start, IReadOnlyList<int> dimensions, double range, int steps)
    {
        if (steps < 2 || !(range > 0))
            throw new ArgumentException($"A traversal needs at least 2 steps and a range above 0; found {steps} and {range}.");
        int z = start.Length;
        var latents = new float[dimensions.Count * steps * z];
        for (int row = 0; row < dimensions.Count; row++)
        {
            if (dimensions[row] < 0 || dimensions[row] >= z)
                throw new ArgumentException($"Expected dimensions from 0 to {z - 1}; found {dimensions[row]}.");
            for (int step = 0; step < steps; step++)
            {
                Span<float> latent = latents.AsSpan(((row * steps) + step) * z, z);
                start.CopyTo(latent);
                latent[dimensions[row]] = (float)(range * ((2.0 * step / (steps - 1)) - 1));
            }
        }

        return latents;
    }
}
