using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// Transposed convolution: the adjoint of the convolution that reads this layer's output and whose weight it stores,
/// Y[n, h·stride − pad + r, w·stride − pad + s, k] += X[n, h, w, c] · W[r, s, k, c], plus b[k], then the activation.
/// Output extent: (H − 1)·stride − 2·pad + R; around a torus H·stride.
/// </summary>
public sealed class ConvTranspose2d : Operator
{
    private readonly ConvGather forward;
    private readonly ConvGather backward;

    /// <exception cref="ArgumentException">The geometry does not fit the input.</exception>
    public ConvTranspose2d(string name, ParameterSet parameters, Tensor x, int channels, ConvGeometry geometry, Activation activation = Activation.None, float gain = 1f)
        : base(name, x)
    {
        Geometry = geometry;
        Activation = ConvLayer.RequireFusable(name, activation);
        bool circular = geometry.Padding == PaddingMode.Circular;
        int height = circular ? x.Shape.H * geometry.Stride : geometry.InputOf(x.Shape.H);
        int width = circular ? x.Shape.W * geometry.Stride : geometry.InputOf(x.Shape.W);
        if (height < 1 || width < 1)
            throw new ArgumentException($"{name} would have an output of {height}×{width} pixels: its padding is too large for the input {x}.");
        var shape = new Shape(x.Shape.N, height, width, channels);
        ConvLayer.RequireFits(name, geometry, shape);
        // Each output pixel is reached by about (R / stride)² taps of C channels.
        int fanIn = Math.Max(1, geometry.Kernel * geometry.Kernel / (geometry.Stride * geometry.Stride)) * x.Shape.C;
        Weight = ConvLayer.AddWeight(parameters, name, geometry.Kernel, channels, x.Shape.C, fanIn, gain);
        Bias = ConvLayer.AddBias(parameters, name, channels);
        Output = new Tensor(name, shape) { AppliedActivation = activation };
        forward = new ConvGather(Weight, x.Shape, shape, geometry, adjoint: true);
        backward = new ConvGather(Weight, shape, x.Shape, geometry, adjoint: false, ofGradient: true);
    }

    public ConvGeometry Geometry { get; }

    public Activation Activation { get; }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Prepare() => forward.Prepare();

    public override IEnumerable<KernelSpec> Forward() => [forward.Run(Inputs[0], Bias, Output, Activation)];

    public override IEnumerable<KernelSpec> ForwardToPixels(FinishTexture finish) => finish.IsOneStep && forward.MakesPixels
        ? [forward.RunToPixels(Inputs[0], Bias, Activation, finish) with { Label = Name + " forward, store pixels" }]
        : base.ForwardToPixels(finish);

    // With dV = dY · activation':
    //   dX = conv(dV, W);   dW[r, s, k, c] = Σ_{n,h,w} dV[target, k] X[n, h, w, c];   db[k] = Σ_{n,p,q} dV[n, p, q, k]       all (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor dV = gradients.Of(Output);
        if (Activation != Activation.None && !gradients.IsMasked(Output))
            yield return ActivationLayer.Slope(dV, Output, dV, Activation);
        foreach (KernelSpec kernel in ConvWeightGradient.Of(dV, Inputs[0], dV, Weight, Bias, Geometry))
            yield return kernel;
        if (gradients.IsWanted(Inputs[0]))
        {
            Tensor dX = gradients.ShareOf(Inputs[0], out Activation mask);
            foreach (KernelSpec kernel in backward.PrepareAndRun(dV, dX, (Inputs[0], mask)))
                yield return kernel;
        }
    }
}
