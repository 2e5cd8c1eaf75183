using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// −log p(t) of each row in nats, p = softmax(l): log Σ_k exp(l_k − max l) + max l − l_t. No logit overflows. A target that is no
/// class costs log Σ exp l alone, and is an error of the caller.
/// </summary>
public sealed class SoftmaxCrossEntropy : Operator
{
    private readonly Tensor targets;
    private readonly Tensor normalizer;

    /// <param name="name">Name in reports.</param>
    /// <param name="logits">l, [R, K].</param>
    /// <param name="targets">Words [R]: t, each below K.</param>
    public SoftmaxCrossEntropy(string name, Tensor logits, Tensor targets)
        : base(name, logits)
    {
        if (logits.Shape is not { H: 1, W: 1 } || targets.Shape.C != logits.Shape.N)
            throw new ArgumentException(
                $"{name} takes logits [R, K] and a target for each row; found {logits} and {targets.Shape.C} targets.");
        this.targets = targets;
        normalizer = new Tensor(name + " log sum", Shape.Matrix(logits.Shape.N, 2));
        Output = new Tensor(name, Shape.Matrix(logits.Shape.N, 1));
    }

    /// <summary>[R, 1]</summary>
    public override Tensor Output { get; }

    private Tensor Logits => Inputs[0];

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.SoftmaxCrossEntropy(Grid.Elementwise(8L * Logits.Shape.N),
            logits: Logits, targets: targets, nll: Output, normalizer: normalizer,
            rows: Logits.Shape.N, classes: Logits.Shape.C);
    }

    // dl_k = dnll (softmax(l)_k − [k = t])       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        if (gradients.IsWanted(Logits))
            yield return Kernels.SoftmaxCrossEntropyBackward(Grid.Elementwise(Logits.Shape.Count4),
                logits: Logits, targets: targets, normalizer: normalizer,
                dNll: gradients.Of(Output), dLogits: gradients.ShareOf(Logits), rows: Logits.Shape.N, classes: Logits.Shape.C);
    }
}
