using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>How a convolution treats what lies outside the image.</summary>
public enum PaddingMode
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The opposite edge: the image is a torus, and the result tiles.</summary>
    Circular,
}

/// <summary>Kernel R = S, stride and padding of a convolution, in pixels.</summary>
public readonly record struct ConvGeometry(int Kernel, int Stride, int Pad, PaddingMode Padding)
{
    /// <summary>P of a convolution of H: ⌊(H + 2·pad − R) / stride⌋ + 1.</summary>
    public int OutputOf(int size) => (size + 2 * Pad - Kernel) / Stride + 1;

    /// <summary>The H whose convolution is P, for the adjoint: (P − 1)·stride − 2·pad + R.</summary>
    public int InputOf(int size) => (size - 1) * Stride - 2 * Pad + Kernel;
}

/// <summary>
/// The three products behind every linear map here, as dispatches: forward (gather), its adjoint, and the weight gradient.
/// "Large" is the side a convolution reads, "small" the side it writes.
/// </summary>
internal static class ConvKernels
{
    /// <summary>small (=) conv(large, weight [R, S, C, K]) + bias, then the activation; times the slope at <paramref name="mask"/>.</summary>
    public static KernelSpec Forward(Tensor large, Tensor weight, Tensor? bias, Tensor small, ConvGeometry geometry, Activation activation = Activation.None, (Tensor Value, Activation Of) mask = default) =>
        Gather(large, weight, bias, small, geometry, adjoint: false, activation, mask);

    /// <summary>large (=) adjoint of the convolution, applied to small; weight transposed to [R, S, K, C].</summary>
    public static KernelSpec Adjoint(Tensor small, Tensor transposedWeight, Tensor? bias, Tensor large, ConvGeometry geometry, Activation activation = Activation.None, (Tensor Value, Activation Of) mask = default) =>
        Gather(small, transposedWeight, bias, large, geometry, adjoint: true, activation, mask);

    /// <summary>dWeight [R, S, C, K] (=) Σ over the small side's pixels of large ⊗ small.</summary>
    public static IEnumerable<KernelSpec> WeightGradient(Tensor large, Tensor small, Tensor dWeight, ConvGeometry g)
    {
        int pixels = small.Shape.Pixels, rows4 = g.Kernel * g.Kernel * large.Shape.C4, columns4 = small.Shape.C4;
        // Large weights fill the device by themselves; a split would only add traffic.
        int tiles = Grid.DivideUp(rows4, 8) * Grid.DivideUp(columns4, 8);
        int chunk = tiles >= 32 ? Grid.DivideUp(pixels, 8) * 8 : Reduction.ChunkOf(pixels, 256);
        // Each invocation's loop stays well below the 65,535 turns after which one driver stops.
        chunk = System.Math.Min(chunk, 32768);
        int chunks = Grid.DivideUp(pixels, chunk);
        Tensor partials = chunks == 1 ? dWeight : new Tensor(dWeight.Name + " partials", Shape.Matrix(chunks, checked((int)dWeight.Shape.Count)));
        yield return Kernels.ConvWeightGradient(
            new Grid(Grid.DivideUp(rows4, 8), Grid.DivideUp(columns4, 8), chunks),
            x: large, dy: small, partials: partials,
            batch: large.Shape.N, inH: large.Shape.H, inW: large.Shape.W, inC4: large.Shape.C4, outH: small.Shape.H, outW: small.Shape.W, outC: small.Shape.C,
            kernel: g.Kernel, stride: g.Stride, pad: g.Pad, circular: (int)g.Padding, adjoint: 0, chunk: chunk,
            multiplications: 16L * pixels * rows4 * columns4);
        if (chunks > 1)
            yield return Reduction.Parts(partials, dWeight);
    }

    /// <summary><see cref="WeightGradient"/>, and dBias (=) Σ over the pixels of dV; nothing where they are frozen.</summary>
    public static IEnumerable<KernelSpec> ParameterGradients(Tensor large, Tensor small, Tensor dV, Parameter weight, Parameter bias, ConvGeometry g) =>
        weight.IsFrozen ? [] : [.. WeightGradient(large, small, weight.Gradient, g), .. Reduction.Columns(dV, bias.Gradient)];

    /// <summary>[R, S, C, K] to [R, S, K, C].</summary>
    public static KernelSpec Transpose(Tensor weight, Tensor transposed, int taps)
    {
        int c4 = weight.Shape.W / 4, k4 = weight.Shape.C4;
        return Kernels.TransposeWeight(Grid.Elementwise((long)taps * c4 * k4), x: weight, y: transposed, taps: taps, c4: c4, k4: k4);
    }

    public static Tensor TransposedOf(Parameter weight) =>
        new(weight.Name + " transposed", new Shape(weight.Shape.N, weight.Shape.H, weight.Shape.PaddedC, weight.Shape.W));

    private static KernelSpec Gather(Tensor from, Tensor weight, Tensor? bias, Tensor to, ConvGeometry g, bool adjoint, Activation activation, (Tensor Value, Activation Of) mask)
    {
        Shape x = from.Shape, y = to.Shape;
        int phases = adjoint ? g.Stride : 1;
        int rows = x.N * Grid.DivideUp(y.H, phases) * Grid.DivideUp(y.W, phases);
        long multiplications = 16L * y.Pixels * y.C4 * x.C4 * g.Kernel * g.Kernel / (phases * phases);
        Tensor maskValue = mask.Of == Activation.None ? from : mask.Value;
        if (y.C4 == 1)
        {
            // The usual last layer of a decoder: all phases of 2×2 pixels in one invocation.
            bool together = adjoint && g is { Kernel: 4, Stride: 2, Pad: 1 } && y.H == 2 * x.H && y.W == 2 * x.W;
            int parts = together ? x.N * Grid.DivideUp(x.H, 2) * Grid.DivideUp(x.W, 2) : rows;
            return Kernels.ConvGatherNarrow(
                new Grid(Grid.DivideUp(parts, 32), 1, phases * phases), x: from, weight: weight, bias: bias ?? from, mask: maskValue, y: to,
                channelStep: x.C4 % 2 == 0 ? 8 : 4, phasesTogether: together ? 1 : 0,
                batch: x.N, inH: x.H, inW: x.W, inC4: x.C4, outH: y.H, outW: y.W, outC: y.C,
                kernel: g.Kernel, stride: g.Stride, pad: g.Pad, circular: (int)g.Padding, adjoint: adjoint ? 1 : 0,
                hasBias: bias == null ? 0 : 1, activation: (int)activation, maskActivation: (int)mask.Of, multiplications: multiplications);
        }

        int tileRows = rows >= 16 ? 16 : rows > 4 ? 8 : rows > 1 ? 4 : 1;
        return Kernels.ConvGather(
            new Grid(Grid.DivideUp(rows, tileRows), Grid.DivideUp(y.C4, 8), phases * phases), x: from, weight: weight, bias: bias ?? from, mask: maskValue, y: to,
            tileRows: tileRows, channelUnroll: x.C4 % 2 == 0 ? 2 : 1,
            batch: x.N, inH: x.H, inW: x.W, inC4: x.C4, outH: y.H, outW: y.W, outC: y.C,
            kernel: g.Kernel, stride: g.Stride, pad: g.Pad, circular: (int)g.Padding, adjoint: adjoint ? 1 : 0,
            hasBias: bias == null ? 0 : 1, activation: (int)activation, maskActivation: (int)mask.Of, multiplications: multiplications);
    }
}
