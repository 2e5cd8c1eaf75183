using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>What a score-function gradient subtracts from the nll; numbered as in score_advantage.comp.</summary>
public enum ScoreBaseline
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>
    /// The mean over the other samples of the image or, where each has one, over the other images of the batch: it does not depend on
    /// the sample that it is subtracted from, so the gradient stays unbiased. 0 where there is no other.
    /// </summary>
    LeaveOneOut = 1,
}

/// <summary>
/// The score-function gradient (REINFORCE; Williams 1992) of the batch mean of E_q[nll] with respect to the posterior's head:
/// (1/NK) Σ_r (nll_r − b_r) ∇ log q(z_r | head_n), r = n·K + k. nll and z are read as numbers: no gradient flows through them, so it
/// serves where the decoder has none to give. It varies far more than the pathwise gradient of <see cref="Reparameterize"/>.
/// A graph that holds both on one head counts E_q[nll] twice, unless z is a constant there. The end of a graph.
/// </summary>
public sealed class ScoreFunction : Operator
{
    private readonly Tensor nll;
    private readonly Tensor z;
    private readonly ScoreBaseline baseline;
    private readonly int group;

    /// <param name="name">Name in reports.</param>
    /// <param name="nll">[R, 1], any number of each row.</param>
    /// <param name="head">[N, 2Z] = (μ | log σ²) of the posterior.</param>
    /// <param name="z">[R, Z], samples of the posterior.</param>
    /// <param name="samples">K = R / N, samples an image.</param>
    /// <param name="baseline">b</param>
    public ScoreFunction(string name, Tensor nll, Tensor head, Tensor z, int samples, ScoreBaseline baseline = ScoreBaseline.LeaveOneOut)
        : base(name, head)
    {
        int rows = LossRows.Count(name, nll), latent = Reparameterize.LatentSizeOf(head);
        if (samples < 1 || rows != head.Shape.N * samples)
            throw new ArgumentException($"{name} reads {samples} rows for each of the {head.Shape.N} images of {head}; found {nll}.");
        if (z.Shape != Shape.Matrix(rows, latent))
            throw new ArgumentException($"{name} reads samples [{rows}, 1, 1, {latent}], as {nll} and {head} ask for; found {z}.");
        (this.nll, this.z, this.baseline, group) = (nll, z, baseline, samples > 1 ? samples : rows);
        Advantages = new Tensor(name + " advantages", nll.Shape);
        Output = new Tensor(name, Shape.Vector(4));
    }

    /// <summary>[R, 1]: nll − b, written in forward.</summary>
    public Tensor Advantages { get; }

    /// <summary>[4]: (0, mean b, variance of nll − b over the rows, 0). The value is no loss: only the gradient counts.</summary>
    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Forward()
    {
        int rows = nll.Shape.N;
        yield return Kernels.ScoreAdvantage(
            Grid.Elementwise(rows), nll: nll, advantages: Advantages, rows: rows, group: group, baseline: (int)baseline,
            perOther: group > 1 ? 1f / (group - 1) : 0);
        yield return Kernels.ScoreFigures(Grid.One, nll: nll, advantages: Advantages, figures: Output, rows: rows, perRow: 1f / rows);
    }

    // dhead_n = (1/NK) Σ_k (nll_r − b_r) ∇ log q(z_r | head_n), zero in a clamped log σ²       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        yield return GaussianLogRatio.Score(z, Inputs[0], Advantages, gradients.ShareOf(Inputs[0]), 1f / nll.Shape.N);
    }
}
