using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// Two-dimensional convolution (cross-correlation, as the field has it):
/// Y[n, p, q, k] = activation(b[k] + Σ_{r,s,c} X[n, p·stride − pad + r, q·stride − pad + s, c] · W[r, s, c, k]).
/// </summary>
public sealed class Conv2d : Operator
{
    private readonly ConvGather forward;
    private readonly ConvGather backward;

    /// <exception cref="ArgumentException">The geometry does not fit the input.</exception>
    public Conv2d(string name, ParameterSet parameters, Tensor x, int channels, ConvGeometry geometry, Activation activation = Activation.None, float gain = 1f)
        : base(name, x)
    {
        Geometry = geometry;
        Activation = ConvLayer.RequireFusable(name, activation);
        ConvLayer.RequireFits(name, geometry, x.Shape);
        Weight = ConvLayer.AddWeight(parameters, name, geometry.Kernel, x.Shape.C, channels, fanIn: geometry.Kernel * geometry.Kernel * x.Shape.C, gain);
        Bias = ConvLayer.AddBias(parameters, name, channels);
        Output = new Tensor(name, new Shape(x.Shape.N, geometry.OutputOf(x.Shape.H), geometry.OutputOf(x.Shape.W), channels)) { AppliedActivation = activation };
        forward = new ConvGather(Weight, x.Shape, Output.Shape, geometry, adjoint: false);
        backward = new ConvGather(Weight, Output.Shape, x.Shape, geometry, adjoint: true, ofGradient: true);
    }

    public ConvGeometry Geometry { get; }

    public Activation Activation { get; }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Prepare() => forward.Prepare();

    public override IEnumerable<KernelSpec> Forward() => [forward.Run(Inputs[0], Bias, Output, Activation)];

    // With dV = dY · activation':
    //   dX = adjoint(dV);   dW[r, s, c, k] = Σ_{n,p,q} X[source, c] dV[n, p, q, k];   db[k] = Σ_{n,p,q} dV[n, p, q, k]       all (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor dV = gradients.Of(Output);
        if (Activation != Activation.None && !gradients.IsMasked(Output))
            yield return ActivationLayer.Slope(dV, Output, dV, Activation);
        foreach (KernelSpec kernel in ConvWeightGradient.Of(Inputs[0], dV, dV, Weight, Bias, Geometry))
            yield return kernel;
        if (gradients.IsWanted(Inputs[0]))
        {
            Tensor dX = gradients.ShareOf(Inputs[0], out Activation mask);
            foreach (KernelSpec kernel in backward.PrepareAndRun(dV, dX, (Inputs[0], mask)))
                yield return kernel;
        }
    }
}
