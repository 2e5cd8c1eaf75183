using System.Collections.Generic;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training.Latents;

/// <summary>
/// A grid of vectors from a codebook, which follows the encoder by moving averages (van den Oord et al. 2017, arXiv:1711.00937).
/// </summary>
internal sealed class QuantizedLatent : LatentVariable
{
    private readonly VectorQuantize quantize;

    public QuantizedLatent(LatentContext context)
        : base(context)
    {
        int side = context.Architecture.LatentSide, images = context.Options.Batch;
        Codebook = new Codebook("codebook", context.Architecture.Codes, context.Architecture.LatentSize / context.Architecture.Cells);
        quantize = new VectorQuantize("quantize", context.Head.Reshaped(new Shape(images, side, side, Codebook.Dimensions)), Codebook);
    }

    public Codebook Codebook { get; }

    public override IReadOnlyList<Tensor> State => [Codebook.Values, Codebook.Counts, Codebook.Sums];

    public override Tensor Draw() => Context.Graph.Add(quantize).Reshaped(Shape.Matrix(Context.Options.Batch, Context.Architecture.LatentSize));

    public override IEnumerable<KernelSpec> Update() => quantize.UpdateCodebook(Context.Step);
}
