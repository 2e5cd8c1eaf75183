using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// What a denoising autoencoder sees of a batch (Vincent et al. 2008, doi:10.1145/1390156.1390294): Gaussian noise of deviation σ is
/// added to every value, and of each image a rectangle becomes 0. Its width is drawn from 1 … W and its column from 0 … W − width, its
/// height and row likewise, so that it covers about a quarter of the image; all of it is drawn anew at each step.
/// </summary>
public sealed class Corrupt
{
    private readonly Tensor images;
    private readonly Tensor step;
    private readonly float noise;
    private readonly int pixels;

    /// <param name="images">[N, H, W, C], or [N, H, W/4, 4] of packed grey.</param>
    /// <param name="step">The step state.</param>
    /// <param name="noise">σ, 0 or above, in units of the values.</param>
    /// <param name="packing">How a pixel lies in the tensor.</param>
    /// <exception cref="ArgumentException">σ is negative or not finite.</exception>
    public Corrupt(Tensor images, Tensor step, float noise, PixelPacking packing = PixelPacking.Rgba)
    {
        if (!(noise >= 0 && noise < float.PositiveInfinity))
            throw new ArgumentException($"The deviation of the noise must be 0 or above, and finite; found {noise}.");
        (this.images, this.step, this.noise) = (images, step, noise);
        pixels = packing == PixelPacking.GreyPacked ? 4 : 1;
        Output = new Tensor("corrupted " + images.Name, images.Shape);
    }

    /// <summary>As the images.</summary>
    public Tensor Output { get; }

    public IEnumerable<KernelSpec> Forward()
    {
        Shape shape = images.Shape;
        yield return Kernels.Corrupt(Grid.Elementwise(shape.Count4), x: images, step: step, y: Output, batch: shape.N, h: shape.H, w: shape.W * pixels,
            channels: shape.C, pixels: pixels, noise: noise) with { Label = "corrupt images" };
    }
}
