using System.Collections.Generic;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Support.Gpu;

/// <summary>Stands for the loss: hands a given dL/dY to the output of the operator under test.</summary>
internal sealed class GivenGradient(Tensor y, Tensor dY) : Operator("given gradient", y)
{
    public override Tensor Output => Inputs[0];

    public override IEnumerable<KernelSpec> Forward() => [];

    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor share = gradients.ShareOf(Inputs[0]);
        int count4 = share.Shape.Count4;
        yield return Kernels.Activation(Grid.Elementwise(count4), x: dY, y: share, count4: count4, channels: share.Shape.C, activation: 0);
    }
}
