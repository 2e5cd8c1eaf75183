using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// A Gaussian whose mean and variance an MLP with two tanh layers gives: (μ | log σ²) = W₂ tanh(W₁ tanh(W₀ x + b₀) + b₁) + b₂, as between
/// the stochastic layers of Burda et al. 2015 (arXiv:1509.00519, section 5). It computes what the operators of training compute.
/// </summary>
/// <remarks>
/// Each row of a batch is computed as if alone, products as <see cref="DenseLayer"/> says and tanh in double precision, so that an input
/// gives the same numbers on every machine.
/// </remarks>
public sealed class GaussianLayer
{
    /// <summary>The names of the three layers after that of the whole.</summary>
    private static readonly string[] Layers = { "linear0", "linear1", "head" };

    private readonly DenseLayer[] _layers;

    /// <param name="name">Before the names of the tensors, such as "prior.top".</param>
    /// <param name="inputs">The width of x.</param>
    /// <param name="hidden">The width of both tanh layers.</param>
    /// <param name="outputs">The dimensions of the Gaussian.</param>
    /// <param name="tensor">Gives the values of a tensor of <see cref="Layout"/> by name and shape.</param>
    /// <exception cref="ArgumentException">A size is below 1, or a tensor has the wrong number of values.</exception>
    public GaussianLayer(string name, int inputs, int hidden, int outputs, Func<string, long[], float[]> tensor)
    {
        if (inputs < 1 || hidden < 1 || outputs < 1)
        {
            throw new ArgumentException($"A layer needs at least 1 input, hidden unit and output; found {inputs}, {hidden} and {outputs}.");
        }
        (Inputs, Hidden, Outputs) = (inputs, hidden, outputs);
        float[][] values = Layout(name, inputs, hidden, outputs).Select(entry =>
        {
            float[] found = tensor(entry.Name, entry.Shape);
            LatentMath.RequireLength((int)entry.Shape.Aggregate(1L, (product, dimension) => product * dimension), found.Length, entry.Name);
            return found;
        }).ToArray();
        int[] widths = { inputs, hidden, hidden, 2 * outputs };
        _layers = Enumerable.Range(0, 3)
            .Select(i => new DenseLayer(widths[i], widths[i + 1], values[2 * i], values[(2 * i) + 1])).ToArray();
    }

    /// <summary>The width of x.</summary>
    public int Inputs { get; }

    /// <summary>The width of both tanh layers.</summary>
    public int Hidden { get; }

    /// <summary>The dimensions of the Gaussian.</summary>
    public int Outputs { get; }

    /// <summary>The tensors that it is made of; weights are [in, out].</summary>
    public static IEnumerable<(string Name, long[] Shape)> Layout(string name, int inputs, int hidden, int outputs)
    {
        long[] widths = { inputs, hidden, hidden, 2L * outputs };
        for (int i = 0; i < Layers.Length; i++)
        {
            yield return ($"{name}.{Layers[i]}.weight", new[] { widths[i], widths[i + 1] });
            yield return ($"{name}.{Layers[i]}.bias", new[] { widths[i + 1] });
        }
    }

    /// <summary>(μ | log σ²), [rows, 2 outputs], of x [rows, inputs].</summary>
    /// <exception cref="ArgumentException">x holds no whole rows.</exception>
    public float[] Apply(ReadOnlySpan<float> x)
    {
        if (x.Length % Inputs != 0)
        {
            throw new ArgumentException($"Expected rows of {Inputs} numbers; found {x.Length} numbers.", nameof(x));
        }
        int rows = x.Length / Inputs, padded = DenseLayer.PadRows(rows), stride = Inputs;
        var input = new float[padded * Inputs];
        x.CopyTo(input);
        ReadOnlySpan<float> from = input;
        for (int i = 0; i < _layers.Length; i++)
        {
            var to = new Vector<float>[padded * _layers[i].OutputVectors];
            _layers[i].Apply(from, stride, padded, to);
            Span<float> values = MemoryMarshal.Cast<Vector<float>, float>(to.AsSpan());
            stride = _layers[i].OutputVectors * Vector<float>.Count;
            for (int j = 0; i < 2 && j < rows * stride; j++)
            {
                values[j] = Tanh(values[j]);
            }
            from = values;
        }
        var head = new float[rows * 2 * Outputs];
        for (int row = 0; row < rows; row++)
        {
            from.Slice(row * stride, 2 * Outputs).CopyTo(head.AsSpan(row * 2 * Outputs));
        }
        return head;
    }

    /// <summary>1 − 2 / (e^2x + 1)</summary>
    private static float Tanh(float x) => (float)(1 - (2 / (PortableMath.Exp(2.0 * x) + 1)));
}
