using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>Y = A + B, the end of a residual block.</summary>
public sealed class AddLayer : Operator
{
    public AddLayer(string name, Tensor a, Tensor b)
        : base(name, a, b)
    {
        if (a.Shape != b.Shape)
            throw new System.ArgumentException($"{name} adds tensors of one shape; found {a} and {b}.");
        Output = new Tensor(name, a.Shape);
    }

    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Sum(Inputs[0], Inputs[1], Output);
    }

    // dA = dB = dY, both written (=) through a share, or none at all where the gradient of A or B can be dY itself.
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor dY = gradients.Of(Output);
        foreach (Tensor input in Inputs)
        {
            if (!gradients.IsWanted(input) || gradients.TryAlias(input, dY))
                continue;
            Tensor share = gradients.ShareOf(input);
            yield return Kernels.Activation(Grid.Elementwise(share.Shape.Count4), x: dY, y: share, count4: share.Shape.Count4, channels: share.Shape.C, activation: (int)Activation.None);
        }
    }

    /// <summary>Y (=) A + B; Y may be A or B.</summary>
    internal static KernelSpec Sum(Tensor a, Tensor b, Tensor y) =>
        Kernels.Add(Grid.Elementwise(y.Shape.Count4), a: a, b: b, y: y, count4: y.Shape.Count4);
}
