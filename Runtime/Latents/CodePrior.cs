using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// An autoregressive prior over the grid of codes of a vector-quantised model (van den Oord et al. 2017, arXiv:1711.00937, §3.3):
/// p(c) = Π_i softmax(f(codes before i, i, label)), drawn in raster order, each code then replaced by its vector of the codebook.
/// </summary>
/// <remarks>
/// A temperature T divides the logits: 0 always takes the likeliest code. Draws of many latents at once share the loading of the
/// weights and are several times faster than one by one.
/// </remarks>
public sealed class CodePrior : ILatentPrior
{
    private const string GridName = "prior.codes.grid";
    private const string CodebookName = "prior.codes.codebook";
    private const string EmbeddingName = "prior.codes.embedding.weight";
    private const string InputName = "prior.codes.in.weight";
    private const string LabelName = "prior.codes.label.weight";
    private const uint CodeStream = 0x801;

    /// <summary>Grids that pass through the network together; their activations fit the second-level cache.</summary>
    private const int BatchRows = 64;

    private readonly Dictionary<string, float[]> _tensors = new(StringComparer.Ordinal);
    private readonly CodeNetwork _network;
    private readonly float[] _codebook;

    /// <param name="shape">The sizes.</param>
    /// <param name="tensor">Gives the values of a tensor of <see cref="Layout"/> by name and shape; the array is kept.</param>
    /// <exception cref="ArgumentException">A size is out of range, or a tensor has the wrong number of values.</exception>
    public CodePrior(CodePriorShape shape, Func<string, long[], float[]> tensor)
    {
        Shape = shape.Validate();
        foreach ((string name, long[] size) in Layout(shape))
        {
            float[] values = tensor(name, size);
            LatentMath.RequireLength((int)size.Aggregate(1L, (product, dimension) => product * dimension), values.Length, name);
            _tensors.Add(name, values);
        }
        _network = new CodeNetwork(shape, _tensors);
        _codebook = _tensors[CodebookName];
    }

    public string Kind => "codes";

    public CodePriorShape Shape { get; }

    /// <summary>h·w·D: the codes' vectors in raster order.</summary>
    public int Size => Shape.LatentSize;

    /// <summary>e, [Kc, D].</summary>
    public ReadOnlyMemory<float> Codebook => _codebook;

    /// <summary>
    /// The name and shape of every tensor, weights as [in, out] row-major: what a training run must provide, and, with the grid beside
    /// them, what the file holds.
    /// </summary>
    public static IEnumerable<(string Name, long[] Shape)> Layout(CodePriorShape shape) =>
        CodeNetwork.Layout(shape).Append((CodebookName, new long[] { shape.Codes, shape.Dimensions }));

    public void Sample(ulong seed, uint index, float temperature, Span<float> z) => Sample(seed, index, temperature, null, z);

    /// <summary>As <see cref="ILatentPrior.Sample"/>, of a kind of asset.</summary>
    /// <param name="seed">Names the sequence.</param>
    /// <param name="index">The place in it.</param>
    /// <param name="temperature">T, at least 0.</param>
    /// <param name="label">Below the number of labels; null: any.</param>
    /// <param name="z">[h·w·D], written.</param>
    /// <exception cref="ArgumentException">The label, the temperature or the length of <paramref name="z"/> is out of range.</exception>
    public void Sample(ulong seed, uint index, float temperature, int? label, Span<float> z)
    {
        LatentMath.RequireLength(Size, z.Length, nameof(z));
        Look(SampleCodes(seed, index, 1, temperature, label), z);
    }

    public float[] SampleMany(ulong seed, uint start, int count, float temperature) => SampleMany(seed, start, count, temperature, null);

    /// <summary>As <see cref="ILatentPrior.SampleMany"/>, of a kind of asset.</summary>
    /// <inheritdoc cref="Sample(ulong, uint, float, int?, Span{float})"/>
    public float[] SampleMany(ulong seed, uint start, int count, float temperature, int? label)
    {
        var latents = new float[count * Size];
        Look(SampleCodes(seed, start, count, temperature, label), latents);
        return latents;
    }

