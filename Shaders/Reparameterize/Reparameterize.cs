using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// z = μ + exp(½ log σ²) ⊙ ε, ε ~ N(0, I) (Kingma &amp; Welling 2013, arXiv:1312.6114, eq. 10): K samples of each posterior, through
/// which gradients flow. Head: [N, 2Z] = (μ | log σ²), Z a multiple of 4; log σ² is clamped to ±12. An image may have several cells,
/// each a Gaussian of its own: then the head has a row for each cell. Row nK + k of z is sample k of image n, its cells side by side.
/// ε depends on the seed, the step and the stream alone (Include/philox.glsl).
/// </summary>
public sealed class Reparameterize : Operator
{
    /// <summary>Streams of ε: one for each layer of latents.</summary>
    public const int FirstStream = 2, SecondStream = 6;

    private readonly Tensor step;
    private readonly int cells;
    private readonly int stream;
    private readonly bool pathwise;

    /// <param name="name">Name in reports.</param>
    /// <param name="head">[N·cells, 2Z / cells]</param>
    /// <param name="step">The step state.</param>
    /// <param name="cells">Gaussians an image.</param>
    /// <param name="samples">K</param>
    /// <param name="stream">Of ε.</param>
    /// <param name="pathwise">False: z is a constant to backward, as for the score-function gradient.</param>
    public Reparameterize(string name, Tensor head, Tensor step, int cells = 1, int samples = 1, int stream = FirstStream, bool pathwise = true)
        : base(name, head)
    {
        (this.step, this.cells, Samples, this.stream, this.pathwise) = (step, cells, samples, stream, pathwise);
        Output = new Tensor(name, Shape.Matrix(head.Shape.N / cells * samples, LatentSizeOf(head) * cells));
        Epsilon = new Tensor(name + " epsilon", Output.Shape);
    }

    /// <summary>K</summary>
    public int Samples { get; }

    /// <summary>[N·K, Z], written in forward.</summary>
    public Tensor Epsilon { get; }

    /// <summary>[N·K, Z]</summary>
    public override Tensor Output { get; }

    private int Batch => Inputs[0].Shape.N / cells;

    private int Latent4 => Output.Shape.C4 / cells;

    /// <summary>Z of a head [N, 2Z].</summary>
    /// <exception cref="ArgumentException">Z is not a multiple of 4.</exception>
    public static int LatentSizeOf(Tensor head) =>
        head.Shape is { H: 1, W: 1 } && head.Shape.C % 8 == 0
            ? head.Shape.C / 2
            : throw new ArgumentException($"A posterior is [N, 2Z] with the latent size Z a multiple of 4; found {head}.");

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.Reparameterize(Grid.Elementwise(Output.Shape.Count4), head: Inputs[0], step: step, z: Output, epsilon: Epsilon, batch: Batch, latent4: Latent4, samples: Samples, cells: cells, stream: stream);
    }

    // dμ = Σ_k dz;   dlog σ² = ½ σ Σ_k dz ε, zero where clamped       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        if (pathwise)
            yield return Kernels.ReparameterizeBackward(Grid.Elementwise(Inputs[0].Shape.N * Latent4), head: Inputs[0], epsilon: Epsilon, dz: gradients.Of(Output), dHead: gradients.ShareOf(Inputs[0]), batch: Batch, latent4: Latent4, samples: Samples, cells: cells);
    }
}
