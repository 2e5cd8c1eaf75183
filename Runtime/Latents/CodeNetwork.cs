using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// The network of <see cref="CodePrior"/>: h = Σ_s W_s E[c_s] + (b + P[position] + L[label]), over the slots s of the context that hold
/// a code, in order; then residual blocks and logits as <see cref="ResidualPerceptron"/> says.
/// </summary>
internal sealed class CodeNetwork
{
    private const string Prefix = "prior.codes.";
    private const string EmbeddingName = Prefix + "embedding.weight";
    private const string InputName = Prefix + "in.weight";
    private const string InputBiasName = Prefix + "in.bias";
    private const string PositionName = Prefix + "position.weight";
    private const string LabelName = Prefix + "label.weight";

    private readonly CodePriorShape _shape;
    private readonly float[] _embedding;
    private readonly DenseLayer[] _slots;
    private readonly Vector<float>[] _positions;
    private readonly Vector<float>[] _labels;
    private readonly ResidualPerceptron _body;

    public CodeNetwork(CodePriorShape shape, IReadOnlyDictionary<string, float[]> tensors)
    {
        _shape = shape;
        int hidden = shape.Hidden, slot = shape.Embedding * hidden;
        _embedding = tensors[EmbeddingName];
        float[] weight = tensors[InputName];
        float[] bias = tensors[InputBiasName];
        _slots = Enumerable.Range(0, shape.Grid.Slots)
            .Select(s => new DenseLayer(shape.Embedding, hidden, weight.AsSpan(s * slot, slot).ToArray(), new float[hidden])).ToArray();
        _positions = Rows(tensors[PositionName].Select((value, i) => bias[i % hidden] + value).ToArray());
        _labels = shape.Labels > 0 ? Rows(tensors[LabelName]) : Array.Empty<Vector<float>>();
        _body = new ResidualPerceptron(Prefix, hidden, shape.Blocks, shape.Codes, tensors);
    }

    /// <summary>The tensors that the network is made of; weights are [in, out].</summary>
    public static IEnumerable<(string Name, long[] Shape)> Layout(CodePriorShape shape)
    {
        yield return (EmbeddingName, new long[] { shape.Codes, shape.Embedding });
        yield return (InputName, new long[] { shape.Grid.Slots * shape.Embedding, shape.Hidden });
        yield return (InputBiasName, new long[] { shape.Hidden });
        yield return (PositionName, new long[] { shape.Grid.Codes, shape.Hidden });
        if (shape.Labels > 0)
        {
            yield return (LabelName, new long[] { shape.Labels + 1, shape.Hidden });
        }
        foreach ((string name, long[] size) in ResidualPerceptron.Layout(Prefix, shape.Hidden, shape.Blocks, shape.Codes))
        {
            yield return (name, size);
        }
    }

    /// <summary>Starts a walk over the positions of several grids at once.</summary>
    /// <param name="codes">[rows, h, w]; a position is read once the walk is past it.</param>
    /// <param name="labels">[rows]; the number of labels stands for none. Not read where there are no labels.</param>
    public Walk Start(Memory<int> codes, int[] labels) => new(this, codes, labels);

    /// <summary>Rows [n, hidden] in whole vectors.</summary>
    private Vector<float>[] Rows(float[] values)
    {
        int hidden = _shape.Hidden, vectors = DenseLayer.VectorsOf(hidden), rows = values.Length / hidden;
        var result = new Vector<float>[rows * vectors];
        Span<float> stored = MemoryMarshal.Cast<Vector<float>, float>(result.AsSpan());
        for (int row = 0; row < rows; row++)
        {
            values.AsSpan(row * hidden, hidden).CopyTo(stored.Slice(row * vectors * Vector<float>.Count));
        }
        return result;
    }

    /// <summary>Several grids, taken position by position together, so that each weight is loaded once for all of them.</summary>
    internal sealed class Walk
    {
        private readonly CodeNetwork _network;
        private readonly Memory<int> _codes;
        private readonly int[] _labels;
        private readonly int _rows;
        private readonly float[] _input;
        private readonly Vector<float>[] _context;
        private readonly Vector<float>[] _hidden;
        private readonly Vector<float>[] _first;
        private readonly Vector<float>[] _second;
        private readonly Vector<float>[] _logits;
        private int _position = -1;

        public Walk(CodeNetwork network, Memory<int> codes, int[] labels)
        {
            (_network, _codes, _labels) = (network, codes, labels);
            CodePriorShape shape = network._shape;
            _rows = codes.Length / shape.Grid.Codes;
            int padded = DenseLayer.PadRows(_rows);
            _input = new float[padded * shape.Embedding];
            _context = new Vector<float>[padded * network._body.HiddenVectors];
            _hidden = new Vector<float>[_context.Length];
            _first = new Vector<float>[_context.Length];
            _second = new Vector<float>[_context.Length];
            _logits = new Vector<float>[padded * network._body.OutputVectors];
        }

        /// <summary>Goes on to the next position, whose logits <see cref="Logits"/> then gives.</summary>
        public void Next()
        {
            _position++;
            if (_network._shape.Grid.Radius > 0)
            {
                Array.Clear(_context, 0, _context.Length);
                for (int slot = 0; slot < _network._slots.Length; slot++)
                {
                    AddSlot(slot);
                }
            }
            else if (_position > 0)
            {
                // Slot s holds position s: all earlier ones are in the sum already.
                AddSlot(_position - 1);
            }
            int vectors = _network._body.HiddenVectors;
            for (int row = 0; row < _rows; row++)
            {
                for (int i = 0; i < vectors; i++)
                {
                    Vector<float> shift = _network._positions[(_position * vectors) + i];
                    if (_network._labels.Length > 0)
                    {
                        shift += _network._labels[(_labels[row] * vectors) + i];
                    }
                    _hidden[(row * vectors) + i] = _context[(row * vectors) + i] + shift;
                }
            }
            _network._body.Apply(_hidden, _first, _second, _rows, _logits);
        }

        /// <summary>[Kc] of a row at the current position.</summary>
        public ReadOnlySpan<float> Logits(int row)
        {
            int width = _network._body.OutputVectors * Vector<float>.Count;
            return MemoryMarshal.Cast<Vector<float>, float>(_logits.AsSpan()).Slice(row * width, _network._shape.Codes);
        }

        private void AddSlot(int slot)
        {
            CodePriorShape shape = _network._shape;
            int source = shape.Grid.SourceOf(_position, slot);
            if (source < 0)
            {
                return;
            }
            for (int row = 0; row < _rows; row++)
            {
                int code = _codes.Span[(row * shape.Grid.Codes) + source];
                _network._embedding.AsSpan(code * shape.Embedding, shape.Embedding).CopyTo(_input.AsSpan(row * shape.Embedding));
            }
            _network._slots[slot].Apply(_input, shape.Embedding, DenseLayer.PadRows(_rows), _first);
            for (int i = 0; i < _context.Length; i++)
            {
                _context[i] += _first[i];
            }
        }
    }
}
