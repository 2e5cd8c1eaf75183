using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Picks images out of a resident set of straight-alpha RGBA8 images [count, H, W, 4], augments and premultiplies them: output
/// [N, H, W, 4] in [0, 1] with colour r·a/255² and alpha a/255.
/// </summary>
public static class GatherAugmentReference
{
    /// <summary>
    /// A symmetry of the pixel grid. The shift moves the picture right and down, wrapping around; the turns are clockwise quarter
    /// turns; FlipX mirrors left and right. A vertical flip is FlipX with two turns. See <see cref="Source"/> for the exact order.
    /// </summary>
    public readonly record struct Augmentation(bool FlipX = false, int Turns = 0, int ShiftX = 0, int ShiftY = 0);

    /// <summary>
    /// The source pixel that output pixel (y, x) reads. In this order:
    /// 1. shift: y ← (y − ShiftY) mod H, x ← (x − ShiftX) mod W, both non-negative;
    /// 2. turns: (y, x) ← (y, x) for 0, (H−1−x, y) for 1, (H−1−y, W−1−x) for 2, (x, W−1−y) for 3;
    /// 3. flip: x ← W − 1 − x if FlipX.
    /// So the picture itself is flipped first, then turned, then shifted. One or three turns need H = W.
    /// </summary>
    public static (int y, int x) Source(Augmentation a, int height, int width, int y, int x)
    {
        if (a.Turns is < 0 or > 3 || (a.Turns % 2 == 1 && height != width))
        {
            throw new ArgumentException($"Turns must be 0..3, and even for the non-square {height}x{width}, but is {a.Turns}.", nameof(a));
        }

        y = (((y - a.ShiftY) % height) + height) % height;
        x = (((x - a.ShiftX) % width) + width) % width;
        (y, x) = a.Turns switch
        {
            0 => (y, x),
            1 => (height - 1 - x, y),
            2 => (height - 1 - y, width - 1 - x),
            _ => (x, width - 1 - y),
        };
        return (y, a.FlipX ? width - 1 - x : x);
    }

    /// <summary>The batch: output image n is image indices[n] under augmentations[n].</summary>
    public static double[] Forward(byte[] images, int height, int width, int[] indices, Augmentation[] augmentations)
    {
        var output = new Dims(indices.Length, height, width, 4);
        var result = new double[output.Length];
        for (int n = 0; n < indices.Length; n++)
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
        {
            (int sourceY, int sourceX) = Source(augmentations[n], height, width, y, x);
            int pixel = ((indices[n] * height + sourceY) * width + sourceX) * 4;
            double alpha = images[pixel + 3] / 255.0;
            for (int c = 0; c < 3; c++)
            {
                result[output.Index(n, y, x, c)] = images[pixel + c] / 255.0 * alpha;
            }

            result[output.Index(n, y, x, 3)] = alpha;
        }

        return result;
    }

    /// <summary>The error in float32: two divisions by 255 (or products with a rounded 1/255) and a product.</summary>
    public static double[] ForwardBound(double[] expected) => Array.ConvertAll(expected, v => ErrorBound.Sum(11, v));
}
