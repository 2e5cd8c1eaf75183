using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>The mean of rows [R, 1], such as −log p of each: the end of a graph that minimises it.</summary>
public sealed class MeanLoss : Operator
{
    public MeanLoss(string name, Tensor rows)
        : base(name, rows)
    {
        Total = new Tensor(name + " total", Shape.Vector(4));
        Output = new Tensor(name, Shape.Vector(4));
    }

    /// <summary>[4]: (mean, 0, 0, 0)</summary>
    public override Tensor Output { get; }

    private Tensor Total { get; }

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Reduction.Total(Inputs[0], Total);
        yield return Kernels.MeanLoss(Grid.One, total: Total, loss: Output, rows: Inputs[0].Shape.N);
    }

    // dRows = 1 / R       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        yield return Kernels.MeanLossBackward(Grid.Elementwise(Inputs[0].Shape.N), dRows: gradients.ShareOf(Inputs[0]), rows: Inputs[0].Shape.N);
    }
}
