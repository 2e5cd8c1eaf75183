using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Y[n·K + k] = T[label[n]], zeros for a label past the table: a copy, exact in float32. T [L, E], Y [N·K, E].
/// </summary>
public static class LabelEmbeddingReference
{
    /// <summary>The class formula.</summary>
    public static double[] Forward(uint[] labels, int k, int e, double[] table) =>
        RowLabels(labels, k).SelectMany(label =>
            Enumerable.Range(0, e).Select(j => Row(label, e, table) is { } row ? table[row + j] : 0)).ToArray();

    /// <summary>dT[l] = Σ of dY over the rows of label l, zero where there are none. Written (=).</summary>
    public static double[] Backward(uint[] labels, int k, int l, int e, double[] dY)
    {
        var dTable = new double[l * e];
        foreach ((uint label, int r) in RowLabels(labels, k).Select((label, r) => (label, r)))
        {
            for (int j = 0; j < e && label < l; j++)
                dTable[label * e + j] += dY[r * e + j];
        }

        return dTable;
    }

    /// <summary>The error of dT in float32: sums over the rows of each label, in any order.</summary>
    public static double[] BackwardBound(uint[] labels, int k, int l, int e, double[] dY)
    {
        double[] magnitude = Backward(labels, k, l, e, ErrorBound.Absolute(dY)), terms = Backward(labels, k, l, e, ErrorBound.Ones(dY));
        return ErrorBound.Sum(terms, magnitude);
    }

    private static uint[] RowLabels(uint[] labels, int k) => labels.SelectMany(label => Enumerable.Repeat(label, k)).ToArray();

    private static long? Row(uint label, int e, double[] table) => label < table.Length / e ? label * e : null;
}
