using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>Constants of <see cref="AdamW"/>; the learning rate comes with the step.</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="WeightDecay">Decoupled decay of weights, times the learning rate; not of biases or normalization.</param>
/// <param name="MaxGradientNorm">Global norm above which all gradients are scaled down together; 0: never.</param>
public sealed record AdamWOptions(float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-8f, float WeightDecay = 0, float MaxGradientNorm = 0);

/// <summary>
/// AdamW (Loshchilov &amp; Hutter 2019, arXiv:1711.05101) with clipping of the global gradient norm and a moving average of the
/// weights, over all parameters in one dispatch; see adamw.comp for the formula.
/// </summary>
public sealed class AdamW
{
    private const int PerInvocation = 16;
    private readonly ParameterSet parameters;
    private readonly Tensor step;
    private readonly AdamWOptions options;
    private readonly Tensor partials;

    public AdamW(ParameterSet parameters, Tensor step, AdamWOptions options)
    {
        (this.parameters, this.step, this.options) = (parameters, step, options);
        FirstMoment = parameters.Companion("first moment");
        SecondMoment = parameters.Companion("second moment");
        Average = parameters.Companion("average weights");
        SquaredGradientNorm = new Tensor("squared gradient norm", Shape.Vector(4));
        partials = new Tensor("squared gradient norm partials", Shape.Matrix(Grid.DivideUp(Count4, 64 * PerInvocation), 4));
    }

    public Tensor FirstMoment { get; }

    public Tensor SecondMoment { get; }

    /// <summary>ema ← d·ema + (1 − d)·w; d comes with the step. Start it as a copy of the weights.</summary>
    public Tensor Average { get; }

    /// <summary>[4]: Σ g² over all parameters before clipping, then zeros.</summary>
    public Tensor SquaredGradientNorm { get; }

    private int Count4 => parameters.Values.Shape.Count4;

    /// <summary>Updates (in place) the weights, both moments and the average from <see cref="ParameterSet.Gradients"/>.</summary>
    public IEnumerable<KernelSpec> Update()
    {
        yield return Kernels.GradientNorm(new Grid(partials.Shape.N), gradients: parameters.Gradients, partials: partials, count4: Count4, perInvocation: PerInvocation) with { Label = "gradient norm" };
        yield return Reduction.Total(partials, SquaredGradientNorm) with { Label = "gradient norm" };
        yield return Kernels.Adamw(Grid.Elementwise(Count4), gradients: parameters.Gradients, squaredNorm: SquaredGradientNorm,
            weights: parameters.Values, first: FirstMoment, second: SecondMoment, average: Average, step: step,
            newWeights: parameters.Values, newFirst: FirstMoment, newSecond: SecondMoment, newAverage: Average,
            count4: Count4, decayed4: checked((int)(parameters.DecayedCount / 4)), beta1: options.Beta1, beta2: options.Beta2, epsilon: options.Epsilon,
            decay: options.WeightDecay, clip: options.MaxGradientNorm) with { Label = "AdamW" };
    }
}
