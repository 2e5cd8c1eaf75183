using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// One direction of a linear map as dispatches. "Large" is the side that a convolution reads, "small" the side that it writes. Forward:
/// small (=) conv(large, weight [R, S, C, K]); adjoint: large (=) the adjoint of that, applied to small. It chooses the kernel, and brings the
/// weight into the form that this kernel reads.
/// </summary>
internal sealed class ConvGather
{
    private readonly Parameter weight;
    private readonly Shape from;
    private readonly Shape to;
    private readonly ConvGeometry geometry;
    private readonly bool adjoint;
    private readonly bool ofGradient;
    private readonly Tensor prepared;

    /// <param name="weight">[R, S, C, K], C channels of the large side and K of the small one.</param>
    /// <param name="from">What is read: the large side, or adjoint, the small one.</param>
    /// <param name="to">What is written.</param>
    /// <param name="ofGradient">What is read is a gradient.</param>
    public ConvGather(Parameter weight, Shape from, Shape to, ConvGeometry geometry, bool adjoint, bool ofGradient = false)
    {
        (this.weight, this.from, this.to, this.geometry, this.adjoint, this.ofGradient) = (weight, from, to, geometry, adjoint, ofGradient);
        prepared = IsWinograd ? new Tensor(weight.Name + " products", new Shape(4, 9, from.PaddedC, to.C)) { HasZerosPastEnd = false }
            : adjoint ? new Tensor(weight.Name + " transposed", Shape.Weight(geometry.Kernel, from.C, to.C))
            : weight;
    }

    /// <summary>Results of up to four channels, and sums over so few, have less to win than the sums and differences cost.</summary>
    private bool IsWinograd => geometry.IsWinograd && weight.Mixed == null && from.C4 > 1 && to.C4 > 1
        && ConvGeometry.WinogradProducts * (long)from.PaddedC * to.PaddedC <= ConvGeometry.MostWinogradFloats;

    /// <summary>Kernels that depend on the weight alone.</summary>
    public IEnumerable<KernelSpec> Prepare()
    {
        int c4 = from.C4, k4 = to.C4, taps = geometry.Kernel * geometry.Kernel;
        if (IsWinograd)
            yield return Kernels.WinogradWeight(Grid.Elementwise(4L * c4 * k4), x: weight, y: prepared, c4: c4, k4: k4, adjoint: adjoint ? 1 : 0);
        else if (adjoint)
            yield return Transpose(weight, prepared, taps);
    }

    /// <summary>The result (=), plus bias, then the activation; times the slope at <paramref name="mask"/>.</summary>
    public KernelSpec Run(Tensor from, Tensor? bias, Tensor to, Activation activation = Activation.None, (Tensor? Value, Activation Of) mask = default) =>
        Run(from, prepared, IsWinograd, bias, to, geometry, adjoint, activation, mask, weight.Mixed, ofGradient);

    /// <summary>The weight in the form that is read, and then the result (=) times the slope at <paramref name="mask"/>: what backward runs.</summary>
    public IEnumerable<KernelSpec> PrepareAndRun(Tensor from, Tensor to, (Tensor? Value, Activation Of) mask) =>
        [.. Prepare(), Run(from, bias: null, to, mask: mask)];

    /// <summary>Whether <see cref="RunToPixels"/> can.</summary>
    public bool MakesPixels => to.C4 == 1 && IsDoubling(from, to, geometry, adjoint);

    /// <summary>The pixels (=) of the result, which is not written itself.</summary>
    public KernelSpec RunToPixels(Tensor from, Tensor bias, Activation activation, FinishTexture finish) => Kernels.ConvPixels(
        GridOfBlocks(from.Shape), x: from, weight: prepared, bias: bias, mask: from, palette: finish.Palette ?? from, pixels: finish.Pixels,
        batch: from.Shape.N, inH: from.Shape.H, inW: from.Shape.W, inC4: from.Shape.C4, outH: to.H, outW: to.W, outC: to.C,
        kernel: geometry.Kernel, stride: geometry.Stride, pad: geometry.Pad, circular: (int)geometry.Padding, adjoint: 1,
        hasBias: 1, activation: (int)activation, maskActivation: 0, alphaThreshold: finish.AlphaThreshold, colours: finish.Colours,
        dither: (int)finish.Dithering, linear: (int)finish.Encoding, premultiply: (int)finish.Alpha, grey: finish.Packing == PixelPacking.Grey ? 1 : 0,
        multiplications: 16L * to.Pixels * from.Shape.C4 * geometry.Kernel * geometry.Kernel / (geometry.Stride * geometry.Stride));

    /// <summary>The rows of a matrix [.., C] times another, [1, 1, C, K], plus bias.</summary>
    public static KernelSpec Multiply(Tensor rows, Tensor matrix, Tensor bias, Tensor to) =>
        Run(rows, matrix, isWinograd: false, bias, to, new ConvGeometry(Kernel: 1, Stride: 1, Pad: 0, PaddingMode.Zero), adjoint: false);

