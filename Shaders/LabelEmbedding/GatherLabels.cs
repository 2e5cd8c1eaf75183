using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>labels[n] = imageLabels[row n of the step's batch]: the labels beside the images of <see cref="GatherImages"/>.</summary>
public sealed class GatherLabels
{
    private readonly Tensor imageLabels;
    private readonly Tensor step;

    /// <param name="imageLabels">Words [images]: the label of each resident image.</param>
    /// <param name="step">The step state with at least N batch rows (<see cref="StepState"/>).</param>
    /// <param name="batch">N</param>
    public GatherLabels(Tensor imageLabels, Tensor step, int batch)
    {
        if (imageLabels.Shape is not { N: 1, H: 1, W: 1 })
            throw new ArgumentException($"The labels of images are words [images]; found {imageLabels}.");
        (this.imageLabels, this.step) = (imageLabels, step);
        Output = new Tensor("labels", Shape.Vector(batch));
    }

    /// <summary>Words [N], written (=).</summary>
    public Tensor Output { get; }

    public IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.GatherLabels(Grid.Elementwise(Output.Shape.C), imageLabels: imageLabels, step: step, labels: Output,
            batch: Output.Shape.C) with { Label = "gather labels" };
    }
}
