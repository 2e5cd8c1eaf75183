namespace VaeProcgen.Shaders;

/// <summary>
/// Layer normalization (Ba, Kiros &amp; Hinton 2016, arXiv:1607.06450) over the channels of each pixel, with γ, β for each channel.
/// It is group normalization with one group, every pixel taken as an image of its own.
/// </summary>
public sealed class LayerNorm : GroupNorm
{
    public LayerNorm(string name, ParameterSet parameters, Tensor x, float epsilon = 1e-5f, Activation activation = Activation.None)
        : base(name, parameters, x, x.Reshaped(Shape.Matrix(x.Shape.Pixels, x.Shape.C)), groups: 1, epsilon, activation)
    {
    }
}
