using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// A flow-matching prior (Lipman et al., arXiv:2210.02747): u ~ temperature N(0, I), then twenty Euler steps u += v(u, t_i) / 20 with
/// t_i = i / 20 along a learned velocity field v, then z = mean + std u. The network has residual blocks of
/// LayerNorm (eps 1e-5), linear, SiLU, linear; its input is u and the time features cos πkt, sin πkt for k = 1 .. 16.
/// </summary>
public sealed class FlowPrior : ILatentPrior
{
    /// <summary>The number of Euler steps.</summary>
    public const int Steps = 20;

    /// <summary>The default width of the network.</summary>
    public const int DefaultHidden = 512;

    /// <summary>The default number of residual blocks.</summary>
    public const int DefaultBlocks = 3;

    /// <summary>K of the time features; the network's input is Z + 2K wide.</summary>
    public const int Frequencies = FlowNetwork.Frequencies;

    private const string InputName = "prior.flow.in.weight";
    private const string MeanName = "prior.flow.mean";
    private const string StdName = "prior.flow.std";

    /// <summary>Rows that pass through the network together; their activations fit the second-level cache.</summary>
    private const int BatchRows = 64;

    private readonly Dictionary<string, float[]> _tensors = new(StringComparer.Ordinal);
    private readonly FlowNetwork _network;
    private readonly float[] _mean;
    private readonly float[] _std;

    /// <param name="size">Z.</param>
    /// <param name="hidden">The width of the network.</param>
    /// <param name="blocks">The number of residual blocks.</param>
    /// <param name="tensor">Gives the values of a tensor of <see cref="Layout"/> by name and shape; the array is kept.</param>
    /// <exception cref="ArgumentException">A size is out of range, or a tensor has the wrong number of values.</exception>
    public FlowPrior(int size, int hidden, int blocks, Func<string, long[], float[]> tensor)
    {
        if (size < 1 || hidden < 1 || blocks < 0)
        {
            throw new ArgumentException("A flow needs at least 1 dimension, a width of 1 and 0 blocks; " +
                $"found {size}, {hidden} and {blocks}.");
        }
        Size = size;
        Hidden = hidden;
        Blocks = blocks;
        foreach ((string name, long[] shape) in Layout(size, hidden, blocks))
        {
            float[] values = tensor(name, shape);
            LatentMath.RequireLength((int)shape.Aggregate(1L, (product, dimension) => product * dimension), values.Length, name);
            _tensors.Add(name, values);
        }
        _network = new FlowNetwork(size, hidden, blocks, _tensors);
        _mean = _tensors[MeanName];
        _std = _tensors[StdName];
    }

    public string Kind => "flow";

    public int Size { get; }

    /// <summary>The width of the network.</summary>
    public int Hidden { get; }

    /// <summary>The number of residual blocks.</summary>
    public int Blocks { get; }

    /// <summary>
    /// The name and shape of every tensor, weights as [in, out] row-major: what a training run must provide, and what the file holds.
    /// </summary>
    public static IEnumerable<(string Name, long[] Shape)> Layout(int size, int hidden = DefaultHidden, int blocks = DefaultBlocks) =>
        FlowNetwork.Layout(size, hidden, blocks).Append((MeanName, new long[] { size })).Append((StdName, new long[] { size }));

    public void Sample(ulong seed, uint index, float temperature, Span<float> z)
    {
        LatentMath.RequireLength(Size, z.Length, nameof(z));
        SampleBatch(seed, index, 1, temperature, z);
    }

    public float[] SampleMany(ulong seed, uint start, int count, float temperature)
    {
        var latents = new float[count * Size];
        for (int first = 0; first < count; first += BatchRows)
        {
            int rows = Math.Min(BatchRows, count - first);
            SampleBatch(seed, unchecked(start + (uint)first), rows, temperature, latents.AsSpan(first * Size, rows * Size));
        }
        return latents;
    }

    public void WriteTo(SafetensorsWriter writer)
    {
        foreach ((string name, long[] shape) in Layout(Size, Hidden, Blocks))
        {
            writer.AddFloats(name, _tensors[name], shape);
        }
    }

    /// <summary>The flow in the file, its widths read off the tensors; null when it has none.</summary>
    /// <exception cref="ModelFileException">Tensors are missing or do not fit together.</exception>
    public static FlowPrior? TryRead(SafetensorsFile file)
    {
        if (!file.Contains(InputName))
        {
            return null;
        }
        long[] shape = file.Get(InputName).Shape;
        if (shape.Length != 2 || shape[0] <= 2 * Frequencies || shape[1] < 1)
        {
            throw SafetensorsFile.Unusable(file.Source, $"tensor '{InputName}' must have the shape [Z + {2 * Frequencies}, hidden], " +
                $"found {TensorEntry.Describe(shape)}");
        }
        int blocks = 0;
        while (file.Contains($"prior.flow.block{blocks}.norm.gamma"))
        {
            blocks++;
        }
        return new FlowPrior((int)shape[0] - (2 * Frequencies), (int)shape[1], blocks, file.GetFloats);
    }

    private void SampleBatch(ulong seed, uint start, int rows, float temperature, Span<float> z)
    {
        for (int row = 0; row < rows; row++)
        {
            Philox.FillNormals(seed, PriorStreams.Normals, unchecked(start + (uint)row), z.Slice(row * Size, Size));
        }
        for (int i = 0; i < z.Length; i++)
        {
            z[i] *= temperature;
        }
        _network.Integrate(z, rows, Steps);
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = _mean[i % Size] + (_std[i % Size] * z[i]);
        }
    }
}
