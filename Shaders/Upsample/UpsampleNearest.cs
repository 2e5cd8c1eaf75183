using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>Nearest-neighbour enlargement by a whole factor F: Y[n, y, x, c] = X[n, ⌊y/F⌋, ⌊x/F⌋, c].</summary>
public sealed class UpsampleNearest : Operator
{
    public UpsampleNearest(string name, Tensor x, int factor)
        : base(name, x)
    {
        if (factor < 1)
            throw new System.ArgumentOutOfRangeException(nameof(factor), $"{name} enlarges by a factor of at least 1; found {factor}.");
        Factor = factor;
        Output = new Tensor(name, new Shape(x.Shape.N, x.Shape.H * factor, x.Shape.W * factor, x.Shape.C));
    }

    public int Factor { get; }

    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Move(Inputs[0], Output, backward: 0);
    }

    // dX[n, y, x, c] = Σ dY over the F×F block
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        if (gradients.IsWanted(Inputs[0]))
            yield return Move(gradients.Of(Output), gradients.ShareOf(Inputs[0]), backward: 1);
    }

    private KernelSpec Move(Tensor from, Tensor to, int backward)
    {
        Shape small = Inputs[0].Shape;
        return Kernels.Upsample(Grid.Elementwise(to.Shape.Count4), from: from, to: to, batch: small.N, h: small.H, w: small.W, c4: small.C4, factor: Factor, backward: backward);
    }
}
