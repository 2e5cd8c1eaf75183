using System;

namespace VaeProcgen.Shaders;

/// <summary>
/// What the losses share. A loss reads numbers of rows, [R, 1], of which row r = n·K + k belongs to sample k of image n, and means
/// are taken in one order everywhere: lane by lane of a workgroup of 64, then as a tree.
/// </summary>
internal static class LossRows
{
    /// <summary>R of a tensor [R, 1].</summary>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    public static int Count(string name, Tensor rows) =>
        rows.Shape is { H: 1, W: 1, C: 1 }
            ? rows.Shape.N
            : throw new ArgumentException($"{name} reads one number a row, [R, 1, 1, 1]; found {rows}.");

    /// <summary>K = R / N, the samples an image.</summary>
    /// <exception cref="ArgumentException">The rows do not divide among the images.</exception>
    public static int SamplesAnImage(string name, Tensor rows, int images) =>
        rows.Shape.N % images == 0
            ? rows.Shape.N / images
            : throw new ArgumentException($"{name}: the rows of {rows} must divide evenly among {images} images.");

    /// <summary>Y (=) the mean over the rows of [R, 4].</summary>
    public static KernelSpec Mean(Tensor rows, Tensor y) =>
        Kernels.MeanRows(Grid.One, x: rows, y: y, rows: rows.Shape.N, perRow: 1f / rows.Shape.N);

    /// <summary>Every row of Y (=) the one given.</summary>
    public static KernelSpec Broadcast(Tensor row, Tensor y) =>
        Kernels.BroadcastRow(Grid.Elementwise(y.Shape.Count4), row: row, y: y, count4: y.Shape.Count4, c4: y.Shape.C4);
}