    /// <summary>[R, S, C, K] to [R, S, K, C].</summary>
    public static KernelSpec Transpose(Tensor weight, Tensor transposed, int taps)
    {
        int c4 = weight.Shape.W / 4, k4 = weight.Shape.C4;
        return Kernels.TransposeWeight(Grid.Elementwise((long)taps * c4 * k4), x: weight, y: transposed, taps: taps, c4: c4, k4: k4);
    }

    private static KernelSpec Run(
        Tensor from, Tensor weight, bool isWinograd, Tensor? bias, Tensor to, ConvGeometry g, bool adjoint, Activation activation = Activation.None,
        (Tensor? Value, Activation Of) mask = default, MixedPrecision? mixed = null, bool ofGradient = false)
    {
        Shape x = from.Shape, y = to.Shape;
        int phases = adjoint ? g.Stride : 1, phaseHeight = Grid.DivideUp(y.H, phases), phaseWidth = Grid.DivideUp(y.W, phases);
        int rows = x.N * phaseHeight * phaseWidth;
        long multiplications = 16L * y.Pixels * y.C4 * x.C4 * g.Kernel * g.Kernel / (phases * phases);
        Tensor maskValue = mask.Of == Activation.None ? from : mask.Value!;
        if (isWinograd)
        {
            int tiles = x.N * Grid.DivideUp(phaseHeight, 2) * Grid.DivideUp(phaseWidth, 2);
            return ConvTile.Each(tiles, y.C4, ConvTile.TexelRows(tiles, least: 4, most: 16), mostRows: 64, tile => Kernels.ConvWinograd(
                GridOf(tile.Down(tiles), tile.Across(y.C4), phases * phases), x: from, weight: weight, bias: bias ?? from, mask: maskValue, y: to,
                tile: tile.Variant,
                batch: x.N, inH: x.H, inW: x.W, inC4: x.C4, outH: y.H, outW: y.W, outC: y.C,
                kernel: g.Kernel, stride: g.Stride, pad: g.Pad, circular: (int)g.Padding, adjoint: adjoint ? 1 : 0,
                hasBias: bias == null ? 0 : 1, activation: (int)activation, maskActivation: (int)mask.Of, multiplications: multiplications));
        }

        if (y.C4 == 1)
        {
            bool together = IsDoubling(x, y, g, adjoint);
            return Kernels.ConvGatherNarrow(
                together ? GridOfBlocks(x) : GridOf(Grid.DivideUp(rows, 32), 1, phases * phases), x: from, weight: weight, bias: bias ?? from, mask: maskValue, y: to,
                channelStep: x.C4 % 2 == 0 ? 8 : 4, phasesTogether: together ? 1 : 0,
                batch: x.N, inH: x.H, inW: x.W, inC4: x.C4, outH: y.H, outW: y.W, outC: y.C,
                kernel: g.Kernel, stride: g.Stride, pad: g.Pad, circular: (int)g.Padding, adjoint: adjoint ? 1 : 0,
                hasBias: bias == null ? 0 : 1, activation: (int)activation, maskActivation: (int)mask.Of, multiplications: multiplications);
        }

        return ConvTile.Each(rows, y.C4, ConvTile.TexelRows(rows, least: 1, most: 32), mostRows: 128, tile => Kernels.ConvGather(
            GridOf(tile.Down(rows), tile.Across(y.C4), phases * phases), x: from, weight: weight, bias: bias ?? from, mask: maskValue, y: to,
            lossScale: mixed?.LossScale ?? from, tile: tile.Variant,
            batch: x.N, inH: x.H, inW: x.W, inC4: x.C4, outH: y.H, outW: y.W, outC: y.C,
            kernel: g.Kernel, stride: g.Stride, pad: g.Pad, circular: (int)g.Padding, adjoint: adjoint ? 1 : 0,
            hasBias: bias == null ? 0 : 1, activation: (int)activation, maskActivation: (int)mask.Of,
            halfOperands: mixed == null ? 0 : 1, gradient: (int)(mixed != null && ofGradient ? GradientOperand.First : GradientOperand.None),
            multiplications: multiplications) with { HasHalfOperands = mixed != null });
    }

    /// <summary>The usual last layer of a decoder: two phases of 2×2 pixels in one invocation.</summary>
    private static bool IsDoubling(Shape x, Shape y, ConvGeometry g, bool adjoint) =>
        adjoint && g is { Kernel: 4, Stride: 2, Pad: 1 } && y.H == 2 * x.H && y.W == 2 * x.W;

    private static Grid GridOfBlocks(Shape x) => GridOf(Grid.DivideUp(x.N * Grid.DivideUp(x.H, 2) * Grid.DivideUp(x.W, 2), 16), 1, phases: 4);

    /// <summary>Groups of rows along x, as far as any Vulkan device lets them (maxComputeWorkGroupCount is at least 65,535), and then in layers along z.</summary>
    private static Grid GridOf(int groups, int columns, int phases)
    {
        int layers = Grid.DivideUp(groups, 65535);
        return new Grid(Grid.DivideUp(groups, layers), columns, phases * layers);
    }
}
