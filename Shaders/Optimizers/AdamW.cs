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
/// weights, over all parameters in one dispatch, or in several where they are too many for one binding; see adamw.comp for the formula.
/// </summary>
public sealed class AdamW
{
    /// <summary>2²⁷ bytes, which any Vulkan device can bind at a time.</summary>
    public const int MostRows4 = (1 << 27) / 16;

    private const int PerInvocation = 16;
    private readonly int rows4;
    private readonly ParameterSet parameters;
    private readonly Tensor step;
    private readonly AdamWOptions options;
    private readonly Tensor partials;

    /// <param name="rows4">Most vec4s of a dispatch, a multiple of 16,384, so that parts of the sums of squares begin where bindings may.</param>
    public AdamW(ParameterSet parameters, Tensor step, AdamWOptions options, int rows4 = MostRows4)
    {
        if (rows4 < 1 || rows4 % (16 * 64 * PerInvocation) != 0)
            throw new System.ArgumentException($"Expected a multiple of {16 * 64 * PerInvocation} vec4s a dispatch; found {rows4}.");
        (this.parameters, this.step, this.options, this.rows4) = (parameters, step, options, rows4);
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
        foreach ((long first, int count) in Parts())
        {
            int groups = Grid.DivideUp(count, 64 * PerInvocation);
            Tensor gradients = parameters.Gradients.Rows4(first, count), squares = partials.Rows4(first / (64 * PerInvocation), groups);
            yield return Kernels.GradientNorm(new Grid(groups), gradients: gradients, partials: squares, count4: count, perInvocation: PerInvocation) with { Label = "gradient norm" };
        }

        yield return Reduction.Total(partials, SquaredGradientNorm) with { Label = "gradient norm" };
        foreach ((long first, int count) in Parts())
        {
            Tensor Of(Tensor whole) => whole.Rows4(first, count);
            int decayed = (int)System.Math.Clamp((parameters.DecayedCount / 4) - first, 0, count);
            yield return Kernels.Adamw(Grid.Elementwise(count), gradients: Of(parameters.Gradients), squaredNorm: SquaredGradientNorm,
                weights: Of(parameters.Values), first: Of(FirstMoment), second: Of(SecondMoment), average: Of(Average), step: step,
                newWeights: Of(parameters.Values), newFirst: Of(FirstMoment), newSecond: Of(SecondMoment), newAverage: Of(Average),
                count4: count, decayed4: decayed, beta1: options.Beta1, beta2: options.Beta2, epsilon: options.Epsilon,
                decay: options.WeightDecay, clip: options.MaxGradientNorm) with { Label = "AdamW" };
        }
    }

    private IEnumerable<(long First, int Count)> Parts()
    {
        for (long first = 0; first < Count4; first += rows4)
            yield return (first, (int)System.Math.Min(rows4, Count4 - first));
    }
}
