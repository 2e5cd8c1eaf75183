using System;
using System.Collections.Generic;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training.Latents;

/// <summary>What a latent variable is built in.</summary>
/// <param name="Graph">Gets the operators.</param>
/// <param name="Parameters">Gets what is trained.</param>
/// <param name="Architecture">Says of what kind and size.</param>
/// <param name="Options">Says how to sample.</param>
/// <param name="Head">What the encoder gives, [N·cells, ..].</param>
/// <param name="Labels">Words [N], of a conditional model.</param>
/// <param name="Step">The step state.</param>
internal sealed record LatentContext(Graph Graph, ParameterSet Parameters, VaeArchitecture Architecture, TrainingOptions Options, Tensor Head, Tensor? Labels, Tensor Step);

/// <summary>
/// What stands between encoder and decoder while training: how latents are drawn, and what they cost. One subclass for each
/// <see cref="LatentKind"/>.
/// </summary>
internal abstract class LatentVariable(LatentContext context)
{
    protected LatentContext Context { get; } = context;

    /// <summary>[N·K, Z]: what the decoder reads. Adds what draws it to the graph.</summary>
    public abstract Tensor Draw();

    /// <summary>[N, Z], or a column for each variable: KL(q ‖ p) in nats, in closed form. Adds it to the graph.</summary>
    /// <exception cref="NotSupportedException">There is no closed form; the rules of composition have let it pass.</exception>
    public virtual Tensor Divergence() => throw new NotSupportedException($"{Context.Architecture.Latent} latents have no KL in closed form.");

    /// <summary>[N·K, 1]: log q(z|x) − log p(z) at the samples that were drawn. Adds it to the graph.</summary>
    /// <param name="latents">What <see cref="Draw"/> gave, or a copy that weighs its gradient.</param>
    /// <param name="detachPosterior">The posterior is a constant: gradients reach it through the samples alone.</param>
    /// <exception cref="NotSupportedException">There are no densities; the rules of composition have let it pass.</exception>
    public virtual Tensor LogRatio(Tensor latents, bool detachPosterior) => throw new NotSupportedException($"{Context.Architecture.Latent} latents have no density.");

    /// <summary>
    /// A KL to show where the objective has none of its own, as kernels beside the graph and the tensor that they leave; null: none.
    /// </summary>
    public virtual (IEnumerable<KernelSpec> Kernels, Tensor Kl)? ShownDivergence() => null;

    /// <summary>What changes from step to step without a gradient, such as a codebook; runs after backward.</summary>
    public virtual IEnumerable<KernelSpec> Update() => [];

    /// <summary>Tensors that <see cref="Update"/> carries from step to step; they belong into a checkpoint, by their names.</summary>
    public virtual IReadOnlyList<Tensor> State => [];

    public static LatentVariable Create(LatentContext context) => context.Architecture.Latent switch
    {
        LatentKind.Gaussian when context.Architecture.TopLatentSize != 0 => new TwoLayerLatent(context),
        LatentKind.Gaussian => new GaussianLatent(context),
        LatentKind.Point => new PointLatent(context),
        LatentKind.Categorical => new CategoricalLatent(context),
        LatentKind.Quantized => new QuantizedLatent(context),
        LatentKind kind => throw new NotSupportedException($"There is no training of {kind} latents."),
    };
}
