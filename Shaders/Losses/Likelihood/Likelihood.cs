using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>p(x|z), numbered as in Include/likelihood.glsl.</summary>
public enum LikelihoodKind
{
    /// <summary>N(x̂, σ²): −log p = ½ log(2πσ²) + (x − x̂)² / 2σ² for each value.</summary>
    Gaussian = 0,

    /// <summary>Laplace(x̂, b): −log p = log 2b + |x − x̂| / b for each value.</summary>
    Laplace = 1,

    /// <summary>Bernoulli(sigmoid(l)): −log p = log(1 + exp l) − x l for each value, x in [0, 1].</summary>
    Bernoulli = 2,

    /// <summary>
    /// Logistic(x̂, s), integrated over the step of 8-bit colour around x (Salimans et al. 2017, arXiv:1701.05517, eq. 2):
    /// −log p = −log(σ((x + 1/510 − x̂)/s) − σ((x − 1/510 − x̂)/s)) for each value, the steps of 0 and 1 open outwards.
    /// </summary>
    DiscretizedLogistic = 3,
}

/// <summary>What turns a decoder's logits into the mean of p(x|z).</summary>
public enum LikelihoodLink
{
    Identity = 0,
    Sigmoid = 1,
}

/// <summary>How images are scored.</summary>
/// <param name="Kind">The distribution.</param>
/// <param name="Link">Logits to mean; Bernoulli is always the sigmoid.</param>
/// <param name="FixedScale">σ, b or s; null: the optimum of each batch (Rybkin et al. 2020, arXiv:2006.13202), or learned.</param>
/// <param name="LearnedScale">One scale for all values, trained with the weights.</param>
public sealed record LikelihoodOptions(
    LikelihoodKind Kind, LikelihoodLink Link = LikelihoodLink.Sigmoid, float? FixedScale = null, bool LearnedScale = false)
{
    /// <summary>No scale but a fixed one falls below this: finer than a step of 8-bit colour.</summary>
    public const double SmallestScale = 1e-3;

    /// <summary>Whether the scale is the optimum of each batch: it makes the rows of a batch depend on each other.</summary>
    public bool HasOptimalScale() => HasScale() && FixedScale == null && !LearnedScale;

    /// <summary>Whether there is a scale at all.</summary>
    public bool HasScale() => Kind != LikelihoodKind.Bernoulli;

    /// <summary>Checks that the parts go together.</summary>
    /// <exception cref="ArgumentException">They don't; the message says why and what to choose.</exception>
    public LikelihoodOptions Validate()
    {
        if (!Enum.IsDefined(typeof(LikelihoodKind), Kind) || !Enum.IsDefined(typeof(LikelihoodLink), Link)
            || (Kind == LikelihoodKind.Bernoulli && Link != LikelihoodLink.Sigmoid))
            throw new ArgumentException($"There is no {Kind} likelihood with link {Link}. Choose Laplace, Gaussian or Bernoulli, or the discretized logistic, with the sigmoid; all but Bernoulli go with the identity too.");
        if (FixedScale is { } scale && !(scale > 0 && scale < float.PositiveInfinity))
            throw new ArgumentException($"A fixed scale of the likelihood must be above 0 and finite; found {scale}.");
        if (LearnedScale && (FixedScale != null || !HasScale()))
            throw new ArgumentException($"A scale is learned, fixed or absent; found a learned one beside {(HasScale() ? $"a fixed one of {FixedScale}" : "the Bernoulli likelihood, which has none")}.");
        if (Kind == LikelihoodKind.DiscretizedLogistic && HasOptimalScale())
            throw new ArgumentException("The discretized logistic likelihood has no closed form for its optimal scale: choose a learned scale, or a fixed one.");
        return this;
    }

    /// <summary>−log p(x|z) in nats, summed over <paramref name="values"/> values, from the sums that the kernel keeps.</summary>
    /// <param name="absolute">Σ|x − x̂|</param>
    /// <param name="square">Σ(x − x̂)²</param>
    /// <param name="direct">Σ of −log p, where it is no function of the two</param>
    /// <param name="values">How many values were summed.</param>
    /// <param name="scale">The scale to use; null: <see cref="FixedScale"/>, else the optimum of these values.</param>
    public double NegativeLogLikelihood(double absolute, double square, double direct, double values, double? scale = null)
    {
        if (Kind is LikelihoodKind.Bernoulli or LikelihoodKind.DiscretizedLogistic)
            return direct;
        double s = scale ?? OptimalScale(absolute, square, values);
        return Kind == LikelihoodKind.Laplace
            ? values * Math.Log(2 * s) + absolute / s
            : values * 0.5 * Math.Log(2 * Math.PI * s * s) + square / (2 * s * s);
    }

    /// <summary><see cref="FixedScale"/>, else b = Σ|d| / values or σ = √(Σd² / values), at least <see cref="SmallestScale"/>.</summary>
    public double OptimalScale(double absolute, double square, double values) =>
        FixedScale ?? Math.Max(SmallestScale, Kind == LikelihoodKind.Laplace ? absolute / values : Math.Sqrt(square / values));
}

/// <summary>
/// The reconstruction term: −log p(x|z) of each row, in nats, summed over pixels and channels, never averaged over them. Row
/// r = nK + k of the logits scores image n.
/// </summary>
public sealed class Likelihood : Operator
{
    private const int PerInvocation = 16;
    private const float FirstScale = 0.25f;
    private readonly Tensor images;
    private readonly Tensor? step;
    private readonly Tensor partials;

