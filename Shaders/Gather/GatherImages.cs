using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>Which symmetries of the art the training may use, drawn anew for each image and step.</summary>
/// <param name="Flip">Mirror left and right, one time in two.</param>
/// <param name="QuarterTurns">0 to 3 quarter turns; needs square images.</param>
/// <param name="WrapShift">Roll by any offset: for art that tiles.</param>
public sealed record Augmentation(bool Flip = false, bool QuarterTurns = false, bool WrapShift = false);

/// <summary>How the resident images are stored, and what becomes of a pixel; numbered as in gather_images.comp.</summary>
public enum PixelPacking
{
    /// <summary>RGBA8, straight alpha, red in the lowest byte; [N, H, W, 4] of premultiplied values.</summary>
    Rgba = 0,

    /// <summary>A byte a pixel, four a word; [N, H, W, 1].</summary>
    Grey = 1,

    /// <summary>The same; [N, H, W/4, 4], so that networks without convolutions carry no padding.</summary>
    GreyPacked = 2,
}

/// <summary>
/// A batch of images in [0, 1] from the resident 8-bit images, by the rows that the step names. The images never leave the device's
/// memory.
/// </summary>
public sealed class GatherImages
{
    private readonly Augmentation augmentation;
    private readonly Tensor step;
    private readonly PixelPacking packing;
    private readonly bool binarize;
    private readonly int height;
    private readonly int width;

    /// <param name="images">Words of all images, by <paramref name="packing"/>.</param>
    /// <param name="step">The step state with at least N batch rows (<see cref="StepState"/>).</param>
    /// <param name="batch">N</param>
    /// <param name="height">H</param>
    /// <param name="width">W</param>
    /// <param name="augmentation">Symmetries to draw from.</param>
    /// <param name="packing">How pixels are stored.</param>
    /// <param name="binarize">Each value becomes 1 with itself as the probability, else 0, drawn anew at each step.</param>
    public GatherImages(Tensor images, Tensor step, int batch, int height, int width, Augmentation augmentation, PixelPacking packing = PixelPacking.Rgba, bool binarize = false)
    {
        if (augmentation.QuarterTurns && height != width)
            throw new System.ArgumentException($"Quarter turns need square images; found {width}×{height}.");
        if (packing != PixelPacking.Rgba && width % 4 != 0)
            throw new System.ArgumentException($"Grey images must be a multiple of 4 wide; found {width}×{height}.");
        (Images, this.step, this.augmentation, this.packing, this.binarize) = (images, step, augmentation, packing, binarize);
        (this.height, this.width) = (height, width);
        Output = new Tensor("images", ShapeOf(packing, batch, height, width));
    }

    public Tensor Images { get; }

    /// <summary>[N, H, W, 4], [N, H, W, 1] or [N, H, W/4, 4].</summary>
    public Tensor Output { get; }

    /// <summary>The shape of a batch.</summary>
    public static Shape ShapeOf(PixelPacking packing, int batch, int height, int width) => packing switch
    {
        PixelPacking.Rgba => new Shape(batch, height, width, 4),
        PixelPacking.Grey => new Shape(batch, height, width, 1),
        _ => new Shape(batch, height, width / 4, 4),
    };

    public IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.GatherImages(Grid.Elementwise(Output.Shape.Count4), images: Images, step: step, x: Output, batch: Output.Shape.N, h: height, w: width,
            format: (int)packing, binarize: binarize ? 1 : 0, flip: augmentation.Flip ? 1 : 0, turns: augmentation.QuarterTurns ? 1 : 0, shift: augmentation.WrapShift ? 1 : 0) with { Label = "gather images" };
    }
}
