using System;
using System.Collections.Generic;

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
}
