using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// One batch for an autoregressive prior over codes: of each image that the step names, one random position of its grid, the codes
/// before it as context, and its own code as target. All are words; <see cref="Embedding"/> makes vectors of them.
/// </summary>
public sealed class CodeContext
{
    /// <summary>The word that stands for nothing: outside the grid, not yet known, or dropped.</summary>
    public const uint Nothing = uint.MaxValue;

    private readonly Tensor step;
    private readonly int batch;
    private readonly int labelCount;
    private readonly float contextDrop;
    private readonly float labelDrop;

    /// <param name="codes">Words [images, h, w], each below the number of codes.</param>
    /// <param name="labels">Words [images], or null: no labels.</param>
    /// <param name="step">The step state; its batch rows choose images.</param>
    /// <param name="batch">R</param>
    /// <param name="grid">h, w and the window.</param>
    /// <param name="labelCount">Labels are below it; it stands for "no label" itself.</param>
    /// <param name="contextDrop">Share of the context's codes that are left out at random, against learning a small set by heart.</param>
    /// <param name="labelDrop">Share of the rows whose label is left out, so that samples can be drawn without one.</param>
    public CodeContext(
        Tensor codes, Tensor? labels, Tensor step, int batch, CodeGrid grid, int labelCount = 0, float contextDrop = 0, float labelDrop = 0)
    {
        if (codes.Shape.C % grid.Codes != 0)
            throw new ArgumentException($"Codes come in whole grids of {grid.Height}×{grid.Width}; found {codes.Shape.C} codes.");
        if ((labels == null) != (labelCount == 0) || (labels != null && labels.Shape.C != codes.Shape.C / grid.Codes))
            throw new ArgumentException($"Each of the {codes.Shape.C / grid.Codes} grids has a label, or none has; " +
                $"found {labels?.Shape.C ?? 0} labels of {labelCount} kinds.");
        if (!(contextDrop >= 0 && contextDrop < 1) || !(labelDrop >= 0 && labelDrop <= 1))
            throw new ArgumentException(
                $"The shares of codes and labels to leave out lie between 0 and 1; found {contextDrop} and {labelDrop}.");
        (Codes, Labels, Grid, this.step, this.batch) = (codes, labels, grid, step, batch);
        (this.labelCount, this.contextDrop, this.labelDrop) = (labelCount, contextDrop, labelDrop);
        Context = new Tensor("code context", Shape.Vector(checked(batch * grid.Slots)));
        Position = new Tensor("code positions", Shape.Vector(batch));
        Label = new Tensor("code labels", Shape.Vector(batch));
        Target = new Tensor("code targets", Shape.Vector(batch));
    }

    public Tensor Codes { get; }

    public Tensor? Labels { get; }

    public CodeGrid Grid { get; }

    /// <summary>Words [R, slots]</summary>
    public Tensor Context { get; }

    /// <summary>Words [R], from 0 to h·w − 1.</summary>
    public Tensor Position { get; }

    /// <summary>Words [R]; the number of labels where it is left out.</summary>
    public Tensor Label { get; }

    /// <summary>Words [R]</summary>
    public Tensor Target { get; }

    public IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.CodeContext(Shaders.Grid.Elementwise(batch * (Grid.Slots + 1)),
            codes: Codes, labels: Labels ?? Codes, step: step,
            context: Context, position: Position, label: Label, target: Target,
            batch: batch, height: Grid.Height, width: Grid.Width, radius: Grid.Radius, slots: Grid.Slots, labelCount: labelCount,
            contextDrop: contextDrop, labelDrop: labelDrop) with { Label = "code context" };
    }
}
