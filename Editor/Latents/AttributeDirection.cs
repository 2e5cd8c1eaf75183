using System;

namespace VaeProcgen.Editor.Latents;

/// <summary>
/// The direction of an attribute: e = mean of μ(x) over images that have it, less the mean over images that lack it (Larsen et al.
/// 2016, arXiv:1512.09300). z + e moves by as much as the groups lie apart.
/// </summary>
public static class AttributeDirection
{
    /// <param name="with">μ of images that have the attribute, [count, Z].</param>
    /// <param name="without">μ of images that lack it, [count, Z].</param>
    /// <param name="z">Z</param>
    /// <returns>[Z]; sums are in double precision.</returns>
    /// <exception cref="ArgumentException">A group is empty, or does not hold whole latents; or the means are the same.</exception>
    public static float[] Compute(ReadOnlySpan<float> with, ReadOnlySpan<float> without, int z)
    {
        double[] a = Mean(with, z, "with"), b = Mean(without, z, "without");
        var direction = new float[z];
        bool moves = false;
        for (int j = 0; j < z; j++)
        {
            direction[j] = (float)(a[j] - b[j]);
            moves |= direction[j] != 0;
        }

        return moves ? direction : throw new ArgumentException(
            "The images with and without the attribute have the same mean latent, so no direction leads from one to the other. "
            + "Choose other images.");
    }

    private static double[] Mean(ReadOnlySpan<float> latents, int z, string group)
    {
        if (latents.IsEmpty || latents.Length % z != 0)
        {
            throw new ArgumentException(
                $"Expected at least one latent of {z} dimensions in the group '{group}'; found {latents.Length} values.");
        }

        var mean = new double[z];
        for (int i = 0; i < latents.Length; i++)
            mean[i % z] += latents[i];
        for (int j = 0; j < z; j++)
            mean[j] /= latents.Length / z;
        return mean;
    }
}
