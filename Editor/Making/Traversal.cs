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
    /// Of categorical latents, the variables of the largest spread: the root of the variances of its classes, summed.
    /// </summary>
    /// <inheritdoc cref="MostActive"/>
    public static IReadOnlyList<LatentDimension> MostActiveVariables(VaeModel model, int count) => model.LatentDeviation
        .Chunk(model.Architecture.Classes)
        .Select((deviations, index) => new LatentDimension(index, Math.Sqrt(deviations.Sum(d => (double)d * d))))
        .OrderByDescending(d => d.Spread).ThenBy(d => d.Index).Take(count).ToArray();

    /// <summary>Copies of a latent, with variable d of row d set to each of its classes in turn.</summary>
    /// <param name="start">[D·C]</param>
    /// <param name="variables">One a row.</param>
    /// <param name="classes">C</param>
    /// <returns>[variables, C, D·C]</returns>
    /// <exception cref="ArgumentException">There is no such variable.</exception>
    public static float[] Classes(ReadOnlySpan<float> start, IReadOnlyList<int> variables, int classes)
    {
        int z = start.Length;
        var latents = new float[variables.Count * classes * z];
        for (int row = 0; row < variables.Count; row++)
        {
            if (variables[row] < 0 || variables[row] >= z / classes)
                throw new ArgumentException($"Expected variables from 0 to {(z / classes) - 1}; found {variables[row]}.");
            for (int c = 0; c < classes; c++)
            {
                Span<float> latent = latents.AsSpan(((row * classes) + c) * z, z);
                start.CopyTo(latent);
                latent.Slice(variables[row] * classes, classes).Clear();
                latent[(variables[row] * classes) + c] = 1;
            }
        }

        return latents;
    }

    /// <summary>
    /// Copies of a latent, with dimension d of row d set to −range … range in equal steps, as in the figures of Higgins et al. 2017: the
    /// prior N(0, I) puts 99.7 % of a dimension between −3 and 3.
    /// </summary>
    /// <param name="start">[Z]</param>
    /// <param name="dimensions">One a row.</param>
    /// <param name="range">Above 0.</param>
    /// <param name="steps">Values a row, at least 2.</param>
    /// <param name="points">
    /// Of a model whose latents are points, which no prior has given a scale: the values go from mean − range · deviation to mean + range ·
    /// deviation of the training images; null: from −range to range.
    /// </param>
    /// <returns>[dimensions, steps, Z]</returns>
    /// <exception cref="ArgumentException">The range or the steps are too small, or there is no such dimension.</exception>
    public static float[] Latents(
        ReadOnlySpan<float> start, IReadOnlyList<int> dimensions, double range, int steps, VaeModel? points = null)
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
                double value = range * ((2.0 * step / (steps - 1)) - 1);
                int d = dimensions[row];
                latent[d] = (float)(points == null ? value : points.LatentMean[d] + (value * points.LatentDeviation[d]));
            }
        }

        return latents;
    }
}
