using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// Y[n, k] = activation(b[k] + Σ_c X[n, c] · W[c, k]): a 1×1 convolution of 1×1 images. An input with pixels is flattened in the
/// order H, W, C. The output may be given pixels in the same order.
/// </summary>
public sealed class Linear : Operator
{
    private static readonly ConvGeometry Geometry = new(Kernel: 1, Stride: 1, Pad: 0, PaddingMode.Zero);
    private readonly Tensor x;
    private readonly ConvGather forward;
    private readonly ConvGather backward;

    public Linear(string name, ParameterSet parameters, Tensor x, int channels, Activation activation = Activation.None, float gain = 1f, Initializer? initializer = null)
        : base(name, x)
    {
        if (x.Shape.C != x.Shape.PaddedC && x.Shape.H * x.Shape.W > 1)
            throw new ArgumentException($"{name} reads pixels as one vector, padding channels included, so their channels must be a multiple of 4; found {x}.");
        this.x = x.Flattened();
        Activation = ConvLayer.RequireFusable(name, activation);
        int c = this.x.Shape.C;
        Weight = parameters.Add(name + ".weight", Shape.Weight(1, c, channels), [c, channels], initializer ?? Initializer.FanIn(c, gain), decays: true);
        Bias = ConvLayer.AddBias(parameters, name, channels);
        Output = new Tensor(name, Shape.Matrix(x.Shape.N, channels)) { AppliedActivation = activation };
        forward = new ConvGather(Weight, this.x.Shape, Output.Shape, Geometry, adjoint: false);
        backward = new ConvGather(Weight, Output.Shape, this.x.Shape, Geometry, adjoint: true, ofGradient: true);
    }

    public Activation Activation { get; }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Prepare() => forward.Prepare();

    public override IEnumerable<KernelSpec> Forward() => [forward.Run(x, Bias, Output, Activation)];

    // With dV = dY · activation':  dX = dV Wᵀ;   dW = Xᵀ dV;   db = Σ_n dV       all (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor dV = gradients.Of(Output);
        if (Activation != Activation.None && !gradients.IsMasked(Output))
            yield return ActivationLayer.Slope(dV, Output, dV, Activation);
        foreach (KernelSpec kernel in ConvWeightGradient.Of(x, dV, dV, Weight, Bias, Geometry))
            yield return kernel;
        if (gradients.IsWanted(Inputs[0]))
        {
            Tensor dX = gradients.ShareOf(Inputs[0], out Activation mask);
            foreach (KernelSpec kernel in backward.PrepareAndRun(dV, dX.Flattened(), (x, mask)))
                yield return kernel;
        }
    }
}
