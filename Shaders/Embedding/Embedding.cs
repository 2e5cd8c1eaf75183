using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// Y[r] = the rows Table[Index[r, 0]], Table[Index[r, 1]], ... side by side: one learned vector of E numbers for each word. An index
/// past the table stands for nothing and gives zeros.
/// </summary>
public sealed class Embedding : Operator
{
    private readonly Tensor index;
    private readonly int group;

    /// <param name="name">Name of the layer; the table is <c>name.weight</c>.</param>
    /// <param name="parameters">Where the table is added.</param>
    /// <param name="index">Words [R, group].</param>
    /// <param name="group">Words a row.</param>
    /// <param name="count">Rows of the table.</param>
    /// <param name="size">E, a multiple of 4.</param>
    /// <param name="deviation">Of the values that the table starts with, uniform around 0.</param>
    public Embedding(string name, ParameterSet parameters, Tensor index, int group, int count, int size, float deviation)
        : base(name)
    {
        if (group < 1 || index.Shape.C % group != 0)
            throw new ArgumentException($"{name} takes whole groups of {group} words; found {index.Shape.C} words.");
        if (size < 4 || size % 4 != 0)
            throw new ArgumentException($"{name}: the size of an embedding must be a multiple of 4; found {size}.");
        (this.index, this.group) = (index, group);
        Table = parameters.Add(name + ".weight", Shape.Weight(1, count, size), [count, size],
            new Initializer(InitializerKind.Uniform, deviation * MathF.Sqrt(3)), decays: true);
        Output = new Tensor(name, Shape.Matrix(index.Shape.C / group, group * size));
    }

    /// <summary>[count, E]</summary>
    public Parameter Table { get; }

    /// <summary>[R, group·E]</summary>
    public override Tensor Output { get; }

    private int Count => Table.LogicalShape[0];

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.Embedding(Grid.Elementwise(Output.Shape.Count4), index: index, table: Table, y: Output,
            wordCount: index.Shape.C, size4: Table.Shape.C4, count: Count);
    }

    // dTable[k] = Σ over the words that are k of their part of dY       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients) => Table.IsFrozen
        ? []
        : SegmentSum.Of(gradients.Of(Output).Reshaped(Shape.Matrix(index.Shape.C, Table.Shape.C)), index, Table.Gradient);
}
