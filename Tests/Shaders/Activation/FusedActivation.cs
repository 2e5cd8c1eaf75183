using System;
using System.Linq;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Reference;
using Kind = VaeProcgen.Tests.Support.Reference.ActivationReference.Kind;

namespace VaeProcgen.Tests.Shaders;

/// <summary>The reference of an activation whose slope is told from its output.</summary>
internal static class FusedActivation
{
    public static Kind KindOf(Activation activation) => activation switch
    {
        Activation.None => Kind.Identity,
        Activation.Relu => Kind.ReLU,
        Activation.LeakyRelu => Kind.LeakyReLU,
        Activation.Silu => Kind.SiLU,
        Activation.Sigmoid => Kind.Sigmoid,
        Activation.Tanh => Kind.Tanh,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Expected one of the named activations."),
    };

    /// <summary>dY · activation' in terms of the exact output y, and its float32 error.</summary>
    public static (double[] Expected, double[] Bound) Slope(Activation activation, double[] y, double[] dY)
    {
        var expected = y.Zip(dY, (v, d) => d * activation switch
        {
            Activation.Relu => v > 0 ? 1 : 0,
            Activation.LeakyRelu => v > 0 ? 1 : ActivationReference.LeakySlope,
            Activation.Sigmoid => v * (1 - v),
            Activation.Tanh => 1 - v * v,
            _ => 1,
        }).ToArray();

        // Sigmoid: a difference and two products. Tanh: the square is rounded too, and the difference may cancel against it.
        var bound = y.Zip(dY, (v, d) => activation switch
        {
            Activation.LeakyRelu => ErrorBound.Sum(1, v > 0 ? 0 : Math.Abs(d * ActivationReference.LeakySlope)),
            Activation.Sigmoid => ErrorBound.Sum(3, Math.Abs(d) * v * (1 - v)),
            Activation.Tanh => ErrorBound.Sum(3, Math.Abs(d) * (v * v + Math.Abs(1 - v * v))),
            _ => 0,
        }).ToArray();
        return (expected, bound);
    }
}
