using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// One batch for flow matching on straight paths (Lipman et al. 2022, arXiv:2210.02747): x₁ a sample of the standardised
/// posterior of a training image, x₀ ~ N(0, I), t ~ U(0, 1); the network sees (1 − t) x₀ + t x₁ and t, and should say x₁ − x₀.
/// </summary>
public sealed class FlowSample
{
    /// <summary>cos(πkt) for k = 1..16, then sin(πkt): how the network sees the time t.</summary>
    public const int TimeFeatures = 32;

    private readonly Tensor step;

    /// <param name="posterior">[images, 2Z] = (μ | σ), standardised.</param>
    /// <param name="step">The step state; its batch rows choose images.</param>
    /// <param name="batch">N</param>
    public FlowSample(Tensor posterior, Tensor step, int batch)
    {
        (Posterior, this.step) = (posterior, step);
        int latent = Reparameterize.LatentSizeOf(posterior);
        Input = new Tensor("flow input", Shape.Matrix(batch, latent + TimeFeatures));
        Velocity = new Tensor("flow velocity", Shape.Matrix(batch, latent));
    }

    public Tensor Posterior { get; }

    /// <summary>[N, Z + 32]</summary>
    public Tensor Input { get; }

    /// <summary>[N, Z]</summary>
    public Tensor Velocity { get; }

    public IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.FlowSample(Grid.Elementwise(Input.Shape.Count4), posterior: Posterior, step: step, input: Input, velocity: Velocity, batch: Velocity.Shape.N, latent4: Velocity.Shape.C4) with { Label = "flow sample" };
    }
}
