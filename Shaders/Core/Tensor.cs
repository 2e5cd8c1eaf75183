using System;

namespace VaeProcgen.Shaders;

/// <summary>Where a tensor's memory lies.</summary>
public enum TensorMemory
{
    /// <summary>In device memory; read and written by kernels.</summary>
    Device,

    /// <summary>In memory that the host can see at all times: small tables that both sides touch.</summary>
    Host,
}

/// <summary>
/// A named array of 32-bit elements that kernels read and write. It holds no memory: the runtime gives each tensor its place
/// when a program is built. A view shares the memory of another tensor.
/// </summary>
public class Tensor
{
    public Tensor(string name, Shape shape, TensorMemory memory = TensorMemory.Device)
    {
        (Name, Shape, Memory) = (name, shape, memory);
    }

    protected Tensor(string name, Shape shape, Tensor @base)
    {
        (Name, Shape, Memory, Base) = (name, shape, @base.Memory, @base);
    }

    public string Name { get; }

    public virtual Shape Shape { get; }

    public TensorMemory Memory { get; }

    /// <summary>The tensor whose memory this one shares, or null.</summary>
    public Tensor? Base { get; }

    /// <summary>Offset into <see cref="Base"/>, in floats.</summary>
    public virtual long BaseOffset => 0;

    /// <summary>Whether this is one part of <see cref="Base"/> among others, as a parameter is, and not the whole of it.</summary>
    public virtual bool IsSlice => false;

    /// <summary>
    /// Whether zeros for one more image lie past the end, as kernels expect that read past the edge of an image. Tables that no
    /// such kernel reads go without.
    /// </summary>
    public bool HasZerosPastEnd { get; init; } = true;

    /// <summary>
    /// The nonlinearity that the producing kernel has already applied, when its slope can be told from the value:
    /// whoever writes this tensor's gradient may multiply it by the slope and so save a pass.
    /// </summary>
    public Activation AppliedActivation { get; init; }

    /// <summary>The shape that this tensor's memory has for a reader that sees pixels as one long vector: [N, 1, 1, H·W·C].</summary>
    public Tensor Flattened() => Shape.H == 1 && Shape.W == 1 ? this : Reshaped(Shape.Matrix(Shape.N, Shape.H * Shape.W * Shape.PaddedC));

    /// <summary>The same memory under another shape of the same stored size.</summary>
    public Tensor Reshaped(Shape shape)
    {
        if (shape.Count != Shape.Count)
            throw new ArgumentException($"Tensor '{Name}' of {Shape} stores {Shape.Count} floats and can't be seen as {shape}, which stores {shape.Count}.");
        return new View(Name, shape, this);
    }

    /// <summary>Rows of four floats of it, without zeros past their end: what is too long for one binding is read part by part.</summary>
    /// <param name="first">First row; a multiple of 16, as offsets of bindings are of 256 bytes.</param>
    public Tensor Rows4(long first, int count)
    {
        if (first % 16 != 0 || first < 0 || count < 1 || 4 * (first + count) > Shape.Count)
            throw new ArgumentException($"Tensor '{Name}' of {Shape} has no {count} rows of four floats from row {first} on, or that is no multiple of 16.");
        return new Part(Name, Shape.Matrix(count, 4), this, 4 * first) { HasZerosPastEnd = false };
    }

    public override string ToString() => $"{Name} {Shape}";

    private sealed class Part : Tensor
    {
        public Part(string name, Shape shape, Tensor @base, long offset)
            : base(name, shape, @base)
        {
            BaseOffset = offset;
        }

        public override long BaseOffset { get; }

        public override bool IsSlice => true;
    }

    private sealed class View : Tensor
    {
        public View(string name, Shape shape, Tensor @base)
            : base(name, shape, @base)
        {
            AppliedActivation = @base.AppliedActivation;
        }
    }
}
