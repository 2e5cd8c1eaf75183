using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training.Latents;

/// <summary>
/// q(z|x) = N(μ, σ²) of the encoder, p(z) = N(0, I), or of a conditional model N(μ_y, σ_y²), trained.
/// </summary>
internal class GaussianLatent(LatentContext context) : LatentVariable(context)
{
    private Reparameterize? sample;

    private TrainingOptions Options => Context.Options;

    private int Cells => Context.Architecture.Cells;

    /// <summary>[N·K, Z]: the noise that was drawn.</summary>
    public Tensor Epsilon => sample!.Epsilon;

    public override Tensor Draw()
    {
        sample = new Reparameterize("posterior", Context.Head, Context.Step, Cells, Options.Samples, pathwise: Options.Estimator != GradientEstimator.ScoreFunction);
        return Context.Graph.Add(sample);
    }

    public override Tensor Divergence() => Context.Graph.Add(new GaussianKl("KL", Context.Head, PriorOfLabels(), Cells));

    public override Tensor LogRatio(Tensor latents, bool detachPosterior) =>
        Context.Graph.Add(new GaussianLogRatio("log ratio", latents, Context.Head, PriorOfLabels(), detachPosterior));

    public override (IEnumerable<KernelSpec> Kernels, Tensor Kl)? ShownDivergence()
    {
        var kl = new GaussianKl("KL", Context.Head, cells: Cells);
        return (kl.Forward().Select(k => k with { Label = "figures" }), kl.Output);
    }

    /// <summary>[N·cells, 2Z / cells] = (μ_y | log σ_y²) of each image's label; null: N(0, I).</summary>
    private Tensor? PriorOfLabels() => Context.Labels == null
        ? null
        : Context.Graph.Add(VaeNetwork.LabelPriorOf(Context.Parameters, Context.Architecture, Context.Labels)).Reshaped(Context.Head.Shape);
}
