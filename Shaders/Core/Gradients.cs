using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Shaders;

/// <summary>
/// The gradient tensor of each tensor of a graph during backward. A tensor read by several operators receives one share from
/// each; the first is written in place, every later one beside it and then added (<see cref="Graph.Backward"/>).
/// </summary>
public sealed class Gradients
{
    private readonly Dictionary<Tensor, Tensor> gradients = new();
    private readonly Dictionary<Tensor, int> readers;
    private readonly HashSet<Tensor> wanted;
    private readonly HashSet<Tensor> masked = new();

    internal Gradients(IEnumerable<Operator> operators, IEnumerable<Tensor> constants)
    {
        var all = operators.ToList();
        readers = all.SelectMany(o => o.Inputs).GroupBy(Root).ToDictionary(g => g.Key, g => g.Count());
        wanted = all.SelectMany(o => o.Inputs).Select(Root).Except(constants.Select(Root)).ToHashSet();
    }

    internal List<(Tensor Total, Tensor Share)> Additions { get; } = new();

    /// <summary>False for inputs that need no gradient, such as images.</summary>
    public bool IsWanted(Tensor tensor) => wanted.Contains(Root(tensor));

    /// <summary>dL/d<paramref name="tensor"/>, complete, to be read.</summary>
    public Tensor Of(Tensor tensor) =>
        gradients.TryGetValue(Root(tensor), out Tensor? gradient)
            ? gradient.Shape == tensor.Shape ? gradient : gradient.Reshaped(tensor.Shape)
            : throw new InvalidOperationException($"No operator has written the gradient of '{tensor.Name}': it is not used by anything that leads to the loss.");

    /// <summary>Whether the gradient of <paramref name="tensor"/> has been multiplied by the slope of its activation already.</summary>
    public bool IsMasked(Tensor tensor) => masked.Contains(Root(tensor));

    /// <summary>Where to write (=) one reader's share of dL/d<paramref name="tensor"/>.</summary>
    public Tensor ShareOf(Tensor tensor) => ShareOf(tensor, out _, canMask: false);

    /// <summary>
    /// As <see cref="ShareOf(Tensor)"/>, for a kernel that can multiply what it writes by the slope of the activation that made
    /// the tensor: it must do so when <paramref name="mask"/> is not <see cref="Activation.None"/>.
    /// </summary>
    public Tensor ShareOf(Tensor tensor, out Activation mask, bool canMask = true)
    {
        Tensor root = Root(tensor);
        mask = canMask && readers[root] == 1 ? tensor.AppliedActivation : Activation.None;
        if (mask != Activation.None)
            masked.Add(root);
        if (!gradients.TryGetValue(root, out Tensor? total))
            return gradients[root] = new Tensor("d(" + tensor.Name + ")", tensor.Shape);
        var share = new Tensor("d(" + tensor.Name + ") share", tensor.Shape);
        Additions.Add((total.Reshaped(tensor.Shape), share));
        return share;
    }

    /// <summary>
    /// The only reader's share is an existing tensor as it stands: no kernel, no copy. Refused where the producer would multiply
    /// the gradient by a slope in place.
    /// </summary>
    public bool TryAlias(Tensor tensor, Tensor existing)
    {
        Tensor root = Root(tensor);
        if (gradients.ContainsKey(root) || readers[root] > 1 || tensor.AppliedActivation != Activation.None)
            return false;
        gradients[root] = existing;
        return true;
    }

    private static Tensor Root(Tensor tensor) => tensor.Base is { } b && !tensor.IsSlice ? Root(b) : tensor;
}
