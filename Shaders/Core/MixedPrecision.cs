using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// Products of half-precision operands with float sums, over float weights (Micikevicius et al. 2018, arXiv:1710.03740). Each operand of a convolution
/// or linear layer is rounded to half precision where it is read; sums, everything between products, the weights, their gradients and the
/// optimizer stay float. So one set of tensors serves both precisions, and a device with matrix units (<see cref="OperandPath.Matrix"/>) computes
/// the same products as one without. Results of at most four channels, the last layer of a decoder, are computed in float: they have little
/// to win.
/// <para>Loss scaling: a gradient is multiplied by the scale S = 2^(10 + e) where it is rounded, and the sum of products divided by it, both without
/// rounding. It is the same as scaling the loss, as between products nothing can underflow, and no loss need know of it. Where a gradient
/// leaves what half precision holds, it becomes infinite, the step is left out (<see cref="AdamW"/>), and S is halved; after
/// <see cref="Patience"/> steps without that it is doubled.</para>
/// </summary>
public sealed class MixedPrecision
{
    /// <summary>Steps without overflow after which the scale is doubled.</summary>
    public const int Patience = 1000;

    private const int LowestExponent = -10;
    private const int HighestExponent = 14;

    /// <summary>[4] = (e, steps since it changed, 0, 0), carried from step to step; zeros at the start.</summary>
    public Tensor LossScale { get; } = new("loss scale", Shape.Vector(4));

    /// <summary>[4]: S of the last step, then zeros.</summary>
    public Tensor Used { get; } = new("used loss scale", Shape.Vector(4));

    /// <summary>Writes (=) <see cref="Used"/>, and changes <see cref="LossScale"/> as the step's gradients ask for.</summary>
    /// <param name="squaredNorm">[4]: Σ g², not finite where a gradient is not.</param>
    public IEnumerable<KernelSpec> Update(Tensor squaredNorm)
    {
        yield return Kernels.LossScale(Grid.One, squaredNorm: squaredNorm, lossScale: LossScale, newLossScale: LossScale, used: Used, patience: Patience,
            lowest: LowestExponent, highest: HighestExponent) with { Label = "loss scale" };
    }
}

/// <summary>Which operand of a product is a gradient, as Include/half_operands.glsl has it.</summary>
internal enum GradientOperand
{
    None = 0,
    First = 1,
    Second = 2,
}
