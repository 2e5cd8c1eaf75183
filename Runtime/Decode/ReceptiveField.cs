using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>How far around a pixel a chain of operators looks.</summary>
internal static class ReceptiveField
{
    /// <summary>
    /// Cells of the first operator's input, on each side, that the last one's output depends on besides those that lie under it.
    /// Going back, each operator's margins (before the first, behind the last pixel) follow from those of its output, with kernel k, stride s
    /// and pad p:
    /// <list type="bullet">
    /// <item>convolution, i = s·o − p + r: before s·m + p, behind s·m + k − s − p;</item>
    /// <item>transposed, o = s·i − p + r: before ⌊(m + k − 1 − p) / s⌋, behind ⌊(m + p − 1) / s⌋ + 1;</item>
    /// <item>enlargement by f: ⌈m / f⌉ on both sides;</item>
    /// <item>element by element: m.</item>
    /// </list>
    /// </summary>
    /// <exception cref="ArgumentException">An operator looks at the whole image, or is not known here.</exception>
    public static int HaloOf(IEnumerable<Operator> operators)
    {
        int before = 0, behind = 0;
        foreach (Operator op in operators.Reverse())
        {
            (before, behind) = op switch
            {
                Conv2d { Geometry: var g } => ((g.Stride * before) + g.Pad, (g.Stride * behind) + g.Kernel - g.Stride - g.Pad),
                ConvTranspose2d { Geometry: var g } =>
                    (FloorDivide(before + g.Kernel - 1 - g.Pad, g.Stride), FloorDivide(behind + g.Pad - 1, g.Stride) + 1),
                UpsampleNearest { Factor: var f } => (Grid.DivideUp(before, f), Grid.DivideUp(behind, f)),
                ActivationLayer => (before, behind),
                GroupNorm => throw new ArgumentException(
                    $"{op.Name} normalizes over the whole image: each pixel depends on all others, so that no region can be decoded by itself."),
                _ => throw new ArgumentException($"It is not known how far around a pixel {op.Name} ({op.GetType().Name}) looks."),
            };
        }

        return Math.Max(0, Math.Max(before, behind));
    }

    private static int FloorDivide(int value, int by) => value >= 0 ? value / by : -((-value + by - 1) / by);
}
