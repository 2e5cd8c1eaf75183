using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Shaders;

/// <summary>How a parameter starts.</summary>
/// <param name="Kind">Which distribution.</param>
/// <param name="Scale">Bound of the uniform distribution, or the constant.</param>
public readonly record struct Initializer(InitializerKind Kind, float Scale)
{
    public static readonly Initializer Zeros = new(InitializerKind.Constant, 0);
    public static readonly Initializer Ones = new(InitializerKind.Constant, 1);

    /// <summary>U(−a, a), a = gain · √(3 / fanIn): variance gain² / fanIn (He et al. 2015, arXiv:1502.01852, eq. 10, with gain √2).</summary>
    public static Initializer FanIn(int fanIn, float gain = 1f) => new(InitializerKind.Uniform, gain * MathF.Sqrt(3f / fanIn));

    /// <summary>U(−a, a), a = √(6 / (fanIn + fanOut)): for layers with tanh (Glorot &amp; Bengio 2010, AISTATS, eq. 16).</summary>
    public static Initializer Glorot(int fanIn, int fanOut) => new(InitializerKind.Uniform, MathF.Sqrt(6f / (fanIn + fanOut)));
}

public enum InitializerKind
{
    Constant,
    Uniform,
}

/// <summary>A trained tensor: a view into <see cref="ParameterSet.Values"/>.</summary>
public sealed class Parameter : Tensor
{
    private readonly ParameterSet set;

    internal Parameter(ParameterSet set, string name, Shape shape, int[] logicalShape, Initializer initializer, bool decays)
        : base(name, shape, set.Values)
    {
        (this.set, LogicalShape, Initializer, Decays) = (set, logicalShape, initializer, decays);
        Gradient = new GradientView(this, set.Gradients);
    }

    /// <summary>The shape without padding, as it stands in a model file: [R, S, C, K], [C, K] or [K].</summary>
    public IReadOnlyList<int> LogicalShape { get; }

    public Initializer Initializer { get; }

    /// <summary>Whether weight decay applies: to weights, not to biases or normalization.</summary>
    public bool Decays { get; }

    /// <summary>Whether its set is frozen: no gradient is computed for it.</summary>
    public bool IsFrozen => set.IsFrozen;

    /// <summary>How products with it are computed; null: in float.</summary>
    public MixedPrecision? Mixed => set.Mixed;

    /// <summary>dL/dparameter, a view into <see cref="ParameterSet.Gradients"/>.</summary>
    public Tensor Gradient { get; }

    public override long BaseOffset => set.OffsetOf(this);

    public override bool IsSlice => true;

    /// <summary>Copies unpadded values, as a model file holds them, into their padded place in a copy of <see cref="ParameterSet.Values"/>.</summary>
    public void Scatter(ReadOnlySpan<float> logical, Span<float> stored)
    {
        int k = LogicalShape[^1], row = 0;
        foreach (int start in StoredRows())
            logical.Slice(k * row++, k).CopyTo(stored.Slice(start, k));
    }

    /// <summary>The inverse of <see cref="Scatter"/>.</summary>
    public float[] Gather(ReadOnlySpan<float> stored)
    {
        int k = LogicalShape[^1], row = 0;
        var logical = new float[LogicalShape.Aggregate(1, (a, b) => a * b)];
        foreach (int start in StoredRows())
            stored.Slice(start, k).CopyTo(logical.AsSpan(k * row++, k));
        return logical;
    }

    /// <summary>Where each unpadded row of K values starts in the stored layout.</summary>
    private IEnumerable<int> StoredRows()
    {
        int c = LogicalShape.Count > 1 ? LogicalShape[^2] : 1, paddedC = LogicalShape.Count > 1 ? Shape.W : 1;
        int taps = LogicalShape.Count > 2 ? LogicalShape[0] * LogicalShape[1] : 1;
        for (int t = 0; t < taps; t++)
            for (int i = 0; i < c; i++)
                yield return checked((int)BaseOffset) + (t * paddedC + i) * Shape.PaddedC;
    }

