using System;

namespace VaeProcgen.Shaders;

/// <summary>
/// Controlled capacity: (1/R) Σ_r nll_r + γ |KL − C|, KL = (1/N) Σ_nj kl_nj (Burgess et al. 2018, arXiv:1804.03599, eq. 8). C, in nats
/// an image, comes with the step and is raised over training. At KL = C the slope is 0. Figures: (loss, mean nll, mean KL, C).
/// </summary>
public sealed class CapacityLoss : KlObjective
{
    /// <param name="name">Name in reports.</param>
    /// <param name="nll">[R, 1]: −log p(x|z) of each row in nats.</param>
    /// <param name="kl">[N, Z]: the KL of each image and dimension in nats; N divides R.</param>
    /// <param name="step">Read for <see cref="StepState.Capacity"/>.</param>
    /// <param name="gamma">γ, 0 or more.</param>
    public CapacityLoss(string name, Tensor nll, Tensor kl, Tensor step, float gamma)
        : base(name, nll, kl, step, Kind.Capacity, gamma)
    {
        if (!(gamma >= 0 && gamma < float.PositiveInfinity))
            throw new ArgumentException($"{name}: the weight of the distance to the capacity must be 0 or more; found {gamma}.");
    }
}
