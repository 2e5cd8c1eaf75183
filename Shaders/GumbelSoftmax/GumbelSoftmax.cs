using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// Samples of D categorical variables of C classes through which gradients flow: y = softmax((log π + g) / τ), g ~ Gumbel(0, 1), with
/// π = softmax(logits) (Jang et al. 2016, arXiv:1611.01144, eq. 2; the Concrete distribution of Maddison et al. 2016,
/// arXiv:1611.00712). Logits: [N, D·C], the classes of a variable side by side. As τ → 0, y becomes one-hot and its classes are
/// distributed as π. Softmax is blind to a shift, so the logits serve as log π. τ comes with the step
/// (<see cref="StepState.Temperature"/>) and must be above 0. g depends on the seed and the step alone (Include/philox.glsl).
/// </summary>
public sealed class GumbelSoftmax : Operator
{
    private readonly Tensor step;
    private readonly int classes;
    private readonly int samples;
    private readonly Tensor scores;
    private readonly Tensor statistics;

    /// <param name="name">Name in reports.</param>
    /// <param name="logits">[N, D·C], D·C a multiple of 4.</param>
    /// <param name="step">The step state (<see cref="StepState"/>).</param>
    /// <param name="classes">C, at least 2.</param>
    /// <param name="samples">K samples of each row: row n·K + k of the output comes from row n of the logits.</param>
    /// <param name="straightThrough">
    /// The output is the one-hot vector of the largest entry of y, while backward goes on as if it were y (arXiv:1611.01144, section 2.2).
    /// </param>
    /// <exception cref="ArgumentException">The logits hold no such variables, or there is no sample.</exception>
    public GumbelSoftmax(string name, Tensor logits, Tensor step, int classes, int samples = 1, bool straightThrough = false)
        : base(name, logits)
    {
        Variables = ClassStatistics.VariablesOf(name, logits, classes);
        if (samples < 1)
            throw new ArgumentException($"{name} draws at least 1 sample of each row; found {samples}.");
        (this.step, this.classes, this.samples) = (step, classes, samples);
        Shape shape = Shape.Matrix(checked(logits.Shape.N * samples), logits.Shape.C);
        Soft = new Tensor(straightThrough ? name + " soft" : name, shape);
        Output = straightThrough ? new Tensor(name, shape) : Soft;
        Noise = new Tensor(name + " noise", shape);
        scores = new Tensor(name + " scores", shape);
        statistics = ClassStatistics.TensorFor(name + " statistics", scores, classes);
    }

    /// <summary>D</summary>
    public int Variables { get; }

    /// <summary>g, [N·K, D·C], written in forward.</summary>
    public Tensor Noise { get; }

    /// <summary>y, [N·K, D·C], written in forward; without straight-through it is the output.</summary>
    public Tensor Soft { get; }

    /// <summary>[N·K, D·C]</summary>
    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Forward()
    {
        int count4 = Soft.Shape.Count4;
        yield return Kernels.GumbelScores(Grid.Elementwise(count4), logits: Inputs[0], step: step, noise: Noise, scores: scores,
            rows: Soft.Shape.N, width4: Soft.Shape.C4, samples: samples);
        yield return ClassStatistics.Of(scores, statistics, classes);
        yield return Kernels.ClassSoftmax(Grid.Elementwise(count4), scores: scores, statistics: statistics, probabilities: Soft,
            count4: count4, classes: classes);
        if (!ReferenceEquals(Output, Soft))
            yield return Kernels.ClassOneHot(Grid.Elementwise(count4), statistics: statistics, hot: Output, count4: count4,
                classes: classes);
    }

    // dlogits = Σ over the samples of y (dy − Σ_c y dy) / τ; the slope of log softmax drops out, as Σ_c of this is 0       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        if (!gradients.IsWanted(Inputs[0]))
            yield break;
        Tensor dSample = gradients.Of(Output), logits = Inputs[0];
        Tensor dots = ClassStatistics.TensorFor("d(" + Name + ") dots", Soft, classes);
        yield return Kernels.ClassDot(Grid.Elementwise(dots.Shape.Count4), a: Soft, b: dSample, dots: dots, count4: Soft.Shape.Count4,
            classes: classes);
        yield return Kernels.GumbelSoftmaxBackward(Grid.Elementwise(logits.Shape.Count4), soft: Soft, dSample: dSample, dots: dots,
            step: step, dLogits: gradients.ShareOf(logits),
            count4: logits.Shape.Count4, classes: classes, width4: logits.Shape.C4, samples: samples);
    }
}
