using System;

namespace VaeProcgen.Shaders;

/// <summary>What convolution, transposed convolution and linear layers share when they are made.</summary>
internal static class ConvLayer
{
    public static Parameter AddWeight(ParameterSet parameters, string name, int kernel, int c, int k, int fanIn, float gain) =>
        parameters.Add(name + ".weight", Shape.Weight(kernel, c, k), [kernel, kernel, c, k], Initializer.FanIn(fanIn, gain), decays: true);

    public static Parameter AddBias(ParameterSet parameters, string name, int channels) =>
        parameters.Add(name + ".bias", Shape.Vector(channels), [channels], Initializer.Zeros, decays: false);

    public static Activation RequireFusable(string name, Activation activation) =>
        activation == Activation.Silu
            ? throw new ArgumentException($"{name} can't apply SiLU by itself, because its slope can't be told from its output; add an ActivationLayer after it.")
            : activation;

    /// <summary>Checks a convolution of an image of the given shape.</summary>
    public static void RequireFits(string name, ConvGeometry g, Shape large)
    {
        if (g.Kernel < 1 || g.Stride < 1 || g.Pad < 0)
            throw new ArgumentException($"{name} needs kernel ≥ 1, stride ≥ 1 and pad ≥ 0; found {g}.");
        if (large.H + 2 * g.Pad < g.Kernel || large.W + 2 * g.Pad < g.Kernel)
            throw new ArgumentException($"{name} has a kernel of {g.Kernel} pixels, larger than its padded input {large} with pad {g.Pad}.");
        bool closes = g.OutputOf(large.H) * g.Stride == large.H && g.OutputOf(large.W) * g.Stride == large.W;
        if (g.Padding == PaddingMode.Circular && !closes)
            throw new ArgumentException($"{name} wraps around, so its output times its stride must be its input; found {g} on {large}.");
    }
}