    /// <param name="name">Name in reports.</param>
    /// <param name="logits">[N·K, H, W, C] from the decoder.</param>
    /// <param name="images">The targets, [N, H, W, C]: premultiplied, in [0, 1].</param>
    /// <param name="options">Distribution, link and scale.</param>
    /// <param name="step">
    /// Where a Laplace likelihood is annealed from a Gaussian, by <see cref="StepState.LaplaceShare"/>: the step. An L1 loss through a
    /// sigmoid goes for the median of each pixel first, and where most images agree it saturates there and can't come back.
    /// </param>
    /// <param name="parameters">Gets the parameter of a learned scale.</param>
    public Likelihood(string name, Tensor logits, Tensor images, LikelihoodOptions options, Tensor? step = null, ParameterSet? parameters = null)
        : base(name, logits)
    {
        (Shape rows, Shape targets) = (logits.Shape, images.Shape);
        if ((rows.H, rows.W, rows.C) != (targets.H, targets.W, targets.C) || rows.N % targets.N != 0)
            throw new ArgumentException($"{name} compares tensors of one shape, or several rows with each image; found {logits} and {images}.");
        (this.images, Options) = (images, options.Validate());
        this.step = options.Kind == LikelihoodKind.Laplace ? step : null;
        if (options.LearnedScale)
            LogScale = (parameters ?? throw new ArgumentException($"{name}: a learned scale needs parameters.")).Add(
                name + ".log_scale", Shape.Vector(1), [1], new Initializer(InitializerKind.Constant, MathF.Log(FirstScale)), decays: false);
        partials = new Tensor(name + " partials", Shape.Matrix(rows.N * Grid.DivideUp(Pixels4, 64 * PerInvocation), 4));
        Statistics = new Tensor(name + " statistics", Shape.Matrix(rows.N, 4));
        Totals = new Tensor(name + " totals", Shape.Vector(4));
        Output = new Tensor(name, Shape.Matrix(rows.N, 1));
    }

    public LikelihoodOptions Options { get; }

    /// <summary>[1]: the logarithm of a learned scale.</summary>
    public Parameter? LogScale { get; }

    /// <summary>
    /// [N·K, 4] of each row: (Σ|d|, Σd², Σ −log p where that is no function of the two, Σ d(−log p)/d(log s) likewise), d = x − x̂.
    /// </summary>
    public Tensor Statistics { get; }

    /// <summary>[4]: the sum of <see cref="Statistics"/> over the rows; see <see cref="LikelihoodOptions.NegativeLogLikelihood"/>.</summary>
    public Tensor Totals { get; }

    /// <summary>[N·K, 1]: −log p(x|z) in nats.</summary>
    public override Tensor Output { get; }

    private Tensor Logits => Inputs[0];

    private int Rows => Logits.Shape.N;

    private int Samples => Rows / images.Shape.N;

    private int Pixels4 => Logits.Shape.H * Logits.Shape.W * Logits.Shape.C4;

    private int ScaleMode => Options.LearnedScale ? 2 : Options.FixedScale != null ? 1 : 0;

    private float Fixed => Options.FixedScale ?? 1;

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.LikelihoodStatistics(new Grid(partials.Shape.N / Rows, Rows), logits: Logits, x: images, logScale: LogScale ?? Logits, partials: partials,
            rows: Rows, pixels4: Pixels4, channels: Logits.Shape.C, samples: Samples, likelihood: (int)Options.Kind, linkSigmoid: (int)Options.Link, scaleMode: ScaleMode, fixedScale: Fixed, perInvocation: PerInvocation);
        yield return Kernels.LikelihoodRows(Grid.Elementwise(Rows), partials: partials, statistics: Statistics, rows: Rows, parts: partials.Shape.N / Rows);
        yield return Reduction.Total(Statistics, Totals);
        yield return Kernels.LikelihoodNll(Grid.Elementwise(Rows), statistics: Statistics, totals: Totals, logScale: LogScale ?? Totals, nll: Output,
            rows: Rows, pixels4: Pixels4, channels: Logits.Shape.C, samples: Samples, likelihood: (int)Options.Kind, linkSigmoid: (int)Options.Link, scaleMode: ScaleMode, fixedScale: Fixed);
    }

    // dl = dNll · ((x̂ − x) / σ²  or  sign(x̂ − x) / b) · link'   or   dNll · (sigmoid(l) − x);   dlog s = Σ dNll (n − Σd²/σ² or n − Σ|d|/b)      (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor dNll = gradients.Of(Output);
        yield return Kernels.LikelihoodBackward(Grid.Elementwise(Logits.Shape.Count4), logits: Logits, x: images, totals: Totals, logScale: LogScale ?? Totals, dNll: dNll, step: step ?? Totals, dLogits: gradients.ShareOf(Logits),
            rows: Rows, pixels4: Pixels4, channels: Logits.Shape.C, samples: Samples, likelihood: (int)Options.Kind, linkSigmoid: (int)Options.Link, scaleMode: ScaleMode, fixedScale: Fixed, annealed: step == null ? 0 : 1);
        if (LogScale != null)
            yield return Kernels.LikelihoodScaleGradient(Grid.One, statistics: Statistics, logScale: LogScale, dNll: dNll, dLogScale: LogScale.Gradient,
                rows: Rows, pixels4: Pixels4, channels: Logits.Shape.C, samples: Samples, likelihood: (int)Options.Kind, linkSigmoid: (int)Options.Link, scaleMode: ScaleMode, fixedScale: Fixed);
    }
}
