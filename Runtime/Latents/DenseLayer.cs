using System;
using System.Numerics;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// y = x W + b for batches on the CPU. Each output is ((b + x_0 W_0) + x_1 W_1) + ..., every product and sum rounded to single
/// precision in that order: vectors run over outputs, never over the inputs summed, so that neither their width nor the batch matters.
/// </summary>
internal sealed class DenseLayer
{
    /// <summary>Rows computed together, to load each weight once for all of them.</summary>
    private const int RowTile = 4;

    /// <summary>Vectors of outputs computed together; with four rows, eight accumulators and their operands fill 16 registers.</summary>
    private const int PanelVectors = 2;

    private readonly int _inputs;

    /// <summary>[panel, input, PanelVectors], so that the inner loop reads memory in order; outputs are padded with zeros.</summary>
    private readonly Vector<float>[] _weight;
    private readonly Vector<float>[] _bias;

    /// <param name="inputs">The width of x.</param>
    /// <param name="outputs">The width of y.</param>
    /// <param name="weight">W, [inputs, outputs].</param>
    /// <param name="bias">b, [outputs].</param>
    public DenseLayer(int inputs, int outputs, float[] weight, float[] bias)
    {
        _inputs = inputs;
        OutputVectors = VectorsOf(outputs);
        _bias = new Vector<float>[OutputVectors];
        _weight = new Vector<float>[OutputVectors * inputs];
        var lanes = new float[Vector<float>.Count];
        for (int vector = 0; vector < OutputVectors; vector++)
        {
            int first = vector * lanes.Length;
            _bias[vector] = Load(bias, 0, first, outputs, lanes);
            for (int i = 0; i < inputs; i++)
            {
                int packed = (((vector / PanelVectors * inputs) + i) * PanelVectors) + (vector % PanelVectors);
                _weight[packed] = Load(weight, i * outputs, first, outputs, lanes);
            }
        }
    }

    /// <summary>Vectors in a row of y, padding included.</summary>
    public int OutputVectors { get; }

    /// <summary>Vectors in a row of so many outputs, padding included.</summary>
    public static int VectorsOf(int outputs)
    {
        int panelWidth = PanelVectors * Vector<float>.Count;
        return (outputs + panelWidth - 1) / panelWidth * PanelVectors;
    }

    /// <summary>The number of rows that buffers need for a batch of <paramref name="rows"/>.</summary>
    public static int PadRows(int rows) => (rows + RowTile - 1) / RowTile * RowTile;

    /// <summary>Writes y [rows, OutputVectors] for x, whose rows lie <paramref name="stride"/> floats apart; rows must be padded.</summary>
    public void Apply(ReadOnlySpan<float> x, int stride, int rows, Span<Vector<float>> y)
    {
        for (int vector = 0; vector < OutputVectors; vector += PanelVectors)
        {
            ReadOnlySpan<Vector<float>> panel = _weight.AsSpan(vector * _inputs, PanelVectors * _inputs);
            for (int row = 0; row < rows; row += RowTile)
            {
                ReadOnlySpan<float> x0 = x.Slice(row * stride, _inputs);
                ReadOnlySpan<float> x1 = x.Slice((row + 1) * stride, _inputs);
                ReadOnlySpan<float> x2 = x.Slice((row + 2) * stride, _inputs);
                ReadOnlySpan<float> x3 = x.Slice((row + 3) * stride, _inputs);
                Vector<float> a0 = _bias[vector], a1 = a0, a2 = a0, a3 = a0;
                Vector<float> b0 = _bias[vector + 1], b1 = b0, b2 = b0, b3 = b0;
                for (int i = 0; i < x0.Length; i++)
                {
                    Vector<float> a = panel[2 * i];
                    Vector<float> b = panel[(2 * i) + 1];
                    var value = new Vector<float>(x0[i]);
                    a0 += value * a;
                    b0 += value * b;
                    value = new Vector<float>(x1[i]);
                    a1 += value * a;
                    b1 += value * b;
                    value = new Vector<float>(x2[i]);
                    a2 += value * a;
                    b2 += value * b;
                    value = new Vector<float>(x3[i]);
                    a3 += value * a;
                    b3 += value * b;
                }
                int at = (row * OutputVectors) + vector;
                (y[at], y[at + 1]) = (a0, b0);
                at += OutputVectors;
                (y[at], y[at + 1]) = (a1, b1);
                at += OutputVectors;
                (y[at], y[at + 1]) = (a2, b2);
                at += OutputVectors;
                (y[at], y[at + 1]) = (a3, b3);
            }
        }
    }

    private static Vector<float> Load(float[] source, int offset, int first, int outputs, float[] lanes)
    {
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = first + lane < outputs ? source[offset + first + lane] : 0;
        }
        return new Vector<float>(lanes);
    }
}
