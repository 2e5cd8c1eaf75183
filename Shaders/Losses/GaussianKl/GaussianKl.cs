using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// KL(q ‖ p) of diagonal Gaussians in nats, each dimension by itself:
/// ½ ((σq² + (μq − μp)²) / σp² − log(σq² / σp²) − 1); with p = N(0, I) this is ½ (μ² + σ² − log σ² − 1) (Kingma &amp; Welling 2013,
/// arXiv:1312.6114, appendix B).
/// </summary>
public sealed class GaussianKl : Operator
{
    private readonly Tensor? prior;

    /// <param name="name">Name in reports.</param>
    /// <param name="head">[N·cells, 2Z / cells] = (μ | log σ²) of q.</param>
    /// <param name="prior">The same of p; null: N(0, I).</param>
    /// <param name="cells">Gaussians an image.</param>
    public GaussianKl(string name, Tensor head, Tensor? prior = null, int cells = 1)
        : base(name, prior == null ? [head] : [head, prior])
    {
        if (prior != null && prior.Shape != head.Shape)
            throw new ArgumentException($"{name} compares Gaussians of one shape; found {head} and {prior}.");
        this.prior = prior;
        Output = new Tensor(name, Shape.Matrix(head.Shape.N / cells, Reparameterize.LatentSizeOf(head) * cells));
    }

    /// <summary>[N, Z]</summary>
    public override Tensor Output { get; }

    private Tensor Head => Inputs[0];

    private Grid Elements => Grid.Elementwise(Output.Shape.Count4);

    private int Latent4 => Reparameterize.LatentSizeOf(Head) / 4;

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.GaussianKl(Elements, head: Head, prior: prior ?? Head, kl: Output, batch: Head.Shape.N, latent4: Latent4, hasPrior: prior == null ? 0 : 1);
    }

    // dμq = −dμp = dKl (μq − μp) / σp²;   dlog σq² = ½ dKl (σq²/σp² − 1);   dlog σp² = ½ dKl (1 − (σq² + (μq − μp)²) / σp²);   0 where clamped     (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor dKl = gradients.Of(Output);
        for (int i = 0; i < Inputs.Count; i++)
        {
            if (gradients.IsWanted(Inputs[i]))
                yield return Kernels.GaussianKlBackward(Elements, head: Head, prior: prior ?? Head, dKl: dKl, dHead: gradients.ShareOf(Inputs[i]),
                    batch: Head.Shape.N, latent4: Latent4, hasPrior: prior == null ? 0 : 1, ofPrior: i);
        }
    }
}
