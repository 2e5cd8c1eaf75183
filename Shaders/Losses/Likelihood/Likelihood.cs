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
/// <param name="FixedScale">σ or b; null: the optimum of each batch (Rybkin et al. 2020, arXiv:2006.13202).</param>
public sealed record LikelihoodOptions(LikelihoodKind Kind, LikelihoodLink Link = LikelihoodLink.Sigmoid, float? FixedScale = null)
{
    /// <summary>The optimal scale never falls below this: finer than a step of 8-bit colour.</summary>
    public const double SmallestScale = 1e-3;

    /// <summary>−log p(x|z) in nats, summed over <paramref name="values"/> values, from the sums that the kernel keeps.</summary>
    /// <param name="absolute">Σ|x − x̂|</param>
    /// <param name="square">Σ(x − x̂)²</param>
    /// <param name="bernoulli">Σ of the Bernoulli −log p</param>
    /// <param name="values">How many values were summed.</param>
    /// <param name="scale">The scale to use; null: <see cref="FixedScale"/>, else the optimum of these values.</param>
    public double NegativeLogLikelihood(double absolute, double square, double bernoulli, double values, double? scale = null)
    {
        if (Kind == LikelihoodKind.Bernoulli)
            return bernoulli;
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
/// The reconstruction term: the batch mean of −log p(x|z), in nats, summed over pixels and channels, never averaged over them.
/// </summary>
public sealed class Likelihood : Operator
{
    private const int PerInvocation = 16;
    private readonly Tensor images;
    private readonly Tensor? step;
    private readonly Tensor partials;

    /// <param name="name">Name in reports.</param>
    /// <param name="logits">[N, H, W, C] from the decoder.</param>
    /// <param name="images">The targets, of the same shape: premultiplied, in [0, 1].</param>
    /// <param name="options">Distribution, link and scale.</param>
    /// <param name="step">
    /// Where a Laplace likelihood is annealed from a Gaussian, by <see cref="StepState.LaplaceShare"/>: the step. An L1 loss through a
    /// sigmoid goes for the median of each pixel first, and where most images agree it saturates there and can't come back.
    /// </param>
    public Likelihood(string name, Tensor logits, Tensor images, LikelihoodOptions options, Tensor? step = null)
        : base(name, logits)
    {
        if (logits.Shape != images.Shape)
            throw new ArgumentException($"{name} compares tensors of one shape; found {logits} and {images}.");
        if (options.Kind == LikelihoodKind.Bernoulli && options.Link != LikelihoodLink.Sigmoid)
            throw new ArgumentException($"{name}: the Bernoulli likelihood takes logits through the sigmoid; found link {options.Link}.");
        if (options.FixedScale is <= 0)
            throw new ArgumentException($"{name}: a fixed scale must be above 0; found {options.FixedScale}.");
        (this.images, Options) = (images, options);
        this.step = options.Kind == LikelihoodKind.Laplace ? step : null;
        partials = new Tensor(name + " partials", Shape.Matrix(Grid.DivideUp(logits.Shape.Count4, 64 * PerInvocation), 4));
        Output = new Tensor(name, Shape.Vector(4));
    }

    public LikelihoodOptions Options { get; }

    /// <summary>[4]: (Σ|d|, Σd², Σ Bernoulli −log p, 0) over the batch, d = x − x̂; see <see cref="LikelihoodOptions.NegativeLogLikelihood"/>.</summary>
    public override Tensor Output { get; }

    private Tensor Logits => Inputs[0];

    private int Pixels4 => Logits.Shape.H * Logits.Shape.W * Logits.Shape.C4;

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.LikelihoodError(new Grid(partials.Shape.N), logits: Logits, x: images, partials: partials,
            batch: Logits.Shape.N, pixels4: Pixels4, channels: Logits.Shape.C, likelihood: (int)Options.Kind, linkSigmoid: (int)Options.Link, scale: Options.FixedScale ?? 0, perInvocation: PerInvocation);
        yield return Reduction.Total(partials, Output);
    }

    // dl = (x̂ − x) / σ² · link' / N   or   sign(x̂ − x) / b · link' / N   or   (sigmoid(l) − x) / N       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        yield return Kernels.LikelihoodBackward(Grid.Elementwise(Logits.Shape.Count4), logits: Logits, x: images, errors: Output, step: step ?? Output, dLogits: gradients.ShareOf(Logits),
            batch: Logits.Shape.N, pixels4: Pixels4, channels: Logits.Shape.C, likelihood: (int)Options.Kind, linkSigmoid: (int)Options.Link, scale: Options.FixedScale ?? 0, annealed: step == null ? 0 : 1);
    }
}