    /// <summary>The codes of the latents <paramref name="start"/> to start + count − 1: [count, h, w].</summary>
    /// <inheritdoc cref="Sample(ulong, uint, float, int?, Span{float})"/>
    public int[] SampleCodes(ulong seed, uint start, int count, float temperature, int? label = null)
    {
        if (!(temperature >= 0) || float.IsInfinity(temperature))
        {
            throw new ArgumentException($"The temperature of a prior over codes must be finite and at least 0; found {temperature}.",
                nameof(temperature));
        }
        int[] labels = LabelRows(label, BatchRows);
        int grid = Shape.Grid.Codes;
        var codes = new int[count * grid];
        var weights = new double[Shape.Codes];
        for (int first = 0; first < count; first += BatchRows)
        {
            int rows = Math.Min(BatchRows, count - first);
            Memory<int> batch = codes.AsMemory(first * grid, rows * grid);
            CodeNetwork.Walk walk = _network.Start(batch, labels);
            for (int position = 0; position < grid; position++)
            {
                walk.Next();
                for (int row = 0; row < rows; row++)
                {
                    uint word = Philox.Draw(seed, (uint)position, unchecked(start + (uint)(first + row)), CodeStream, 0).X;
                    batch.Span[(row * grid) + position] = Pick(walk.Logits(row), temperature, (word + 0.5) / 4294967296.0, weights);
                }
            }
        }
        return codes;
    }

    /// <summary>The latent of given codes: their vectors of the codebook.</summary>
    /// <param name="codes">[count, h, w], each below Kc.</param>
    /// <param name="z">[count, h·w·D], written.</param>
    /// <exception cref="ArgumentException">There is no such code, or the sizes do not agree.</exception>
    public void Look(ReadOnlySpan<int> codes, Span<float> z)
    {
        RequireCodes(codes);
        LatentMath.RequireLength(codes.Length * Shape.Dimensions, z.Length, nameof(z));
        for (int i = 0; i < codes.Length; i++)
        {
            _codebook.AsSpan(codes[i] * Shape.Dimensions, Shape.Dimensions).CopyTo(z.Slice(i * Shape.Dimensions));
        }
    }

    /// <summary>
    /// −log p of each code given those before it, in nats: [count, h, w]. Over ln 2, bits; summed over a grid, −log p of the asset.
    /// </summary>
    /// <param name="codes">[count, h, w], each below Kc.</param>
    /// <param name="labels">[count], each below the number of labels; null: unknown.</param>
    /// <exception cref="ArgumentException">There is no such code or label, or the sizes do not agree.</exception>
    public double[] NegativeLogLikelihoods(int[] codes, int[]? labels = null)
    {
        RequireCodes(codes);
        int grid = Shape.Grid.Codes, count = codes.Length / grid;
        if (labels != null && labels.Length != count)
        {
            throw new ArgumentException($"{count} grids of codes need as many labels, found {labels.Length}.", nameof(labels));
        }
        var result = new double[codes.Length];
        for (int first = 0; first < count; first += BatchRows)
        {
            int rows = Math.Min(BatchRows, count - first);
            int[] batchLabels = labels == null
                ? LabelRows(null, rows)
                : labels.Skip(first).Take(rows).Select(l => LabelRows(l, 1)[0]).ToArray();
            CodeNetwork.Walk walk = _network.Start(codes.AsMemory(first * grid, rows * grid), batchLabels);
            for (int position = 0; position < grid; position++)
            {
                walk.Next();
                for (int row = 0; row < rows; row++)
                {
                    int at = ((first + row) * grid) + position;
                    result[at] = NegativeLogSoftmax(walk.Logits(row), codes[at]);
                }
            }
        }
        return result;
    }

