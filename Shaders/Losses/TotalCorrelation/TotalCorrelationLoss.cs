using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// β-TCVAE: mean nll + β_t (α MI + β TC + γ dwKL) in nats an image, the KL split into mutual information of image and latents, total
/// correlation of the latents, and KL of each dimension (Chen et al. 2018, arXiv:1802.04942, eq. 2 and 4). The aggregate posterior is
/// estimated from the batch, weighted for the size M of the set: log q(z_i) ≈ log (1/NM) Σ_m q(z_i|x_m), and likewise each dimension;
/// the estimate is biased, lower for small N. β_t, the warm-up of the KL, comes with the step. One sample an image. O(N²Z); keeps
/// [N, N] and [N, Z]. log σ² is clamped to ±12, with no gradient outside. The end of a graph.
/// </summary>
public sealed class TotalCorrelationLoss : Operator
{
    private readonly Tensor step;
    private readonly Tensor joint;
    private readonly Tensor marginal;
    private readonly Tensor logSums;
    private readonly Tensor terms;
    private readonly Tensor means;
    private readonly Tensor nllSlope;
    private readonly float logPairs;

    /// <param name="name">Name in reports.</param>
    /// <param name="nll">[N, 1]: −log p(x|z) of each image in nats.</param>
    /// <param name="z">[N, Z]: one sample of each posterior.</param>
    /// <param name="head">[N, 2Z] = (μ | log σ²) of the posteriors.</param>
    /// <param name="step">Read for <see cref="StepState.KlWeight"/>.</param>
    /// <param name="datasetSize">M, images of the set.</param>
    /// <param name="alpha">Weight of the mutual information.</param>
    /// <param name="beta">Weight of the total correlation; the paper's β.</param>
    /// <param name="gamma">Weight of the dimension-wise KL.</param>
    public TotalCorrelationLoss(
        string name, Tensor nll, Tensor z, Tensor head, Tensor step, long datasetSize, float alpha = 1, float beta = 1, float gamma = 1)
        : base(name, nll, z, head)
    {
        int batch = LossRows.Count(name, nll), latent = Reparameterize.LatentSizeOf(head);
        if (head.Shape.N != batch || z.Shape != Shape.Matrix(batch, latent))
            throw new ArgumentException($"{name} reads one sample an image: [N, 1], [N, Z] and [N, 2Z]; found {nll}, {z} and {head}.");
        if (datasetSize < 1)
            throw new ArgumentException($"{name}: a set has at least 1 image; found {datasetSize}.");
        (string, float)[] weights = [("mutual information", alpha), ("total correlation", beta), ("dimension-wise KL", gamma)];
        foreach ((string what, float weight) in weights)
        {
            if (!(weight >= 0 && weight < float.PositiveInfinity))
                throw new ArgumentException($"{name}: the weight of the {what} must be 0 or more; found {weight}.");
        }

        (this.step, Alpha, Beta, Gamma) = (step, alpha, beta, gamma);
        logPairs = (float)(Math.Log(batch) + Math.Log(datasetSize));
        joint = new Tensor(name + " log q(z|x)", Shape.Matrix(batch, batch));
        marginal = new Tensor(name + " log sums of dimensions", z.Shape);
        logSums = new Tensor(name + " log sums", nll.Shape);
        terms = new Tensor(name + " terms", Shape.Matrix(batch, 4));
        means = new Tensor(name + " means", Shape.Vector(4));
        nllSlope = new Tensor(name + " slope of nll", Shape.Vector(1));
        Output = new Tensor(name, Shape.Vector(4));
    }

    public float Alpha { get; }

    public float Beta { get; }

    public float Gamma { get; }

    /// <summary>[4]: (loss, mutual information, total correlation, dimension-wise KL), means over the batch.</summary>
    public override Tensor Output { get; }

    private Tensor Nll => Inputs[0];

    private Tensor Z => Inputs[1];

    private Tensor Head => Inputs[2];

    public override IEnumerable<KernelSpec> Forward()
    {
        int batch = Z.Shape.N, latent4 = Z.Shape.C4;
        yield return Kernels.TcJoint(Grid.Elementwise(joint.Shape.Count4), z: Z, head: Head, joint: joint, batch: batch, latent4: latent4);
        yield return Kernels.TcMarginal(
            Grid.Elementwise(Z.Shape.Count4), z: Z, head: Head, marginal: marginal, batch: batch, latent4: latent4);
        yield return Kernels.TcTerms(new Grid(batch), nll: Nll, z: Z, joint: joint, marginal: marginal, logSums: logSums, terms: terms,
            batch: batch, latent4: latent4, logPairs: logPairs);
        yield return LossRows.Mean(terms, means);
        yield return Kernels.TcLoss(Grid.One, means: means, step: step, loss: Output, nllSlope: nllSlope,
            perImage: 1f / batch, alpha: Alpha, beta: Beta, gamma: Gamma);
    }

    // With g_imj = α [i = m] + (β − α) q(z_i|x_m) / Σ_m q(z_i|x_m) + (γ − β) q(z_ij|x_m) / Σ_m q(z_ij|x_m), all times β_t / N:
    // dz_ij = γ z_ij − Σ_m g (z_ij − μ_mj)/σ_mj²;   dμ_mj = Σ_i g (z_ij − μ_mj)/σ_mj²;   dlog σ_mj² = Σ_i g ½ ((z_ij − μ_mj)²/σ_mj² − 1);
    // dnll_i = 1 / N       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        int batch = Z.Shape.N, latent4 = Z.Shape.C4;
        if (gradients.IsWanted(Nll))
            yield return LossRows.Broadcast(nllSlope, gradients.ShareOf(Nll));
        if (gradients.IsWanted(Z))
            yield return Kernels.TcBackwardZ(
                Grid.Elementwise(Z.Shape.Count4), z: Z, head: Head, joint: joint, logSums: logSums, marginal: marginal, step: step,
                dz: gradients.ShareOf(Z), batch: batch, latent4: latent4, alpha: Alpha, beta: Beta, gamma: Gamma);
        if (gradients.IsWanted(Head))
            yield return Kernels.TcBackwardHead(
                Grid.Elementwise(Z.Shape.Count4), z: Z, head: Head, joint: joint, logSums: logSums, marginal: marginal, step: step,
                dHead: gradients.ShareOf(Head), batch: batch, latent4: latent4, alpha: Alpha, beta: Beta, gamma: Gamma);
    }
}
