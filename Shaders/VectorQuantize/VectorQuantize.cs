using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// z_q = e_k with k = argmin_k ‖z_e − e_k‖² at each pixel, the lowest k among equals (van den Oord et al. 2017, arXiv:1711.00937).
/// Gradients pass straight through from z_q to z_e, and the loss gains the commitment term (w / N) Σ ‖z_e − sg[z_q]‖², summed over
/// pixels and dimensions: in nats beside a likelihood summed over pixels, that of N(z_e; z_q, I / 2w).
/// </summary>
public sealed class VectorQuantize : Operator
{
    /// <summary>
    /// w beside a likelihood summed over pixels at its optimal scale. Because the codes follow the encoder, its outputs settle at a size
    /// that fits w: on 32-pixel sprites all weights from 0.25 to 64 end within 0.6 dB of each other, and this one is best.
    /// </summary>
    public const float DefaultCommitment = 4;

    private readonly Tensor transposed;
    private readonly Tensor bias;
    private readonly Tensor scores;

    /// <param name="name">Name in reports.</param>
    /// <param name="encoded">z_e, [N, h, w, D].</param>
    /// <param name="codebook">Its codes have D dimensions.</param>
    /// <param name="commitment">w, in nats for a squared distance of 1.</param>
    public VectorQuantize(string name, Tensor encoded, Codebook codebook, float commitment = DefaultCommitment)
        : base(name, encoded)
    {
        if (encoded.Shape.C != codebook.Dimensions)
            throw new ArgumentException(
                $"{name}: the codes have {codebook.Dimensions} dimensions, so z_e must have as many channels; found {encoded}.");
        if (!(commitment >= 0) || float.IsInfinity(commitment))
            throw new ArgumentException($"{name}: the weight of the commitment must be finite and at least 0; found {commitment}.");
        Shape shape = encoded.Shape;
        (Codebook, CommitmentWeight) = (codebook, commitment);
        transposed = new Tensor(name + " codes transposed", Shape.Weight(1, codebook.Dimensions, codebook.Codes));
        bias = new Tensor(name + " bias", Shape.Vector(codebook.Codes));
        scores = new Tensor(name + " scores", new Shape(shape.N, shape.H, shape.W, codebook.Codes)) { HasZerosPastEnd = false };
        Codes = new Tensor(name + " codes", Shape.Vector(shape.Pixels));
        Commitment = new Tensor(name + " commitment", Shape.Matrix(shape.N, 1));
        Output = new Tensor(name, shape);
    }

    public Codebook Codebook { get; }

    /// <summary>w</summary>
    public float CommitmentWeight { get; }

    /// <summary>Words [N·h·w]: the code of each pixel, written in forward.</summary>
    public Tensor Codes { get; }

    /// <summary>[N, 1]: w Σ ‖z_e − z_q‖² of each image, in nats, written in forward; the loss holds its batch mean.</summary>
    public Tensor Commitment { get; }

    /// <summary>z_q, [N, h, w, D]</summary>
    public override Tensor Output { get; }

    private Tensor Encoded => Inputs[0];

    // ½‖z − e‖² = ½‖z‖² − (z · e − ½‖e‖²): the nearest code has the highest score, a matrix product with a bias.
    public override IEnumerable<KernelSpec> Prepare()
    {
        yield return ConvGather.Transpose(Codebook.Values, transposed, taps: 1);
        yield return Kernels.CodeBias(Grid.Elementwise(bias.Shape.C4), codebook: Codebook.Values, bias: bias, codes: Codebook.Codes,
            d4: Encoded.Shape.C4);
    }

    public override IEnumerable<KernelSpec> Forward()
    {
        Shape shape = Encoded.Shape;
        yield return ConvGather.Multiply(Encoded, transposed, bias, scores);
        yield return Kernels.NearestCode(Grid.Elementwise(8L * shape.Pixels), scores: scores, nearest: Codes, rows: shape.Pixels,
            codes: Codebook.Codes);
        yield return Kernels.Quantize(new Grid(shape.N), encoded: Encoded,
            codebook: Codebook.Values, codes: Codes, quantized: Output, commitment: Commitment,
            pixels: shape.H * shape.W, d4: shape.C4, weight: CommitmentWeight);
    }

    // dz_e = dz_q + 2w (z_e − z_q) / N       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        if (!gradients.IsWanted(Encoded))
            yield break;
        int count4 = Encoded.Shape.Count4;
        yield return Kernels.QuantizeBackward(Grid.Elementwise(count4),
            encoded: Encoded, quantized: Output, dQuantized: gradients.Of(Output), dEncoded: gradients.ShareOf(Encoded),
            count4: count4, scale: 2 * CommitmentWeight / Encoded.Shape.N);
    }

    /// <summary>
    /// Moves the codebook (in place) after the encoder outputs of the last forward, once in each training step. With n_k the pixels
    /// that chose code k and m_k the sum of their z_e: counts ← γ counts + (1 − γ) n, sums ← γ sums + (1 − γ) m, and e = sums / counts,
    /// the counts smoothed to (counts + ε) Σ / (Σ + Kc ε), Σ = Σ_k counts. A dead code becomes the z_e of a pixel of the batch,
    /// drawn from the seed, the step and the code, and counts as much as the mean code.
    /// </summary>
    /// <param name="step">The step state.</param>
    public IEnumerable<KernelSpec> UpdateCodebook(Tensor step)
    {
        Codebook c = Codebook;
        int rows = Encoded.Shape.Pixels, d4 = Encoded.Shape.C4;
        var batch = new Tensor(Name + " batch sums", Shape.Matrix(c.Codes, c.Dimensions + 4));
        float mean = (float)rows / c.Codes;
        string label = Name + " codebook";
        foreach (KernelSpec kernel in SegmentSum.Of(Encoded.Reshaped(Shape.Matrix(rows, c.Dimensions)), Codes, batch, counted: true))
            yield return kernel with { Label = label };
        yield return Kernels.CodebookUsage(Grid.One, batch: batch, counts: c.Counts, newCounts: c.Counts, usage: c.Usage,
            codes: c.Codes, width4: d4 + 1,
            decay: c.Options.Decay, restartBelow: c.Options.RestartBelow * mean, restartCount: mean) with { Label = label };
        yield return Kernels.CodebookUpdate(Grid.Elementwise(c.Codes * d4),
            batch: batch, counts: c.Counts, usage: c.Usage, sums: c.Sums, encoded: Encoded, step: step, newSums: c.Sums, codebook: c.Values,
            codes: c.Codes, d4: d4, rows: rows, decay: c.Options.Decay, epsilon: c.Options.Epsilon) with { Label = label };
    }
}
