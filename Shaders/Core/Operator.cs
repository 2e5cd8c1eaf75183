using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// A differentiable step of a network: tensors in, one tensor out. Kernels are only described here; the runtime runs them.
/// Every subclass lies in a folder of its own with its kernels, forward and backward side by side.
/// </summary>
public abstract class Operator
{
    protected Operator(string name, params Tensor[] inputs)
    {
        (Name, Inputs) = (name, inputs);
    }

    public string Name { get; }

    public IReadOnlyList<Tensor> Inputs { get; }

    public abstract Tensor Output { get; }

    /// <summary>Kernels of <see cref="Forward"/> that depend on the weights alone: needed again only when the weights have changed.</summary>
    public virtual IEnumerable<KernelSpec> Prepare() => [];

    /// <summary>Writes (=) <see cref="Output"/>.</summary>
    public abstract IEnumerable<KernelSpec> Forward();

    /// <summary>Writes (=) <c>finish.Pixels</c>, made of <see cref="Output"/>, which need not be written itself.</summary>
    public virtual IEnumerable<KernelSpec> ForwardToPixels(FinishTexture finish) => [.. Forward(), .. finish.Forward()];

    /// <summary>
    /// Reads <c>gradients.Of(Output)</c>; writes (=) each wanted input's share into <c>gradients.ShareOf(input)</c>, and the
    /// parameters' gradients.
    /// </summary>
    public abstract IEnumerable<KernelSpec> Backward(Gradients gradients);
}
