using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>Sums in a fixed order and a fixed number of parts, so that the same input gives the same bits on a device.</summary>
public static class Reduction
{
    /// <summary>Parts into which a long sum is cut: enough to fill a device, few enough to add up again cheaply.</summary>
    private const int MostParts = 32;

    /// <summary>Elements of a chunk, so that <paramref name="count"/> elements make at most 32 chunks of at least <paramref name="least"/>, in whole multiples of 8.</summary>
    public static int ChunkOf(int count, int least)
    {
        int chunk = System.Math.Max(least, Grid.DivideUp(count, MostParts));
        return Grid.DivideUp(chunk, 8) * 8;
    }

    /// <summary>Y[c] (=) Σ over pixels of X[p, c]: the gradient of a bias. Y has X's channels.</summary>
    public static IEnumerable<KernelSpec> Columns(Tensor x, Tensor y)
    {
        int pixels = x.Shape.Pixels, c4 = x.Shape.C4, chunk = ChunkOf(pixels, 64), chunks = Grid.DivideUp(pixels, chunk);
        Tensor partials = chunks == 1 ? y : new Tensor(y.Name + " partials", Shape.Matrix(chunks, 4 * c4));
        yield return Kernels.ColumnSum(new Grid(chunks, Grid.DivideUp(c4, 8)), x: x, partials: partials, pixels: pixels, c4: c4, chunk: chunk);
        if (chunks > 1)
            yield return Parts(partials, y);
    }

    /// <summary>Y (=) Σ over the rows of <paramref name="partials"/>.</summary>
    public static KernelSpec Parts(Tensor partials, Tensor y) =>
        Kernels.SumPartials(Grid.Elementwise(y.Shape.Count4), partials: partials, y: y, count4: y.Shape.Count4, parts: partials.Shape.N);

    /// <summary>Total (=) Σ of all vec4s of a tensor, component by component.</summary>
    public static KernelSpec Total(Tensor partials, Tensor total) => Kernels.SumAll(Grid.One, partials: partials, total: total, parts: partials.Shape.Count4);
}
