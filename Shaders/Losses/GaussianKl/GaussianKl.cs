using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// KL(N(μ, σ²) ‖ N(0, I)) = ½ Σ (μ² + σ² − log σ² − 1) in nats (Kingma &amp; Welling 2013, arXiv:1312.6114, appendix B). It enters
/// the loss as β times its mean over the batch; β comes with the step.
/// </summary>
public sealed class GaussianKl : Operator
{
    private readonly Tensor step;
    private readonly Tensor partials;

    public GaussianKl(string name, Tensor head, Tensor step)
        : base(name, head)
    {
        this.step = step;
        Grid grid = Grid.Elementwise(Elements);
        partials = new Tensor(name + " partials", Shape.Matrix(grid.X * grid.Y, 4));
        Output = new Tensor(name, Shape.Vector(4));
    }

    /// <summary>[4]: the sum over the batch, then zeros.</summary>
    public override Tensor Output { get; }

    private int Elements => Inputs[0].Shape.N * Latent4;

    private int Latent4 => Reparameterize.LatentSizeOf(Inputs[0]) / 4;

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.GaussianKl(Grid.Elementwise(Elements), head: Inputs[0], partials: partials, batch: Inputs[0].Shape.N, latent4: Latent4);
        yield return Reduction.Total(partials, Output);
    }

    // dμ = β μ / N;   dlog σ² = β (σ² − 1) / 2N, zero where clamped       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        yield return Kernels.GaussianKlBackward(Grid.Elementwise(Elements), head: Inputs[0], step: step, dHead: gradients.ShareOf(Inputs[0]), batch: Inputs[0].Shape.N, latent4: Latent4);
    }
}
