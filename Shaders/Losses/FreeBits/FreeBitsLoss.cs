using System;

namespace VaeProcgen.Shaders;

/// <summary>
/// Free bits: (1/R) Σ_r nll_r + β Σ_j max(λ, k_j), k_j = (1/N) Σ_n kl_nj (Kingma et al. 2016, arXiv:1606.04934, eq. 15). A dimension
/// whose mean KL is λ or less is not pressed further, so that it does not collapse before the decoder has learnt to use it.
/// β comes with the step. Figures: (loss, mean nll, mean KL, dimensions above λ).
/// </summary>
public sealed class FreeBitsLoss : KlObjective
{
    /// <param name="name">Name in reports.</param>
    /// <param name="nll">[R, 1]: −log p(x|z) of each row in nats.</param>
    /// <param name="kl">[N, Z]: the KL of each image and dimension in nats; N divides R.</param>
    /// <param name="step">Read for <see cref="StepState.KlWeight"/>.</param>
    /// <param name="lambda">λ in nats a dimension, 0 or more; 0 is the ELBO.</param>
    public FreeBitsLoss(string name, Tensor nll, Tensor kl, Tensor step, float lambda)
        : base(name, nll, kl, step, Kind.FreeBits, lambda)
    {
        if (!(lambda >= 0 && lambda < float.PositiveInfinity))
            throw new ArgumentException($"{name}: free nats a dimension must be 0 or more; found {lambda}.");
    }
}