    public void WriteTo(SafetensorsWriter writer)
    {
        writer.AddFloats(GridName, new float[] { Shape.Grid.Height, Shape.Grid.Width, Shape.Grid.Radius }, 3);
        foreach ((string name, long[] size) in Layout(Shape))
        {
            writer.AddFloats(name, _tensors[name], size);
        }
    }

    /// <summary>The prior over codes in the file, its sizes read off the tensors; null when it has none.</summary>
    /// <exception cref="ModelFileException">Tensors are missing, do not fit together, or hold sizes that can't be.</exception>
    public static CodePrior? TryRead(SafetensorsFile file)
    {
        if (!file.Contains(GridName))
        {
            return null;
        }
        int[] grid = file.GetFloats(GridName, 3).Select(WholeNumber).ToArray();
        long[] embedding = Matrix(file, EmbeddingName);
        int blocks = 0;
        while (file.Contains($"prior.codes.block{blocks}.norm.gamma"))
        {
            blocks++;
        }
        try
        {
            var shape = new CodePriorShape(
                new CodeGrid(grid[0], grid[1], grid[2]), (int)embedding[0], (int)Matrix(file, CodebookName)[1], (int)embedding[1],
                (int)Matrix(file, InputName)[1], blocks, file.Contains(LabelName) ? (int)Matrix(file, LabelName)[0] - 1 : 0);
            return new CodePrior(shape, file.GetFloats);
        }
        catch (ArgumentException error)
        {
            throw SafetensorsFile.Unusable(file.Source, $"its prior over codes is invalid: {error.Message}");
        }
    }

    private static int WholeNumber(float value) => value >= 0 && value <= 65536 && value == Math.Floor(value) ? (int)value : -1;

    private static long[] Matrix(SafetensorsFile file, string name)
    {
        long[] shape = file.Get(name).Shape;
        return shape.Length == 2 && shape.All(n => n is > 0 and <= int.MaxValue)
            ? shape
            : throw SafetensorsFile.Unusable(file.Source, $"tensor '{name}' must be a matrix, found {TensorEntry.Describe(shape)}");
    }

    /// <summary>The code at which the cumulated probabilities reach <paramref name="uniform"/>.</summary>
    private static int Pick(ReadOnlySpan<float> logits, float temperature, double uniform, double[] weights)
    {
        int best = 0;
        for (int k = 1; k < logits.Length; k++)
        {
            best = logits[k] > logits[best] ? k : best;
        }
        if (temperature == 0)
        {
            return best;
        }
        double total = 0;
        for (int k = 0; k < logits.Length; k++)
        {
            weights[k] = PortableMath.Exp(((double)logits[k] - logits[best]) / temperature);
            total += weights[k];
        }
        double left = uniform * total;
        for (int k = 0; k < logits.Length; k++)
        {
            left -= weights[k];
            if (left < 0)
            {
                return k;
            }
        }
        return best;
    }

    private static double NegativeLogSoftmax(ReadOnlySpan<float> logits, int target)
    {
        double most = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            most = Math.Max(most, logit);
        }
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += PortableMath.Exp(logit - most);
        }
        return PortableMath.Log(sum) + (most - logits[target]);
    }

    private int[] LabelRows(int? label, int rows)
    {
        if (label is { } l && (l < 0 || l >= Shape.Labels))
        {
            throw new ArgumentException($"There are {Shape.Labels} labels, from 0; found label {l}.", nameof(label));
        }
        return Enumerable.Repeat(label ?? Shape.Labels, rows).ToArray();
    }

    private void RequireCodes(ReadOnlySpan<int> codes)
    {
        if (codes.Length % Shape.Grid.Codes != 0)
        {
            throw new ArgumentException($"Codes come in whole grids of {Shape.Grid.Height}×{Shape.Grid.Width}; found {codes.Length} codes.",
                nameof(codes));
        }
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] < 0 || codes[i] >= Shape.Codes)
            {
                throw new ArgumentException($"There are {Shape.Codes} codes, from 0; found code {codes[i]} at place {i}.", nameof(codes));
            }
        }
    }
}
