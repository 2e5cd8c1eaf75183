using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// log q(z_r | head_n) − log p(z_r) in nats, a number a row: q = N(μ, σ²) of the head (μ | log σ²), p = N(0, I) or the Gaussian of
/// a prior's head; row r = n·K + k. Its mean over z ~ q is the KL; with −log p(x|z) it makes the importance weights of
/// <see cref="ImportanceWeightedLoss"/> (Burda et al. 2015, arXiv:1509.00519). log σ² is clamped to ±12, with no gradient outside.
/// </summary>
public sealed class GaussianLogRatio : Operator
{
    private readonly Tensor head;
    private readonly Tensor? priorHead;
    private readonly bool detachPosterior;

    /// <param name="name">Name in reports.</param>
    /// <param name="z">[R, Z], samples of the posterior.</param>
    /// <param name="head">[N, 2Z] = (μ | log σ²) of the posterior; N divides R.</param>
    /// <param name="priorHead">[N, 2Z] of the prior, or [R, 2Z] with one for each row of z; null: N(0, I).</param>
    /// <param name="detachPosterior">
    /// The head is a constant, and gradients reach it through z alone: what the doubly reparameterized gradient wants
    /// (Tucker et al. 2018, arXiv:1810.04152).
    /// </param>
    public GaussianLogRatio(string name, Tensor z, Tensor head, Tensor? priorHead = null, bool detachPosterior = false)
        : base(name, InputsOf(z, head, priorHead, detachPosterior))
    {
        (this.head, this.priorHead, this.detachPosterior) = (head, priorHead, detachPosterior);
        if (z.Shape != Shape.Matrix(z.Shape.N, Reparameterize.LatentSizeOf(head)))
            throw new ArgumentException($"{name} reads rows of {head.Shape.C / 2} latents, as many as {head} describes; found {z}.");
        if (priorHead != null && priorHead.Shape != head.Shape && priorHead.Shape != Shape.Matrix(z.Shape.N, head.Shape.C))
            throw new ArgumentException($"{name}: posterior and prior must have heads of one shape, or the prior one for each row of {z}; found {head} and {priorHead}.");
        Samples = LossRows.SamplesAnImage(name, z, head.Shape.N);
        Output = new Tensor(name, Shape.Matrix(z.Shape.N, 1));
    }

    /// <summary>K = R / N.</summary>
    public int Samples { get; }

    /// <summary>[R, 1]</summary>
    public override Tensor Output { get; }

    private Tensor Z => Inputs[0];

    /// <summary>Rows of z that share a row of the prior's head.</summary>
    private int PriorSamples => Z.Shape.N / (priorHead ?? head).Shape.N;

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.GaussianLogRatio(new Grid(Z.Shape.N), z: Z, head: head, priorHead: priorHead ?? head, ratio: Output,
            batch: head.Shape.N, latent4: Z.Shape.C4, samples: Samples, hasPrior: priorHead == null ? 0 : 1, priorSamples: PriorSamples);
    }

    // dz = d ((z − μp)/σp² − (z − μ)/σ²);   dμ = Σ_k d (z − μ)/σ²;   dlog σ² = Σ_k d ½ ((z − μ)²/σ² − 1), zero where clamped;
    // the prior's head as the posterior's with the sign turned       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor d = gradients.Of(Output);
        if (gradients.IsWanted(Z))
            yield return Kernels.GaussianLogRatioBackward(
                Grid.Elementwise(Z.Shape.Count4), z: Z, head: head, priorHead: priorHead ?? head, dRatio: d, dz: gradients.ShareOf(Z),
                batch: head.Shape.N, latent4: Z.Shape.C4, samples: Samples, hasPrior: priorHead == null ? 0 : 1, priorSamples: PriorSamples);
        if (!detachPosterior && gradients.IsWanted(head))
            yield return Score(Z, head, d, gradients.ShareOf(head), 1);
        if (priorHead != null && gradients.IsWanted(priorHead))
            yield return Score(Z, priorHead, d, gradients.ShareOf(priorHead), -1);
    }

    /// <summary>dHead_n (=) scale · Σ_k weight_r · ∇ log N(z_r; head_n).</summary>
    internal static KernelSpec Score(Tensor z, Tensor head, Tensor weights, Tensor dHead, float scale) =>
        Kernels.GaussianScore(Grid.Elementwise(head.Shape.Count4 / 2), z: z, head: head, weights: weights, dHead: dHead,
            batch: head.Shape.N, latent4: z.Shape.C4, samples: z.Shape.N / head.Shape.N, scale: scale);

    private static Tensor[] InputsOf(Tensor z, Tensor head, Tensor? priorHead, bool detachPosterior) => (detachPosterior, priorHead) switch
    {
        (true, null) => [z],
        (true, _) => [z, priorHead],
        (false, null) => [z, head],
        (false, _) => [z, head, priorHead],
    };
}
