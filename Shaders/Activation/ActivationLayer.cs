using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>Nonlinearities, numbered as in Include/activations.glsl.</summary>
public enum Activation
{
    None = 0,

    /// <summary>max(v, 0)</summary>
    Relu = 1,

    /// <summary>max(v, 0.2 v)</summary>
    LeakyRelu = 2,

    /// <summary>v · sigmoid(v)</summary>
    Silu = 3,

    /// <summary>1 / (1 + exp(−v))</summary>
    Sigmoid = 4,

    /// <summary>tanh v</summary>
    Tanh = 5,
}

/// <summary>Y = activation(X), element by element. A convolution or linear layer can apply its own (all but SiLU) at no cost.</summary>
public sealed class ActivationLayer : Operator
{
    private readonly Activation activation;

    public ActivationLayer(string name, Tensor x, Activation activation)
        : base(name, x)
    {
        this.activation = activation;
        Output = new Tensor(name, x.Shape);
    }

    public override Tensor Output { get; }

    public Activation Activation => activation;

    public override IEnumerable<KernelSpec> Forward()
    {
        Shape shape = Output.Shape;
        yield return Kernels.Activation(Grid.Elementwise(shape.Count4), x: Inputs[0], y: Output, count4: shape.Count4, channels: shape.C, activation: (int)activation);
    }

    // dX = dY · activation'
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        if (gradients.IsWanted(Inputs[0]))
            yield return Slope(gradients.Of(Output), activation == Activation.Silu ? Inputs[0] : Output, gradients.ShareOf(Inputs[0]), activation);
    }

    /// <summary>dX (=) dY · slope of <paramref name="activation"/>, told from its output; SiLU: from its input.</summary>
    internal static KernelSpec Slope(Tensor dY, Tensor value, Tensor dX, Activation activation) =>
        Kernels.ActivationBackward(Grid.Elementwise(dX.Shape.Count4), dy: dY, value: value, dx: dX, count4: dX.Shape.Count4, activation: (int)activation);
}