    private sealed class GradientView : Tensor
    {
        private readonly Parameter parameter;

        public GradientView(Parameter parameter, Tensor gradients)
            : base("d(" + parameter.Name + ")", parameter.Shape, gradients)
        {
            this.parameter = parameter;
        }

        public override long BaseOffset => parameter.BaseOffset;

        public override bool IsSlice => true;
    }
}

/// <summary>
/// All parameters of a model, laid out in one tensor, with their gradients in another of the same layout, so that the
/// optimizer is one dispatch. Weights that decay come first. Gaps between parameters are zero and stay zero.
/// </summary>
public sealed class ParameterSet
{
    /// <summary>Floats to which each parameter is aligned: 256 bytes, the largest buffer offset alignment that Vulkan allows.</summary>
    public const int Alignment = 64;

    private readonly List<Parameter> parameters = new();
    private Dictionary<Parameter, long>? offsets;
    private long total;
    private long decayed;

    public ParameterSet(string name)
    {
        Values = new FlatTensor(this, name);
        Gradients = new FlatTensor(this, "d(" + name + ")");
    }

    /// <summary>
    /// The parameters are constants: backward computes no gradients for them. One network may then be built several times over with the
    /// same weights: adding a parameter of a name that is there gives the one that is there.
    /// </summary>
    public bool IsFrozen { get; init; }

    /// <summary>How products with the parameters are computed; null: in float.</summary>
    public MixedPrecision? Mixed { get; init; }

    public Tensor Values { get; }

    public Tensor Gradients { get; }

    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>Floats at the start of <see cref="Values"/> to which weight decay applies.</summary>
    public long DecayedCount
    {
        get
        {
            Layout();
            return decayed;
        }
    }

    /// <summary>Stored floats, gaps included.</summary>
    public long Count
    {
        get
        {
            Layout();
            return total;
        }
    }

    /// <summary>Trained numbers, without padding.</summary>
    public long LogicalCount => parameters.Sum(p => p.LogicalShape.Aggregate(1L, (a, b) => a * b));

    /// <summary>A further tensor of the same layout: the optimizer's moments, an average of the weights.</summary>
    public Tensor Companion(string name) => new FlatTensor(this, name);

    public Parameter Add(string name, Shape shape, int[] logicalShape, Initializer initializer, bool decays)
    {
        if (IsFrozen && parameters.FirstOrDefault(p => p.Name == name) is { } same && same.Shape == shape)
            return same;
        if (offsets != null)
            throw new InvalidOperationException($"Parameter '{name}' comes too late: the layout has been used already.");
        if (parameters.Any(p => p.Name == name))
            throw new ArgumentException($"There is a parameter '{name}' already{(IsFrozen ? ", of another shape" : "")}.");
        var parameter = new Parameter(this, name, shape, logicalShape, initializer, decays);
        parameters.Add(parameter);
        return parameter;
    }

    internal long OffsetOf(Parameter parameter)
    {
        Layout();
        return offsets![parameter];
    }

    private void Layout()
    {
        if (offsets != null)
            return;
        offsets = new Dictionary<Parameter, long>();
        foreach (Parameter parameter in parameters.OrderBy(p => p.Decays ? 0 : 1))
        {
            offsets[parameter] = total;
            // One more pixel of zeros past each parameter, as past every tensor (Include/operands.glsl).
            total = Grid.DivideUp(total + parameter.Shape.Count + parameter.Shape.PaddedC, Alignment) * Alignment;
            if (parameter.Decays)
                decayed = total;
        }
    }

    private sealed class FlatTensor : Tensor
    {
        private readonly ParameterSet set;

        public FlatTensor(ParameterSet set, string name)
            : base(name, Shaders.Shape.Vector(1))
        {
            this.set = set;
            HasZerosPastEnd = false; // each parameter brings its own
        }

        public override Shape Shape => Shaders.Shape.Vector(checked((int)set.Count));
    }
}
