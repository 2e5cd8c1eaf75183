using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Shaders;

/// <summary>Operators in the order in which they run. Backward runs them in the opposite order.</summary>
public sealed class Graph
{
    private readonly List<Operator> operators = new();

    public IReadOnlyList<Operator> Operators => operators;

    /// <summary>Appends an operator and returns its output.</summary>
    public Tensor Add(Operator op)
    {
        operators.Add(op);
        return op.Output;
    }

    public IEnumerable<KernelSpec> Prepare()
    {
        foreach (Operator op in operators)
            foreach (KernelSpec kernel in op.Prepare())
                yield return kernel with { Label = op.Name + " prepare" };
    }

    public IEnumerable<KernelSpec> Forward() => operators.SelectMany(Forward);

    /// <summary>Forward, and the pixels of what it makes. The decoded values need not be written themselves.</summary>
    /// <exception cref="ArgumentException"><paramref name="finish"/> reads another tensor than the last operator writes.</exception>
    public IEnumerable<KernelSpec> ForwardToPixels(FinishTexture finish)
    {
        Operator last = operators[^1];
        if (finish.Values != last.Output && finish.Values.Base != last.Output)
            throw new ArgumentException($"Pixels are made of what the last operator writes, {last.Output}; found {finish.Values}.");
        return [.. operators.Take(operators.Count - 1).SelectMany(Forward), .. last.ForwardToPixels(finish).Select(k => k.Label == k.Kernel ? Labelled(last, k) : k)];
    }

    /// <summary>
    /// The backward kernels, from the losses (operators that need no gradient of their output) to the first operator, and the
    /// gradient tensors that they leave.
    /// </summary>
    /// <param name="constants">Tensors that need no gradient: the images, the noise.</param>
    public (IReadOnlyList<KernelSpec> Kernels, Gradients Gradients) Backward(params Tensor[] constants)
    {
        var gradients = new Gradients(operators, constants);
        var kernels = new List<KernelSpec>();
        for (int i = operators.Count - 1; i >= 0; i--)
        {
            Operator op = operators[i];
            foreach (KernelSpec kernel in op.Backward(gradients))
                kernels.Add(kernel with { Label = op.Name + " backward" });
            foreach ((Tensor total, Tensor share) in gradients.Additions)
                kernels.Add(AddLayer.Sum(total, share, total) with { Label = op.Name + " backward +=" });
            gradients.Additions.Clear();
        }
        return (kernels, gradients);
    }

    private static IEnumerable<KernelSpec> Forward(Operator op) => op.Forward().Select(kernel => Labelled(op, kernel));

    private static KernelSpec Labelled(Operator op, KernelSpec kernel) => kernel with { Label = op.Name + " forward" };
}
