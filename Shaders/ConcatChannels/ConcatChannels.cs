using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// Y[n, h, w] = (X[n, h, w] | e[n]): a vector for each image, such as the embedding of its label, beside the channels of every pixel.
/// X: [N, H, W, C]; e: [N, E]; Y: [N, H, W, C' + E] with C' = C rounded up to a multiple of 4. Where C' is above C, the channels
/// between are zero: the padding of X stays where it is, so that whole vec4s are moved, and counts as channels of Y.
/// </summary>
public sealed class ConcatChannels : Operator
{
    /// <exception cref="ArgumentException">e is not one row for each image of X.</exception>
    public ConcatChannels(string name, Tensor x, Tensor e)
        : base(name, x, e)
    {
        if (e.Shape is not { H: 1, W: 1 } || e.Shape.N != x.Shape.N)
            throw new ArgumentException($"{name} puts one row [N, E] beside each of N images; found {e} beside {x}.");
        Output = new Tensor(name, new Shape(x.Shape.N, x.Shape.H, x.Shape.W, x.Shape.PaddedC + e.Shape.C));
    }

    /// <summary>[N, H, W, C' + E]</summary>
    public override Tensor Output { get; }

    private int PixelsPerImage => Output.Shape.H * Output.Shape.W;

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.ConcatChannels(Grid.Elementwise(Output.Shape.Count4), x: Inputs[0], e: Inputs[1], y: Output,
            batch: Output.Shape.N, pixels: PixelsPerImage, c4: Inputs[0].Shape.C4, e4: Inputs[1].Shape.C4);
    }

    // dX = dY[.., ..C];   de[n] = Σ over the pixels of dY[.., C'..], in a fixed order       both (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor x = Inputs[0], e = Inputs[1], dY = gradients.Of(Output);
        if (gradients.IsWanted(x))
            yield return Kernels.ConcatChannelsSlice(Grid.Elementwise(x.Shape.Count4), dy: dY, dx: gradients.ShareOf(x),
                count4: x.Shape.Count4, channels: x.Shape.C, e4: e.Shape.C4);
        if (gradients.IsWanted(e))
            yield return Kernels.ConcatChannelsSum(new Grid(e.Shape.C4, e.Shape.N), dy: dY, de: gradients.ShareOf(e),
                pixels: PixelsPerImage, c4: x.Shape.C4, e4: e.Shape.C4);
    }
}
