using System.Collections.Generic;

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

    public IEnumerable<KernelSpec> Prepare(bool forBackward)
    {
        foreach (Operator op in operators)
            foreach (KernelSpec kernel in op.Prepare(forBackward))
                yield return kernel with { Label = op.Name + " prepare" };
    }

    public IEnumerable<KernelSpec> Forward()
    {
        foreach (Operator op in operators)
            foreach (KernelSpec kernel in op.Forward())
                yield return kernel with { Label = op.Name + " forward" };
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
}
