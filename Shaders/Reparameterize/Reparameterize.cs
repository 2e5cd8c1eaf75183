using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// z = μ + exp(½ log σ²) ⊙ ε, ε ~ N(0, I) (Kingma &amp; Welling 2013, arXiv:1312.6114, eq. 10): a sample of the posterior through
/// which gradients flow. Head: [N, 2Z] = (μ | log σ²), Z a multiple of 4; log σ² is clamped to ±12.
/// ε depends on the seed and the step alone (Include/philox.glsl).
/// </summary>
public sealed class Reparameterize : Operator
{
    private readonly Tensor step;

    public Reparameterize(string name, Tensor head, Tensor step)
        : base(name, head)
    {
        this.step = step;
        Output = new Tensor(name, Shape.Matrix(head.Shape.N, LatentSizeOf(head)));
        Epsilon = new Tensor(name + " epsilon", Output.Shape);
    }

    /// <summary>[N, Z], written in forward.</summary>
    public Tensor Epsilon { get; }

    /// <summary>[N, Z]</summary>
    public override Tensor Output { get; }

    /// <summary>Z of a head [N, 2Z].</summary>
    /// <exception cref="ArgumentException">Z is not a multiple of 4.</exception>
    public static int LatentSizeOf(Tensor head) =>
        head.Shape is { H: 1, W: 1 } && head.Shape.C % 8 == 0
            ? head.Shape.C / 2
            : throw new ArgumentException($"A posterior is [N, 2Z] with the latent size Z a multiple of 4; found {head}.");

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.Reparameterize(Grid.Elementwise(Output.Shape.Count4), head: Inputs[0], step: step, z: Output, epsilon: Epsilon, batch: Output.Shape.N, latent4: Output.Shape.C4);
    }

    // dμ = dz;   dlog σ² = ½ dz ε σ, zero where clamped       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        yield return Kernels.ReparameterizeBackward(Grid.Elementwise(Output.Shape.Count4), head: Inputs[0], epsilon: Epsilon, dz: gradients.Of(Output), dHead: gradients.ShareOf(Inputs[0]), batch: Output.Shape.N, latent4: Output.Shape.C4);
    }
}
