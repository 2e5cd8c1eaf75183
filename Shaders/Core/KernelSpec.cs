using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Shaders;

/// <summary>How a kernel touches a binding; the names are the macros of Include/operands.glsl.</summary>
public enum BindingMode
{
    /// <summary>Floats that are read; through a texel buffer where the device prefers that.</summary>
    Operand,

    /// <summary>Floats that are written.</summary>
    Result,

    /// <summary>32-bit words that are read.</summary>
    Words,

    /// <summary>32-bit words that are written, and perhaps read.</summary>
    WordsResult,
}

/// <summary>One tensor bound to a kernel.</summary>
public readonly record struct KernelBinding(Tensor Tensor, BindingMode Mode)
{
    public bool Writes => Mode is BindingMode.Result or BindingMode.WordsResult;
}

/// <summary>How many workgroups a dispatch has.</summary>
public readonly record struct Grid(int X, int Y = 1, int Z = 1)
{
    public static readonly Grid One = new(1);

    /// <summary>One invocation for each of <paramref name="count"/> vec4s, in workgroups of 64 (Include/elementwise.glsl).</summary>
    public static Grid Elementwise(long count)
    {
        long groups = DivideUp(count, 64);
        long x = Math.Min(groups, 32768);
        return new Grid((int)x, (int)DivideUp(groups, x));
    }

    public static int DivideUp(int value, int by) => (value + by - 1) / by;

    public static long DivideUp(long value, long by) => (value + by - 1) / by;
}

/// <summary>One way of running a dispatch on an operand path.</summary>
public readonly record struct KernelAlternative(OperandPath Path, KernelSpec Kernel);

/// <summary>
/// One dispatch: which kernel, with which constants, tensors and grid. Made only by the generated <c>Kernels</c> factory, whose
/// parameters are read off the GLSL source, so that a kernel and its call can't disagree.
/// </summary>
/// <param name="Kernel">The kernel's file name without extension, with its compile-time variant.</param>
/// <param name="Constants">Specialization constants, 32 bits each, by constant_id from 0.</param>
/// <param name="Bindings">Tensors by binding from 0.</param>
/// <param name="Grid">Workgroups.</param>
/// <param name="Multiplications">Multiply-adds of the dispatch, for reports of speed; 0 where bandwidth is what counts.</param>
public sealed record KernelSpec(string Kernel, IReadOnlyList<uint> Constants, IReadOnlyList<KernelBinding> Bindings, Grid Grid, long Multiplications = 0)
{
    /// <summary>What the dispatch is for, such as "encoder.conv1 forward".</summary>
    public string Label { get; init; } = Kernel;

    /// <summary>Products have half-precision operands (<see cref="MixedPrecision"/>), which matrix units can multiply.</summary>
    public bool HasHalfOperands { get; init; }

    /// <summary>
    /// Ways of running the same dispatch, by tiles of other shapes, for each operand path the usual one first: variants of one kernel with the
    /// same constants and tensors, which write the same bits, because each sum is taken in the same order. So which of them runs may depend on
    /// anything, even on a stopwatch. Empty: there is but one way, the same on every path.
    /// </summary>
    public IReadOnlyList<KernelAlternative> Alternatives { get; init; } = [];

    /// <summary>Which path's kernel runs on a device of the given one: matrix units have no use for other products than of half operands.</summary>
    public OperandPath PathOn(OperandPath device) => device == OperandPath.Matrix && !HasHalfOperands ? OperandPath.Shared : device;

    /// <summary>The alternatives on a device of the given path, the usual one first; never none.</summary>
    public IReadOnlyList<KernelSpec> On(OperandPath device) => Alternatives.Count == 0
        ? [this]
        : Alternatives.Where(a => a.Path == PathOn(device)).Select(a => a.Kernel with { Label = Label }).ToList();
}
