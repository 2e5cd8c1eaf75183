namespace VaeProcgen.Shaders;

/// <summary>
/// −ELBO = (1/R) Σ_r nll_r + β (1/N) Σ_nj kl_nj in nats an image (Kingma &amp; Welling 2013, arXiv:1312.6114, eq. 3; β: Higgins et al.
/// 2017). β comes with the step. Figures: (loss, mean nll, mean KL, 0).
/// </summary>
public sealed class ElboLoss : KlObjective
{
    /// <param name="name">Name in reports.</param>
    /// <param name="nll">[R, 1]: −log p(x|z) of each row in nats.</param>
    /// <param name="kl">[N, Z]: the KL of each image and dimension in nats; N divides R.</param>
    /// <param name="step">Read for <see cref="StepState.KlWeight"/>.</param>
    public ElboLoss(string name, Tensor nll, Tensor kl, Tensor step)
        : base(name, nll, kl, step, Kind.Elbo, 0)
    {
    }
}
