using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>Which symmetries of the art the training may use, drawn anew for each image and step.</summary>
/// <param name="Flip">Mirror left and right, one time in two.</param>
/// <param name="QuarterTurns">0 to 3 quarter turns; needs square images.</param>
/// <param name="WrapShift">Roll by any offset: for art that tiles.</param>
public sealed record Augmentation(bool Flip = false, bool QuarterTurns = false, bool WrapShift = false);

/// <summary>
/// A batch [N, H, W, 4] of premultiplied RGBA in [0, 1] from the resident RGBA8 images, by the rows that the step names.
/// The images never leave the device's memory.
/// </summary>
public sealed class GatherImages
{
    private readonly Augmentation augmentation;
    private readonly Tensor step;

    /// <param name="images">Words [count, H, W]: RGBA8, straight alpha, red in the lowest byte.</param>
    /// <param name="step">The step state with at least N batch rows (<see cref="StepState"/>).</param>
    /// <param name="batch">N</param>
    /// <param name="height">H</param>
    /// <param name="width">W</param>
    /// <param name="augmentation">Symmetries to draw from.</param>
    public GatherImages(Tensor images, Tensor step, int batch, int height, int width, Augmentation augmentation)
    {
        if (augmentation.QuarterTurns && height != width)
            throw new System.ArgumentException($"Quarter turns need square images; found {width}×{height}.");
        (Images, this.step, this.augmentation) = (images, step, augmentation);
        Output = new Tensor("images", new Shape(batch, height, width, 4));
    }

    public Tensor Images { get; }

    public Tensor Output { get; }

    public IEnumerable<KernelSpec> Forward()
    {
        Shape shape = Output.Shape;
        yield return Kernels.GatherImages(Grid.Elementwise(shape.Count4), images: Images, step: step, x: Output, batch: shape.N, h: shape.H, w: shape.W,
            flip: augmentation.Flip ? 1 : 0, turns: augmentation.QuarterTurns ? 1 : 0, shift: augmentation.WrapShift ? 1 : 0) with { Label = "gather images" };
    }
}
