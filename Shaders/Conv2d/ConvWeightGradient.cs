using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>The gradient of a linear map's weight and bias, as dispatches.</summary>
internal static class ConvWeightGradient
{
    // Each invocation's loop stays well below the 65,535 turns after which one driver stops.
    private const int LongestChunk = 32768;

    /// <summary>
    /// dWeight [R, S, C, K] (=) Σ over the small side's pixels of large ⊗ small, and dBias (=) Σ over the pixels of dV; nothing where they are frozen.
    /// </summary>
    public static IEnumerable<KernelSpec> Of(Tensor large, Tensor small, Tensor dV, Parameter weight, Parameter bias, ConvGeometry g)
    {
        if (weight.IsFrozen)
            return [];
        // Tiles are of 8 vec4s of channels: fewer would leave lanes idle.
        bool isWinograd = g.IsWinograd && weight.Mixed == null && large.Shape.C4 >= 8 && small.Shape.C4 >= 8 && MostChunks(large.Shape, small.Shape) >= 1;
        GradientOperand gradient = large == dV ? GradientOperand.First : GradientOperand.Second;
        IEnumerable<KernelSpec> dWeight = isWinograd
            ? Winograd(large, small, weight.Gradient, g)
            : Direct(large, small, weight.Gradient, g, weight.Mixed, gradient);
        return [.. dWeight, .. Reduction.Columns(dV, bias.Gradient)];
    }

    private static IEnumerable<KernelSpec> Direct(Tensor large, Tensor small, Tensor dWeight, ConvGeometry g, MixedPrecision? mixed, GradientOperand gradient)
    {
        int pixels = small.Shape.Pixels, rows4 = g.Kernel * g.Kernel * large.Shape.C4, columns4 = small.Shape.C4;
        int tiles = Grid.DivideUp(rows4, 8) * Grid.DivideUp(columns4, 8);
        (int chunk, int chunks) = Split(pixels, tiles);
        Tensor partials = chunks == 1 ? dWeight : new Tensor(dWeight.Name + " partials", Shape.Matrix(chunks, checked((int)dWeight.Shape.Count)));
        yield return ConvTile.Each(4 * rows4, columns4, [32], mostRows: 128, tile => Kernels.ConvWeightGradient(
            new Grid(tile.Down(4 * rows4), tile.Across(columns4), chunks),
            x: large, dy: small, partials: partials, lossScale: mixed?.LossScale ?? large, tile: tile.Variant,
            batch: large.Shape.N, inH: large.Shape.H, inW: large.Shape.W, inC4: large.Shape.C4, outH: small.Shape.H, outW: small.Shape.W, outC: small.Shape.C,
            kernel: g.Kernel, stride: g.Stride, pad: g.Pad, circular: (int)g.Padding, adjoint: 0, chunk: chunk,
            halfOperands: mixed == null ? 0 : 1, gradient: (int)(mixed == null ? GradientOperand.None : gradient),
            multiplications: 16L * pixels * rows4 * columns4) with { HasHalfOperands = mixed != null });
        if (chunks > 1)
            yield return Reduction.Parts(partials, dWeight);
    }

    private static IEnumerable<KernelSpec> Winograd(Tensor large, Tensor small, Tensor dWeight, ConvGeometry g)
    {
        int c4 = large.Shape.C4, k4 = small.Shape.C4;
        int tiles = small.Shape.N * Grid.DivideUp(small.Shape.H, 2) * Grid.DivideUp(small.Shape.W, 2);
        (int chunk, int chunks) = Split(tiles, ConvGeometry.WinogradProducts * Grid.DivideUp(c4, 8) * Grid.DivideUp(k4, 8), MostChunks(large.Shape, small.Shape));
        var partials = new Tensor(dWeight.Name + " products", Shape.Matrix(chunks, ConvGeometry.WinogradProducts * 16 * c4 * k4)) { HasZerosPastEnd = false };
        yield return ConvTile.Each(4 * c4, k4, [32], mostRows: 64, tile => Kernels.ConvWinogradWeightGradient(
            new Grid(ConvGeometry.WinogradProducts * tile.Down(4 * c4), tile.Across(k4), chunks),
            x: large, dy: small, partials: partials,
            tile: tile.Variant,
            batch: large.Shape.N, inH: large.Shape.H, inW: large.Shape.W, inC4: c4, outH: small.Shape.H, outW: small.Shape.W, outC: small.Shape.C,
            kernel: g.Kernel, stride: g.Stride, pad: g.Pad, circular: (int)g.Padding, adjoint: 0, chunk: chunk,
            multiplications: 256L * small.Shape.Pixels * c4 * k4));
        yield return Kernels.WinogradWeightGradient(Grid.Elementwise(16L * c4 * k4), partials: partials, dWeight: dWeight, c4: c4, k4: k4, chunks: chunks);
    }

    /// <summary>So many chunks of products can be bound at a time; 0: none.</summary>
    private static long MostChunks(Shape large, Shape small) => ConvGeometry.MostWinogradFloats / (ConvGeometry.WinogradProducts * (long)large.PaddedC * small.PaddedC);

    /// <summary>Large weights fill the device by themselves; a split of their sums would only add traffic.</summary>
    private static (int Chunk, int Chunks) Split(int length, int tiles, long mostChunks = long.MaxValue)
    {
        int chunk = Math.Min(tiles >= 32 ? Grid.DivideUp(length, 8) * 8 : Reduction.ChunkOf(length, 256), LongestChunk);
        chunk = Math.Max(chunk, (int)Grid.DivideUp(Grid.DivideUp(length, Math.Min(mostChunks, length)), 8L) * 8);
        return (chunk, Grid.DivideUp(length, chunk));
    }
}
