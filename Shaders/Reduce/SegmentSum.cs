using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// Y[k] (=) Σ of the rows X[r] with Index[r] = k, in a fixed order and without atomics: the gradient of a table that rows were taken
/// from.
/// </summary>
internal static class SegmentSum
{
    private const int MostChunks = 64;

    /// <param name="x">[R, C], C a multiple of 4.</param>
    /// <param name="index">Words [R]; rows whose index is no segment are left out.</param>
    /// <param name="y">[K, C] in any shape; or, where counted, [K, C + 4] = (Σ | number of rows, 0, 0, 0).</param>
    /// <param name="counted">Whether the rows are counted too.</param>
    public static IEnumerable<KernelSpec> Of(Tensor x, Tensor index, Tensor y, bool counted = false)
    {
        int rows = x.Shape.Pixels, x4 = x.Shape.C4, width = y.Shape.C4, segments = y.Shape.Pixels;
        if (width != x4 + (counted ? 1 : 0))
            throw new ArgumentException($"Segment sums of {x} need as many channels{(counted ? " and 4 more" : "")}; found {y}.");
        // Clearing the chunks' own tables should cost about as much as adding the rows.
        int chunks = Math.Clamp(4 * rows / segments, 1, Math.Min(MostChunks, Grid.DivideUp(rows, 16)));
        int chunk = Grid.DivideUp(rows, chunks);
        chunks = Grid.DivideUp(rows, chunk);
        Tensor partials = chunks == 1
            ? y
            : new Tensor(y.Name + " partials", Shape.Matrix(chunks, checked((int)y.Shape.Count))) { HasZerosPastEnd = false };
        yield return Kernels.SegmentSum(Grid.Elementwise(chunks * width), x: x, index: index, partials: partials,
            rows: rows, x4: x4, segments: segments, chunk: chunk, counted: counted ? 1 : 0);
        if (chunks > 1)
            yield return Reduction.Parts(partials, y);
    }
}
