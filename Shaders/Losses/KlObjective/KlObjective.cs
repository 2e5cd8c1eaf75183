using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// A loss made of the mean reconstruction term and a function of the KL of each latent dimension, k_j = (1/N) Σ_n kl_nj:
/// <see cref="ElboLoss"/>, <see cref="FreeBitsLoss"/>, <see cref="CapacityLoss"/>. All in nats an image. The end of a graph.
/// </summary>
public abstract class KlObjective : Operator
{
    private readonly Tensor step;
    private readonly Tensor klSums;
    private readonly Tensor nllSlope;
    private readonly Tensor klSlopes;
    private readonly Kind kind;
    private readonly float level;

    private protected KlObjective(string name, Tensor nll, Tensor kl, Tensor step, Kind kind, float level)
        : base(name, nll, kl)
    {
        LossRows.Count(name, nll);
        if (kl.Shape is not { H: 1, W: 1 })
            throw new ArgumentException($"{name} reads the KL of each image and dimension, [N, 1, 1, Z]; found {kl}.");
        LossRows.SamplesAnImage(name, nll, kl.Shape.N);
        (this.step, this.kind, this.level) = (step, kind, level);
        klSums = new Tensor(name + " KL sums", Shape.Vector(kl.Shape.C));
        nllSlope = new Tensor(name + " slope of nll", Shape.Vector(1));
        klSlopes = new Tensor(name + " slopes of KL", Shape.Vector(kl.Shape.C));
        Output = new Tensor(name, Shape.Vector(4));
    }

    /// <summary>Numbered as in kl_objective.comp.</summary>
    private protected enum Kind
    {
        Elbo = 0,
        FreeBits = 1,
        Capacity = 2,
    }

    /// <summary>[4]: (loss, mean nll, mean KL, a figure of each objective's own).</summary>
    public override Tensor Output { get; }

    private Tensor Nll => Inputs[0];

    private Tensor Kl => Inputs[1];

    public override IEnumerable<KernelSpec> Forward()
    {
        foreach (KernelSpec kernel in Reduction.Columns(Kl, klSums))
            yield return kernel;
        int rows = Nll.Shape.N, batch = Kl.Shape.N;
        yield return Kernels.KlObjective(
            Grid.One, nll: Nll, klSums: klSums, step: step, loss: Output, nllSlope: nllSlope, klSlopes: klSlopes,
            rows: rows, latent: Kl.Shape.C, perRow: 1f / rows, perImage: 1f / batch, objective: (int)kind, level: level);
    }

    // dnll_r = 1 / R;   dkl_nj = slope_j / N, the slope of the objective in k_j, which forward has told       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        if (gradients.IsWanted(Nll))
            yield return LossRows.Broadcast(nllSlope, gradients.ShareOf(Nll));
        if (gradients.IsWanted(Kl))
            yield return LossRows.Broadcast(klSlopes, gradients.ShareOf(Kl));
    }
}
