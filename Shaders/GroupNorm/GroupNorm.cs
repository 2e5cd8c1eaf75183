using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// Group normalization (Wu &amp; He 2018, arXiv:1803.08494): over the pixels and the C/G channels of each of G groups of an image,
/// xhat = (x − mean) / √(variance + ε), Y = activation(γ xhat + β) with γ, β for each channel. The variance is the biased one.
/// </summary>
public class GroupNorm : Operator
{
    private readonly Tensor x;
    private readonly int groups;
    private readonly float epsilon;
    private readonly Tensor mean;
    private readonly Tensor m2;
    private readonly Tensor groupMean;
    private readonly Tensor groupRstd;

    public GroupNorm(string name, ParameterSet parameters, Tensor x, int groups, float epsilon = 1e-5f, Activation activation = Activation.None)
        : this(name, parameters, x, x, groups, epsilon, activation)
    {
    }

    /// <param name="name">Name of the layer.</param>
    /// <param name="parameters">Where γ and β are added.</param>
    /// <param name="input">The tensor in the graph.</param>
    /// <param name="view">The same memory as the images over which the moments are taken.</param>
    /// <param name="groups">G, a divisor of C.</param>
    /// <param name="epsilon">ε</param>
    /// <param name="activation">Applied to what is normalized.</param>
    protected GroupNorm(string name, ParameterSet parameters, Tensor input, Tensor view, int groups, float epsilon, Activation activation)
        : base(name, input)
    {
        if (groups < 1 || view.Shape.C % groups != 0)
            throw new ArgumentException($"{name} splits channels into equal groups: {view.Shape.C} channels don't make {groups} groups. Choose a divisor.");
        (x, this.groups, this.epsilon, Activation) = (view, groups, epsilon, activation);
        int c = view.Shape.C;
        Gamma = parameters.Add(name + ".gamma", Shape.Vector(c), [c], Initializer.Ones, decays: false);
        Beta = parameters.Add(name + ".beta", Shape.Vector(c), [c], Initializer.Zeros, decays: false);
        Tensor PerChannel(string what) => new(name + " " + what, Shape.Matrix(view.Shape.N, c));
        (mean, m2, groupMean, groupRstd) = (PerChannel("mean"), PerChannel("M2"), PerChannel("group mean"), PerChannel("group rstd"));
        Output = new Tensor(name, input.Shape);
    }

    public int Groups => groups;

    public float Epsilon => epsilon;

    public Activation Activation { get; }

    public Parameter Gamma { get; }

    public Parameter Beta { get; }

    public override Tensor Output { get; }

    private int Batch => x.Shape.N;

    private int Pixels => x.Shape.H * x.Shape.W;

    private int Channels => x.Shape.C;

    private Grid PerImageAndChannel => Grid.Elementwise((long)Batch * x.Shape.C4);

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.NormMoments(PerImageAndChannel, x: x, mean: mean, m2: m2, batch: Batch, pixels: Pixels, c4: x.Shape.C4);
        yield return Kernels.NormGroup(Grid.Elementwise(Batch),
            mean: mean, m2: m2, groupMean: groupMean, groupRstd: groupRstd, batch: Batch, pixels: Pixels, channels: Channels, groups: groups,
            epsilon: epsilon);
        yield return Kernels.NormApply(Grid.Elementwise(x.Shape.Count4),
            x: x, groupMean: groupMean, groupRstd: groupRstd, gamma: Gamma, beta: Beta, y: Output, batch: Batch, pixels: Pixels,
            channels: Channels, groups: groups, activation: (int)Activation);
    }

    // With dV = dY · activation', m = pixels · C/G values in a group and dxhat = γ dV:
    //   dβ = Σ dV;   dγ = Σ dV xhat;   dX = rstd (dxhat − 1/m Σ dxhat − xhat · 1/m Σ dxhat xhat)       all (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor dY = gradients.Of(Output);
        Tensor PerChannel(string what) => new(Name + " " + what, Shape.Matrix(Batch, Channels));
        Tensor sumDV = PerChannel("sum dV"), sumDVXhat = PerChannel("sum dV xhat");
        yield return Kernels.NormBackwardSums(PerImageAndChannel,
            x: x, dy: dY, groupMean: groupMean, groupRstd: groupRstd, gamma: Gamma, beta: Beta, sumDV: sumDV, sumDVXhat: sumDVXhat,
            batch: Batch, pixels: Pixels, channels: Channels, groups: groups, activation: (int)Activation);
        if (!Gamma.IsFrozen)
        {
            foreach (KernelSpec kernel in Reduction.Columns(sumDV, Beta.Gradient))
                yield return kernel;
            foreach (KernelSpec kernel in Reduction.Columns(sumDVXhat, Gamma.Gradient))
                yield return kernel;
        }

        if (!gradients.IsWanted(Inputs[0]))
            yield break;
        Tensor meanDXhat = PerChannel("mean dxhat"), meanDXhatXhat = PerChannel("mean dxhat xhat");
        yield return Kernels.NormBackwardGroup(Grid.Elementwise(Batch),
            sumDV: sumDV, sumDVXhat: sumDVXhat, gamma: Gamma, meanDXhat: meanDXhat, meanDXhatXhat: meanDXhatXhat, batch: Batch, pixels: Pixels,
            channels: Channels, groups: groups);
        yield return Kernels.NormBackwardApply(Grid.Elementwise(x.Shape.Count4),
            x: x, dy: dY, groupMean: groupMean, groupRstd: groupRstd, gamma: Gamma, beta: Beta, meanDXhat: meanDXhat,
            meanDXhatXhat: meanDXhatXhat, dx: gradients.ShareOf(Inputs[0]), batch: Batch, pixels: Pixels, channels: Channels, groups: groups,
            activation: (int)Activation);
    }
}
