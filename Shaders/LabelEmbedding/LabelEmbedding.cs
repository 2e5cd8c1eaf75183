using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// Y[n·K + k] = T[label[n]]: the trained vector of each row's label, by which a conditional VAE is told what to make
/// (Sohn, Lee &amp; Yan 2015). Y: [N·K, E]; T: [L, E]. A label of L or more stands for "none" and reads as zeros.
/// </summary>
public sealed class LabelEmbedding : Operator
{
    private readonly Tensor labels;
    private readonly int samples;

    /// <param name="name">Name in reports, and of the parameter: name.weight.</param>
    /// <param name="parameters">Where the table is added.</param>
    /// <param name="labels">Words [N] (<see cref="GatherLabels"/>).</param>
    /// <param name="labelCount">L</param>
    /// <param name="channels">E, a multiple of 4.</param>
    /// <param name="samples">K, the rows of each label in the output.</param>
    /// <param name="initializer">How the table starts; null: uniform with variance 1 / E, so that a vector has about the length 1.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public LabelEmbedding(
        string name, ParameterSet parameters, Tensor labels, int labelCount, int channels, int samples = 1, Initializer? initializer = null)
        : base(name)
    {
        if (labels.Shape is not { N: 1, H: 1, W: 1 })
            throw new ArgumentException($"{name} reads labels as words [N]; found {labels}.");
        if (labelCount < 1)
            throw new ArgumentException($"{name} needs at least 1 label; found {labelCount}.");
        if (channels < 1 || channels % 4 != 0)
            throw new ArgumentException($"{name}: an embedding has a multiple of 4 channels; found {channels}.");
        if (samples < 1)
            throw new ArgumentException($"{name} writes at least 1 row for each label; found {samples}.");
        (this.labels, this.samples, LabelCount) = (labels, samples, labelCount);
        // No decay: it would draw the vectors of rare labels to zero.
        Weight = parameters.Add(name + ".weight", Shape.Weight(1, labelCount, channels), [labelCount, channels],
            initializer ?? Initializer.FanIn(channels), decays: false);
        Output = new Tensor(name, Shape.Matrix(checked(labels.Shape.C * samples), channels));
    }

    /// <summary>L</summary>
    public int LabelCount { get; }

    /// <summary>T, [L, E]</summary>
    public Parameter Weight { get; }

    /// <summary>[N·K, E]</summary>
    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.LabelEmbedding(Grid.Elementwise(Output.Shape.Count4), labels: labels, table: Weight, y: Output,
            rows: Output.Shape.N, channels4: Output.Shape.C4, samples: samples, labelCount: LabelCount);
    }

    // dT[l] = Σ over the rows of label l, in their order, of dY; zero for labels that no row has       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        if (Weight.IsFrozen)
            yield break;
        yield return Kernels.LabelEmbeddingBackward(Grid.Elementwise(Weight.Shape.Count4), labels: labels, dy: gradients.Of(Output),
            dTable: Weight.Gradient, batch: labels.Shape.C,
            channels4: Output.Shape.C4, samples: samples, labelCount: LabelCount, tableRows: Weight.Shape.W);
    }
}
