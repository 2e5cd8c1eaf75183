using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// y = x, and the gradient of each row is multiplied by the row's weight. With the w̃ of <see cref="ImportanceWeightedLoss"/> on the
/// way from a sample z to the decoder and to <see cref="GaussianLogRatio"/> (posterior detached), the decoder receives w̃ ∂log w
/// and the encoder w̃² ∂log w/∂z ∂z/∂φ: the doubly reparameterized gradient (Tucker et al. 2018, arXiv:1810.04152, eq. 8).
/// </summary>
public sealed class WeightedGradient : Operator
{
    private Tensor? weights;

    /// <param name="name">Name in reports.</param>
    /// <param name="x">[R, ..]</param>
    /// <param name="weights">[R, 1], no gradient flows into it; may be set later, because an operator further on may make it.</param>
    public WeightedGradient(string name, Tensor x, Tensor? weights = null)
        : base(name, x)
    {
        Weights = weights;
        Output = new Tensor(name, x.Shape);
    }

    /// <summary>[R, 1], read in backward only; must be set by then.</summary>
    public Tensor? Weights
    {
        get => weights;
        set => weights = value == null || LossRows.Count(Name, value) == Inputs[0].Shape.N
            ? value
            : throw new ArgumentException($"{Name}: {Inputs[0]} needs a weight for each row; found {value}.");
    }

    /// <summary>As x.</summary>
    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Forward()
    {
        int count4 = Output.Shape.Count4;
        yield return Kernels.Activation(
            Grid.Elementwise(count4), x: Inputs[0], y: Output, count4: count4, channels: Output.Shape.C, activation: (int)Activation.None);
    }

    // dx_r = w_r dy_r       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        if (weights == null)
            throw new InvalidOperationException($"{Name} has no weights: set {nameof(Weights)} before backward is described.");
        int count4 = Output.Shape.Count4;
        yield return Kernels.WeightedGradientBackward(
            Grid.Elementwise(count4), weights: weights, dy: gradients.Of(Output), dx: gradients.ShareOf(Inputs[0]),
            count4: count4, row4: count4 / Output.Shape.N);
    }
}
